package ocapiface

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"

	strict "github.com/go-json-experiment/json"

	"github.com/somsim/somsim/orderops"
	"github.com/somsim/somsim/orderops/b2cclient"
	"github.com/somsim/somsim/orderops/command"
)

func (f *Face) cancel(ctx context.Context, r *http.Request, in patchInput) (answer, error) {
	request, err := in.cancelRequest()
	if err != nil {
		return answer{}, err
	}
	return f.act(ctx, r, in, deed{
		submit: func(shop b2cclient.Shop, doc b2cclient.Document) (command.Row, error) {
			return f.Desk.Cancel(ctx, shop.Site, in.ActionRequestID, doc, request)
		},
		preview: func(shop b2cclient.Shop, doc b2cclient.Document) (Preview, error) {
			out, err := f.Desk.PreviewCancel(ctx, shop.Site, doc, request)
			return Preview{Cancellation: &out}, err
		},
	})
}

// cancelRequest translates the custom attributes.
func (in patchInput) cancelRequest() (orderops.CancelRequest, error) {
	out := orderops.CancelRequest{ReasonCode: in.ReasonCode, ExpectedRefund: in.ExpectedRefund}
	var err error
	if out.AllowPartial, err = in.allowPartial(); err != nil {
		return out, err
	}
	out.Items, err = in.items()
	return out, err
}

// allowPartial says that the caller accepts less than it asks for.
func (in patchInput) allowPartial() (bool, error) {
	switch in.Partial {
	case "", "refuse":
		return false, nil
	case "allow":
		return true, nil
	default:
		return false, orderops.Refuse(orderops.InvalidRequest, "c_partial is allow or refuse")
	}
}

// items reads c_items, which is an array, or a string that holds one. Left out, or an empty text, it means the whole order.
func (in patchInput) items() ([]orderops.LineQuantity, error) {
	raw := bytes.TrimSpace(in.Items)
	var text string
	if len(raw) > 0 && raw[0] == '"' {
		if err := json.Unmarshal(raw, &text); err != nil {
			return nil, noItems()
		}
		raw = bytes.TrimSpace([]byte(text))
	}
	if len(raw) == 0 || string(raw) == "null" {
		return nil, nil
	}
	var asked []askedItem
	if err := strict.Unmarshal(raw, &asked, strict.RejectUnknownMembers(true)); err != nil || len(asked) == 0 {
		return nil, noItems()
	}
	var items []orderops.LineQuantity
	for _, item := range asked {
		if item.ItemID == "" {
			return nil, orderops.Refuse(orderops.InvalidRequest, "c_items: an item needs an item_id")
		}
		items = append(items, orderops.LineQuantity{ItemID: item.ItemID, Quantity: item.Quantity})
	}
	return items, nil
}

type askedItem struct {
	ItemID   string          `json:"item_id"`
	Quantity orderops.Amount `json:"quantity"`
}

func noItems() error {
	return orderops.Refuse(orderops.InvalidRequest,
		`c_items is a list of one or more {"item_id":…,"quantity":…}, or a string that holds one; leave it out for the whole order`)
}
