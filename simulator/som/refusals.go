package som

import (
	"errors"
	"strings"
)

// Refusals are several reasons to refuse one row, in the order in which the vendor would list them. It is never empty.
type Refusals []*Error

func (r Refusals) Error() string {
	texts := make([]string, len(r))
	for i, e := range r {
		texts[i] = e.Error()
	}
	return strings.Join(texts, "; ")
}

// RuleID returns the id of the rule behind the first refusal.
func (r Refusals) RuleID() string { return r[0].Rule }

// Unwrap lets errors.As find the first refusal by itself.
func (r Refusals) Unwrap() []error {
	all := make([]error, len(r))
	for i, e := range r {
		all[i] = e
	}
	return all
}

// RefusalsOf lists the refusals behind an error, none when it is of another kind.
func RefusalsOf(err error) []*Error {
	var several Refusals
	if errors.As(err, &several) {
		return several
	}
	var one *Error
	if errors.As(err, &one) {
		return []*Error{one}
	}
	return nil
}

// refusals gathers what is wrong with a row.
type refusals struct{ list Refusals }

// add keeps a refusal, if there is one.
func (r *refusals) add(e *Error) {
	if e != nil {
		r.list = append(r.list, e)
	}
}

// err is all that was gathered: nothing, one refusal or several.
func (r *refusals) err() error {
	switch len(r.list) {
	case 0:
		return nil
	case 1:
		return r.list[0]
	default:
		return r.list
	}
}
