package b2cclient

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"

	"github.com/somsim/somsim/orderops/remote"
)

// Keys reads the JSON web key set that commerce signs shoppers' tokens with, as it came, from an address of its own: OCAPI's
// documents do not say where an instance publishes it. An answer without keys is an error: no token could be proved by it.
func (c *Client) Keys(ctx context.Context, address string) ([]byte, error) {
	u, err := url.Parse(address)
	if err != nil {
		return nil, err
	}
	caller := c.caller
	caller.BaseURL = u.Scheme + "://" + u.Host
	call := remote.Call{Operation: "getCustomerTokenKeys", Method: http.MethodGet, Path: u.EscapedPath(), Query: u.Query()}
	reply, err := caller.Do(ctx, call)
	if err != nil {
		return nil, err
	}
	var set struct {
		Keys []json.RawMessage `json:"keys"`
	}
	if err := json.Unmarshal(reply.Body, &set); err != nil || len(set.Keys) == 0 {
		return nil, caller.Unreadable(call, err)
	}
	return reply.Body, nil
}
