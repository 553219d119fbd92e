package b2c

import "fmt"

// Code names a refusal. It is the vendor's fault type without its ending "Exception"; each face adds its own spelling.
type Code string

// The refusals of the domain.
const (
	// OrderNotFound: there is no such order, or it is not the caller's to see.
	OrderNotFound Code = "OrderNotFound"
	// CustomerNotFound: there is no such customer, or it is not the caller.
	CustomerNotFound Code = "CustomerNotFound"
	// StatusTransitionNotPossible: the order's status does not allow the wanted one.
	StatusTransitionNotPossible Code = "StatusTransitionNotPossible"
	// ResourceStateConflict: the order was changed since the caller read it.
	ResourceStateConflict Code = "ResourceStateConflict"
	// PropertyNotPermitted: the caller may not write this property.
	PropertyNotPermitted Code = "PropertyNotPermitted"
	// AuthenticationFailed: login and password do not belong together.
	AuthenticationFailed Code = "AuthenticationFailed"
	// UnknownClientID: no API client of that id exists.
	UnknownClientID Code = "UnknownClientId"
	// InvalidClient: the API client's secret is wrong, or there is no such client.
	InvalidClient Code = "InvalidClient"
	// InvalidAccessToken: the token was not issued here.
	InvalidAccessToken Code = "InvalidAccessToken"
	// ExpiredToken: the token's lifetime has ended.
	ExpiredToken Code = "ExpiredToken"
	// InvalidSecureToken: the secure token of a storefront session is missing or wrong.
	InvalidSecureToken Code = "InvalidSecureToken"
	// InvalidGrant: what was shown for a token, such as a code or a refresh token, is not good for one.
	InvalidGrant Code = "InvalidGrant"
	// InvalidRequest: a request for a token cannot be what was sent.
	InvalidRequest Code = "InvalidRequest"
	// Conflict: the call is refused for another one that was just made.
	Conflict Code = "Conflict"
	// LoginAlreadyInUse: another customer has the login.
	LoginAlreadyInUse Code = "LoginAlreadyInUse"
	// InvalidPassword: the password is not the customer's, or not one that a customer may have.
	InvalidPassword Code = "InvalidPassword"
	// CustomerAddressNotFound: the customer has no address of that id.
	CustomerAddressNotFound Code = "CustomerAddressNotFound"
	// CustomerAddressNameAlreadyInUse: the customer has an address of that id already.
	CustomerAddressNameAlreadyInUse Code = "CustomerAddressNameAlreadyInUse"
	// UnknownSite: there is no such site.
	UnknownSite Code = "UnknownSite"
	// UnauthorizedOrigin: the settings of the API client do not allow calls from this origin.
	UnauthorizedOrigin Code = "UnauthorizedOrigin"
	// ClientAccessForbidden: the settings of the API client do not permit the method on the resource.
	ClientAccessForbidden Code = "ClientAccessForbidden"
	// InvalidOrder: a preset asks for an order that cannot exist. No face passes it on.
	InvalidOrder Code = "InvalidOrder"
)

// Error is a refusal by a rule of the domain.
type Error struct {
	Code    Code
	Message string
	// Arguments are the vendor's named values of the refusal, such as orderNo.
	Arguments map[string]string
	// Rule is the id of the rule in specs/b2c/rules.yaml.
	Rule string
}

func (e *Error) Error() string { return string(e.Code) + ": " + e.Message }

// RuleID returns the id of the rule behind the refusal.
func (e *Error) RuleID() string { return e.Rule }

func invalidOrder(format string, args ...any) error {
	return &Error{Code: InvalidOrder, Rule: "b2c.order.consistent", Message: fmt.Sprintf(format, args...)}
}
