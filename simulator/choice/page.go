package choice

import (
	"fmt"
	"strings"
)

// Page renders tables for readers, in Markdown: one section a face.
func Page(tables ...Table) string {
	var out strings.Builder
	for _, t := range tables {
		_, _ = fmt.Fprintf(&out, "### `%s`\n\n| choice | what is chosen | values | default | rests on |\n|---|---|---|---|---|\n", t.Face)
		for _, c := range t.Choices {
			values := make([]string, len(c.Allowed))
			for i, value := range c.Allowed {
				values[i] = "`" + value + "`"
			}
			takes := strings.Join(values, ", ")
			if takes == "" {
				takes = string(c.Kind)
			}
			fallback := "–"
			if c.Default != "" {
				fallback = "`" + c.Default + "`"
			}
			_, _ = fmt.Fprintf(&out, "| `%s` | %s | %s | %s | %s: %s |\n", c.ID, c.Text, takes, fallback, c.Evidence, c.Source)
		}
		out.WriteString("\n")
	}
	return out.String()
}
