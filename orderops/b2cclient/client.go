// Package b2cclient is the consumer side of B2C Commerce's OCAPI Shop API: reading orders as the caller (commerce decides
// who may see what) or as the service itself, and mirroring a status back. Documents are kept as they came, since the
// OCAPI face passes them on; of their content only the fields of Order are read.
package b2cclient

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"

	"github.com/somsim/somsim/orderops/remote"
)

// System is the name of this remote system in errors, effects and metrics.
const System = "b2c"

// Client calls one B2C Commerce instance.
type Client struct {
	caller remote.Caller
	tokens remote.TokenSource
	// clientID is sent to resources that want to know the API client beside the token.
	clientID string
}

// New makes a client over a caller and a source of the service's own (system) tokens.
func New(caller remote.Caller, tokens remote.TokenSource) *Client {
	caller.System, caller.Explain = System, explain
	return &Client{caller: caller, tokens: tokens}
}

// Known makes the client tell its API client id to the resources that want one, such as products.
func (c *Client) Known(clientID string) *Client {
	c.clientID = clientID
	return c
}

// Credentials are those of the API client that order-ops uses for itself.
type Credentials struct{ ClientID, ClientSecret string }

// Login makes a token source that logs in at Account Manager, once for each sandbox.
func Login(caller remote.Caller, credentials Credentials) remote.TokenSource {
	caller.System, caller.Explain = System, explain
	return remote.NewTokenCache(func(ctx context.Context) (remote.Token, error) {
		basic := http.Request{Header: http.Header{}}
		basic.SetBasicAuth(remote.ScopeOf(ctx).Credential(credentials.ClientID), credentials.ClientSecret)
		call := remote.Call{
			Operation: "accountManagerToken", Method: http.MethodPost, Path: "/dwsso/oauth2/access_token", Repeatable: true,
			Header: basic.Header, ContentType: "application/x-www-form-urlencoded", Body: []byte("grant_type=client_credentials"),
		}
		reply, err := caller.Do(ctx, call)
		if err != nil {
			return remote.Token{}, err
		}
		var answer struct {
			AccessToken string `json:"access_token"`
		}
		if err := json.Unmarshal(reply.Body, &answer); err != nil || answer.AccessToken == "" {
			return remote.Token{}, caller.Unreadable(call, err)
		}
		return remote.Token{Value: answer.AccessToken}, nil
	})
}

// Shop names the site and the API version of a call.
type Shop struct{ Site, Version string }

// DefaultVersion is the OCAPI version of the calls that the service makes for itself.
const DefaultVersion = "v23_2"

func (s Shop) path(format string, ids ...any) string {
	for i, id := range ids {
		ids[i] = url.PathEscape(fmt.Sprint(id))
	}
	return "/s/" + url.PathEscape(s.Site) + "/dw/shop/" + url.PathEscape(s.Version) + fmt.Sprintf(format, ids...)
}

// Caller is on whose behalf commerce is asked: a shopper, by the bearer token as it came and the API client id, or the
// service itself.
type Caller struct {
	Token, ClientID string
	// Service asks as order-ops itself, which commerce shows every order: somebody else has decided who may see what.
	Service bool
}

func (c Caller) header() http.Header {
	h := http.Header{"Authorization": {"Bearer " + c.Token}}
	if c.ClientID != "" {
		h.Set("x-dw-client-id", c.ClientID)
	}
	return h
}

// explain reads OCAPI's fault document, and Account Manager's OAuth error.
func explain(status int, body []byte) (string, string, remote.Class) {
	var envelope struct {
		Fault struct {
			Type    string `json:"type"`
			Message string `json:"message"`
		} `json:"fault"`
		Error string `json:"error"`
	}
	if json.Unmarshal(body, &envelope) != nil {
		return "", "", ""
	}
	if envelope.Fault.Type == "" {
		return envelope.Error, "", ""
	}
	var class remote.Class
	if status == http.StatusBadRequest && envelope.Fault.Type == StatusTransitionNotPossible {
		class = remote.Conflict
	}
	return envelope.Fault.Type, envelope.Fault.Message, class
}

// The faults that order-ops reacts to by name.
const (
	OrderNotFound               = "OrderNotFoundException"
	StatusTransitionNotPossible = "StatusTransitionNotPossibleException"
	OrderIntegrationStatus      = "OrderIntegrationStatusException"
)
