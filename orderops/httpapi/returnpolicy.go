package httpapi

import (
	"context"
	"net/http"
)

// getReturnPolicy says why each line of an order may or may not be given back.
func (a *API) getReturnPolicy(ctx context.Context, r *http.Request) (answer, error) {
	explanation, err := a.Desk.ExplainReturns(ctx, a.shop(r), a.Gate.Caller(r), r.PathValue("order_no"))
	if err != nil {
		return answer{}, err
	}
	return answer{Status: http.StatusOK, Body: explanation}, nil
}
