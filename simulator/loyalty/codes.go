package loyalty

import "fmt"

// Code names a refusal, in the vendor's spelling.
type Code string

// The refusals of the loyalty service.
const (
	// NotFound: there is no such account, program, reward or event.
	NotFound Code = "NOT_FOUND"
	// BadRequest: the state of the account or the reward does not allow it.
	BadRequest Code = "BAD_REQUEST"
	// IdempotencyKeyReused: the key belongs to another request.
	IdempotencyKeyReused Code = "IDEMPOTENCY_KEY_REUSED"
)

// Error is a refusal by a rule of the domain.
type Error struct {
	Code    Code
	Message string
	// Field is the part of the request that is wrong, if one is.
	Field string
	// Rule is the id of the rule in specs/loyalty/rules.yaml.
	Rule string
}

func (e *Error) Error() string { return string(e.Code) + ": " + e.Message }

// RuleID returns the id of the rule behind the refusal.
func (e *Error) RuleID() string { return e.Rule }

func refuse(code Code, rule, field, format string, args ...any) *Error {
	return &Error{Code: code, Rule: rule, Field: field, Message: fmt.Sprintf(format, args...)}
}
