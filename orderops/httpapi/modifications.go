package httpapi

import (
	"context"
	"net/http"

	"github.com/somsim/somsim/orderops"
	"github.com/somsim/somsim/orderops/b2cclient"
)

// modifyRequest is the body of a modification. Without anything the follow-up basket holds what the order does.
type modifyRequest struct {
	Items            []wantedItem              `json:"items"`
	OnExistingBasket orderops.OnExistingBasket `json:"on_existing_basket"`
	SlotID           string                    `json:"slot_id"`
	Channel          orderops.Channel          `json:"channel"`
	ExpectedTotal    *orderops.Amount          `json:"expected_total"`
}

// wantedItem asks for a quantity of a line.
type wantedItem struct {
	ItemID   string          `json:"item_id"`
	Quantity orderops.Amount `json:"quantity"`
}

// toModify reads what is to be modified, and the order's document as the caller may see it.
func (a *API) toModify(ctx context.Context, r *http.Request) (orderops.ModifyRequest, b2cclient.Document, error) {
	var in modifyRequest
	if err := decode(r, &in); err != nil {
		return orderops.ModifyRequest{}, b2cclient.Document{}, err
	}
	request := orderops.ModifyRequest{OnExistingBasket: in.OnExistingBasket, SlotID: in.SlotID, Channel: in.Channel, ExpectedTotal: in.ExpectedTotal}
	if in.Items != nil && len(in.Items) == 0 {
		return request, b2cclient.Document{}, noItems()
	}
	for _, item := range in.Items {
		if item.ItemID == "" {
			return request, b2cclient.Document{}, orderops.Refuse(orderops.InvalidRequest, "an item needs an item_id")
		}
		request.Items = append(request.Items, orderops.LineQuantity{ItemID: item.ItemID, Quantity: item.Quantity})
	}
	doc, err := a.Desk.Document(ctx, a.shop(r), a.Gate.Caller(r), r.PathValue("order_no"))
	return request, doc, err
}

func (a *API) modifyOrder(ctx context.Context, r *http.Request) (answer, error) {
	key, err := idempotencyKey(r)
	if err != nil {
		return answer{}, err
	}
	request, doc, err := a.toModify(ctx, r)
	if err != nil {
		return answer{}, err
	}
	row, err := a.Desk.Modify(ctx, a.shop(r).Site, key, doc, request)
	if err != nil {
		return answer{}, err
	}
	return rowAnswer(ctx, row), nil
}

func (a *API) previewModification(ctx context.Context, r *http.Request) (answer, error) {
	request, doc, err := a.toModify(ctx, r)
	if err != nil {
		return answer{}, err
	}
	preview, err := a.Desk.PreviewModify(ctx, a.shop(r).Site, doc, request)
	if err != nil {
		return answer{}, err
	}
	return answer{Status: http.StatusOK, Body: preview}, nil
}

// confirmRequest is the body of a confirmation: the new order, or the basket that is to be ordered.
type confirmRequest struct {
	NewOrderNo    string           `json:"new_order_no"`
	BasketID      string           `json:"basket_id"`
	ExpectedTotal *orderops.Amount `json:"expected_total"`
	SlotID        string           `json:"slot_id"`
}

func (a *API) toConfirm(ctx context.Context, r *http.Request) (orderops.ConfirmRequest, b2cclient.Document, error) {
	var in confirmRequest
	if err := decode(r, &in); err != nil {
		return orderops.ConfirmRequest{}, b2cclient.Document{}, err
	}
	doc, err := a.Desk.Document(ctx, a.shop(r), a.Gate.Caller(r), r.PathValue("order_no"))
	return orderops.ConfirmRequest(in), doc, err
}

func (a *API) confirmOrder(ctx context.Context, r *http.Request) (answer, error) {
	key, err := idempotencyKey(r)
	if err != nil {
		return answer{}, err
	}
	request, doc, err := a.toConfirm(ctx, r)
	if err != nil {
		return answer{}, err
	}
	row, err := a.Desk.Confirm(ctx, a.shop(r).Site, key, doc, request)
	if err != nil {
		return answer{}, err
	}
	return rowAnswer(ctx, row), nil
}

func (a *API) previewConfirmation(ctx context.Context, r *http.Request) (answer, error) {
	request, doc, err := a.toConfirm(ctx, r)
	if err != nil {
		return answer{}, err
	}
	preview, err := a.Desk.PreviewConfirm(ctx, a.shop(r).Site, doc, request)
	if err != nil {
		return answer{}, err
	}
	return answer{Status: http.StatusOK, Body: preview}, nil
}
