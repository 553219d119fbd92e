package main

import (
	"cmp"
	"fmt"
	"os"
	"testing/fstest"

	"github.com/dustin/go-humanize/english"
	"github.com/spf13/cobra"

	"github.com/somsim/somsim/features"
	"github.com/somsim/somsim/features/report"
	"github.com/somsim/somsim/orderops/service"
	"github.com/somsim/somsim/simulator/clock"
)

func replayCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "replay FILE",
		Short: "Run the failing scenarios of a bundle again, as they were, against a simulator and an order-ops of its own",
		Long: "Run the failing scenarios of a bundle, which somsim scenarios --bundle FILE has written, again: the same feature files,\n" +
			"seed and order, one after another, with the same owner of money.\n\n" +
			"Exit code 0: every scenario held this time; 1: not every one; 2: the file is no bundle.",
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			bundle, err := report.ReadRun(args[0])
			if err != nil {
				return err
			}
			if len(bundle.Scenarios) == 0 || len(bundle.Sources) == 0 {
				return fmt.Errorf("%s holds no scenarios that failed", args[0])
			}
			owner := cmp.Or(bundle.MoneyOwner, string(service.OwnedByOrderOps))
			if err := moneyOwner(owner); err != nil {
				return fmt.Errorf("%s: money_owner: %w", args[0], err)
			}
			files := fstest.MapFS{}
			for path, text := range bundle.Sources {
				files[path] = &fstest.MapFile{Data: []byte(text)}
			}
			out := cmd.OutOrStdout()
			if err := say(out, "%s that failed on %s, money owned by %s\n", english.Plural(len(bundle.Scenarios), "scenario", ""), bundle.Started.Format("2006-01-02 15:04:05 MST"), owner); err != nil {
				return failed(err)
			}
			return runScenariosAlone(cmd.Context(), features.Options{
				Features: files, Only: features.Spots(bundle.Scenarios), Seed: bundle.Seed, Concurrency: 1, MoneyOwner: owner,
				Faces: []features.Face{features.OCAPI, features.REST}, Sandbox: features.ByBaggage,
				Now: clock.Real{}.Now, Out: out, Terminal: terminal(out, os.Getenv),
			}, papers{})
		},
	}
}
