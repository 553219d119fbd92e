package main

import (
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"github.com/somsim/somsim/orderops"
)

// newPolicy makes the commands that tell what the rules come to.
func newPolicy(stdout io.Writer) *cobra.Command {
	cmd := &cobra.Command{
		Use: "policy", Short: "Tell what the rules come to", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newPolicyExplain(stdout))
	return cmd
}

// instantForm shows milliseconds, since a day ends with its last.
const instantForm = "2006-01-02T15:04:05.000Z07:00"

func newPolicyExplain(stdout io.Writer) *cobra.Command {
	var anchor, zone string
	var days int
	cmd := &cobra.Command{
		Use: "explain", Short: "Tell until when something can be returned", Args: cobra.NoArgs,
		Long: "Tell until when something can be returned: to the end of the day that lies DAYS calendar days after the anchor,\n" +
			"as the calendar stands in the time zone.",
		RunE: func(*cobra.Command, []string) error {
			at, err := time.Parse(time.RFC3339, anchor)
			if err != nil {
				return &usageError{fmt.Errorf("anchor=%q: is not an instant like 2026-03-01T15:00:00Z", anchor)}
			}
			by, err := orderops.ReturnBy(at, days, zone)
			if err != nil {
				return &usageError{err}
			}
			_, err = fmt.Fprintf(stdout, "anchor=%s\nreturn_by=%s\nreturn_by_utc=%s\n",
				at.In(by.Location()).Format(instantForm), by.Format(instantForm), by.UTC().Format(instantForm))
			return err
		},
	}
	cmd.Flags().StringVar(&anchor, "anchor", "", "when it was delivered, collected, shipped or ordered, as an instant like 2026-03-01T15:00:00Z")
	cmd.Flags().IntVar(&days, "days", 14, "calendar days in which it can be returned")
	cmd.Flags().StringVar(&zone, "time-zone", "UTC", "whose calendar counts, like Europe/Berlin")
	return cmd
}
