package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"strconv"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"
)

// newAttention makes the commands of those who settle what could not settle itself.
func newAttention(env lookup, stdout io.Writer) *cobra.Command {
	cmd := &cobra.Command{
		Use: "attention", Short: "Settle what could not settle itself", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newAttentionList(env, stdout), newAttentionShow(env, stdout), newAttentionRetry(env, stdout), newAttentionResolve(env, stdout))
	return cmd
}

// item is a work item as the list shows it.
type item struct {
	ID        int64       `json:"id"`
	State     string      `json:"state"`
	Retriable bool        `json:"retriable"`
	Sandbox   string      `json:"sandbox"`
	OrderNo   string      `json:"order_no"`
	Entity    string      `json:"entity"`
	Amount    json.Number `json:"amount"`
	Currency  string      `json:"currency"`
	Reason    string      `json:"reason"`
	CreatedAt time.Time   `json:"created_at"`
}

func newAttentionList(env lookup, stdout io.Writer) *cobra.Command {
	var sandbox, state string
	cmd := &cobra.Command{
		Use: "list", Short: "List work items, oldest first", Args: cobra.NoArgs,
		RunE: asked(env, func(ctx context.Context, client operatorClient, _ []string) error {
			items, err := client.workItems(ctx, url.Values{"sandbox": {sandbox}, "state": {state}})
			if err != nil {
				return err
			}
			return printItems(stdout, items)
		}),
	}
	addOperator(cmd)
	cmd.Flags().StringVar(&sandbox, "sandbox", "", "of one sandbox alone")
	cmd.Flags().StringVar(&state, "state", "needs_attention", "needs_attention, retrying, resolved or all")
	return cmd
}

// pageSize is how many items are asked for at once.
const pageSize = 500

// workItems reads all pages of a list.
func (c operatorClient) workItems(ctx context.Context, query url.Values) ([]item, error) {
	var all []item
	query.Set("limit", strconv.Itoa(pageSize))
	for {
		var page struct {
			WorkItems []item `json:"work_items"`
		}
		if err := c.get(ctx, "/work-items?"+query.Encode(), &page); err != nil {
			return nil, err
		}
		all = append(all, page.WorkItems...)
		if len(page.WorkItems) < pageSize {
			return all, nil
		}
		query.Set("after", strconv.FormatInt(all[len(all)-1].ID, 10))
	}
}

func printItems(stdout io.Writer, items []item) error {
	w := tabwriter.NewWriter(stdout, 0, 4, 2, ' ', 0)
	_, _ = fmt.Fprintln(w, "ID\tSTATE\tRETRY\tSANDBOX\tORDER\tAMOUNT\tENTITY\tREASON\tSINCE") // Flush tells of errors
	for _, i := range items {
		retry := "no"
		if i.Retriable {
			retry = "yes"
		}
		amount := "-"
		if i.Amount != "" {
			amount = i.Amount.String() + " " + i.Currency
		}
		_, _ = fmt.Fprintf(w, "%d\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n",
			i.ID, i.State, retry, i.Sandbox, i.OrderNo, amount, i.Entity, i.Reason, i.CreatedAt.Format(time.RFC3339))
	}
	return w.Flush()
}

func newAttentionShow(env lookup, stdout io.Writer) *cobra.Command {
	cmd := &cobra.Command{
		Use: "show ID", Short: "Show a work item with its operation, as JSON", Args: cobra.ExactArgs(1),
		RunE: asked(env, func(ctx context.Context, client operatorClient, args []string) error {
			var shown json.RawMessage
			if err := client.get(ctx, "/work-items/"+url.PathEscape(args[0]), &shown); err != nil {
				return err
			}
			return printJSON(stdout, shown)
		}),
	}
	addOperator(cmd)
	return cmd
}

func newAttentionRetry(env lookup, stdout io.Writer) *cobra.Command {
	cmd := &cobra.Command{
		Use: "retry ID", Short: "Try the effect behind a work item again, at once", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return decide(cmd, env, stdout, args[0], "retry", "") },
	}
	addOperator(cmd)
	addBy(cmd, env)
	return cmd
}

func newAttentionResolve(env lookup, stdout io.Writer) *cobra.Command {
	var note string
	cmd := &cobra.Command{
		Use: "resolve ID --note …", Short: "Close a work item that was settled by hand", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if note == "" {
				return &usageError{fmt.Errorf("--note is required: the audit log says how it was settled")}
			}
			return decide(cmd, env, stdout, args[0], "resolve", note)
		},
	}
	addOperator(cmd)
	addBy(cmd, env)
	cmd.Flags().StringVar(&note, "note", "", "how it was settled")
	return cmd
}

// decide sends a decision on a work item and says what became of it.
func decide(cmd *cobra.Command, env lookup, stdout io.Writer, id, what, note string) error {
	client, err := operatorOf(cmd, env)
	if err != nil {
		return err
	}
	d, err := decisionOf(cmd)
	if err != nil {
		return err
	}
	d.Note = note
	var after item
	if err := client.post(cmd.Context(), "/work-items/"+url.PathEscape(id)+"/"+what, d, &after); err != nil {
		return err
	}
	_, err = fmt.Fprintf(stdout, "work item %d of order %s is %s\n", after.ID, after.OrderNo, after.State)
	return err
}

func printJSON(stdout io.Writer, raw json.RawMessage) error {
	encoder := json.NewEncoder(stdout)
	encoder.SetIndent("", "  ")
	return encoder.Encode(raw)
}
