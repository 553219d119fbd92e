// Package remote is what the clients of the systems behind order-ops have in common: one error type with seven classes,
// the classification of answers, time-outs, circuit breakers, safe retries and the headers that accompany a call.
// It knows no vendor; each client package does.
package remote

import (
	"errors"
	"fmt"
	"time"
)

// Class is what a use case may conclude from a failed call. Use cases branch on nothing else.
type Class string

// The classes.
const (
	Rejected     Class = "rejected"     // the system understood and said no; nothing changed
	NotFound     Class = "not_found"    // the thing does not exist for this caller; nothing changed
	Conflict     Class = "conflict"     // the state of the thing forbids it right now; nothing changed
	Unauthorized Class = "unauthorized" // the credential was not accepted; nothing changed
	Throttled    Class = "throttled"    // too many calls; nothing changed
	Unavailable  Class = "unavailable"  // not reached, or refused to work; nothing changed
	Ambiguous    Class = "ambiguous"    // sent, but no trustworthy answer: read back before doing anything else
)

// Error is a failed call to a remote system.
type Error struct {
	System     string `json:"system"`
	Operation  string `json:"operation"`
	Class      Class  `json:"class"`
	Status     int    `json:"status,omitempty"`
	VendorCode string `json:"vendor_code,omitempty"`
	// Own says of Unauthorized that the credential is order-ops' own: whoever asked can do nothing about it.
	Own        bool          `json:"own,omitempty"`
	RetryAfter time.Duration `json:"retry_after,omitempty"`
	// Message is the vendor's text. It may echo what was sent, so it is never stored or logged.
	Message string `json:"-"`
	cause   error
}

// Error implements error. It names no message of the vendor: see Message.
func (e *Error) Error() string {
	text := fmt.Sprintf("%s %s: %s", e.System, e.Operation, e.Class)
	if e.Status != 0 {
		text += fmt.Sprintf(" (status %d)", e.Status)
	}
	if e.VendorCode != "" {
		text += " " + e.VendorCode
	}
	return text
}

// Unwrap gives the transport's error, where there was one.
func (e *Error) Unwrap() error { return e.cause }

// AsError finds the remote error inside an error.
func AsError(err error) (*Error, bool) {
	var e *Error
	ok := errors.As(err, &e)
	return e, ok
}

// ClassOf is the class of the remote error inside err, or "" when there is none.
func ClassOf(err error) Class {
	if e, ok := AsError(err); ok {
		return e.Class
	}
	return ""
}

// Passing says that the failure is one of the moment: the same call may work later without anybody's doing.
func (c Class) Passing() bool {
	switch c {
	case Throttled, Unavailable, Ambiguous, Unauthorized:
		return true
	case Rejected, NotFound, Conflict:
		return false
	default:
		return false
	}
}
