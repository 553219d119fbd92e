package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"github.com/somsim/somsim/features"
	"github.com/somsim/somsim/features/expected"
	"github.com/somsim/somsim/internal/settings"
	"github.com/somsim/somsim/orderops/service"
	"github.com/somsim/somsim/simulator"
	"github.com/somsim/somsim/simulator/clock"
)

// scenarioSettings are the settings of the command, under a prefix of their own: SOMSIM_CONTROL is an address to serve
// at, while here it is a URL to call.
func scenarioSettings() settings.Set {
	return settings.Set{Prefix: "SOMSIM_SCENARIOS_", List: []settings.Setting{
		{Name: "orderops", Usage: "base URL of the order-ops to prove", Check: baseURL},
		{Name: "simulator", Usage: "base URL of the simulated systems it works with", Check: baseURL},
		{Name: "control", Usage: "base URL of the simulator's control plane", Check: baseURL},
		{Name: "control-token", Secret: true, Usage: "bearer token of the control plane"},
		{Name: "operator", Usage: "base URL of order-ops' listener for operators, or none; left out, port 8703 beside --orderops", Check: operatorURL},
		{Name: "operator-token", Secret: true, Usage: "bearer token of that listener"},
		{Name: "face", Usage: "what order-ops speaks: ocapi, rest or both; left out, that is found out", Check: faces},
		{Name: "sandbox", Usage: "how order-ops knows the sandbox of a request: baggage, credential, or the name of the one it works in; left out, that is found out"},
		{Name: "money-owner", Fallback: string(service.OwnedByOrderOps), Usage: "who voids and refunds for that order-ops: order_ops or som; scenarios about money are tagged @money", Check: moneyOwner},
		{Name: "tags", Usage: "which scenarios: @case-1, ~@slow, @a,@b for either, @a && @b for both"},
		{Name: "features", Usage: "folder with feature files to use instead of those in the binary", Check: folder},
		{Name: "seed", Fallback: "-1", Usage: "order of the scenarios: -1 picks one and prints it, 0 is that of the files", Check: integer},
		{Name: "concurrency", Fallback: "4", Usage: "scenarios at a time", Check: positive},
		{Name: "patience", Fallback: "1m", Usage: "real time that a step waits for something to happen: more on a machine that is very busy", Check: positiveDuration},
		{Name: "shard", Usage: "i/n runs the i-th of n parts of the scenarios, for CI jobs side by side"},
		{Name: "only", Usage: "places of scenarios or outlines, with commas: orders/cancel_order.feature:7", Check: places},
		{Name: "report", Usage: "folder for report.html, junit.xml, cucumber.json, messages.ndjson and the run itself; its history grows"},
		{Name: "bundle", Usage: "file that a failing run is written to, for somsim replay"},
	}}
}

func moneyOwner(value string) error {
	if value != string(service.OwnedByOrderOps) && value != string(service.OwnedBySOM) {
		return fmt.Errorf("%q is not order_ops or som", value)
	}
	return nil
}

func baseURL(value string) error {
	if value == "" {
		return nil
	}
	if u, err := url.Parse(value); err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
		return fmt.Errorf("%q is not a base URL like http://127.0.0.1:8702", value)
	}
	return nil
}

// noOperator says that an order-ops has no listener for those who run it.
const noOperator = "none"

func operatorURL(value string) error {
	if value == noOperator {
		return nil
	}
	return baseURL(value)
}

// operatorPort is where cmd/orderops listens for operators unless it is told otherwise.
const operatorPort = "8703"

// operatorOf is the listener for operators of an order-ops, which may be left to be found beside it.
func operatorOf(given, orderops string) string {
	switch {
	case given == noOperator, given == "" && orderops == "":
		return ""
	case given != "":
		return given
	}
	u, err := url.Parse(orderops) // checked by the settings
	if err != nil {
		return ""
	}
	return u.Scheme + "://" + net.JoinHostPort(u.Hostname(), operatorPort)
}

func faces(value string) error {
	_, err := features.ParseFaces(value)
	return err
}

func places(value string) error {
	_, err := features.ParseSpots(value)
	return err
}

func folder(value string) error {
	if value == "" {
		return nil
	}
	if info, err := os.Stat(value); err != nil || !info.IsDir() {
		return fmt.Errorf("%q is not a folder", value)
	}
	return nil
}

func scenariosCommand() *cobra.Command {
	set := scenarioSettings()
	cmd := &cobra.Command{
		Use:   "scenarios",
		Short: "Run the scenarios against a running order-ops and simulator, or against ones of its own",
		Long: "Run the scenarios. With --orderops, --simulator and --control they run against what is there; without any of them a\n" +
			"simulator and an order-ops are started for them. Scenarios tagged @early-answer need an order-ops that answers its\n" +
			"callers (--answer-within) sooner than it gives up its own remote calls (--remote-timeout); those tagged @operator need\n" +
			"its listener for operators, and are left out with --operator none; those tagged @spent-points need one that has\n" +
			"--spent-points RefArchGlobal=forgive,RefArchOutlet=deduct_from_refund, --modify-policy RefArchGlobal=cancel_first,\n" +
			"--modify-prices RefArchOutlet=keep_original_price, --cancel-prices RefArchGlobal=reprice, --least-order 5 and --point-value 0.10,\n" +
			"and --refund-order RefArchOutlet=certificates_first and --return-bonus RefArchGlobal=require,RefArchOutlet=forgive.\n" +
			"What an order-ops of one face cannot be asked is listed and counted as not asked. docs/bring-your-own-service.md tells the rest.\n\n" +
			"Exit code 0: every scenario held; 1: not every one; 2: it was asked for wrongly.",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			values, err := resolve(cmd, set)
			if err != nil {
				return err
			}
			return scenarios(cmd, values)
		},
	}
	addSettings(cmd, set)
	cmd.Flags().Bool("catalogue", false, "list the numbered cases with the scenarios or tests that prove them, and with --report how these ended; exit code 1 on a gap")
	cmd.Flags().Bool("steps", false, "list the sentences that scenarios may use, and run nothing")
	cmd.Flags().Bool("stop-at-first", false, "begin no scenario after one has failed")
	cmd.Flags().Bool("rerun", false, "run only what failed in the run that the folder of --report is about")
	for _, other := range []string{"steps", "rerun", "orderops", "simulator", "control", "operator", "face", "sandbox", "tags", "seed", "concurrency", "patience", "shard", "only", "stop-at-first", "bundle"} {
		cmd.MarkFlagsMutuallyExclusive("catalogue", other)
		if other != "steps" {
			cmd.MarkFlagsMutuallyExclusive("steps", other)
		}
	}
	return cmd
}

