package verification

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/somsim/somsim/contracts/pactfile"
	"github.com/somsim/somsim/internal/relay"
)

// Stage is where the official verifier finds the provider's states, and what
// its requests pass through on their way.
type Stage interface {
	Hook(provider string) http.Handler
	WithTokens(next http.Handler) http.Handler
	// Messages serves what the provider tells.
	Messages(provider string) http.Handler
}

// Official is the verifier executable of npm's @pact-foundation/pact-cli.
type Official struct {
	// Executable is the path of `pact`.
	Executable string
}

const statePath = "/somsim-provider-state"

// Verify has the executable verify a provider's pacts at a base URL.
func (o Official) Verify(ctx context.Context, provider, base string, stage Stage, pacts []pactfile.Pact) (Report, error) {
	report := Report{Provider: provider, Verifier: "pact"}
	front, stop, err := serveFront(ctx, provider, base, stage)
	if err != nil {
		return report, err
	}
	defer stop()
	folder, err := os.MkdirTemp("", "somsim-pacts-")
	if err != nil {
		return report, err
	}
	defer func() { _ = os.RemoveAll(folder) }()
	for _, p := range pacts {
		one, err := o.verifyOne(ctx, front, folder, provider, p)
		if err != nil {
			return report, fmt.Errorf("verify %s: %w", p.File, err)
		}
		report.Pacts = append(report.Pacts, one)
	}
	return report, nil
}

// serveFront serves the provider with its tokens in place, and its states.
func serveFront(ctx context.Context, provider, base string, stage Stage) (string, func(), error) {
	target, err := url.Parse(base)
	if err != nil {
		return "", nil, err
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", nil, err
	}
	mux := http.NewServeMux()
	mux.Handle(statePath, stage.Hook(provider))
	mux.Handle("POST /{$}", stage.Messages(provider)) // where the verifier asks for messages
	mux.Handle("/", stage.WithTokens(relay.To(target)))
	server := &http.Server{Handler: mux, ReadHeaderTimeout: 10 * time.Second}
	go func() { _ = server.Serve(listener) }()
	return listener.Addr().String(), func() { _ = server.Close() }, nil
}

func (o Official) verifyOne(ctx context.Context, front, folder, provider string, p pactfile.Pact) (PactReport, error) {
	report := PactReport{Consumer: p.Consumer.Name, SHA256: Sum(p)}
	file, out := filepath.Join(folder, p.File), filepath.Join(folder, p.File+".out")
	if err := os.WriteFile(file, p.Source, 0o600); err != nil {
		return report, err
	}
	host, port, err := net.SplitHostPort(front)
	if err != nil {
		return report, err
	}
	command := exec.CommandContext(ctx, o.Executable, "verifier", "--file", file, "--provider-name", provider, "--hostname", host, "--port", port,
		"--state-change-url", "http://"+front+statePath, "--state-change-teardown", "--json", out, "--no-colour", "--request-timeout", "30000")
	command.Env = append(command.Environ(), "PACT_DO_NOT_TRACK=true")
	text, ran := command.CombinedOutput()
	source, err := os.ReadFile(out)
	if err != nil {
		return report, errors.Join(ran, fmt.Errorf("the verifier wrote no report and said: %s", tail(string(text))))
	}
	if report.Interactions, err = readOfficial(source, p); err != nil {
		return report, err
	}
	var exit *exec.ExitError
	if ran != nil && !errors.As(ran, &exit) {
		return report, ran
	}
	if failed := len((Report{Pacts: []PactReport{report}}).Failures()) > 0; failed != (ran != nil) {
		return report, fmt.Errorf("the verifier ended with %s and its report tells otherwise: %s", fmt.Sprint(ran), tail(string(text)))
	}
	return report, nil
}

// officialReport is as much of the executable's JSON report as is needed.
type officialReport struct {
	Errors []struct {
		// Interaction ends with its description, after the names and the states.
		Interaction string
		Mismatch    struct {
			Message    string
			Mismatches []struct{ Type, Path, Mismatch string }
		}
	}
	InteractionResults []struct{ Description, Result string }
}

// readOfficial tells what came of each interaction of a pact. One that the
// report leaves out was not verified.
func readOfficial(source []byte, p pactfile.Pact) (all []InteractionReport, err error) {
	var report officialReport
	if err := json.Unmarshal(source, &report); err != nil {
		return nil, fmt.Errorf("the verifier's report: %w", err)
	}
	results := map[string]string{}
	for _, r := range report.InteractionResults {
		results[r.Description] = r.Result
	}
	for _, i := range p.Interactions {
		came := InteractionReport{Description: i.Description}
		for _, e := range report.Errors {
			if !strings.HasSuffix(e.Interaction, " - "+i.Description) {
				continue
			}
			if e.Mismatch.Message != "" {
				came.Problems = append(came.Problems, e.Mismatch.Message)
			}
			for _, m := range e.Mismatch.Mismatches {
				came.Problems = append(came.Problems, strings.TrimSpace(m.Path+" "+m.Mismatch))
			}
		}
		switch result, verified := results[i.Description]; {
		case !verified:
			came.Problems = append(came.Problems, "was not verified")
		case result != "OK" && len(came.Problems) == 0:
			came.Problems = append(came.Problems, result)
		}
		all = append(all, came)
	}
	return all, nil
}

// tail is the end of a text, which is where the reason is.
func tail(text string) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	return strings.Join(lines[max(0, len(lines)-20):], "\n")
}
