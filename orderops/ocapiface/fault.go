package ocapiface

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/somsim/somsim/orderops"
	"github.com/somsim/somsim/orderops/remote"
)

// faultDocument is OCAPI's error answer.
type faultDocument struct {
	Version string `json:"_v"`
	Fault   fault  `json:"fault"`
}

type fault struct {
	Type      string    `json:"type"`
	Message   string    `json:"message"`
	Arguments arguments `json:"arguments"`
}

// arguments are those of all faults this face answers with; each fault uses its own.
type arguments struct {
	ExtensionPoint string         `json:"extensionPoint,omitempty"`
	StatusCode     orderops.Code  `json:"statusCode,omitempty"`
	StatusMsg      string         `json:"statusMsg,omitempty"`
	StatusDetails  *statusDetails `json:"statusDetails,omitempty"`
	OrderNo        string         `json:"orderNo,omitempty"`
	Path           string         `json:"path,omitempty"`
	Client         string         `json:"client,omitempty"`
	Server         string         `json:"server,omitempty"`
}

// statusDetails carry what the REST face puts into a problem document.
type statusDetails struct {
	Retriable     bool              `json:"retriable"`
	CorrelationID string            `json:"correlation_id"`
	OrderNo       string            `json:"order_no,omitempty"`
	Effects       []orderops.Effect `json:"effects"`
	orderops.RefusalExtra
}

// extensionPoint is where a commerce hook would have refused: callers that know our hook know this fault.
const extensionPoint = "dw.ocapi.shop.order.afterPATCH"

// staleState is the error of a PATCH that was made for an older state of the order.
type staleState struct{ client, server string }

func (staleState) Error() string { return "the resource state is stale" }

// fault words an error the way OCAPI does.
func (f *Face) fault(ctx context.Context, r *http.Request, err error) answer {
	var stale staleState
	if errors.As(err, &stale) {
		return faultAnswer(r, http.StatusConflict, "ResourceStateConflictException", "The order has been changed.", arguments{
			Client: stale.client, Server: stale.server,
		})
	}
	if failure, ok := remote.AsError(err); ok {
		return passedOn(r, failure)
	}
	refusal, ok := orderops.AsRefusal(err)
	if !ok {
		f.Log.ErrorContext(ctx, "request failed", "route", r.Pattern, "error", err.Error(), "correlation_id", remote.ScopeOf(ctx).CorrelationID)
		return faultAnswer(r, http.StatusInternalServerError, "InternalServerErrorException", "An internal error occurred.", arguments{})
	}
	out := refusalFault(ctx, r, refusal)
	out.RetryAfter = retryAfter(refusal)
	return out
}

// retryAfter is the wait that a refusal announces, in seconds.
func retryAfter(refusal *orderops.Refusal) int {
	return int((refusal.RetryAfter + time.Second - 1) / time.Second)
}

// passedOn is the answer to a PATCH that went to commerce as it came and that commerce did not accept.
func passedOn(r *http.Request, failure *remote.Error) answer {
	if failure.VendorCode != "" && failure.Status >= http.StatusBadRequest {
		return faultAnswer(r, failure.Status, failure.VendorCode, failure.Message, arguments{})
	}
	return faultAnswer(r, http.StatusServiceUnavailable, "HookCircuitBreakerException", "Commerce did not answer.", arguments{})
}

// refusalFault gives the failures that OCAPI itself knows their own fault, and all others that of a hook.
func refusalFault(ctx context.Context, r *http.Request, refusal *orderops.Refusal) answer {
	orderNo := r.PathValue("order_no")
	switch refusal.Code {
	case orderops.Unauthenticated:
		return faultAnswer(r, http.StatusUnauthorized, "InvalidAccessTokenException", "The access token is missing or no longer valid.", arguments{})
	case orderops.IDPSessionExpired:
		return faultAnswer(r, http.StatusUnauthorized, "ExpiredTokenException", "The access token has expired.", arguments{})
	case orderops.Forbidden, orderops.ProfileIncomplete:
		return faultAnswer(r, http.StatusForbidden, "ClientAccessForbiddenException", "The client may not do this.", arguments{Path: r.URL.Path})
	case orderops.OrderNotFound:
		if orderNo == "" {
			return faultAnswer(r, http.StatusNotFound, "CustomerNotFoundException", "No such customer.", arguments{})
		}
		return faultAnswer(r, http.StatusNotFound, "OrderNotFoundException", "No order '"+orderNo+"' was found.", arguments{OrderNo: orderNo})
	case orderops.RouteNotFound:
		return faultAnswer(r, http.StatusNotFound, "ResourcePathNotFoundException", "No such resource path.", arguments{Path: r.URL.Path})
	case orderops.RateLimited:
		return faultAnswer(r, http.StatusTooManyRequests, "TooManyRequestsException", "Too many requests.", arguments{})
	case orderops.OMSUnavailable, orderops.UpstreamError, orderops.UpstreamTimeout:
		return faultAnswer(r, http.StatusServiceUnavailable, "HookCircuitBreakerException",
			"The hook at '"+extensionPoint+"' does not work at the moment.", hookArguments(ctx, orderNo, refusal))
	default:
		return faultAnswer(r, http.StatusBadRequest, "HookStatusException",
			"The hook at '"+extensionPoint+"' returned the status '"+string(refusal.Code)+"'.", hookArguments(ctx, orderNo, refusal))
	}
}

func hookArguments(ctx context.Context, orderNo string, refusal *orderops.Refusal) arguments {
	details := statusDetails{
		Retriable: refusal.Retriable, CorrelationID: remote.ScopeOf(ctx).CorrelationID, OrderNo: orderNo,
		Effects: refusal.Effects, RefusalExtra: refusal.Extra,
	}
	if details.Effects == nil {
		details.Effects = []orderops.Effect{}
	}
	return arguments{ExtensionPoint: extensionPoint, StatusCode: refusal.Code, StatusMsg: refusal.Error(), StatusDetails: &details}
}

func faultAnswer(r *http.Request, status int, kind, message string, args arguments) answer {
	version := strings.ReplaceAll(strings.TrimPrefix(r.PathValue("version"), "v"), "_", ".")
	if version == "" {
		version = "23.2"
	}
	return answer{Status: status, Body: faultDocument{version, fault{kind, message, args}}}
}
