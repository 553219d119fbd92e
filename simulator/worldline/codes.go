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
	// UnknownCheckout: the merchant has no hosted checkout of that id, or it has expired.
	UnknownCheckout Code = "UNKNOWN_HOSTED_CHECKOUT_ID"
	// UnknownRefund and UnknownCapture: the merchant has no operation of that id and kind.
	UnknownRefund  Code = "UNKNOWN_REFUND_ID"
	UnknownCapture Code = "UNKNOWN_CAPTURE_ID"
	// UnknownToken: the merchant keeps no card under that token.
	UnknownToken Code = "UNKNOWN_TOKEN_ID"
	// ParameterMissing: something that this payment needs was not sent.
	ParameterMissing Code = "PARAMETER_NOT_FOUND_IN_REQUEST"
	// InvalidCard: the number of a card, or when it ends, cannot be right.
	InvalidCard Code = "INVALID_CARD"
	// KeyInUse: the first request with that idempotence key has no answer yet.
	KeyInUse Code = "DUPLICATE_REQUEST_IN_PROGRESS"
	// Declined, InsufficientFunds, IssuerUnavailable and AuthFailed: why an authorisation was refused.
	Declined          Code = "DECLINED"
	InsufficientFunds Code = "INSUFFICIENT_FUNDS"
	IssuerUnavailable Code = "ISSUER_UNAVAILABLE"
	AuthFailed        Code = "AUTHENTICATION_FAILED"
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

// Refusal explains why an authorisation was refused.
func Refusal(code Code) *Error {
	e := &Error{Code: code, Rule: "worldline.test-card", Message: "The card was declined."}
	switch code { //nolint:exhaustive // the others are no reasons of issuers
	case InsufficientFunds:
		e.Message = "The card has insufficient funds."
	case IssuerUnavailable:
		e.Message = "The issuer of the card cannot be reached."
	case AuthFailed:
		e.Rule, e.Message = "worldline.payer.authentication", "The shopper has not proved who he is."
	}
	return e
}

func impossible(rule, format string, args ...any) error {
	return &Error{Code: OperationNotPossible, Rule: rule, Message: fmt.Sprintf(format, args...)}
}
