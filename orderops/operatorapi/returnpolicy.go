package operatorapi

import (
	"context"
	"net/http"

	"github.com/somsim/somsim/orderops/remote"
	"github.com/somsim/somsim/orderops/window"
)

// Returns is what the face needs to explain until when something may be given back.
type Returns interface {
	// ExplainReturnsOf tells of an order, and whether order management has it.
	ExplainReturnsOf(ctx context.Context, site, orderNo string) (window.Explanation, bool, error)
}

// showReturnPolicy says why each line of an order may or may not be given back.
func (a *API) showReturnPolicy(r *http.Request) (any, error) {
	site, sandbox := r.URL.Query().Get("site"), r.URL.Query().Get("sandbox")
	if site == "" {
		site = a.Site
	}
	if sandbox != "" && sandbox != remote.DefaultSandbox && !a.Simulation {
		return nil, refuse(invalidRequest, "there are no sandboxes in production")
	}
	ctx := remote.WithScope(r.Context(), remote.Scope{Sandbox: sandbox, Forward: a.Simulation})
	explanation, found, err := a.Returns.ExplainReturnsOf(ctx, site, r.PathValue("order_no"))
	if err != nil {
		return nil, err
	}
	if !found {
		return nil, refuse(orderNotFound, "order management has no order %s", r.PathValue("order_no"))
	}
	return explanation, nil
}
