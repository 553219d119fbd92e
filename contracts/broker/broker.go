// Package broker talks to a Pact Broker: by the official command line, and by
// its HTTP interface where that has no command, which is for verification
// results that somebody else found.
package broker

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os/exec"
	"strings"
)

// Broker is a Pact Broker.
type Broker struct {
	// Executable is `pact` of npm's @pact-foundation/pact-cli, URL the broker's base URL.
	Executable, URL string
	// Token, or User and Password, are its credentials, where it wants some.
	Token, User, Password string
	Client                *http.Client
	// Out gets what the command line prints.
	Out io.Writer
}

// run runs a command of `pact broker`. Credentials go by the environment: a
// command line can be read by others.
func (b Broker) run(ctx context.Context, args ...string) error {
	command := exec.CommandContext(ctx, b.Executable, append([]string{"broker"}, args...)...)
	command.Env = append(command.Environ(), "PACT_BROKER_BASE_URL="+b.URL, "PACT_DO_NOT_TRACK=true")
	for name, value := range map[string]string{"PACT_BROKER_TOKEN": b.Token, "PACT_BROKER_USERNAME": b.User, "PACT_BROKER_PASSWORD": b.Password} {
		if value != "" {
			command.Env = append(command.Env, name+"="+value)
		}
	}
	command.Stdout, command.Stderr = b.Out, b.Out
	if err := command.Run(); err != nil {
		return fmt.Errorf("pact broker %s: %w", args[0], err)
	}
	return nil
}

// Publish publishes pact files of one consumer.
func (b Broker) Publish(ctx context.Context, files []string, version, branch string, tags []string) error {
	args := append([]string{"publish"}, files...)
	args = append(args, "--consumer-app-version", version)
	if branch != "" {
		args = append(args, "--branch", branch)
	}
	if len(tags) > 0 { // one flag, at the end: it takes whatever follows
		args = append(append(args, "--tag"), tags...)
	}
	return b.run(ctx, args...)
}

// Webhook has the broker call a URL when a pact was published that nobody has
// verified yet, such as one that starts a provider's pipeline.
func (b Broker) Webhook(ctx context.Context, id, address string) error {
	return b.run(ctx, "create-or-update-webhook", address, "--uuid", id, "--request", "POST",
		"--description", "somsim: a pact wants to be verified", "--contract-requiring-verification-published",
		"--header", "Content-Type: application/json",
		"--data", `{"pact":"${pactbroker.pactUrl}","consumer":"${pactbroker.consumerName}","provider":"${pactbroker.providerName}"}`)
}

// CanDeploy asks whether a version, or the latest one, may be deployed. What
// the broker says against it is an error.
func (b Broker) CanDeploy(ctx context.Context, pacticipant, version, environment string) error {
	which := []string{"--version", version}
	if version == "" {
		which = []string{"--latest"}
	}
	// The command line takes a version for that of the pacticipant right before it, and drops it elsewhere.
	args := append([]string{"can-i-deploy", "--pacticipant", pacticipant}, which...)
	return b.run(ctx, append(args, "--to-environment", environment)...)
}

// Latest is the version of a pacticipant that the broker heard of last.
func (b Broker) Latest(ctx context.Context, pacticipant string) (string, error) {
	var known struct {
		Embedded struct {
			LatestVersion struct{ Number string }
		} `json:"_embedded"`
	}
	address := strings.TrimSuffix(b.URL, "/") + "/pacticipants/" + url.PathEscape(pacticipant)
	if err := b.exchange(ctx, http.MethodGet, address, nil, &known); err != nil {
		return "", err
	}
	if known.Embedded.LatestVersion.Number == "" {
		return "", fmt.Errorf("the broker has no version of %s: publish it first", pacticipant)
	}
	return known.Embedded.LatestVersion.Number, nil
}

// Deployed records a deployment.
func (b Broker) Deployed(ctx context.Context, pacticipant, version, environment string) error {
	return b.run(ctx, "record-deployment", "--pacticipant", pacticipant, "--version", version, "--environment", environment)
}

