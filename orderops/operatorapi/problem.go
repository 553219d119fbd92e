package operatorapi

import (
	"errors"
	"fmt"
	"net/http"

	"github.com/somsim/somsim/orderops"
	"github.com/somsim/somsim/orderops/command"
	"github.com/somsim/somsim/orderops/remote"
)

// code says why a request was refused.
type code string

const (
	invalidRequest  code = "INVALID_REQUEST"
	unauthorized    code = "UNAUTHORIZED"
	forbidden       code = "FORBIDDEN"
	routeNotFound   code = "ROUTE_NOT_FOUND"
	itemNotFound    code = "WORK_ITEM_NOT_FOUND"
	itemNotOpen     code = "WORK_ITEM_NOT_OPEN"
	notRetriable    code = "NOT_RETRIABLE"
	orderInProgress code = "ORDER_ACTION_IN_PROGRESS"
	noInstance      code = "INSTANCE_NOT_FOUND"
	instanceAlive   code = "INSTANCE_ALIVE"
	notShared       code = "NOT_SHARED"
	versionUnknown  code = "VERSION_UNKNOWN"
	orderNotFound   code = "ORDER_NOT_FOUND"
	omsUnavailable  code = "OMS_UNAVAILABLE"
	invalidSwitches code = "INVALID_SWITCHES"
	internalError   code = "INTERNAL_ERROR"
)

// status is the HTTP status of a code.
func (c code) status() int {
	switch c {
	case invalidRequest:
		return http.StatusBadRequest
	case unauthorized:
		return http.StatusUnauthorized
	case forbidden:
		return http.StatusForbidden
	case routeNotFound, itemNotFound, noInstance, orderNotFound:
		return http.StatusNotFound
	case omsUnavailable:
		return http.StatusServiceUnavailable
	case itemNotOpen, notRetriable, orderInProgress, instanceAlive, notShared, versionUnknown, invalidSwitches:
		return http.StatusConflict
	case internalError:
		return http.StatusInternalServerError
	default:
		return http.StatusInternalServerError
	}
}

// refusal is an error with a code.
type refusal struct {
	code   code
	detail string
}

func (r *refusal) Error() string { return r.detail }

func refuse(c code, format string, args ...any) *refusal {
	return &refusal{c, fmt.Sprintf(format, args...)}
}

// problem is an RFC 9457 problem document.
type problem struct {
	Type   string `json:"type"`
	Title  string `json:"title"`
	Status int    `json:"status"`
	Detail string `json:"detail,omitempty"`
	Code   code   `json:"code"`
}

// problem words an error. What nobody refused is a fault of the service: it is logged, and told without detail.
func (a *API) problem(r *http.Request, err error) problem {
	c, detail := codeOf(err), err.Error()
	if c == internalError {
		a.Log.ErrorContext(r.Context(), "operator request failed", "route", r.Pattern, "error", detail)
		detail = ""
	}
	return problem{Type: "urn:order-ops:problem:" + string(c), Title: http.StatusText(c.status()), Status: c.status(), Detail: detail, Code: c}
}

// codeOf is the one place where errors become codes.
func codeOf(err error) code {
	var refused *refusal
	var alive *command.InstanceAliveError
	var foreign *command.ForeignVersionError
	var order *orderops.Refusal
	switch {
	case errors.As(err, &refused):
		return refused.code
	case errors.Is(err, command.ErrNoItem):
		return itemNotFound
	case errors.Is(err, command.ErrItemNotOpen):
		return itemNotOpen
	case errors.Is(err, command.ErrNotRetriable):
		return notRetriable
	case errors.As(err, &order) && order.Code == orderops.OrderActionInProgress:
		return orderInProgress
	case errors.Is(err, command.ErrNoInstance):
		return noInstance
	case errors.As(err, &alive):
		return instanceAlive
	case errors.Is(err, command.ErrNotShared):
		return notShared
	case errors.As(err, &foreign):
		return versionUnknown
	case remote.ClassOf(err) != "", errors.As(err, &order) && order.Code == orderops.OMSUnavailable:
		return omsUnavailable
	default:
		return internalError
	}
}
