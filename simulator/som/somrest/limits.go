package somrest

import (
	"fmt"
	"strings"

	"github.com/somsim/somsim/simulator/binding"
	"github.com/somsim/somsim/simulator/som"
)

// counted reports whether a request counts towards the org's limit: those of the data API and of the resources beside it
// do, those that log in or ask who is logged in do not.
func counted(r *binding.Request) bool { return strings.HasPrefix(r.Path, "/services/data/") }

// countUsage counts a request and says on its answer how much of the limit is used.
func (a *API) countUsage(c *binding.Call, resp *binding.Response) {
	if !counted(c.Request) {
		return
	}
	resp.Header.Set("Sforce-Limit-Info", usageHeader(a.domain.CountRequest(c.Tx)))
}

func usageHeader(u som.Usage) string { return fmt.Sprintf("api-usage=%d/%d", u.Used, u.Max) }
