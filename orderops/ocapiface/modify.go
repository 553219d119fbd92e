package ocapiface

import (
	"context"
	"net/http"

	"github.com/somsim/somsim/orderops"
	"github.com/somsim/somsim/orderops/b2cclient"
	"github.com/somsim/somsim/orderops/command"
)

// modifyInput is the part of a PATCH body that says how an order is to be modified or confirmed.
type modifyInput struct {
	OnExistingBasket orderops.OnExistingBasket `json:"c_onExistingBasket"`
	SlotID           string                    `json:"c_slotId"`
	Channel          orderops.Channel          `json:"c_channel"`
	NewOrderNo       string                    `json:"c_newOrderNo"`
	BasketUUID       string                    `json:"c_basketUUID"`
	ExpectedTotal    *orderops.Amount          `json:"c_expectedTotal"`
}

func (f *Face) modify(ctx context.Context, r *http.Request, in patchInput) (answer, error) {
	items, err := in.items()
	if err != nil {
		return answer{}, err
	}
	request := orderops.ModifyRequest{Items: items, OnExistingBasket: in.OnExistingBasket, SlotID: in.SlotID, Channel: in.Channel, ExpectedTotal: in.ExpectedTotal}
	return f.act(ctx, r, in, deed{
		submit: func(shop b2cclient.Shop, doc b2cclient.Document) (command.Row, error) {
			return f.Desk.Modify(ctx, shop.Site, in.ActionRequestID, doc, request)
		},
		preview: func(shop b2cclient.Shop, doc b2cclient.Document) (Preview, error) {
			out, err := f.Desk.PreviewModify(ctx, shop.Site, doc, request)
			return Preview{Modification: &out}, err
		},
	})
}

func (f *Face) confirm(ctx context.Context, r *http.Request, in patchInput) (answer, error) {
	request := orderops.ConfirmRequest{NewOrderNo: in.NewOrderNo, BasketID: in.BasketUUID, ExpectedTotal: in.ExpectedTotal, SlotID: in.SlotID}
	return f.act(ctx, r, in, deed{
		submit: func(shop b2cclient.Shop, doc b2cclient.Document) (command.Row, error) {
			return f.Desk.Confirm(ctx, shop.Site, in.ActionRequestID, doc, request)
		},
		preview: func(shop b2cclient.Shop, doc b2cclient.Document) (Preview, error) {
			out, err := f.Desk.PreviewConfirm(ctx, shop.Site, doc, request)
			return Preview{Confirmation: &out}, err
		},
	})
}

// addBasket adds what the storefront goes on with after a modification: the basket, where to show it, and what has become
// of the lines.
func addBasket(out document, m *orderops.Modification) error {
	if m == nil || m.BasketID == "" {
		return nil
	}
	for name, value := range map[string]any{
		"c_newBasketUUID": m.BasketID, "c_redirect": m.Redirect, "c_modifyPolicy": m.Policy, "c_priceDeltas": m.PriceDeltas,
		"c_unavailableLines": m.UnavailableLines,
	} {
		if err := out.set(name, value); err != nil {
			return err
		}
	}
	return nil
}
