package cdc

import "fmt"

// Code is a number by which the vendor tells an outcome that is no plain success.
type Code int

// The outcomes that are no plain success.
const (
	// PendingRegistration: the account lacks something; the registration goes on with its token.
	PendingRegistration Code = 206001
	// PendingVerification: the email address has to be verified first.
	PendingVerification Code = 206002
	// MissingParameter: a parameter is missing.
	MissingParameter Code = 400002
	// LoginIDExists: another account has the login.
	LoginIDExists Code = 400003
	// InvalidParameter: a parameter cannot be what was sent.
	InvalidParameter Code = 400006
	// ValidationError: a property of the account cannot be what was sent.
	ValidationError Code = 400009
	// InvalidAPIKey: the API key is none of a site.
	InvalidAPIKey Code = 400093
	// RequestExpired: the call was signed too long ago, or by a clock that goes wrong.
	RequestExpired Code = 403002
	// InvalidSignature: the signature of the call is wrong.
	InvalidSignature Code = 403003
	// DuplicateNonce: the call was sent before.
	DuplicateNonce Code = 403004
	// UnauthorizedUser: neither a session nor a server application, or none that holds.
	UnauthorizedUser Code = 403005
	// PermissionDenied: the caller may not do this.
	PermissionDenied Code = 403007
	// AccountDisabled: the account was switched off.
	AccountDisabled Code = 403041
	// InvalidLogin: login and password do not belong together.
	InvalidLogin Code = 403042
	// UnknownUser: there is no account of that UID.
	UnknownUser Code = 403047
	// RateLimited: too many calls.
	RateLimited Code = 403048
	// LockedOut: too many wrong passwords.
	LockedOut Code = 403120
	// NotFound: there is no such method.
	NotFound Code = 404000
	// ServerError: the simulator failed.
	ServerError Code = 500001
)

// Error is an outcome that is no plain success.
type Error struct {
	Code    Code
	Details string
	// RegToken goes on with a registration that is pending, UID is its account.
	RegToken, UID string
	// Rule is the id of the rule in specs/cdc/rules.yaml.
	Rule string
}

func (e *Error) Error() string { return fmt.Sprintf("%d: %s", e.Code, e.Details) }

// RuleID returns the id of the rule behind the outcome.
func (e *Error) RuleID() string { return e.Rule }

func refuse(code Code, rule, format string, args ...any) *Error {
	return &Error{Code: code, Rule: rule, Details: fmt.Sprintf(format, args...)}
}
