package httpapi

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/somsim/somsim/orderops"
	"github.com/somsim/somsim/orderops/remote"
)

// problem is an RFC 9457 problem document with the members that callers of this service branch on.
type problem struct {
	Type          string            `json:"type"`
	Title         string            `json:"title"`
	Status        int               `json:"status"`
	Detail        string            `json:"detail,omitempty"`
	Code          orderops.Code     `json:"code"`
	Retriable     bool              `json:"retriable"`
	CorrelationID string            `json:"correlation_id"`
	OrderNo       string            `json:"order_no,omitempty"`
	Effects       []orderops.Effect `json:"effects"`
	orderops.RefusalExtra
}

// problem words an error. What is not a refusal is a fault of the service: it is logged, and told without detail.
func (a *API) problem(ctx context.Context, r *http.Request, err error) answer {
	refusal, ok := orderops.AsRefusal(err)
	if !ok {
		level := a.Log.ErrorContext
		if errors.Is(err, context.Canceled) {
			level = a.Log.InfoContext // the caller left
		}
		level(ctx, "request failed", "route", r.Pattern, "error", err.Error(), "correlation_id", remote.ScopeOf(ctx).CorrelationID)
		refusal = orderops.Refuse(orderops.InternalError, "")
	}
	return refusalAnswer(ctx, refusal, r.PathValue("order_no"), refusal.Code.HTTPStatus())
}

func refusalAnswer(ctx context.Context, refusal *orderops.Refusal, orderNo string, status int) answer {
	return answer{
		Status: status, Body: problemOf(ctx, refusal, orderNo), ContentType: "application/problem+json", RetryAfter: seconds(refusal.RetryAfter),
	}
}

func problemOf(ctx context.Context, refusal *orderops.Refusal, orderNo string) problem {
	effects := refusal.Effects
	if effects == nil {
		effects = []orderops.Effect{}
	}
	return problem{
		Type: "urn:order-ops:problem:" + string(refusal.Code), Title: refusal.Code.Title(), Status: refusal.Code.HTTPStatus(),
		Detail: refusal.Detail, Code: refusal.Code, Retriable: refusal.Retriable, OrderNo: orderNo, Effects: effects,
		CorrelationID: remote.ScopeOf(ctx).CorrelationID, RefusalExtra: refusal.Extra,
	}
}

// seconds rounds a wait up to whole seconds, as the Retry-After header wants it.
func seconds(d time.Duration) int { return int((d + time.Second - 1) / time.Second) }
