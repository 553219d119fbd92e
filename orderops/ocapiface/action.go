package ocapiface

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"

	"github.com/somsim/somsim/orderops"
	"github.com/somsim/somsim/orderops/b2cclient"
	"github.com/somsim/somsim/orderops/command"
	"github.com/somsim/somsim/orderops/frontdesk"
)

// patchInput is the part of a PATCH body that asks for an action.
type patchInput struct {
	ResourceState   string           `json:"_resource_state"`
	Action          orderops.Action  `json:"c_action"`
	ActionRequestID string           `json:"c_actionRequestId"`
	Preview         bool             `json:"c_preview"`
	ReasonCode      string           `json:"c_reasonCode"`
	Partial         string           `json:"c_partial"`
	Items           json.RawMessage  `json:"c_items"`
	ExpectedRefund  *orderops.Amount `json:"c_expectedRefund"`
	modifyInput
}

// patchOrder runs the action that the body asks for. A body without one is an ordinary PATCH and goes to commerce.
func (f *Face) patchOrder(ctx context.Context, r *http.Request) (answer, error) {
	raw, err := readBody(r)
	if err != nil {
		return answer{}, err
	}
	var in patchInput
	if err := json.Unmarshal(raw, &in); err != nil {
		return answer{}, unreadable(raw)
	}
	if err := nothingElse(ctx, in.Action, raw); err != nil {
		return answer{}, err
	}
	switch in.Action {
	case "":
		return f.pass(ctx, r, raw)
	case orderops.ActionCancel:
		return f.cancel(ctx, r, in)
	case orderops.ActionModify:
		return f.modify(ctx, r, in)
	case orderops.ActionConfirm:
		return f.confirm(ctx, r, in)
	case orderops.ActionReturn:
		return f.takeBack(ctx, r, in)
	default:
		return answer{}, orderops.Refuse(orderops.InvalidRequest, "c_action %q is not known", in.Action)
	}
}

func (f *Face) pass(ctx context.Context, r *http.Request, body json.RawMessage) (answer, error) {
	caller := f.Gate.Caller(r)
	if err := caller.Own(); err != nil {
		return answer{}, err
	}
	shop, orderNo := shopOf(r), r.PathValue("order_no")
	reopens, err := f.reopens(ctx, shop, caller, orderNo, body)
	if err != nil {
		return answer{}, err
	}
	doc, err := f.Commerce.Patch(ctx, shop, caller.Caller, orderNo, body)
	switch {
	case err != nil && reopens:
		return answer{}, frontdesk.NotReopened(err)
	case err != nil:
		return answer{}, err
	}
	out, err := enriched(f.Desk.History.Enrich(ctx, []b2cclient.Document{doc})[0])
	return answer{Status: http.StatusOK, Body: out}, err
}

// reopens says that the body asks to have a cancelled order opened again, and refuses where that cannot be. Only a body that
// sets a status is looked at closer.
func (f *Face) reopens(ctx context.Context, shop b2cclient.Shop, caller frontdesk.Caller, orderNo string, body json.RawMessage) (bool, error) {
	if !bytes.Contains(body, []byte(`"status"`)) {
		return false, nil
	}
	doc, err := f.Desk.Document(ctx, shop, caller, orderNo)
	if err != nil || !frontdesk.Reopens(doc, body) {
		return false, err
	}
	return true, f.Desk.MayReopen(ctx, orderNo)
}

// deed is an action with all that it was asked with: to be done, or to be told what it would come to.
type deed struct {
	submit  func(b2cclient.Shop, b2cclient.Document) (command.Row, error)
	preview func(b2cclient.Shop, b2cclient.Document) (Preview, error)
}

// act has an action done on the order that the request is about, or foretold, and answers with its document.
func (f *Face) act(ctx context.Context, r *http.Request, in patchInput, d deed) (answer, error) {
	if hooked := hookedIn(ctx); hooked != nil {
		return answer{}, hooked.do(d, in.Preview)
	}
	shop, caller := shopOf(r), f.Gate.Caller(r)
	doc, err := f.Desk.Document(ctx, shop, caller, r.PathValue("order_no"))
	if err != nil {
		return answer{}, err
	}
	if in.ResourceState != "" && in.ResourceState != doc.Order.ResourceState {
		return answer{}, staleState{client: in.ResourceState, server: doc.Order.ResourceState}
	}
	if in.Preview {
		return f.foretell(ctx, shop, doc, in.Action, d)
	}
	row, err := d.submit(shop, doc)
	if err != nil {
		return answer{}, err
	}
	refusal, final := refusalOf(row)
	if final {
		return answer{}, refusal
	}
	open := row.State.Open() || refusal != nil
	if latest, err := f.Desk.Document(ctx, shop, caller, doc.Order.OrderNo); err == nil {
		doc = latest // else the document from before is still true but for its status
	}
	out, err := enriched(f.Desk.History.Enrich(ctx, []b2cclient.Document{doc})[0])
	if err != nil {
		return answer{}, err
	}
	result := answer{Status: http.StatusOK, Body: out}
	if open {
		result.Status, result.RetryAfter = http.StatusAccepted, 2
		result.Location = "/order-ops/v1/operations/" + row.ID
	}
	if err := addBasket(out, row.Answer.Modification); err != nil {
		return answer{}, err
	}
	return result, out.set("c_actionResult", resultOf(row))
}

// actionResult tells what the action came to, beside the document.
type actionResult struct {
	OperationID  string                 `json:"operation_id"`
	Action       orderops.Action        `json:"action"`
	State        command.State          `json:"state"`
	Code         orderops.Code          `json:"code,omitempty"`
	Cancellation *orderops.Cancellation `json:"cancellation,omitempty"`
	Modification *orderops.Modification `json:"modification,omitempty"`
	Confirmation *orderops.Confirmation `json:"confirmation,omitempty"`
	Return       *orderops.Return       `json:"return,omitempty"`
}

func resultOf(row command.Row) actionResult {
	out := actionResult{
		OperationID: row.ID, Action: row.Action, State: row.State, Cancellation: row.Answer.Cancellation,
		Modification: row.Answer.Modification, Confirmation: row.Answer.Confirmation, Return: row.Answer.Return,
	}
	switch {
	case row.Answer.Refusal != nil:
		out.Code = row.Answer.Refusal.Code
	case row.State.Open():
		out.Code = orderops.InProgress
	}
	return out
}
