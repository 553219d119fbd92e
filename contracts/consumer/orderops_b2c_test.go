//go:build pact

package consumer_test

import (
	"fmt"
	"net/http"
	"net/url"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/pact-foundation/pact-go/v2/matchers"

	"github.com/somsim/somsim/orderops/b2cclient"
	"github.com/somsim/somsim/orderops/remote"
)

const (
	shopPath       = "/s/RefArch/dw/shop/v23_2"
	commerceClient = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	customerID     = "abcdefghijklmnopqrstuvwxyz"
	systemToken    = "system-token"
	// shopperToken stands for that of the logged-in shopper in all pacts.
	shopperToken  = "shopper-token"
	foreignOrder  = "00000106"
	commerceState = "5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef"
)

// b2cPact holds one method for each interaction.
type b2cPact struct{ *pact }

func TestOrderOpsAsksOfB2C(t *testing.T) {
	t.Setenv("PACT_DO_NOT_TRACK", "true")
	p := b2cPact{newPact(t, "order-ops", "b2c-ocapi")}
	t.Run("system token", p.systemToken)
	t.Run("system token refused", p.systemTokenRefused)
	t.Run("order", p.order)
	t.Run("foreign order", p.foreignOrder)
	t.Run("expired token", p.expiredToken)
	t.Run("customer orders", p.customerOrders)
	t.Run("foreign customer", p.foreignCustomer)
	t.Run("status", p.status)
	t.Run("set status", p.setStatus)
	t.Run("set status again", p.setStatusAgain)
	t.Run("status that cannot follow", p.impossibleStatus)
	t.Run("stale state", p.staleState)
	t.Run("status of an order that never was", p.statusUnknown)
	t.Run("set status of an order that never was", p.setStatusUnknown)
	t.Run("status under control of order management", p.controlledStatus)
	t.Run("own change", p.patch)
	t.Run("change that is not the shopper's", p.patchNotPermitted)
	t.Run("change of a foreign order", p.patchForeign)
	p.granting(t, append(basketCalls(), productCalls()...), systemToken)
	p.refusing(t, basketRefusals(), systemToken, commerceFault)
	noToken := body(commerceFault("InvalidAccessTokenException"))
	p.unauthorized(t, requests(basketCalls()), http.StatusUnauthorized, remote.Unauthorized, "InvalidAccessTokenException", noToken)
	p.failing(t, requests(append(basketCalls(), productCalls()...)), outages(), systemToken, nil)
	p.unauthorized(t, append(asShopperRequests(), asSystemRequests()...), http.StatusUnauthorized, remote.Unauthorized, "InvalidAccessTokenException", noToken)
	p.failing(t, asShopperRequests(), outages(), shopperToken, nil)
	p.failing(t, asSystemRequests(), outages(), systemToken, nil)
	p.failing(t, []request{systemLogIn()}, outages(), "somsim", nil)
	p.granted(t, ocapiKeys(), "", body(keys(rsaKey())))
	p.failing(t, []request{ocapiKeys()}, outages(), "", nil)
	p.settle(t)
}

func (p b2cPact) systemToken(t *testing.T) {
	const token = "a-token-of-account-manager-is-a-long-word"
	i := p.interaction(t, "a log-in of a system").
		Given("preset omnichannel").
		WithRequest(http.MethodPost, "/dwsso/oauth2/access_token", basicOf("somsim"), form("grant_type=client_credentials")).
		WillRespondWith(http.StatusOK, body(object{"access_token": matchers.Like(token)}))
	p.run(t, i, func(caller remote.Caller) error {
		got, err := b2cclient.Login(caller, b2cclient.Credentials{ClientID: commerceClient, ClientSecret: "somsim"}).Token(t.Context())
		return expect(err, got, remote.Token{Value: token})
	})
}

func (p b2cPact) systemTokenRefused(t *testing.T) {
	i := p.interaction(t, "a log-in of a system with a wrong secret").
		Given("preset omnichannel").
		WithRequest(http.MethodPost, "/dwsso/oauth2/access_token", basicOf("wrong"), form("grant_type=client_credentials")).
		WillRespondWith(http.StatusUnauthorized, body(object{"error": matchers.S("invalid_client")}))
	p.refuses(t, i, remote.Unauthorized, "invalid_client", func(caller remote.Caller) error {
		_, err := b2cclient.Login(caller, b2cclient.Credentials{ClientID: commerceClient, ClientSecret: "wrong"}).Token(t.Context())
		return err
	})
}

