// Package somclient is the consumer side of Salesforce Order Management: the few calls that order-ops makes and, of their
// answers, only the fields it reads. It decides nothing; the use cases do.
package somclient

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/somsim/somsim/orderops/remote"
)

// System is the name of this remote system in errors, effects and metrics.
const System = "som"

// apiVersion is the REST API version of every call: 60.0, since child subqueries nest from 58 on and FulfillmentOrder
// activation statuses exist from 58 on.
const apiVersion = "v60.0"

// Client calls one SOM org.
type Client struct {
	caller remote.Caller
	tokens remote.TokenSource
	// Custom are the custom fields that are read beside the rest.
	Custom CustomFields
	// Locators counts the calls that were made because an answer did not hold all rows; nil counts none.
	Locators Counter
}

// Counter counts up.
type Counter interface{ Inc() }

// New makes a client over a caller (base URL and HTTP client) and a source of tokens.
func New(caller remote.Caller, tokens remote.TokenSource) *Client {
	caller.System, caller.Explain = System, explain
	return &Client{caller: caller, tokens: tokens}
}

// Credentials are those of the connected app that order-ops uses.
type Credentials struct{ ClientID, ClientSecret string }

// Login makes a token source that logs in with the client_credentials grant, once for each sandbox.
func Login(caller remote.Caller, credentials Credentials) remote.TokenSource {
	caller.System, caller.Explain = System, explain
	return remote.NewTokenCache(func(ctx context.Context) (remote.Token, error) {
		form := url.Values{
			"grant_type":    {"client_credentials"},
			"client_id":     {remote.ScopeOf(ctx).Credential(credentials.ClientID)},
			"client_secret": {credentials.ClientSecret},
		}
		call := remote.Call{
			Operation: "oauthToken", Method: http.MethodPost, Path: "/services/oauth2/token", Repeatable: true,
			ContentType: "application/x-www-form-urlencoded", Body: []byte(form.Encode()),
		}
		reply, err := caller.Do(ctx, call)
		if err != nil {
			return remote.Token{}, err
		}
		var answer struct {
			AccessToken string `json:"access_token"`
			ID          string `json:"id"`
		}
		if err := json.Unmarshal(reply.Body, &answer); err != nil || answer.AccessToken == "" {
			return remote.Token{}, caller.Unreadable(call, err)
		}
		return remote.Token{Value: answer.AccessToken, UserID: userOf(answer.ID)}, nil
	})
}

// userOf takes the user id out of the identity URL, its last path segment.
func userOf(identity string) string {
	return identity[strings.LastIndexByte(identity, '/')+1:]
}

// UserID is the id of the integration user that the calls are made as; changes it made carry it as CreatedById.
func (c *Client) UserID(ctx context.Context) (string, error) {
	token, err := c.tokens.Token(ctx)
	return token.UserID, err
}

// send sends a call whose answer has no body.
func send(ctx context.Context, c *Client, call remote.Call) error {
	_, err := remote.Authorized(ctx, c.tokens, func(token remote.Token) (struct{}, error) {
		call.Header, call.ContentType = http.Header{"Authorization": {"Bearer " + token.Value}}, "application/json"
		_, err := c.caller.Do(ctx, call)
		return struct{}{}, err
	})
	return err
}

// do sends a call with a token and decodes the answer.
func do[T any](ctx context.Context, c *Client, call remote.Call) (T, error) {
	return remote.Authorized(ctx, c.tokens, func(token remote.Token) (T, error) {
		var out T
		call.Header = call.Header.Clone()
		if call.Header == nil {
			call.Header = http.Header{}
		}
		call.Header.Set("Authorization", "Bearer "+token.Value)
		if len(call.Body) > 0 {
			call.ContentType = "application/json"
		}
		reply, err := c.caller.Do(ctx, call)
		if err != nil {
			return out, err
		}
		if err := remote.Read(reply.Body, &out); err != nil {
			return out, c.caller.Unreadable(call, err)
		}
		return out, nil
	})
}

// resource is the path of a REST resource.
func resource(format string, ids ...any) string {
	for i, id := range ids {
		ids[i] = url.PathEscape(fmt.Sprint(id))
	}
	return "/services/data/" + apiVersion + fmt.Sprintf(format, ids...)
}

// User is who a session of the org is of.
type User struct {
	ID       string `json:"user_id"`
	Username string `json:"preferred_username"`
	Type     string `json:"user_type"`
	Active   bool   `json:"active"`
}

// UserOf asks the org whose a session is. A session that is of nobody, or has ended, is Unauthorized.
func (c *Client) UserOf(ctx context.Context, session string) (User, error) {
	call := remote.Call{
		Operation: "userinfo", Method: http.MethodGet, Path: "/services/oauth2/userinfo",
		Header: http.Header{"Authorization": {"Bearer " + session}},
	}
	reply, err := c.caller.Do(ctx, call)
	if failure, ok := remote.AsError(err); ok && failure.Status == http.StatusForbidden && failure.VendorCode == "" {
		ended := *failure // the org's word for it is the text Bad_OAuth_Token
		ended.Class = remote.Unauthorized
		return User{}, &ended
	}
	if err != nil {
		return User{}, err
	}
	var user User
	if err := json.Unmarshal(reply.Body, &user); err != nil || user.ID == "" {
		return User{}, c.caller.Unreadable(call, err)
	}
	return user, nil
}