func scenarios(cmd *cobra.Command, values settings.Values) error {
	options, err := scenarioOptions(cmd, values)
	if err != nil {
		return err
	}
	switch {
	case flagged(cmd, "steps"):
		return printSentences(options.Out)
	case flagged(cmd, "catalogue"):
		return printCatalogue(options.Out, options.Features, values["report"])
	}
	papers := papers{report: values["report"], bundle: values["bundle"]}
	if flagged(cmd, "rerun") {
		if options.Only, err = papers.failures(); err != nil {
			return err
		}
		if len(options.Only) == 0 {
			_, err := fmt.Fprintln(options.Out, "nothing failed in the last run")
			return failed(err)
		}
	}
	if options.OrderOps != "" {
		if err := probe(cmd.Context(), options); err != nil {
			return failed(err)
		}
		return runScenarios(cmd.Context(), options, papers)
	}
	return runScenariosAlone(cmd.Context(), options, papers)
}

func flagged(cmd *cobra.Command, name string) bool {
	on, err := cmd.Flags().GetBool(name)
	return err == nil && on
}

// scenarioOptions turns checked settings into what the scenarios want. The three URLs come together or not at all.
func scenarioOptions(cmd *cobra.Command, v settings.Values) (features.Options, error) {
	given := 0
	for _, name := range []string{"orderops", "simulator", "control"} {
		if v[name] != "" {
			given++
		}
	}
	if given != 0 && given != 3 {
		return features.Options{}, errors.New("orderops, simulator and control are given together, or none of them")
	}
	if given == 0 && v["operator"] != "" {
		return features.Options{}, errors.New("operator is given only together with orderops, simulator and control")
	}
	patience, errPatience := time.ParseDuration(v["patience"])
	seed, errSeed := strconv.ParseInt(v["seed"], 10, 64)
	concurrency, errConcurrency := strconv.Atoi(v["concurrency"])
	o := features.Options{
		API: v["simulator"], Control: v["control"], OrderOps: v["orderops"], ControlToken: v["control-token"],
		Operator: operatorOf(v["operator"], v["orderops"]), OperatorToken: v["operator-token"],
		MoneyOwner: v["money-owner"], Tags: v["tags"], Seed: seed, Concurrency: concurrency, Patience: patience, Shard: v["shard"], Out: cmd.OutOrStdout(),
		Now: clock.Real{}.Now, Terminal: terminal(cmd.OutOrStdout(), os.Getenv),
	}
	o.Only, _ = features.ParseSpots(v["only"])  // checked by the settings
	o.Faces, _ = features.ParseFaces(v["face"]) // as well
	if o.Sandbox = v["sandbox"]; given == 0 {
		if v["face"] != "" || v["sandbox"] != "" {
			return features.Options{}, errors.New("face and sandbox are given only together with orderops, simulator and control")
		}
		o.Faces, o.Sandbox = []features.Face{features.OCAPI, features.REST}, features.ByBaggage
	}
	o.StopAtFirst = flagged(cmd, "stop-at-first")
	if v["features"] != "" {
		o.Features = os.DirFS(v["features"])
	}
	return o, errors.Join(errSeed, errConcurrency, errPatience)
}

// runScenarios tells scenarios that failed from a request that made no sense, and writes what there is to be read.
func runScenarios(ctx context.Context, o features.Options, p papers) error {
	if err := p.prepare(); err != nil {
		return err
	}
	o.Lean = p == papers{}
	run, err := features.Run(ctx, o)
	if len(run.Scenarios) > 0 {
		err = errors.Join(err, p.write(&run, o))
	}
	if errors.Is(err, features.ErrFailed) {
		return failed(err)
	}
	return err
}

// runScenariosAlone starts simulator and order-ops for the scenarios on free ports and stops them afterwards.
func runScenariosAlone(ctx context.Context, o features.Options, p papers) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	cfg := simulator.Config{Preset: "omnichannel", Clock: clock.ModeManual, Log: logger("text")}
	started, wait, err := startUp(ctx, cfg, func(cfg *service.Config) {
		asExpected(cfg)
		if o.MoneyOwner != "" {
			cfg.MoneyOwners = map[string]service.MoneyOwner{service.AllSites: service.MoneyOwner(o.MoneyOwner)}
		}
	})
	if err != nil {
		return err
	}
	o.API, o.Control, o.OrderOps, o.Operator = started.API, started.Control, started.OrderOps, started.Operator
	err = runScenarios(ctx, o, p)
	stop()
	if ended := wait(); ended != nil && err == nil {
		return failed(ended)
	}
	return err
}

// asExpected has order-ops work as the scenarios expect, listen for operators, which some of them are about, and keep its
// requests out of their output.
func asExpected(cfg *service.Config) {
	expected.Settle(cfg)
	cfg.Operator, cfg.Log = "127.0.0.1:0", nil
}
