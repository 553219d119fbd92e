//go:build foreign

package foreign_test

import (
	"context"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// Each client has a simulator of its own: they move its clock.
func TestPartnersClients(t *testing.T) {
	t.Parallel()
	for _, client := range []string{"onlinepayments", "globalcollect", "square"} {
		t.Run(client, func(t *testing.T) {
			t.Parallel()
			ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
			defer cancel()
			files, err := filepath.Glob(filepath.Join(client, "*.test.mjs"))
			if err != nil || len(files) == 0 {
				t.Fatalf("no test files: %v", err)
			}
			for i := range files {
				files[i] = filepath.Base(files[i])
			}
			script := exec.CommandContext(ctx, "node", append([]string{"--test", "--test-reporter=spec"}, files...)...)
			script.Dir = client
			api, control := serve(t)
			script.Env = append(script.Environ(), "SOMSIM_API="+api, "SOMSIM_CONTROL="+control)
			out, err := script.CombinedOutput()
			t.Logf("%s", out)
			if err != nil {
				t.Errorf("%s: %v", client, err)
			}
		})
	}
}
