package main

import (
	"context"
	"fmt"
	"io"
	"net/url"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"
)

// newAdopt has a running service take over what an instance left that will not come back.
func newAdopt(env lookup, stdout io.Writer) *cobra.Command {
	cmd := &cobra.Command{
		Use: "adopt INSTANCE", Short: "Have a running service take over the work of an instance that will not come back", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			client, err := operatorOf(cmd, env)
			if err != nil {
				return err
			}
			d, err := decisionOf(cmd)
			if err != nil {
				return err
			}
			var done struct{ Workflows, Started int }
			if err := client.post(cmd.Context(), "/instances/"+url.PathEscape(args[0])+"/adopt", d, &done); err != nil {
				return err
			}
			_, err = fmt.Fprintf(stdout, "adopted %s: %d unfinished actions go on, %d that had not begun were started\n", args[0], done.Workflows, done.Started)
			return err
		},
	}
	addOperator(cmd)
	addBy(cmd, env)
	return cmd
}

// newInstances lists the instances of a shared database.
func newInstances(env lookup, stdout io.Writer) *cobra.Command {
	cmd := &cobra.Command{
		Use: "instances", Short: "List the instances on the database of a running service", Args: cobra.NoArgs,
		RunE: asked(env, func(ctx context.Context, client operatorClient, _ []string) error {
			var page struct {
				Instances []struct {
					Name, Host string
					Alive      bool
					Process    int
					SeenAt     time.Time `json:"seen_at"`
					AdoptedBy  string    `json:"adopted_by"`
				}
			}
			if err := client.get(ctx, "/instances", &page); err != nil {
				return err
			}
			w := tabwriter.NewWriter(stdout, 0, 4, 2, ' ', 0)
			_, _ = fmt.Fprintln(w, "INSTANCE\tALIVE\tHOST\tPROCESS\tSEEN\tADOPTED BY") // Flush tells of errors
			for _, i := range page.Instances {
				_, _ = fmt.Fprintf(w, "%s\t%t\t%s\t%d\t%s\t%s\n", i.Name, i.Alive, i.Host, i.Process, i.SeenAt.Format(time.RFC3339), i.AdoptedBy)
			}
			return w.Flush()
		}),
	}
	addOperator(cmd)
	return cmd
}
