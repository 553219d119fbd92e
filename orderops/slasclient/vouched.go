package slasclient

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"

	"github.com/somsim/somsim/orderops/remote"
)

// Vouched is a shopper of a site whom an identity provider has logged in, by the provider's id.
type Vouched struct{ Site, Provider, ID string }

// VouchedToken asks, as a trusted system, for the access token of a shopper whom order-ops has seen proved. Nobody is made a
// customer by it: a shopper whom commerce does not know is not_found.
func (c *Client) VouchedToken(ctx context.Context, credentials Credentials, v Vouched) (string, error) {
	basic := http.Request{Header: http.Header{}}
	basic.SetBasicAuth(remote.ScopeOf(ctx).Credential(credentials.ClientID), credentials.ClientSecret)
	form := url.Values{
		"grant_type": {"client_credentials"}, "hint": {"ts_ext_on_behalf_of"}, "idp_origin": {v.Provider}, "login_id": {v.ID}, "channel_id": {v.Site},
	}
	call := remote.Call{
		Operation: "getTrustedSystemAccessToken", Method: http.MethodPost, Repeatable: true, Header: basic.Header,
		Path:        "/shopper/auth/v1/organizations/" + url.PathEscape(c.organization) + "/oauth2/trusted-system/token",
		ContentType: "application/x-www-form-urlencoded", Body: []byte(form.Encode()),
	}
	reply, err := c.caller.Do(ctx, call)
	if err != nil {
		return "", err
	}
	var answer struct {
		AccessToken string `json:"access_token"`
	}
	if err := json.Unmarshal(reply.Body, &answer); err != nil || answer.AccessToken == "" {
		return "", c.caller.Unreadable(call, err)
	}
	return answer.AccessToken, nil
}
