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

// guests are the questions by which an order is opened to a guest.
func (p *pact) guests(t *testing.T) {
	t.Helper()
	t.Run("guest's token", p.guestLogsIn)
	t.Run("guest's code", p.guestAsksForCode)
	t.Run("guest's wrong code", p.guestShowsWrongCode)
}

func (p *pact) guestLogsIn(t *testing.T) {
	i := p.interaction(t, "the log-in of a guest").
		GivenWithParameter(models.ProviderState{Name: "preset omnichannel"}).
		WithRequest(http.MethodPost, "/shopper/auth/v1/organizations/f_ecom_zzte_053/oauth2/token", func(b *consumer.V4RequestBuilder) {
			b.Header("Authorization", matchers.S("Basic YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhOnNvbXNpbQ=="))
			b.Header("Content-Type", matchers.S("application/x-www-form-urlencoded"))
			b.Body("application/x-www-form-urlencoded", []byte("channel_id=RefArch&grant_type=client_credentials"))
		}).
		WillRespondWith(http.StatusOK, body(object{"access_token": matchers.Like(guestToken)}))
	p.run(t, i, func(caller remote.Caller) error {
		token, err := slasclient.New(caller, "f_ecom_zzte_053").GuestToken(t.Context(), slasclient.Credentials{ClientID: commerceClient, ClientSecret: "somsim"}, "RefArch")
		return expect(err, token, guestToken)
	})
}

// asGuest is a client whose guest is logged in.
func asGuest(caller remote.Caller) *scapiclient.Client {
	return scapiclient.New(caller, "f_ecom_zzte_053", func(context.Context, string) (string, error) { return guestToken, nil })
}

// guestRequest is a question of a guest for the site.
func guestRequest(sent object) consumer.V4RequestBuilderFunc {
	return func(b *consumer.V4RequestBuilder) {
		b.Header("Authorization", matchers.S("Bearer "+guestToken))
		b.Query("siteId", matchers.S("RefArch"))
		b.JSONBody(sent)
	}
}

func (p *pact) guestAsksForCode(t *testing.T) {
	i := p.interaction(t, "a request for the code of an order").
		GivenWithParameter(order("a guest has come", unallocatedOrder)).
		WithRequest(http.MethodPost, guestOrdersPath+"/actions/request-access-code", guestRequest(object{"email": matchers.S("shopper-1@somsim.test")})).
		WillRespondWith(http.StatusAccepted)
	p.run(t, i, func(caller remote.Caller) error {
		return asGuest(caller).RequestAccessCode(t.Context(), "RefArch", unallocatedOrder, "shopper-1@somsim.test")
	})
}

func (p *pact) guestShowsWrongCode(t *testing.T) {
	i := p.interaction(t, "a code that does not open an order").
		GivenWithParameter(order("a guest has come", unallocatedOrder)).
		WithRequest(http.MethodPost, guestOrdersPath+"/lookup", guestRequest(object{"orderViewCode": matchers.S("000000")})).
		WillRespondWith(http.StatusNotFound)
	p.run(t, i, func(caller remote.Caller) error {
		opens, err := asGuest(caller).Opens(t.Context(), "RefArch", unallocatedOrder, "000000")
		if opens {
			return errors.New("it opens the order")
		}
		return err
	})
}
