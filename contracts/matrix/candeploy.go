package matrix

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/dustin/go-humanize/english"
)

// Line is one pair of versions that a deployment would bring together.
type Line struct {
	Consumer, ConsumerVersion string
	Provider, ProviderVersion string
	OK                        bool
	Text                      string
}

// Answer says whether a version may be deployed, and why.
type Answer struct {
	Pacticipant, Version, Environment string
	Lines                             []Line
}

// OK says whether it may: it agrees with everybody who is there, and everybody
// it needs is there.
func (a Answer) OK() bool { return !slices.ContainsFunc(a.Lines, func(l Line) bool { return !l.OK }) }

// CanDeploy answers as a Pact Broker does: each provider of the version's pacts
// is deployed in the environment in a version that was verified with the same
// pact; each consumer that is deployed there has a pact that the version was
// verified with. A consumer that is not there yet asks for nothing.
func (f Folder) CanDeploy(pacticipant, version, environment string) (Answer, error) {
	a := Answer{Pacticipant: pacticipant, Version: version, Environment: environment}
	v, err := f.Version(pacticipant, version)
	if err != nil {
		return a, err
	}
	deployed, err := f.deployed(environment)
	if err != nil {
		return a, err
	}
	for provider, sum := range v.Pacts {
		line := Line{Consumer: pacticipant, ConsumerVersion: version, Provider: provider}
		there, ok := deployed[provider]
		if !ok {
			line.Text = fmt.Sprintf("no version of %s is recorded in %s: somsim contracts deployed %s --to %s", provider, environment, provider, environment)
			a.Lines = append(a.Lines, line)
			continue
		}
		line.ProviderVersion = there.Version
		line.OK, line.Text = agreed(there, pacticipant, sum)
		a.Lines = append(a.Lines, line)
	}
	for consumer, there := range deployed {
		sum, ok := there.Pacts[pacticipant]
		if !ok {
			continue
		}
		line := Line{Consumer: consumer, ConsumerVersion: there.Version, Provider: pacticipant, ProviderVersion: version}
		line.OK, line.Text = agreed(v, consumer, sum)
		a.Lines = append(a.Lines, line)
	}
	slices.SortFunc(a.Lines, func(x, y Line) int { return strings.Compare(x.Consumer+x.Provider, y.Consumer+y.Provider) })
	return a, nil
}

// deployed are the versions in an environment, by pacticipant.
func (f Folder) deployed(environment string) (map[string]Version, error) {
	all, err := f.Deployments(environment)
	if err != nil {
		return nil, err
	}
	versions := map[string]Version{}
	for _, d := range all {
		v, err := f.Version(d.Pacticipant, d.Version)
		if errors.Is(err, ErrNone) {
			v, err = Version{Pacticipant: d.Pacticipant, Version: d.Version}, nil // recorded by hand
		}
		if err != nil {
			return nil, err
		}
		versions[d.Pacticipant] = v
	}
	return versions, nil
}

// agreed says whether a provider's version was verified with a pact. The last
// word counts.
func agreed(provider Version, consumer, sum string) (bool, string) {
	for _, r := range slices.Backward(provider.Verified) {
		if r.Consumer == consumer && r.SHA256 == sum {
			if r.Success {
				return true, fmt.Sprintf("verified by %s, %s", r.Verifier, english.Plural(r.Interactions, "interaction", ""))
			}
			return false, "the verification failed"
		}
	}
	return false, "this pact was not verified with this version"
}

// Write writes the answer as a table.
func (a Answer) Write(w io.Writer) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(table, "CONSUMER\tVERSION\tPROVIDER\tVERSION\tOK\tREASON") // Flush tells
	for _, l := range a.Lines {
		ok := "no"
		if l.OK {
			ok = "yes"
		}
		_, _ = fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\t%s\n", l.Consumer, l.ConsumerVersion, l.Provider, l.ProviderVersion, ok, l.Text)
	}
	if err := table.Flush(); err != nil {
		return err
	}
	verdict := "no"
	if a.OK() {
		verdict = "yes"
	}
	_, err := fmt.Fprintf(w, "\ncan %s %s be deployed to %s? %s\n", a.Pacticipant, a.Version, a.Environment, verdict)
	return err
}
