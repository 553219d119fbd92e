package somclient

import (
	"encoding/json"

	"github.com/somsim/somsim/orderops/remote"
)

// vendorError is an element of the error array; the OAuth endpoint answers a bare object instead.
type vendorError struct {
	ErrorCode        string `json:"errorCode"`
	Message          string `json:"message"`
	Error            string `json:"error"`
	ErrorDescription string `json:"error_description"`
}

// explain reads the data API's error array and the OAuth error object.
func explain(_ int, body []byte) (string, string, remote.Class) {
	var list []vendorError
	if json.Unmarshal(body, &list) == nil && len(list) > 0 {
		return list[0].ErrorCode, list[0].Message, classOf(list[0].ErrorCode)
	}
	var one vendorError
	if json.Unmarshal(body, &one) == nil {
		return one.Error, one.ErrorDescription, classOf(one.Error)
	}
	return "", "", ""
}

// classOf corrects the class that the HTTP status suggests: Salesforce answers 400 to a lost race for a row and 403 to an
// exhausted limit.
func classOf(code string) remote.Class {
	switch code {
	case LockedRow, "ENTITY_IS_LOCKED":
		return remote.Conflict
	case "REQUEST_LIMIT_EXCEEDED":
		return remote.Throttled
	case "INVALID_SESSION_ID":
		return remote.Unauthorized
	case "SERVER_UNAVAILABLE":
		return remote.Unavailable
	default:
		return ""
	}
}

// LockedRow is the code of a lost race for a record; the same call is worth sending again.
const LockedRow = "UNABLE_TO_LOCK_ROW"

// outputErrors are the errors that an action may report inside a 2xx answer.
type outputErrors struct {
	Success *bool         `json:"success"`
	Errors  []vendorError `json:"errors"`
}

// check turns `success: false` into the rejection it is.
func (o outputErrors) check(call remote.Call) error {
	if (o.Success == nil || *o.Success) && len(o.Errors) == 0 {
		return nil
	}
	e := &remote.Error{System: System, Operation: call.Operation, Class: remote.Rejected}
	if len(o.Errors) > 0 {
		e.VendorCode, e.Message = o.Errors[0].ErrorCode, o.Errors[0].Message
		if class := classOf(e.VendorCode); class != "" {
			e.Class = class
		}
	}
	return e
}
