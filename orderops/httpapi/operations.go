package httpapi

import (
	"context"
	"net/http"

	"github.com/somsim/somsim/orderops"
	"github.com/somsim/somsim/orderops/command"
)

// operation is a command as callers see it: the answer of everything that takes a command in.
type operation struct {
	OperationID  string                 `json:"operation_id"`
	OrderNo      string                 `json:"order_no"`
	Action       orderops.Action        `json:"action"`
	State        command.State          `json:"state"`
	Code         orderops.Code          `json:"code,omitempty"`
	Cancellation *orderops.Cancellation `json:"cancellation,omitempty"`
	Modification *orderops.Modification `json:"modification,omitempty"`
	Confirmation *orderops.Confirmation `json:"confirmation,omitempty"`
	Return       *orderops.Return       `json:"return,omitempty"`
	Problem      *problem               `json:"problem,omitempty"`
}

func operationOf(ctx context.Context, row command.Row) operation {
	op := operation{
		OperationID: row.ID, OrderNo: row.OrderNo, Action: row.Action, State: row.State, Cancellation: row.Answer.Cancellation,
		Modification: row.Answer.Modification, Confirmation: row.Answer.Confirmation, Return: row.Answer.Return,
	}
	if row.State.Open() {
		op.Code = orderops.InProgress
	}
	if row.Answer.Refusal != nil {
		p := problemOf(ctx, row.Answer.Refusal, row.OrderNo)
		op.Code, op.Problem = row.Answer.Refusal.Code, &p
	}
	return op
}

// idempotencyKey is the caller's key, without which nothing is changed.
func idempotencyKey(r *http.Request) (string, error) {
	key := r.Header.Get("Idempotency-Key")
	if key == "" {
		return "", orderops.Refuse(orderops.IdempotencyKeyRequired, "send the header Idempotency-Key")
	}
	return key, nil
}

// rowAnswer words a stored command: done, refused, or still to come.
func rowAnswer(ctx context.Context, row command.Row) answer {
	refusal := row.Answer.Refusal
	switch {
	case row.State.Open() || (refusal != nil && refusal.Code == orderops.OutcomeUnknown):
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
