// Package slasclient is the consumer side of SLAS, the log-in of shoppers at B2C Commerce: the published keys by which
// order-ops knows its tokens. Who a shopper is stands in the token; SLAS is not asked about a single one.
package slasclient

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"

	"github.com/somsim/somsim/orderops/remote"
)

// System is the name of this remote system in errors and metrics.
const System = "slas"

// Client calls SLAS for one organization.
type Client struct {
	caller       remote.Caller
	organization string
}

// New makes a client over a caller and the organization's id, such as f_ecom_zzte_053.
func New(caller remote.Caller, organization string) *Client {
	caller.System, caller.Explain = System, explain
	return &Client{caller: caller, organization: organization}
}

// Keys reads the JSON web key set that access tokens are signed with, as it came. An answer without keys is an error: no
// token could be proved by it.
func (c *Client) Keys(ctx context.Context) ([]byte, error) {
	call := remote.Call{
		Operation: "getJwksUri", Method: http.MethodGet,
		Path: "/shopper/auth/v1/organizations/" + url.PathEscape(c.organization) + "/oauth2/jwks",
	}
	reply, err := c.caller.Do(ctx, call)
	if err != nil {
		return nil, err
	}
	var set struct {
		Keys []json.RawMessage `json:"keys"`
	}
	if err := json.Unmarshal(reply.Body, &set); err != nil || len(set.Keys) == 0 {
		return nil, c.caller.Unreadable(call, err)
	}
	return reply.Body, nil
}

// explain reads SLAS' error document, a problem that has the members of an OAuth error.
func explain(_ int, body []byte) (string, string, remote.Class) {
	var envelope struct {
		Error       string `json:"error"`
		Description string `json:"error_description"`
		Title       string `json:"title"`
	}
	if json.Unmarshal(body, &envelope) != nil {
		return "", "", ""
	}
	if envelope.Error == "" {
		return envelope.Title, envelope.Description, ""
	}
	return envelope.Error, envelope.Description, ""
}
