package worldline

import "fmt"

// Code names a refusal. It is the id of the error as the platform answers it.
type Code string

// The refusals of the domain.
const (
	// UnknownPayment: the merchant has no payment of that id.
	UnknownPayment Code = "UNKNOWN_PAYMENT_ID"
	// OperationNotPossible: the payment's state does not allow the operation, or not for this amount.
	OperationNotPossible Code = "OPERATION_NOT_POSSIBLE"
	// ParameterInvalid: a value does not fit the payment, such as another currency.
	ParameterInvalid Code = "INVALID_PARAMETER_VALUE"
	// InvalidAuthorization: the key is unknown or the signature wrong.
	InvalidAuthorization Code = "MISSING_OR_INVALID_AUTHORIZATION"
	// MerchantNotAllowed: the key is not one of the merchant's.
	MerchantNotAllowed Code = "ACCESS_TO_MERCHANT_NOT_ALLOWED"
)

// Error is a refusal by a rule of the domain.
type Error struct {
	Code    Code
	Message string
	// Property is the property of the request that is wrong, if one is.
	Property string
	// Rule is the id of the rule in specs/worldline/rules.yaml.
	Rule string
}

func (e *Error) Error() string { return string(e.Code) + ": " + e.Message }

// RuleID returns the id of the rule behind the refusal.
func (e *Error) RuleID() string { return e.Rule }

func impossible(rule, format string, args ...any) error {
	return &Error{Code: OperationNotPossible, Rule: rule, Message: fmt.Sprintf(format, args...)}
}
