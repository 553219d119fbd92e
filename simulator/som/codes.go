package som

import "fmt"

// Code is an errorCode of the Salesforce REST API, in the vendor's spelling; those of OAuth are lower case.
// Source of the list: REST API Developer Guide, "Status Codes and Error Responses".
type Code string

// The codes the domain refuses with. Which HTTP status they travel with is the face's business.
const (
	// CodeInvalidInput is for an input of an Order Management action that breaks one of its rules. The vendor does not
	// document the codes of these actions; the face may show another one.
	CodeInvalidInput Code = "INVALID_API_INPUT"
	// CodeInvalidID is for an id in a Connect body or path that has the wrong form or belongs to another object.
	CodeInvalidID Code = "INVALID_ID_FIELD"
	// CodeNotFound is for a row or an object that does not exist.
	CodeNotFound Code = "NOT_FOUND"
	// CodeMalformedID is for an id in a data API path or body that has the wrong form or belongs to another object.
	CodeMalformedID Code = "MALFORMED_ID"
	// CodeInvalidField is for a field the object does not have.
	CodeInvalidField Code = "INVALID_FIELD"
	// CodeFieldNotWritable is for a field that API clients may not write.
	CodeFieldNotWritable Code = "INVALID_FIELD_FOR_INSERT_UPDATE"
	// CodeBadPicklistValue is for a value that a restricted picklist does not list.
	CodeBadPicklistValue Code = "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST"
	// CodeStringTooLong is for a text longer than its field.
	CodeStringTooLong Code = "STRING_TOO_LONG"
	// CodeRequiredFieldMissing is for a required field that is missing or set to null.
	CodeRequiredFieldMissing Code = "REQUIRED_FIELD_MISSING"
	// CodeInvalidCrossReference is for a reference to a row that does not exist or is of another object.
	CodeInvalidCrossReference Code = "INVALID_CROSS_REFERENCE_KEY"
	// CodeWrongType is for a value that is not of its field's type.
	CodeWrongType Code = "JSON_PARSER_ERROR"
	// CodeNotCreatable is for an object whose rows API clients may not create.
	CodeNotCreatable Code = "INVALID_TYPE_FOR_OPERATION"
	// CodeIntegrity is for a change that would break what the org keeps consistent.
	CodeIntegrity Code = "FIELD_INTEGRITY_EXCEPTION"
	// CodeLocked is for a row that can no longer be edited.
	CodeLocked Code = "ENTITY_IS_LOCKED"
	// CodeDuplicate is for a second row with a value that has to be unique.
	CodeDuplicate Code = "DUPLICATE_VALUE"
	// CodeInvalidSession is for a session that is unknown, expired or of another org.
	CodeInvalidSession Code = "INVALID_SESSION_ID"
	// CodeRequestLimit is for a request over the limit of the last 24 hours.
	CodeRequestLimit Code = "REQUEST_LIMIT_EXCEEDED"
	// CodeInvalidLogin is for a wrong user name or password of the SOAP login.
	CodeInvalidLogin Code = "INVALID_LOGIN"
	// CodeInvalidGrant is for a wrong user name or password of the OAuth password grant.
	CodeInvalidGrant Code = "invalid_grant"
	// CodeInvalidClientID is for a client_id no connected app has.
	CodeInvalidClientID Code = "invalid_client_id"
	// CodeInvalidScope is for a scope the connected app does not have.
	CodeInvalidScope Code = "invalid_scope"
	// CodeInvalidRequest is for a request that lacks something, or has it in the wrong form.
	CodeInvalidRequest Code = "invalid_request"
	// CodeRedirectMismatch is for a redirect URI the connected app did not register, or another than the code's.
	CodeRedirectMismatch Code = "redirect_uri_mismatch"
	// CodeUnsupportedResponse is for a response_type other than code.
	CodeUnsupportedResponse Code = "unsupported_response_type"
	// CodeAccessDenied is for a user who does not let the app act for him.
	CodeAccessDenied Code = "access_denied"
	// CodeInactiveUser is for a user who may not log in any more.
	CodeInactiveUser Code = "inactive_user"
	// CodeUnsupportedToken is for revoking what is no token of the org.
	CodeUnsupportedToken Code = "unsupported_token_type"
	// CodeInvalidClient is for a client_secret that is not the app's.
	CodeInvalidClient Code = "invalid_client"
)

// Error is a refusal. It leaves nothing behind: the caller drops the transaction.
type Error struct {
	Code    Code
	Message string
	// Fields names the fields the refusal is about, where the vendor tells them.
	Fields []string
	// Rule is the id of the rule behind the refusal, listed in specs/som/rules.yaml.
	Rule string
}

func (e *Error) Error() string { return string(e.Code) + ": " + e.Message }

// RuleID returns the id of the rule behind the refusal.
func (e *Error) RuleID() string { return e.Rule }

func refuse(rule string, code Code, format string, args ...any) *Error {
	return &Error{Code: code, Message: fmt.Sprintf(format, args...), Rule: rule}
}

// on names the fields the refusal is about.
func (e *Error) on(fields ...string) *Error {
	e.Fields = fields
	return e
}
