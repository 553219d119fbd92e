// Package matrix keeps, as files that are committed, what a Pact Broker would
// keep: which version of which pacticipant has which pacts, which were
// verified, and what is deployed where; and it answers from them whether a
// version may be deployed.
package matrix

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/somsim/somsim/contracts/pactfile"
	"github.com/somsim/somsim/contracts/verification"
)

// Version is one version of a pacticipant: its pacts as a consumer, by
// provider, and what was verified of it as a provider.
type Version struct {
	Pacticipant string   `json:"pacticipant"`
	Version     string   `json:"version"`
	Branch      string   `json:"branch,omitempty"`
	Tags        []string `json:"tags,omitempty"`
	// At is when it was published, in UTC.
	At time.Time `json:"at"`
	// Pacts are checksums of pacts, each of which is in folder pacts.
	Pacts    map[string]string `json:"pacts,omitempty"`
	Verified []Verified        `json:"verified,omitempty"`
}

// Verified is what came of one consumer's pact.
type Verified struct {
	Consumer     string `json:"consumer"`
	SHA256       string `json:"sha256"`
	Success      bool   `json:"success"`
	Interactions int    `json:"interactions"`
	Verifier     string `json:"verifier"`
}

// Deployment is what is deployed of a pacticipant in an environment.
type Deployment struct {
	Pacticipant string    `json:"pacticipant"`
	Environment string    `json:"environment"`
	Version     string    `json:"version"`
	At          time.Time `json:"at"`
}

// Folder is where the files are.
type Folder struct{ Dir string }

// ErrNone is about something that was never recorded.
var ErrNone = errors.New("not recorded")

func (f Folder) versionFile(pacticipant, version string) string {
	return filepath.Join(f.Dir, "versions", url.PathEscape(pacticipant), url.PathEscape(version)+".json")
}

func (f Folder) deploymentFile(environment, pacticipant string) string {
	return filepath.Join(f.Dir, "deployments", url.PathEscape(environment), url.PathEscape(pacticipant)+".json")
}

// Publish records a version with the pacts of which it is the consumer. A
// version that is there keeps its pacts: other ones are an error, as in a broker.
func (f Folder) Publish(v Version, pacts []pactfile.Pact, reports []verification.Report) error {
	v.Pacts = map[string]string{}
	for _, p := range pacts {
		if p.Consumer.Name != v.Pacticipant {
			continue
		}
		sum := verification.Sum(p)
		v.Pacts[p.Provider.Name] = sum
		if err := write(filepath.Join(f.Dir, "pacts", sum+".json"), p.Source); err != nil {
			return err
		}
	}
	for _, r := range reports {
		if r.Provider != v.Pacticipant {
			continue
		}
		for _, p := range r.Pacts {
			failed := len((verification.Report{Pacts: []verification.PactReport{p}}).Failures())
			v.Verified = append(v.Verified, Verified{p.Consumer, p.SHA256, failed == 0, len(p.Interactions), r.Verifier})
		}
	}
	before, err := f.Version(v.Pacticipant, v.Version)
	if err == nil {
		for provider, sum := range before.Pacts {
			if v.Pacts[provider] != sum {
				return fmt.Errorf("version %s of %s has another pact with %s already; publish another version", v.Version, v.Pacticipant, provider)
			}
		}
	}
	return writeJSON(f.versionFile(v.Pacticipant, v.Version), v)
}

// Version reads what is recorded of a version, or ErrNone.
func (f Folder) Version(pacticipant, version string) (v Version, err error) {
	if err = readJSON(f.versionFile(pacticipant, version), &v); err != nil {
		return v, fmt.Errorf("version %s of %s: %w", version, pacticipant, err)
	}
	return v, nil
}

// Versions are all of a pacticipant, oldest first.
func (f Folder) Versions(pacticipant string) (all []Version, err error) {
	files, err := filepath.Glob(filepath.Join(f.Dir, "versions", url.PathEscape(pacticipant), "*.json"))
	if err != nil {
		return nil, err
	}
	for _, file := range files {
		var v Version
		if err := readJSON(file, &v); err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		all = append(all, v)
	}
	slices.SortFunc(all, func(a, b Version) int { return a.At.Compare(b.At) })
	return all, nil
}

// Latest is the version that was published last, or ErrNone.
func (f Folder) Latest(pacticipant string) (Version, error) {
	all, err := f.Versions(pacticipant)
	if err == nil && len(all) == 0 {
		err = fmt.Errorf("a version of %s: %w", pacticipant, ErrNone)
	}
	if err != nil {
		return Version{}, err
	}
	return all[len(all)-1], nil
}

// Pacticipants are all that have a version, sorted.
func (f Folder) Pacticipants() (names []string, err error) {
	entries, err := os.ReadDir(filepath.Join(f.Dir, "versions"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		name, err := url.PathUnescape(e.Name())
		if err != nil {
			return nil, err
		}
		names = append(names, name)
	}
	return names, nil
}

// Deploy records what is deployed from now on. Only what was published can be.
func (f Folder) Deploy(d Deployment) error {
	if _, err := f.Version(d.Pacticipant, d.Version); err != nil {
		return fmt.Errorf("deploy: %w; publish it first", err)
	}
	return writeJSON(f.deploymentFile(d.Environment, d.Pacticipant), d)
}

// Deployments are what is deployed in an environment.
func (f Folder) Deployments(environment string) (all []Deployment, err error) {
	files, err := filepath.Glob(filepath.Join(f.Dir, "deployments", url.PathEscape(environment), "*.json"))
	if err != nil {
		return nil, err
	}
	for _, file := range files {
		var d Deployment
		if err := readJSON(file, &d); err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		all = append(all, d)
	}
	return all, nil
}

// Environments are those in which something is deployed.
func (f Folder) Environments() (names []string, err error) {
	entries, err := os.ReadDir(filepath.Join(f.Dir, "deployments"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	for _, e := range entries {
		name, err := url.PathUnescape(e.Name())
		if err != nil {
			return nil, err
		}
		names = append(names, name)
	}
	return names, err
}

// Pact is the content of a pact by its checksum.
func (f Folder) Pact(sum string) ([]byte, error) {
	return os.ReadFile(filepath.Join(f.Dir, "pacts", sum+".json"))
}

func write(file string, content []byte) error {
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return err
	}
	return os.WriteFile(file, content, 0o644)
}

func writeJSON(file string, value any) error {
	source, err := json.MarshalIndent(value, "", "  ")
	if err != nil {
		return err
	}
	return write(file, append(source, '\n'))
}

func readJSON(file string, into any) error {
	source, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return ErrNone
	}
	if err != nil {
		return err
	}
	return json.Unmarshal(source, into)
}
