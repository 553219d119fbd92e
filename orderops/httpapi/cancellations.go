package httpapi

import (
	"context"
	"net/http"

	"github.com/somsim/somsim/orderops"
	"github.com/somsim/somsim/orderops/b2cclient"
)

// cancelRequest is the body of a cancellation. Without items the whole order is meant.
type cancelRequest struct {
	Items []struct {
		ItemID   string          `json:"item_id"`
		Quantity orderops.Amount `json:"quantity"`
	} `json:"items"`
	ReasonCode string `json:"reason_code"`
	// Partial is "allow" when the open part of a partly fulfilled order may be cancelled alone.
	Partial        string           `json:"partial"`
	ExpectedRefund *orderops.Amount `json:"expected_refund"`
}

func (in cancelRequest) request() (orderops.CancelRequest, error) {
	out := orderops.CancelRequest{ReasonCode: in.ReasonCode, ExpectedRefund: in.ExpectedRefund}
	switch in.Partial {
	case "", "refuse":
	case "allow":
		out.AllowPartial = true
	default:
		return out, orderops.Refuse(orderops.InvalidRequest, "partial is allow or refuse")
	}
	if in.Items != nil && len(in.Items) == 0 {
		return out, noItems()
	}
	for _, item := range in.Items {
		if item.ItemID == "" {
			return out, orderops.Refuse(orderops.InvalidRequest, "an item needs an item_id")
		}
		out.Items = append(out.Items, orderops.LineQuantity{ItemID: item.ItemID, Quantity: item.Quantity})
	}
	return out, nil
}

// noItems refuses a list that is empty: whoever means the whole order leaves it out.
func noItems() error {
	return orderops.Refuse(orderops.InvalidRequest, "the body at /items: name one item or more, or leave items out for the whole order")
}

// wanted reads what is to be cancelled, and the order's document as the caller may see it.
func (a *API) wanted(ctx context.Context, r *http.Request) (orderops.CancelRequest, b2cclient.Document, error) {
	var in cancelRequest
	if err := decode(r, &in); err != nil {
		return orderops.CancelRequest{}, b2cclient.Document{}, err
	}
	request, err := in.request()
	if err != nil {
		return request, b2cclient.Document{}, err
	}
	doc, err := a.Desk.Document(ctx, a.shop(r), a.Gate.Caller(r), r.PathValue("order_no"))
	return request, doc, err
}

func (a *API) cancelOrder(ctx context.Context, r *http.Request) (answer, error) {
	key, err := idempotencyKey(r)
	if err != nil {
		return answer{}, err
	}
	request, doc, err := a.wanted(ctx, r)
	if err != nil {
		return answer{}, err
	}
	row, err := a.Desk.Cancel(ctx, a.shop(r).Site, key, doc, request)
	if err != nil {
		return answer{}, err
	}
	return rowAnswer(ctx, row), nil
}

func (a *API) previewCancellation(ctx context.Context, r *http.Request) (answer, error) {
	request, doc, err := a.wanted(ctx, r)
	if err != nil {
		return answer{}, err
	}
	preview, err := a.Desk.PreviewCancel(ctx, a.shop(r).Site, doc, request)
	if err != nil {
		return answer{}, err
	}
	return answer{Status: http.StatusOK, Body: preview}, nil
}
