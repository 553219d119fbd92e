package remote

import (
	"net/http"
	"strconv"
	"time"
)

// refused classifies an error answer.
func (c *Caller) refused(call Call, res *http.Response, body []byte) *Error {
	e := &Error{
		System: c.System, Operation: call.Operation, Status: res.StatusCode,
		Class:      classOfStatus(res.StatusCode, call.Method == http.MethodGet),
		RetryAfter: retryAfter(res.Header.Get("Retry-After")),
	}
	if c.Explain == nil {
		return e
	}
	code, message, class := c.Explain(res.StatusCode, body)
	e.VendorCode, e.Message = code, message
	if class != "" {
		e.Class = class
	}
	return e
}

// disguised is the failure in an answer with a status of success, or nil.
func (c *Caller) disguised(call Call, res *http.Response, body []byte) *Error {
	if c.Outcome == nil {
		return nil
	}
	code, message, class := c.Outcome(res.StatusCode, body)
	if class == "" {
		return nil
	}
	return &Error{
		System: c.System, Operation: call.Operation, Status: res.StatusCode, Class: class, VendorCode: code, Message: message,
		RetryAfter: retryAfter(res.Header.Get("Retry-After")),
	}
}

// classOfStatus is the class that an HTTP status suggests. A 5xx other than 503 after a write says nothing about whether
// the write happened.
func classOfStatus(status int, read bool) Class {
	switch status {
	case http.StatusUnauthorized:
		return Unauthorized
	case http.StatusNotFound, http.StatusGone:
		return NotFound
	case http.StatusConflict, http.StatusPreconditionFailed:
		return Conflict
	case http.StatusTooManyRequests:
		return Throttled
	case http.StatusServiceUnavailable:
		return Unavailable
	}
	if status < http.StatusInternalServerError {
		return Rejected
	}
	if read {
		return Unavailable
	}
	return Ambiguous
}

// retryAfter reads the seconds form of the header; the date form is ignored, since the vendor's clock is not ours.
func retryAfter(value string) time.Duration {
	seconds, err := strconv.Atoi(value)
	if err != nil || seconds < 0 {
		return 0
	}
	return time.Duration(seconds) * time.Second
}
