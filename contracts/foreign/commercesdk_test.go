//go:build foreign

package foreign_test

import (
	"context"
	"os/exec"
	"testing"
	"time"
)

// Its files run one after another, since they move the clock of one simulator.
func TestCommerceSDK(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	script := exec.CommandContext(ctx, "node", "--test", "--test-concurrency=1", "--test-reporter=spec", "login.test.mjs", "order.test.mjs")
	script.Dir = "commerce-sdk"
	api, control := serve(t)
	script.Env = append(script.Environ(), "SOMSIM_API="+api, "SOMSIM_CONTROL="+control)
	out, err := script.CombinedOutput()
	t.Logf("%s", out)
	if err != nil {
		t.Errorf("commerce-sdk-isomorphic: %v", err)
	}
}
