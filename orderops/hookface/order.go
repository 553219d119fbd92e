package hookface

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/somsim/somsim/orderops"
	"github.com/somsim/somsim/orderops/b2cclient"
	"github.com/somsim/somsim/orderops/frontdesk"
	"github.com/somsim/somsim/orderops/ocapiface"
)

// The names under which hooks of one request leave things for those that follow: the attributes of the order as they were,
// and the id of the command that was asked for, or the preview of one.
const (
	asBefore  = "order_ops_before"
	operation = "order_ops_operation"
	foretold  = "order_ops_preview"
)

type attributes map[string]json.RawMessage

// before is what there is to do before commerce changes an order: what is cancelled stays so, whoever asks commerce to open it.
func (f *Face) before(ctx context.Context, in call) (status, error) {
	doc, err := orderIn(in.Document)
	if err != nil {
		return status{}, err
	}
	if frontdesk.Reopens(doc, in.Input) {
		if err := f.Shop.Desk.MayReopen(ctx, doc.Order.OrderNo); err != nil {
			return status{}, err
		}
	}
	return remember(in)
}

// remember keeps what the attributes of a request for an action are on the order before commerce writes them there.
func remember(in call) (status, error) {
	out := status{Status: statusOK}
	asked := asking(in.Input)
	if asked == nil {
		return out, nil
	}
	var order attributes
	if err := json.Unmarshal(in.Document, &order); err != nil {
		return out, orderops.Refuse(orderops.InvalidRequest, "document: %s", err)
	}
	before := attributes{}
	for name := range asked {
		if value, there := order[name]; there {
			before[name] = value
		}
	}
	raw, err := json.Marshal(before)
	out.Custom = attributes{asBefore: raw}
	return out, err
}

// asking are the attributes of a request, nil when it asks for no action.
func asking(input json.RawMessage) attributes {
	var given attributes
	if json.Unmarshal(input, &given) != nil || given["c_action"] == nil {
		return nil
	}
	asked := attributes{}
	for name, value := range given {
		if strings.HasPrefix(name, "c_") {
			asked[name] = value
		}
	}
	return asked
}

// act does what a PATCH asks for. The attributes that asked for it are no part of the order: they become what they were.
func (f *Face) act(ctx context.Context, in call) (status, error) {
	asked := asking(in.Input)
	if asked == nil {
		return status{Status: statusOK}, nil
	}
	changes, doc, err := restored(in, asked)
	if err != nil {
		return status{}, err
	}
	on := ocapiface.Hooked{Shop: b2cclient.Shop{Site: in.SiteID, Version: pathVersion(in.Version)}, Document: doc}
	done, acted, err := f.Shop.Act(ctx, on, in.Input)
	if err != nil || !acted {
		return status{Status: statusOK}, err
	}
	if done.Preview != nil {
		raw, err := json.Marshal(done.Preview)
		return status{Status: statusOK, Changes: changes, Custom: attributes{foretold: raw}}, err
	}
	id, err := json.Marshal(done.Row.ID)
	return status{Status: statusOK, Changes: changes, Custom: attributes{operation: id}}, err
}

// restored is the order as it was before the request, and the changes that make it so again.
func restored(in call, asked attributes) (changes attributes, doc b2cclient.Document, err error) {
	var before, order attributes
	if raw := in.Custom[asBefore]; raw != nil {
		if err := json.Unmarshal(raw, &before); err != nil {
			return nil, doc, orderops.Refuse(orderops.InvalidRequest, "custom: %s", err)
		}
	}
	if err := json.Unmarshal(in.Document, &order); err != nil {
		return nil, doc, orderops.Refuse(orderops.InvalidRequest, "document: %s", err)
	}
	changes = attributes{}
	for name := range asked {
		value, there := before[name]
		if !there {
			changes[name] = json.RawMessage("null")
			delete(order, name)
			continue
		}
		changes[name], order[name] = value, value
	}
	raw, err := json.Marshal(order)
	if err != nil {
		return nil, doc, err
	}
	doc, err = orderIn(raw)
	return changes, doc, err
}

// show adds to an order's document what order management knows of it and, after an action, what came of that.
func (f *Face) show(ctx context.Context, in call) (status, error) {
	doc, err := orderIn(in.Document)
	if err != nil {
		return status{}, err
	}
	shown, err := f.Shop.Enriched(ctx, []b2cclient.Document{doc})
	if err != nil {
		return status{}, err
	}
	if raw := in.Custom[operation]; raw != nil {
		if err := f.addResult(ctx, raw, shown[0]); err != nil {
			return status{}, err
		}
	}
	if raw := in.Custom[foretold]; raw != nil {
		var preview ocapiface.Preview
		if err := json.Unmarshal(raw, &preview); err != nil {
			return status{}, orderops.Refuse(orderops.InvalidRequest, "%s: %s", foretold, err)
		}
		if err := ocapiface.AddPreview(shown[0], preview); err != nil {
			return status{}, err
		}
	}
	return answered(shown[0])
}

func (f *Face) addResult(ctx context.Context, raw json.RawMessage, doc map[string]json.RawMessage) error {
	var id string
	if err := json.Unmarshal(raw, &id); err != nil {
		return orderops.Refuse(orderops.InvalidRequest, "%s: %s", operation, err)
	}
	row, err := f.Shop.Desk.Engine.Operation(ctx, id)
	if err != nil {
		return fmt.Errorf("show what came of operation %s: %w", id, err)
	}
	return ocapiface.AddResult(doc, row)
}

// showList adds what order management knows to the orders of a customer's list.
func (f *Face) showList(ctx context.Context, in call) (status, error) {
	var list struct {
		Data []b2cclient.Document `json:"data"`
	}
	if err := json.Unmarshal(in.Document, &list); err != nil {
		return status{}, orderops.Refuse(orderops.InvalidRequest, "document: %s", err)
	}
	shown, err := f.Shop.Enriched(ctx, list.Data)
	if err != nil {
		return status{}, err
	}
	return answered(map[string][]map[string]json.RawMessage{"data": shown})
}

func answered[Document any](doc Document) (status, error) {
	raw, err := json.Marshal(doc)
	return status{Status: statusOK, Document: raw}, err
}

func orderIn(raw json.RawMessage) (b2cclient.Document, error) {
	var doc b2cclient.Document
	if err := json.Unmarshal(raw, &doc); err != nil || doc.Order.OrderNo == "" {
		return doc, orderops.Refuse(orderops.InvalidRequest, "document: it is no order")
	}
	return doc, nil
}

// pathVersion is a version as paths have it: v23_2 for 23.2.
func pathVersion(version string) string { return "v" + strings.ReplaceAll(version, ".", "_") }
