package httpapi

import (
	"context"
	"net/http"

	"github.com/somsim/somsim/orderops"
	"github.com/somsim/somsim/orderops/b2cclient"
	"github.com/somsim/somsim/orderops/command"
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
	for _, item := range in.Items {
		if item.ItemID == "" {
			return out, orderops.Refuse(orderops.InvalidRequest, "an item needs an item_id")
		}
		out.Items = append(out.Items, orderops.LineQuantity{ItemID: item.ItemID, Quantity: item.Quantity})
	}
	return out, nil
}

// operation is a command as callers see it: the answer of everything that takes a command in.
type operation struct {
	OperationID  string                 `json:"operation_id"`
	OrderNo      string                 `json:"order_no"`
	Action       orderops.Action        `json:"action"`
	State        command.State          `json:"state"`
	Code         orderops.Code          `json:"code,omitempty"`
	Cancellation *orderops.Cancellation `json:"cancellation,omitempty"`
	Problem      *problem               `json:"problem,omitempty"`
}

func operationOf(ctx context.Context, row command.Row) operation {
	op := operation{
		OperationID: row.ID, OrderNo: row.OrderNo, Action: row.Action, State: row.State, Cancellation: row.Answer.Cancellation,
	}
	if row.State == command.Running {
		op.Code = orderops.InProgress
	}
	if row.Answer.Refusal != nil {
		p := problemOf(ctx, row.Answer.Refusal, row.OrderNo)
		op.Code, op.Problem = row.Answer.Refusal.Code, &p
	}
	return op
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
	key := r.Header.Get("Idempotency-Key")
	if key == "" {
		return answer{}, orderops.Refuse(orderops.IdempotencyKeyRequired, "send the header Idempotency-Key")
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

// rowAnswer words a stored command: done, refused, or still to come.
func rowAnswer(ctx context.Context, row command.Row) answer {
	refusal := row.Answer.Refusal
	switch {
	case row.State == command.Running || (refusal != nil && refusal.Code == orderops.OutcomeUnknown):
		out := answer{
			Status: http.StatusAccepted, Body: operationOf(ctx, row), Location: prefix + "/operations/" + row.ID, RetryAfter: 2,
		}
		if refusal != nil {
			out.RetryAfter = max(out.RetryAfter, seconds(refusal.RetryAfter))
		}
		return out
	case refusal != nil:
		return refusalAnswer(ctx, refusal, row.OrderNo, refusal.Code.HTTPStatus())
	default:
		return answer{Status: http.StatusOK, Body: operationOf(ctx, row)}
	}
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

func (a *API) getOperation(ctx context.Context, r *http.Request) (answer, error) {
	row, err := a.Desk.Operation(ctx, a.Gate.Caller(r), r.PathValue("operation_id"))
	if err != nil {
		return answer{}, err
	}
	out := answer{Status: http.StatusOK, Body: operationOf(ctx, row)}
	if row.State.Open() {
		out.RetryAfter = 2
	}
	return out, nil
}