// CreateEnvironment makes an environment; one that is there already is left.
func (b Broker) CreateEnvironment(ctx context.Context, name string) error {
	var known struct {
		Embedded struct {
			Environments []struct{ Name string }
		} `json:"_embedded"`
	}
	if err := b.exchange(ctx, http.MethodGet, strings.TrimSuffix(b.URL, "/")+"/environments", nil, &known); err != nil {
		return err
	}
	for _, e := range known.Embedded.Environments {
		if e.Name == name {
			return nil
		}
	}
	return b.run(ctx, "create-environment", "--name", name)
}

// Result is what somebody found of a provider's version with a pact.
type Result struct {
	Consumer, ConsumerVersion string
	Provider, ProviderVersion string
	// Branch and Tags are those of the provider's version.
	Branch   string
	Tags     []string
	Success  bool
	Verifier string
}

// PublishResult puts a result at the link that the broker gives for the pact.
func (b Broker) PublishResult(ctx context.Context, r Result) error {
	base := strings.TrimSuffix(b.URL, "/")
	address := fmt.Sprintf("%s/pacts/provider/%s/consumer/%s/version/%s", base,
		url.PathEscape(r.Provider), url.PathEscape(r.Consumer), url.PathEscape(r.ConsumerVersion))
	var pact struct {
		Links map[string]json.RawMessage `json:"_links"`
	}
	if err := b.exchange(ctx, http.MethodGet, address, nil, &pact); err != nil {
		return err
	}
	var link struct{ Href string }
	if err := json.Unmarshal(pact.Links["pb:publish-verification-results"], &link); err != nil || link.Href == "" {
		return fmt.Errorf("%s has no link pb:publish-verification-results", address)
	}
	if r.Branch != "" {
		version := fmt.Sprintf("%s/pacticipants/%s/branches/%s/versions/%s", base, url.PathEscape(r.Provider), url.PathEscape(r.Branch), url.PathEscape(r.ProviderVersion))
		if err := b.exchange(ctx, http.MethodPut, version, struct{}{}, nil); err != nil {
			return err
		}
	}
	for _, tag := range r.Tags {
		address := fmt.Sprintf("%s/pacticipants/%s/versions/%s/tags/%s", base, url.PathEscape(r.Provider), url.PathEscape(r.ProviderVersion), url.PathEscape(tag))
		if err := b.exchange(ctx, http.MethodPut, address, struct{}{}, nil); err != nil {
			return err
		}
	}
	return b.exchange(ctx, http.MethodPost, link.Href, map[string]any{
		"success": r.Success, "providerApplicationVersion": r.ProviderVersion,
		"verifiedBy": map[string]string{"implementation": "somsim " + r.Verifier},
	}, nil)
}

func (b Broker) exchange(ctx context.Context, method, address string, in, out any) error {
	var body io.Reader
	if in != nil {
		source, err := json.Marshal(in)
		if err != nil {
			return err
		}
		body = bytes.NewReader(source)
	}
	request, err := http.NewRequestWithContext(ctx, method, address, body)
	if err != nil {
		return err
	}
	request.Header.Set("Accept", "application/hal+json")
	if in != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	switch {
	case b.Token != "":
		request.Header.Set("Authorization", "Bearer "+b.Token)
	case b.User != "":
		request.SetBasicAuth(b.User, b.Password)
	}
	response, err := b.Client.Do(request)
	if err != nil {
		return err
	}
	defer func() { _ = response.Body.Close() }()
	answer, err := io.ReadAll(io.LimitReader(response.Body, 1<<20))
	if err != nil {
		return err
	}
	if response.StatusCode/100 != 2 {
		return fmt.Errorf("%s %s: %s %s", method, address, response.Status, bytes.TrimSpace(answer))
	}
	if out == nil {
		return nil
	}
	return json.Unmarshal(answer, out)
}
