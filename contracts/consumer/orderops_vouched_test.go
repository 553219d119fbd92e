//go:build pact

package consumer_test

import (
	"context"
	"net/http"
	"net/url"
	"testing"

	"github.com/pact-foundation/pact-go/v2/consumer"
	"github.com/pact-foundation/pact-go/v2/matchers"
	"github.com/pact-foundation/pact-go/v2/models"

	"github.com/somsim/somsim/orderops/remote"
	"github.com/somsim/somsim/orderops/slasclient"
)

// vouchedToken is like the access token of a shopper whom order-ops vouches for.
const vouchedToken = "header.claims.signature"

// vouching asks for the token of a shopper by the id of the identity provider; credential is the client's secret.
func vouching(what, uid string) request {
	return request{
		what: what, state: models.ProviderState{Name: "preset omnichannel"}, read: true,
		describe: func(i unconfigured, secret string) *consumer.V4InteractionWithRequest {
			basic := http.Request{Header: http.Header{}}
			basic.SetBasicAuth(commerceClient, secret)
			return i.WithRequest(http.MethodPost, "/shopper/auth/v1/organizations/f_ecom_zzte_053/oauth2/trusted-system/token", func(b *consumer.V4RequestBuilder) {
				b.Header("Authorization", matchers.S(basic.Header.Get("Authorization")))
				sentForm(url.Values{
					"grant_type": {"client_credentials"}, "hint": {"ts_ext_on_behalf_of"}, "login_id": {uid}, "idp_origin": {"gigya"}, "channel_id": {"RefArch"},
				})(b)
			})
		},
		call: func(ctx context.Context, caller remote.Caller, secret string) error {
			client := slasclient.New(caller, "f_ecom_zzte_053")
			token, err := client.VouchedToken(ctx, slasclient.Credentials{ClientID: commerceClient, ClientSecret: secret}, slasclient.Vouched{Site: "RefArch", Provider: "gigya", ID: uid})
			if err != nil {
				return err
			}
			return expect(nil, token, vouchedToken)
		},
	}
}

// vouchedShoppers are the questions by which a log-in at the identity provider becomes one of the shop.
func (p *pact) vouchedShoppers(t *testing.T) {
	t.Helper()
	known := vouching("a token for a shopper of the identity provider", knownUID)
	p.granted(t, known, "somsim", body(object{"access_token": matchers.Term(vouchedToken, `[^.]+\.[^.]+\.[^.]+`)}))
	// The vendor says of a break-down after a write that it is not known what came of it; a token more does no harm.
	p.failing(t, []request{known}, outages()[:2], "somsim", nil)
	for _, c := range []struct {
		asked  request
		secret string
		status int
		class  remote.Class
		code   string
	}{
		{vouching("a token for a shopper whom the shop does not know", strangeUID), "somsim", http.StatusNotFound, remote.NotFound, "not_found"},
		{vouching("a token for a shopper, asked for by somebody unknown", knownUID), "nobody", http.StatusUnauthorized, remote.Unauthorized, "invalid_client"},
	} {
		t.Run(c.asked.what, func(t *testing.T) {
			i := c.asked.interaction(t, p, "", c.secret).WillRespondWith(c.status, func(b *consumer.V4ResponseBuilder) {
				b.JSONBody(object{"error": matchers.S(c.code)})
				b.Header("Content-Type", matchers.S("application/problem+json"))
			})
			p.refuses(t, i, c.class, c.code, func(caller remote.Caller) error { return c.asked.call(t.Context(), caller, c.secret) })
		})
	}
}
