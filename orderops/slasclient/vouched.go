package slasclient

import (
	"context"
	"net/url"
)

// Vouched is a shopper of a site whom an identity provider has logged in, by the provider's id.
type Vouched struct{ Site, Provider, ID string }

// VouchedToken asks, as a trusted system, for the access token of a shopper whom order-ops has seen proved. Nobody is made a
// customer by it: a shopper whom commerce does not know is not_found.
func (c *Client) VouchedToken(ctx context.Context, credentials Credentials, v Vouched) (string, error) {
	form := url.Values{
		"grant_type": {"client_credentials"}, "hint": {"ts_ext_on_behalf_of"}, "idp_origin": {v.Provider}, "login_id": {v.ID}, "channel_id": {v.Site},
	}
	return c.accessToken(ctx, credentials, "getTrustedSystemAccessToken", "trusted-system/token", form)
}
