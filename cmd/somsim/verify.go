package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"
	"go.yaml.in/yaml/v3"

	"github.com/somsim/somsim/contracts/drift"
	"github.com/somsim/somsim/contracts/pactfile"
	"github.com/somsim/somsim/contracts/promise"
	"github.com/somsim/somsim/contracts/replay"
	"github.com/somsim/somsim/contracts/states"
	"github.com/somsim/somsim/contracts/verification"
	"github.com/somsim/somsim/internal/settings"
)

const verifyHelp = "Make the requests of the pacts of a provider out there and of the simulator, and tell where the two, the documents and\n" +
	"the consumers disagree.\n\n" +
	"The token of the provider comes from the environment (" + contractsPrefix + "TOKEN) or the file of --config. Interactions that\n" +
	"write are left out unless --allow-writes; an org of Salesforce that does not say that it is a sandbox is refused.\n" +
	"States: a URL is asked for each state as Pact's verifiers ask (POST with state, params and action); skip takes what is\n" +
	"there, and the ids that requests need out of --world; simulator brings them about in the simulator that --simulator and\n" +
	"--control name, for a service of your own that works with it.\n\n" +
	"Exit code 0: all agree; 1: not all, or nothing was run; 2: it was asked for wrongly."

func verifySettings() settings.Set {
	return settings.Set{Prefix: contractsPrefix, List: append(paperSettings(),
		settings.Setting{Name: "provider", Usage: "who is verified: " + strings.Join(states.Providers(), ", "), Check: settings.OneOf(append(states.Providers(), "")...)},
		settings.Setting{Name: "url", Usage: "base URL of the provider", Check: baseURL},
		settings.Setting{Name: "token", Secret: true, Usage: "bearer token for it"},
		settings.Setting{Name: "states", Fallback: "skip", Usage: "who brings about the states: a URL, skip, or simulator", Check: stateSource},
		settings.Setting{Name: "world", Usage: "YAML file: values (ids by the names that pacts have for them), tokens (by those of the pacts) and replace (such as order numbers)", Check: worldFile},
		settings.Setting{Name: "simulator", Usage: "base URL of the simulated systems that the provider works with", Check: baseURL},
		settings.Setting{Name: "control", Usage: "base URL of that simulator's control plane", Check: baseURL},
		settings.Setting{Name: "control-token", Secret: true, Usage: "bearer token of the control plane"},
		settings.Setting{Name: "format", Fallback: "text", Usage: "text or json", Check: settings.OneOf("text", "json")},
	)}
}

func stateSource(value string) error {
	if value == "skip" || value == "simulator" {
		return nil
	}
	return baseURL(value)
}

func verifyCommand() *cobra.Command {
	set := verifySettings()
	cmd := &cobra.Command{
		Use:   "verify",
		Short: "Tell where a provider out there, the simulator and the documents disagree",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			values, err := resolve(cmd, set)
			if err != nil {
				return err
			}
			return verifyLive(cmd.Context(), cmd.OutOrStdout(), values, flagged(cmd, "allow-writes"))
		},
	}
	addSettings(cmd, set)
	cmd.Flags().Bool("allow-writes", false, "run interactions that change something, too")
	cmd.Long = verifyHelp
	return cmd
}

// world is what --world says of the provider's data.
type world struct {
	Values  map[string]any
	Tokens  map[string]string
	Replace map[string]string
}

func worldFile(name string) error {
	_, err := readWorld(name)
	return err
}

func readWorld(name string) (w world, err error) {
	if name == "" {
		return w, nil
	}
	file, err := os.Open(name)
	if err != nil {
		return w, err
	}
	defer func() { _ = file.Close() }()
	d := yaml.NewDecoder(file)
	d.KnownFields(true)
	if err := d.Decode(&w); err != nil {
		return w, fmt.Errorf("%s: %w", name, err)
	}
	return w, nil
}

// in puts the world's own order numbers and the like where the pact has its
// examples.
func (w world) in(i pactfile.Interaction) (pactfile.Interaction, error) {
	if len(w.Replace) == 0 {
		return i, nil
	}
	source, err := json.Marshal(i.Request)
	if err != nil {
		return i, err
	}
	text := string(source)
	for from, to := range w.Replace {
		text = strings.ReplaceAll(text, from, to)
	}
	changed := i
	changed.Request = pactfile.Request{}
	return changed, json.Unmarshal([]byte(text), &changed.Request)
}

// liveRun is one run of verify.
type liveRun struct {
	values   settings.Values
	writes   bool
	world    world
	live     drift.Live
	provider replay.Provider
	compared drift.Comparison
}

