package ocapiface

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"

	"github.com/somsim/somsim/orderops"
	"github.com/somsim/somsim/orderops/b2cclient"
	"github.com/somsim/somsim/orderops/command"
)

// Hooked is an order in the middle of a PATCH at commerce, as a hook there tells of it. Commerce has let the caller in.
type Hooked struct {
	Shop     b2cclient.Shop
	Document b2cclient.Document
}

type hookedKey struct{}

// hookedRun is an action that a hook has asked for.
type hookedRun struct {
	on   Hooked
	done Done
}

// Done is what a hook has come to: the command that does the action, or the preview of one that was only asked about.
type Done struct {
	Row     command.Row
	Preview *Preview
}

// Act does what the body of a PATCH asks for on an order that is at hand, as a PATCH at this face does. It reports whether the
// body asks for anything. An error is what the PATCH would be refused for.
func (f *Face) Act(ctx context.Context, on Hooked, body json.RawMessage) (done Done, asked bool, err error) {
	var in struct {
		Action orderops.Action `json:"c_action"`
	}
	if json.Unmarshal(body, &in) != nil || in.Action == "" {
		return Done{}, false, nil
	}
	run := &hookedRun{on: on}
	ctx = context.WithValue(ctx, hookedKey{}, run)
	r := on.request(body).WithContext(ctx)
	if err := f.Gate.Guard.Request(r, body); err != nil {
		return Done{}, true, err
	}
	_, err = f.patchOrder(ctx, r)
	if run.done.Preview != nil {
		run.done.Preview.Action = in.Action
	}
	return run.done, true, err
}

// request is the PATCH as it would have come to this face.
func (on Hooked) request(body json.RawMessage) *http.Request {
	orderNo := on.Document.Order.OrderNo
	r := &http.Request{
		Method: http.MethodPatch, Pattern: patchPattern, Header: http.Header{"Content-Type": {"application/json"}},
		URL:  &url.URL{Path: "/s/" + on.Shop.Site + "/dw/shop/" + on.Shop.Version + "/orders/" + orderNo},
		Body: io.NopCloser(bytes.NewReader(body)),
	}
	for name, value := range map[string]string{"site": on.Shop.Site, "version": on.Shop.Version, "order_no": orderNo} {
		r.SetPathValue(name, value)
	}
	return r
}

// hookedIn is the action of a hook that a request is about, nil for a request of a channel.
func hookedIn(ctx context.Context) *hookedRun {
	run, _ := ctx.Value(hookedKey{}).(*hookedRun)
	return run
}

// do has the action done, or foretold. What it comes to is shown by another hook.
func (h *hookedRun) do(d deed, preview bool) error {
	if preview {
		told, err := d.preview(h.on.Shop, h.on.Document)
		h.done.Preview = &told
		return err
	}
	row, err := d.submit(h.on.Shop, h.on.Document)
	if err != nil {
		return err
	}
	h.done.Row = row
	if refusal, final := refusalOf(row); final {
		return refusal
	}
	return nil
}

// refusalOf is the refusal that an action has ended with, if it has.
func refusalOf(row command.Row) (refusal *orderops.Refusal, final bool) {
	refusal = row.Answer.Refusal
	open := row.State.Open() || (refusal != nil && refusal.Code == orderops.OutcomeUnknown)
	return refusal, refusal != nil && !open
}

// Enriched are documents of orders with what order management knows of them.
func (f *Face) Enriched(ctx context.Context, docs []b2cclient.Document) ([]map[string]json.RawMessage, error) {
	out := make([]map[string]json.RawMessage, len(docs))
	for i, entry := range f.Desk.History.Enrich(ctx, docs) {
		doc, err := enriched(entry)
		if err != nil {
			return nil, err
		}
		out[i] = doc
	}
	return out, nil
}

// AddResult adds to an order's document what an action on it has come to.
func AddResult(doc map[string]json.RawMessage, row command.Row) error {
	if err := addBasket(doc, row.Answer.Modification); err != nil {
		return err
	}
	return document(doc).set("c_actionResult", resultOf(row))
}

// HookStatus is the status with which a hook refuses, in the words of the fault that this face answers with. HTTP is the
// status of the hook's own answer: commerce is to answer alike.
type HookStatus struct {
	HTTP       int
	Code       orderops.Code
	Message    string
	Details    json.RawMessage
	RetryAfter int
}

// HookStatusOf words an error as a hook does.
func HookStatusOf(ctx context.Context, orderNo string, refusal *orderops.Refusal) (HookStatus, error) {
	args := hookArguments(ctx, orderNo, refusal)
	details, err := json.Marshal(args.StatusDetails)
	out := HookStatus{HTTP: http.StatusOK, Code: args.StatusCode, Message: args.StatusMsg, Details: details, RetryAfter: retryAfter(refusal)}
	switch refusal.Code {
	case orderops.RateLimited:
		out.HTTP = http.StatusTooManyRequests
	case orderops.OMSUnavailable, orderops.UpstreamError, orderops.UpstreamTimeout:
		out.HTTP = http.StatusServiceUnavailable
	default: // a business refusal, which is no failure of the hook
	}
	return out, err
}
