package ocapiface

import (
	"context"
	"encoding/json"
	"net/http"

	"github.com/somsim/somsim/orderops"
	"github.com/somsim/somsim/orderops/b2cclient"
)

// Preview tells what an action would come to, beside the document. It has changed nothing, and needs no key.
type Preview struct {
	Action       orderops.Action        `json:"action"`
	Cancellation *orderops.Cancellation `json:"cancellation,omitempty"`
	Modification *orderops.Modification `json:"modification,omitempty"`
	Confirmation *orderops.Confirmation `json:"confirmation,omitempty"`
	Return       *orderops.Return       `json:"return,omitempty"`
}

// foretell answers with the order as it is, and what the action would come to.
func (f *Face) foretell(ctx context.Context, shop b2cclient.Shop, doc b2cclient.Document, action orderops.Action, d deed) (answer, error) {
	preview, err := d.preview(shop, doc)
	if err != nil {
		return answer{}, err
	}
	out, err := enriched(f.Desk.History.Enrich(ctx, []b2cclient.Document{doc})[0])
	if err != nil {
		return answer{}, err
	}
	preview.Action = action
	return answer{Status: http.StatusOK, Body: out}, AddPreview(out, preview)
}

// AddPreview adds to an order's document what an action on it would come to.
func AddPreview(doc map[string]json.RawMessage, p Preview) error {
	return document(doc).set("c_actionPreview", p)
}