func verifyLive(ctx context.Context, out io.Writer, v settings.Values, writes bool) error {
	if v["provider"] == "" || v["url"] == "" {
		return errors.New("provider and url are wanted")
	}
	if v["states"] == "simulator" && (v["simulator"] == "" || v["control"] == "") {
		return errors.New("states: simulator needs simulator and control")
	}
	all, err := readAgreements(v)
	if err != nil {
		return err
	}
	pacts := verification.With(v["provider"], all.pacts)
	if len(pacts) == 0 {
		return failed(fmt.Errorf("there is no pact with %s", v["provider"]))
	}
	run := liveRun{values: v, writes: writes}
	if run.world, err = readWorld(v["world"]); err != nil {
		return err
	}
	if run.compared.Documents, err = promise.Load(all.specs, v["provider"]); err != nil {
		return failed(err)
	}
	results, err := run.do(ctx, pacts)
	if err != nil {
		return failed(err)
	}
	return printDrift(out, v, results)
}

// do compares every interaction with a simulator of its own.
func (l *liveRun) do(ctx context.Context, pacts []pactfile.Pact) (results []drift.Result, err error) {
	client := replay.Client()
	if l.values["provider"] == "som" && l.values["states"] != "simulator" {
		if err := drift.RequireSandbox(ctx, client, l.values["url"], l.values["token"]); err != nil {
			return nil, err
		}
	}
	own := gateWork{values: settings.Values{}}
	defer func() { own.close() }()
	at, err := own.world(ctx)
	if err != nil {
		return nil, err
	}
	stage, err := states.Open(ctx, states.Addresses{API: at.API, Control: at.Control, OrderOps: at.OrderOps, Name: "drift"})
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, stage.Close()) }()
	base := at.API
	if l.values["provider"] == "order-ops" {
		base = at.OrderOps
	}
	l.compared.Simulator = replay.Provider{Name: l.values["provider"], Base: base, States: stage, Client: client}
	l.provider = replay.Provider{Name: l.values["provider"], Base: strings.TrimSuffix(l.values["url"], "/"), Client: client}
	end, err := l.prepare(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, end()) }()
	for _, p := range pacts {
		for _, i := range p.Interactions {
			results = append(results, l.one(ctx, p.Consumer.Name, i))
		}
	}
	return results, nil
}

// prepare says who brings about the provider's states.
func (l *liveRun) prepare(ctx context.Context) (end func() error, err error) {
	none := func() error { return nil }
	if l.values["states"] == "simulator" {
		stage, err := states.Open(ctx, states.Addresses{
			API: l.values["simulator"], Control: l.values["control"], Token: l.values["control-token"], OrderOps: l.values["url"], Name: "verify",
		})
		if err != nil {
			return none, err
		}
		l.provider.States = stage
		return stage.Close, nil
	}
	l.live = drift.Live{Values: l.world.Values, Token: l.values["token"], Tokens: l.world.Tokens, Client: l.provider.Client}
	if l.values["states"] != "skip" {
		l.live.Hook = l.values["states"]
	}
	return none, nil
}

func (l *liveRun) one(ctx context.Context, consumer string, i pactfile.Interaction) drift.Result {
	skipped := func(why string) drift.Result {
		return drift.Result{Consumer: consumer, Description: i.Description, Skipped: why}
	}
	if i.IsMessage() {
		return skipped("it is a message")
	}
	if reads, err := l.compared.Documents.Reads(i); err != nil || !reads && !l.writes {
		return skipped("it may write; --allow-writes runs it")
	}
	c := l.compared
	c.Provider = l.provider
	if c.Provider.States == nil {
		c.Provider.States = l.live.For(ctx, i)
	}
	if l.values["states"] == "skip" {
		for _, s := range i.ProviderStates {
			if states.IsTrouble(l.values["provider"], s.Name) {
				return skipped("nobody brings about that " + s.Name)
			}
		}
		for _, name := range replay.Needs(i.Request) {
			if l.world.Values[name] == nil {
				return skipped("--world has no value for " + name)
			}
		}
	}
	changed, err := l.world.in(i)
	if err != nil {
		return skipped(err.Error())
	}
	return c.Run(ctx, consumer, changed, i)
}

func printDrift(out io.Writer, v settings.Values, results []drift.Result) error {
	ran, drifted := 0, 0
	for _, r := range results {
		if r.Skipped == "" {
			ran++
		}
		if r.Drifted() {
			drifted++
		}
	}
	var err error
	if v["format"] == "json" {
		encoder := json.NewEncoder(out)
		encoder.SetIndent("", "  ")
		encoder.SetEscapeHTML(false)
		err = encoder.Encode(results)
	} else {
		err = drift.Text(out, v["provider"], results)
	}
	switch {
	case err != nil:
		return failed(err)
	case ran == 0:
		return failed(fmt.Errorf("none of %d interactions was run", len(results)))
	case drifted > 0:
		return failed(fmt.Errorf("%d of %d interactions have drifted", drifted, ran))
	}
	return nil
}
