package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/somsim/somsim/orderops/returnby"
)

// newPolicy makes the commands that tell what the rules come to.
func newPolicy(env lookup, stdout io.Writer) *cobra.Command {
	cmd := &cobra.Command{
		Use: "policy", Short: "Tell what the rules come to", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newPolicyExplain(env, stdout))
	return cmd
}

func newPolicyExplain(env lookup, stdout io.Writer) *cobra.Command {
	var order, site, sandbox, anchor, zone string
	var days int
	cmd := &cobra.Command{
		Use: "explain", Short: "Tell until when something can be returned", Args: cobra.NoArgs,
		Long: "Tell until when something can be returned.\n\n" +
			"With --order a running service says of each line of that order why it can or cannot be returned.\n" +
			"With --anchor it is reckoned here: to the end of the day that lies DAYS calendar days after the anchor,\n" +
			"as the calendar stands in the time zone.",
		RunE: func(cmd *cobra.Command, args []string) error {
			switch {
			case order == "" && anchor == "" || order != "" && anchor != "":
				return &usageError{errors.New("one of --order and --anchor is required")}
			case anchor != "":
				return reckon(stdout, anchor, days, zone)
			}
			query := url.Values{"site": {site}, "sandbox": {sandbox}}
			return asked(env, func(ctx context.Context, client operatorClient, _ []string) error {
				return client.explainReturns(ctx, stdout, order, query)
			})(cmd, args)
		},
	}
	addOperator(cmd)
	cmd.Flags().StringVar(&order, "order", "", "number of the order to explain")
	cmd.Flags().StringVar(&site, "site", "", "commerce site of the order; the service's own when left out")
	cmd.Flags().StringVar(&sandbox, "sandbox", "", "sandbox of the order, beside a simulator")
	cmd.Flags().StringVar(&anchor, "anchor", "", "when it was delivered, collected, shipped or ordered, as an instant like 2026-03-01T15:00:00Z")
	cmd.Flags().IntVar(&days, "days", returnby.DefaultDays, "calendar days in which it can be returned")
	cmd.Flags().StringVar(&zone, "time-zone", "UTC", "whose calendar counts, like Europe/Berlin")
	return cmd
}

// reckon counts days without asking anybody.
func reckon(stdout io.Writer, anchor string, days int, zone string) error {
	at, err := time.Parse(time.RFC3339, anchor)
	if err != nil {
		return &usageError{fmt.Errorf("anchor=%q: is not an instant like 2026-03-01T15:00:00Z", anchor)}
	}
	if days < 0 {
		return &usageError{fmt.Errorf("days=%d: is below zero", days)}
	}
	local, err := time.LoadLocation(zone)
	if err != nil || zone == "" || zone == "Local" {
		return &usageError{fmt.Errorf("time-zone=%q: is not known; it is a name like Europe/Berlin", zone)}
	}
	by := returnby.DayOf(at, local).Add(days).End(local)
	_, err = fmt.Fprintf(stdout, "anchor=%s\nreturn_by=%s\nreturn_by_utc=%s\n",
		at.In(local).Format(returnby.Form), by.Format(returnby.Form), by.UTC().Format(returnby.Form))
	return err
}

// explainReturns asks a running service.
func (c operatorClient) explainReturns(ctx context.Context, stdout io.Writer, order string, query url.Values) error {
	var answer struct {
		OrderNo string    `json:"order_no"`
		AsOf    time.Time `json:"as_of"`
		Lines   []struct {
			ProductCode string   `json:"product_code"`
			Name        string   `json:"name"`
			Returnable  bool     `json:"returnable"`
			Why         string   `json:"why"`
			Local       string   `json:"local"`
			Policy      string   `json:"policy"`
			Explanation []string `json:"explanation"`
		} `json:"lines"`
	}
	if err := c.get(ctx, "/orders/"+url.PathEscape(order)+"/return-policy?"+query.Encode(), &answer); err != nil {
		return err
	}
	out := tabwriter.NewWriter(stdout, 0, 4, 2, ' ', 0)
	_, _ = fmt.Fprintf(out, "order %s as of %s\n", answer.OrderNo, answer.AsOf.Format(returnby.Form))
	for _, l := range answer.Lines {
		until := l.Local
		if until == "" {
			until = "-"
		}
		_, _ = fmt.Fprintf(out, "\n%s\t%s\treturnable=%t (%s)\tuntil=%s\tpolicy=%s\n", l.ProductCode, l.Name, l.Returnable, l.Why, until, l.Policy)
		for _, sentence := range l.Explanation {
			_, _ = fmt.Fprintf(out, "  %s\n", sentence)
		}
	}
	return out.Flush()
}