func (p b2cPact) order(t *testing.T) {
	i := p.interaction(t, "a shopper's question for an order").
		GivenWithParameter(order("an order is the shopper's", unallocatedOrder)).
		WithRequest(http.MethodGet, shopPath+"/orders/"+unallocatedOrder, shopper(shopperToken)).
		WillRespondWith(http.StatusOK, body(commerceOrder(matchers.S(unallocatedOrder))))
	p.run(t, i, func(caller remote.Caller) error {
		doc, err := commerce(caller).Order(t.Context(), shop(), asShopper(shopperToken), unallocatedOrder)
		return expectOrder(err, doc)
	})
}

func (p b2cPact) foreignOrder(t *testing.T) {
	i := p.interaction(t, "a shopper's question for the order of somebody else").
		GivenWithParameter(order("an order is another shopper's", foreignOrder)).
		WithRequest(http.MethodGet, shopPath+"/orders/"+foreignOrder, shopper(shopperToken)).
		WillRespondWith(http.StatusNotFound, body(commerceFault(b2cclient.OrderNotFound)))
	p.refuses(t, i, remote.NotFound, b2cclient.OrderNotFound, func(caller remote.Caller) error {
		_, err := commerce(caller).Order(t.Context(), shop(), asShopper(shopperToken), foreignOrder)
		return err
	})
}

func (p b2cPact) expiredToken(t *testing.T) {
	i := p.interaction(t, "a question for an order with a token that has expired").
		Given("the shopper's token has expired").
		WithRequest(http.MethodGet, shopPath+"/orders/"+unallocatedOrder, shopper(shopperToken)).
		WillRespondWith(http.StatusUnauthorized, body(commerceFault("ExpiredTokenException")))
	p.refuses(t, i, remote.Unauthorized, "ExpiredTokenException", func(caller remote.Caller) error {
		_, err := commerce(caller).Order(t.Context(), shop(), asShopper(shopperToken), unallocatedOrder)
		return err
	})
}

func (p b2cPact) customerOrders(t *testing.T) {
	i := p.interaction(t, "a shopper's question for a page of orders").
		Given("the shopper has orders").
		WithRequestPathMatcher(http.MethodGet, customerOrdersPath(), shopper(shopperToken), pageFrom("0", "2")).
		WillRespondWith(http.StatusOK, body(object{
			"start": matchers.Integer(0), "count": matchers.Integer(2), "total": matchers.Integer(5),
			"data": matchers.EachLike(commerceOrder(matchers.Like(unallocatedOrder)), 2),
		}))
	p.run(t, i, func(caller remote.Caller) error {
		list, err := commerce(caller).CustomerOrders(t.Context(), shop(), asShopper(shopperToken), customerID, url.Values{"start": {"0"}, "count": {"2"}})
		if err != nil {
			return err
		}
		if diff := cmp.Diff([]int{0, 2, 5, 2}, []int{list.Start, list.Count, list.Total, len(list.Data)}); diff != "" {
			return fmt.Errorf("start, count, total and length (-want +got):\n%s", diff)
		}
		return expectOrder(nil, list.Data[0])
	})
}

func (p b2cPact) foreignCustomer(t *testing.T) {
	const foreign = "somebody-else"
	i := p.interaction(t, "a shopper's question for the orders of somebody else").
		Given("the shopper has orders").
		WithRequest(http.MethodGet, shopPath+"/customers/"+foreign+"/orders", shopper(shopperToken)).
		WillRespondWith(http.StatusNotFound, body(commerceFault("CustomerNotFoundException")))
	p.refuses(t, i, remote.NotFound, "CustomerNotFoundException", func(caller remote.Caller) error {
		_, err := commerce(caller).CustomerOrders(t.Context(), shop(), asShopper(shopperToken), foreign, nil)
		return err
	})
}
