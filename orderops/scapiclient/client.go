// Package scapiclient is the consumer side of B2C Commerce's Shopper Orders API: what OCAPI does not have, which is to mail a
// guest a code for an order and to tell whether a code opens it.
package scapiclient

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"

	"github.com/somsim/somsim/orderops/remote"
)

// System is the name of this remote system in errors and metrics.
const System = "scapi"

// Client calls the Shopper Orders API of one organization.
type Client struct {
	caller       remote.Caller
	organization string
	guest        func(ctx context.Context, site string) (string, error)
}

// New makes a client over a caller, the organization's id and a source of guests' access tokens for a site.
func New(caller remote.Caller, organization string, guest func(ctx context.Context, site string) (string, error)) *Client {
	caller.System, caller.Explain = System, explain
	return &Client{caller: caller, organization: organization, guest: guest}
}

// RequestAccessCode has commerce mail a code of six digits to the address that an order was made with, if it is that one.
// Commerce never tells whether it was.
func (c *Client) RequestAccessCode(ctx context.Context, site, orderNo, email string) error {
	return c.post(ctx, "requestOrderAccessCode", site, orderNo, "/actions/request-access-code", map[string]string{"email": email})
}

// Opens tells whether a mailed code opens an order.
func (c *Client) Opens(ctx context.Context, site, orderNo, code string) (bool, error) {
	err := c.post(ctx, "guestOrderLookup", site, orderNo, "/lookup", map[string]string{"orderViewCode": code})
	if class := remote.ClassOf(err); class == remote.NotFound || class == remote.Rejected {
		return false, nil
	}
	return err == nil, err
}

func (c *Client) post(ctx context.Context, operation, site, orderNo, action string, body map[string]string) error {
	token, err := c.guest(ctx, site)
	if err != nil {
		return err
	}
	text, err := json.Marshal(body)
	if err != nil {
		return err
	}
	_, err = c.caller.Do(ctx, remote.Call{
		Operation: operation, Method: http.MethodPost, ContentType: "application/json", Body: text, Query: url.Values{"siteId": {site}},
		Path:   "/checkout/shopper-orders/v1/organizations/" + url.PathEscape(c.organization) + "/orders/" + url.PathEscape(orderNo) + action,
		Header: http.Header{"Authorization": {"Bearer " + token}},
	})
	return remote.OwnCredential(err)
}

// explain reads a problem document; its type ends with the problem's name. What is forbidden is so for lack of a scope, whoever
// the guest is: that is about the credential.
func explain(status int, body []byte) (string, string, remote.Class) {
	var class remote.Class
	if status == http.StatusForbidden {
		class = remote.Unauthorized
	}
	var envelope struct {
		Type   string `json:"type"`
		Detail string `json:"detail"`
	}
	if json.Unmarshal(body, &envelope) != nil {
		return "", "", class
	}
	return envelope.Type[strings.LastIndexByte(envelope.Type, '/')+1:], envelope.Detail, class
}
