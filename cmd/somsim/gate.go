package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"

	"github.com/spf13/cobra"

	"github.com/somsim/somsim/contracts"
	"github.com/somsim/somsim/contracts/breaking"
	"github.com/somsim/somsim/contracts/coverage"
	"github.com/somsim/somsim/contracts/gate"
	"github.com/somsim/somsim/internal/settings"
)

const gateHelp = "One verdict before a release: pacts within the documents, simulator and order-ops keeping the pacts, scenarios,\n" +
	"breaking changes of the documents, and coverage. What is not found in --results is found out: a simulator and an\n" +
	"order-ops are started for it, unless --orderops, --simulator and --control name some. A check of which nothing is\n" +
	"known stops a release like one that fails; --without waives it, visibly.\n\n" +
	"Exit code 0: a release may pass; 1: it may not, and the first thing to fix is named; 2: it was asked for wrongly."

func gateCommand() *cobra.Command {
	set := gateSettings()
	set.List = append(set.List, ledgerSettings()...)
	set.List = append(set.List,
		settings.Setting{Name: "can-deploy", Usage: "ask only whether this pacticipant may be deployed, by what was published", Check: anything},
		settings.Setting{Name: "version", Usage: "the version to ask for; the latest that was published when left out", Check: anything},
		settings.Setting{Name: "to", Usage: "the environment to ask for", Check: anything},
	)
	cmd := &cobra.Command{
		Use:   "gate",
		Short: "One verdict on the contracts before a release",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			values, err := resolve(cmd, set)
			if err != nil {
				return err
			}
			if values["can-deploy"] != "" {
				return canDeploy(cmd.Context(), cmd.OutOrStdout(), values)
			}
			return runGate(cmd.Context(), cmd.OutOrStdout(), values)
		},
	}
	addSettings(cmd, set)
	cmd.Long = gateHelp
	return cmd
}

// checkCommand is the part of the gate that starts nothing.
func checkCommand() *cobra.Command {
	set := gateSettings()
	cmd := &cobra.Command{
		Use:   "check",
		Short: "Hold the pacts against the documents, the documents against a base, and the calls of order-ops against the pacts",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			values, err := resolve(cmd, set)
			if err != nil {
				return err
			}
			if values["only"] == "" {
				values["only"] = "specs,breaking,coverage"
			}
			return runGate(cmd.Context(), cmd.OutOrStdout(), values)
		},
	}
	addSettings(cmd, set)
	return cmd
}

// errStopped says that a release may not pass; the table has said why.
var errStopped = errors.New("contracts: stop")

func runGate(ctx context.Context, out io.Writer, v settings.Values) error {
	work, err := newGateWork(v)
	if err != nil {
		return err
	}
	defer work.close()
	var table gate.Table
	only, without := listed(v["only"]), listed(v["without"])
	for _, check := range gate.Checks() {
		switch {
		case len(only) > 0 && !slices.Contains(only, check.Name):
			continue
		case slices.Contains(without, check.Name):
			table.Rows = append(table.Rows, gate.Row{Check: check.Title, Verdict: gate.LeftOut, Detail: "by --without " + check.Name})
			continue
		}
		row, err := work.row(ctx, check)
		if err != nil {
			return fmt.Errorf("%s: %w", check.Title, err)
		}
		if v["save"] != "" {
			if err := gate.Save(v["save"], check.Name, row); err != nil {
				return err
			}
		}
		table.Rows = append(table.Rows, row)
	}
	if err := printTable(out, table, v["format"]); err != nil {
		return failed(err)
	}
	if !table.OK() {
		return failed(errStopped)
	}
	return nil
}

func printTable(out io.Writer, table gate.Table, format string) error {
	switch format {
	case "json":
		return table.JSON(out)
	case "markdown":
		return table.Markdown(out)
	default:
		return table.Text(out)
	}
}

// row is what came of a check: as kept, or found out now.
func (w *gateWork) row(ctx context.Context, check gate.Check) (gate.Row, error) {
	if w.values["results"] != "" {
		if check.Title == gate.Scenarios {
			if row, ok, err := keptScenarios(w.values["results"]); ok || err != nil {
				return row, err
			}
		}
		row, ok, err := gate.Kept(os.DirFS(w.values["results"]), check.Name, w.about(check.Title))
		if ok || err != nil {
			return row, err
		}
	}
	switch check.Title {
	case gate.Specs:
		return gate.CheckSpecs(w.pacts, w.specs)
	case gate.Simulator, gate.OrderOps:
		return w.verified(ctx, check.Title)
	case gate.Scenarios:
		return w.scenarios(ctx)
	case gate.Breaking:
		return w.breaking(ctx)
	default:
		calls, err := coverage.ReadCalls(contracts.Calls)
		if err != nil {
			return gate.Row{}, err
		}
		return gate.CheckCoverage(calls, w.pacts, w.specs)
	}
}

func (w *gateWork) breaking(ctx context.Context) (gate.Row, error) {
	base := w.values["base"]
	if info, err := os.Stat(base); base != "" && err == nil && info.IsDir() {
		return gate.CheckBreaking(base, os.DirFS(base), w.specs, w.pacts)
	}
	if base == "" {
		base = breaking.DefaultBase(ctx)
	}
	if base == "" {
		return gate.Row{
			Check: gate.Breaking, Verdict: gate.Missing, Detail: "this is no checkout with a main branch",
			Fix: "--base names a git ref or a folder with the documents to compare with; --without breaking waives it",
		}, nil
	}
	before, remove, err := breaking.AtRef(ctx, base, "specs")
	if err != nil {
		return gate.Row{}, fmt.Errorf("base: %w", err)
	}
	defer remove()
	return gate.CheckBreaking(base, before, w.specs, w.pacts)
}
