// Package cdcclient is the consumer side of SAP Customer Data Cloud, where the people log in whom commerce knows by an id
// alone: the published keys by which order-ops believes what is vouched for there, and whether an account is still one that
// may come. Whatever went wrong is told in the body of an answer, whose HTTP status is 200 nevertheless.
package cdcclient

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"

	"github.com/somsim/somsim/orderops/remote"
)

// System is the name of this remote system in errors and metrics.
const System = "sap-cdc"

// Credentials are a site and the server application that asks about its accounts.
type Credentials struct{ APIKey, UserKey, Secret string }

// Client calls Customer Data Cloud for one site.
type Client struct {
	caller      remote.Caller
	credentials Credentials
}

// New makes a client over a caller and credentials. The secret needs a connection that nobody listens to: it goes into the
// body of requests, as the vendor has it.
func New(caller remote.Caller, c Credentials) *Client {
	caller.System, caller.Explain, caller.Outcome = System, broken, outcome
	return &Client{caller: caller, credentials: c}
}

// Keys reads the JSON web key set that the tokens of accounts.getJWT are signed with. An answer without keys is an error: no
// token could be proved by it.
func (c *Client) Keys(ctx context.Context) ([]byte, error) {
	call := c.call(ctx, "accountsGetJWTPublicKey", "/accounts.getJWTPublicKey", url.Values{"V2": {"true"}})
	reply, err := c.ask(ctx, call)
	if err != nil {
		return nil, err
	}
	var set struct {
		Keys []json.RawMessage `json:"keys"`
	}
	if err := json.Unmarshal(reply.Body, &set); err != nil || len(set.Keys) == 0 {
		return nil, unanswered(c.caller.Unreadable(call, err))
	}
	return json.Marshal(set) // without what the vendor says about the call
}

// Account is what order-ops has to know of somebody who logged in. It is neither stored nor logged.
type Account struct {
	// UID is the id by which commerce knows the person too.
	UID string `json:"UID"`
	// Active accounts were not switched off; registered ones have all that the site wants of them.
	Active     bool `json:"isActive"`
	Registered bool `json:"isRegistered"`
}

// Account reads the account of a UID. No class but not_found says anything about the account.
func (c *Client) Account(ctx context.Context, uid string) (Account, error) {
	call := c.call(ctx, "accountsGetAccountInfo", "/accounts.getAccountInfo", url.Values{
		"UID": {uid}, "userKey": {c.credentials.UserKey}, "secret": {c.credentials.Secret}, "include": {"loginIDs"},
	})
	reply, err := c.ask(ctx, call)
	if err != nil {
		return Account{}, err
	}
	var account Account
	if err := json.Unmarshal(reply.Body, &account); err != nil || account.UID != uid {
		return Account{}, unanswered(c.caller.Unreadable(call, err))
	}
	return account, nil
}

// call is a question to a method of the vendor's: a form with the site's key.
func (c *Client) call(ctx context.Context, operation, path string, form url.Values) remote.Call {
	form.Set("apiKey", remote.ScopeOf(ctx).Credential(c.credentials.APIKey))
	return remote.Call{
		Operation: operation, Method: http.MethodPost, Path: path, Repeatable: true,
		ContentType: "application/x-www-form-urlencoded", Body: []byte(form.Encode()),
	}
}

func (c *Client) ask(ctx context.Context, call remote.Call) (*remote.Reply, error) {
	reply, err := c.caller.Do(ctx, call)
	if e, ok := remote.AsError(err); ok {
		return nil, unanswered(e)
	}
	return reply, err
}

// unanswered is the failure of a question: nothing is in doubt after one, though it is sent as a write is.
func unanswered(e *remote.Error) *remote.Error {
	if e.Class == remote.Ambiguous {
		e.Class = remote.Unavailable
	}
	return e
}

// The vendor's numbers that order-ops tells apart. What is not among them is told by its first three digits, an HTTP status.
const (
	codeInvalidKey  = 400093
	codeUnknownUser = 403047
	codeRateLimit   = 403048
)

// outcome finds the failure in an answer that came with a status of success.
func outcome(_ int, body []byte) (string, string, remote.Class) {
	var envelope struct {
		Code    *int   `json:"errorCode"`
		Message string `json:"errorMessage"`
	}
	switch {
	case json.Unmarshal(body, &envelope) != nil || envelope.Code == nil:
		return "", "", "" // whoever reads it will say so
	case *envelope.Code == 0, *envelope.Code/httpStatus == http.StatusPartialContent:
		return "", "", "" // 206… is about an account that lacks something, which its properties tell
	}
	return strconv.Itoa(*envelope.Code), envelope.Message, classOf(*envelope.Code)
}

// httpStatus divides a code into the HTTP status it stands for and the rest.
const httpStatus = 1000

func classOf(code int) remote.Class {
	switch {
	case code == codeUnknownUser:
		return remote.NotFound
	case code == codeRateLimit || code/httpStatus == http.StatusTooManyRequests:
		return remote.Throttled
	case code == codeInvalidKey || code/httpStatus == http.StatusUnauthorized || code/httpStatus == http.StatusForbidden:
		return remote.Unauthorized
	case code/httpStatus >= http.StatusInternalServerError:
		return remote.Unavailable
	default:
		return remote.Rejected
	}
}

// broken reads an answer whose status is none of success, such as that of a gateway before the vendor.
func broken(status int, body []byte) (string, string, remote.Class) {
	code, message, class := outcome(status, body)
	if class == "" && status >= http.StatusInternalServerError {
		class = remote.Unavailable
	}
	return code, message, class
}
