package main

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/somsim/somsim/simulator/choice"
)

// choicesCommand prints what holds where the vendor leaves it open, by the same settings as the simulator has.
func choicesCommand() *cobra.Command {
	set := simulatorSettings()
	cmd := &cobra.Command{
		Use:   "choices",
		Short: "List what the vendors leave open: what holds, the default, and what else can be chosen",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			values, err := resolve(cmd, set)
			if err != nil {
				return err
			}
			chosen, err := readChoices(values["som-choices"])
			if err != nil {
				return err
			}
			if asYAML, _ := cmd.Flags().GetBool("yaml"); asYAML {
				return failed(writeChoiceFile(cmd.OutOrStdout(), chosen))
			}
			return failed(writeChoices(cmd.OutOrStdout(), chosen))
		},
	}
	addSettings(cmd, set)
	cmd.Flags().Bool("yaml", false, "print a file to start from, with what holds now")
	return cmd
}

// writeChoices prints one line a choice: id, what holds, a star when it was chosen, and what else there is.
func writeChoices(w io.Writer, v choice.Values) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, c := range v.List() {
		mark := ""
		if c.Overridden {
			mark = "*"
		}
		if _, err := fmt.Fprintf(table, "%s\t%s%s\t%s\t%s\n", c.ID, shown(c.Value), mark, c.Takes(), c.Text); err != nil {
			return err
		}
	}
	return table.Flush()
}

// writeChoiceFile prints the choices as a file has them. Maps are left out.
func writeChoiceFile(w io.Writer, v choice.Values) error {
	for _, c := range v.List() {
		line := fmt.Sprintf("%s: %q", c.ID, c.Value)
		if c.Kind == choice.Refusals || c.Kind == choice.Rates {
			line = fmt.Sprintf("# %s: %s", c.ID, c.Kind)
		}
		if _, err := fmt.Fprintf(w, "# %s Values: %s.\n%s\n\n", c.Text, c.Takes(), line); err != nil {
			return err
		}
	}
	return nil
}

func shown(value string) string {
	if value == "" {
		return "-"
	}
	if strings.Contains(value, " ") {
		return fmt.Sprintf("%q", value)
	}
	return value
}
