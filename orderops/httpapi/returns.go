package httpapi

import (
	"context"
	"net/http"

	"github.com/somsim/somsim/orderops"
	"github.com/somsim/somsim/orderops/b2cclient"
)

// returnWanted reads what is to come back, and the order's document as the caller may see it. Its body is that of a
// cancellation; without items everything that can be returned is meant.
func (a *API) returnWanted(ctx context.Context, r *http.Request) (orderops.ReturnRequest, b2cclient.Document, error) {
	asked, doc, err := a.wanted(ctx, r)
	return orderops.ReturnRequest(asked), doc, err
}

func (a *API) returnOrder(ctx context.Context, r *http.Request) (answer, error) {
	key, err := idempotencyKey(r)
	if err != nil {
		return answer{}, err
	}
	request, doc, err := a.returnWanted(ctx, r)
	if err != nil {
		return answer{}, err
	}
	row, err := a.Desk.Return(ctx, a.shop(r).Site, key, doc, request)
	if err != nil {
		return answer{}, err
	}
	return rowAnswer(ctx, row), nil
}

func (a *API) previewReturn(ctx context.Context, r *http.Request) (answer, error) {
	request, doc, err := a.returnWanted(ctx, r)
	if err != nil {
		return answer{}, err
	}
	preview, err := a.Desk.PreviewReturn(ctx, a.shop(r).Site, doc, request)
	if err != nil {
		return answer{}, err
	}
	return answer{Status: http.StatusOK, Body: preview}, nil
}
