//go:build pact

package consumer_test

import (
	"context"
	"errors"
	"net/http"
	"testing"

	"github.com/pact-foundation/pact-go/v2/consumer"
	"github.com/pact-foundation/pact-go/v2/matchers"
	"github.com/pact-foundation/pact-go/v2/models"

	"github.com/somsim/somsim/orderops/remote"
	"github.com/somsim/somsim/orderops/scapiclient"
	"github.com/somsim/somsim/orderops/slasclient"
)

// guestToken stands for the access token of somebody who is nobody in particular.
const guestToken = "guest-token"

const guestOrdersPath = "/checkout/shopper-orders/v1/organizations/f_ecom_zzte_053/orders/" + unallocatedOrder

// guests are the questions by which an order is opened to a guest, and each way of failing that order-ops tells apart.
func (p *pact) guests(t *testing.T) {
	t.Helper()
	logIn := body(object{"access_token": matchers.Like(guestToken)})
	p.granted(t, guestLogIn(), "somsim", logIn)
	p.failing(t, []request{guestLogIn()}, outages(), "somsim", nil)
	p.unauthorized(t, []request{guestLogIn()}, http.StatusUnauthorized, remote.Unauthorized, "", anyBody)
	asked := []request{codeRequest(), codeCheck("000000", false)}
	p.failing(t, asked, outages(), guestToken, nil)
	p.unauthorized(t, asked, http.StatusUnauthorized, remote.Unauthorized, "", anyBody)
	t.Run("guest's code", func(t *testing.T) { p.answered(t, codeRequest(), http.StatusAccepted) })
	t.Run("guest's wrong code", func(t *testing.T) { p.answered(t, codeCheck("000000", false), http.StatusNotFound) })
	t.Run("guest's right code", func(t *testing.T) { p.answered(t, codeCheck(guestCode, true), http.StatusOK) })
}

// answered has a request come to something by its status alone.
func (p *pact) answered(t *testing.T, r request, status int) {
	t.Helper()
	p.run(t, r.interaction(t, p, "", guestToken).WillRespondWith(status), func(caller remote.Caller) error {
		return r.call(t.Context(), caller, guestToken)
	})
}

// guestLogIn is the log-in of somebody who is nobody in particular, by a client with that secret.
func guestLogIn() request {
	return request{
		what: "the log-in of a guest", state: models.ProviderState{Name: "preset omnichannel"}, read: true,
		describe: func(i unconfigured, secret string) *consumer.V4InteractionWithRequest {
			return i.WithRequest(http.MethodPost, "/shopper/auth/v1/organizations/f_ecom_zzte_053/oauth2/token", basicOf(secret), func(b *consumer.V4RequestBuilder) {
				b.Header("Content-Type", matchers.S("application/x-www-form-urlencoded"))
				b.Body("application/x-www-form-urlencoded", []byte("channel_id=RefArch&grant_type=client_credentials"))
			})
		},
		call: func(ctx context.Context, caller remote.Caller, secret string) error {
			token, err := slasclient.New(caller, "f_ecom_zzte_053").GuestToken(ctx, slasclient.Credentials{ClientID: commerceClient, ClientSecret: secret}, "RefArch")
			return expect(err, token, guestToken)
		},
	}
}

// asGuest is a client whose guest is logged in.
func asGuest(caller remote.Caller, token string) *scapiclient.Client {
	return scapiclient.New(caller, "f_ecom_zzte_053", func(context.Context, string) (string, error) { return token, nil })
}

// guestRequest is a question of a guest for the site.
func guestRequest(token string, sent object) consumer.V4RequestBuilderFunc {
	return func(b *consumer.V4RequestBuilder) {
		b.Header("Authorization", matchers.S("Bearer "+token))
		b.Query("siteId", matchers.S("RefArch"))
		b.JSONBody(sent)
	}
}

// codeRequest asks for the code of an order to be mailed.
func codeRequest() request {
	return request{
		what: "a request for the code of an order", state: order("a guest has come", unallocatedOrder),
		describe: func(i unconfigured, token string) *consumer.V4InteractionWithRequest {
			return i.WithRequest(http.MethodPost, guestOrdersPath+"/actions/request-access-code", guestRequest(token, object{"email": matchers.S(guestAddress)}))
		},
		call: func(ctx context.Context, caller remote.Caller, token string) error {
			return asGuest(caller, token).RequestAccessCode(ctx, "RefArch", unallocatedOrder, guestAddress)
		},
	}
}

// codeCheck asks whether a code opens an order.
func codeCheck(code string, right bool) request {
	r := request{
		what: "a code that does not open an order", state: order("a guest has come", unallocatedOrder),
		describe: func(i unconfigured, token string) *consumer.V4InteractionWithRequest {
			sent := object{"orderViewCode": any(matchers.S(code))}
			if right {
				sent["orderViewCode"] = fromState("${accessCode}", code).shaped(`[0-9]{6}`)
			}
			return i.WithRequest(http.MethodPost, guestOrdersPath+"/lookup", guestRequest(token, sent))
		},
		call: func(ctx context.Context, caller remote.Caller, token string) error {
			opens, err := asGuest(caller, token).Opens(ctx, "RefArch", unallocatedOrder, code)
			if err == nil && opens != right {
				return errors.New("it is taken for the other")
			}
			return err
		},
	}
	if right {
		r.what, r.state = "a code that opens an order", order("a guest was mailed a code for an order", unallocatedOrder)
	}
	return r
}
