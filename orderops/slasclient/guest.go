package slasclient

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"

	"github.com/somsim/somsim/orderops/remote"
)

// Credentials are those of a private client of SLAS.
type Credentials struct{ ClientID, ClientSecret string }

// GuestToken logs in as a guest of a site, who is nobody in particular, and returns the access token.
func (c *Client) GuestToken(ctx context.Context, credentials Credentials, site string) (string, error) {
	form := url.Values{"grant_type": {"client_credentials"}, "channel_id": {site}}
	token, err := c.accessToken(ctx, credentials, "getAccessToken", "token", form)
	return token, remote.LoginFailure(err)
}

// accessToken asks one of the resources of tokens, as a private client, for an access token.
func (c *Client) accessToken(ctx context.Context, credentials Credentials, operation, resource string, form url.Values) (string, error) {
	basic := http.Request{Header: http.Header{}}
	basic.SetBasicAuth(remote.ScopeOf(ctx).Credential(credentials.ClientID), credentials.ClientSecret)
	call := remote.Call{
		Operation: operation, Method: http.MethodPost, Repeatable: true, Header: basic.Header,
		Path:        "/shopper/auth/v1/organizations/" + url.PathEscape(c.organization) + "/oauth2/" + resource,
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
