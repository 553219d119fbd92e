//go:build pact

package consumer_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/pact-foundation/pact-go/v2/consumer"
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
	t.Run("unknown token", p.unknownToken)
	t.Run("customer orders", p.customerOrders)
	t.Run("foreign customer", p.foreignCustomer)
	t.Run("status", p.status)
	t.Run("set status", p.setStatus)
	t.Run("set status again", p.setStatusAgain)
	t.Run("status that cannot follow", p.impossibleStatus)
	t.Run("stale state", p.staleState)
	p.settle(t)
}

func (p b2cPact) systemToken(t *testing.T) {
	const token = "a-token-of-account-manager-is-a-long-word"
	i := p.interaction(t).
		Given("preset omnichannel").
		UponReceiving("a log-in of a system").
		WithRequest(http.MethodPost, "/dwsso/oauth2/access_token", basicOf("somsim"), form("grant_type=client_credentials")).
		WillRespondWith(http.StatusOK, body(object{"access_token": matchers.Like(token)}))
	run(t, i, func(caller remote.Caller) error {
		got, err := b2cclient.Login(caller, b2cclient.Credentials{ClientID: commerceClient, ClientSecret: "somsim"}).Token(t.Context())
		return expect(err, got, remote.Token{Value: token})
	})
}

func (p b2cPact) systemTokenRefused(t *testing.T) {
	i := p.interaction(t).
		Given("preset omnichannel").
		UponReceiving("a log-in of a system with a wrong secret").
		WithRequest(http.MethodPost, "/dwsso/oauth2/access_token", basicOf("wrong"), form("grant_type=client_credentials")).
		WillRespondWith(http.StatusUnauthorized, body(object{"error": matchers.S("invalid_client")}))
	run(t, i, func(caller remote.Caller) error {
		_, err := b2cclient.Login(caller, b2cclient.Credentials{ClientID: commerceClient, ClientSecret: "wrong"}).Token(t.Context())
		return expectClass(err, remote.Unauthorized, "invalid_client")
	})
}

func (p b2cPact) order(t *testing.T) {
	i := p.interaction(t).
		GivenWithParameter(order("an order is the shopper's", unallocatedOrder)).
		UponReceiving("a shopper's question for an order").
		WithRequest(http.MethodGet, shopPath+"/orders/"+unallocatedOrder, shopper(shopperToken)).
		WillRespondWith(http.StatusOK, body(commerceOrder(matchers.S(unallocatedOrder))))
	run(t, i, func(caller remote.Caller) error {
		doc, err := commerce(caller).Order(t.Context(), shop(), asShopper(shopperToken), unallocatedOrder)
		return expectOrder(err, doc)
	})
}

func (p b2cPact) foreignOrder(t *testing.T) {
	i := p.interaction(t).
		GivenWithParameter(order("an order is another shopper's", foreignOrder)).
		UponReceiving("a shopper's question for the order of somebody else").
		WithRequest(http.MethodGet, shopPath+"/orders/"+foreignOrder, shopper(shopperToken)).
		WillRespondWith(http.StatusNotFound, body(commerceFault(b2cclient.OrderNotFound)))
	run(t, i, func(caller remote.Caller) error {
		_, err := commerce(caller).Order(t.Context(), shop(), asShopper(shopperToken), foreignOrder)
		return expectClass(err, remote.NotFound, b2cclient.OrderNotFound)
	})
}

func (p b2cPact) expiredToken(t *testing.T) {
	i := p.interaction(t).
		Given("the shopper's token has expired").
		UponReceiving("a question for an order with a token that has expired").
		WithRequest(http.MethodGet, shopPath+"/orders/"+unallocatedOrder, shopper(shopperToken)).
		WillRespondWith(http.StatusUnauthorized, body(commerceFault("ExpiredTokenException")))
	run(t, i, func(caller remote.Caller) error {
		_, err := commerce(caller).Order(t.Context(), shop(), asShopper(shopperToken), unallocatedOrder)
		return expectClass(err, remote.Unauthorized, "ExpiredTokenException")
	})
}

func (p b2cPact) unknownToken(t *testing.T) {
	i := p.interaction(t).
		Given("preset omnichannel").
		UponReceiving("a question for an order with a token that was never issued").
		WithRequest(http.MethodGet, shopPath+"/orders/"+unallocatedOrder, shopper("nobody")).
		WillRespondWith(http.StatusUnauthorized, body(commerceFault("InvalidAccessTokenException")))
	run(t, i, func(caller remote.Caller) error {
		_, err := commerce(caller).Order(t.Context(), shop(), asShopper("nobody"), unallocatedOrder)
		return expectClass(err, remote.Unauthorized, "InvalidAccessTokenException")
	})
}

func (p b2cPact) customerOrders(t *testing.T) {
	i := p.interaction(t).
		Given("the shopper has orders").
		UponReceiving("a shopper's question for a page of orders").
		WithRequestPathMatcher(http.MethodGet, customerOrdersPath(), shopper(shopperToken), pageOf("2")).
		WillRespondWith(http.StatusOK, body(object{
			"start": matchers.Integer(0), "count": matchers.Integer(2), "total": matchers.Integer(5),
			"data": matchers.EachLike(commerceOrder(matchers.Like(unallocatedOrder)), 2),
		}))
	run(t, i, func(caller remote.Caller) error {
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
	i := p.interaction(t).
		Given("the shopper has orders").
		UponReceiving("a shopper's question for the orders of somebody else").
		WithRequest(http.MethodGet, shopPath+"/customers/"+foreign+"/orders", shopper(shopperToken)).
		WillRespondWith(http.StatusNotFound, body(commerceFault("CustomerNotFoundException")))
	run(t, i, func(caller remote.Caller) error {
		_, err := commerce(caller).CustomerOrders(t.Context(), shop(), asShopper(shopperToken), foreign, nil)
		return expectClass(err, remote.NotFound, "CustomerNotFoundException")
	})
}

func (p b2cPact) status(t *testing.T) {
	i := p.interaction(t).
		GivenWithParameter(order("an order was cancelled", "00000105")).
		UponReceiving("a system's question for the status of an order").
		WithRequest(http.MethodGet, shopPath+"/orders/00000105", authorized(systemToken)).
		WillRespondWith(http.StatusOK, body(object{"status": matchers.S(b2cclient.StatusCancelled)}))
	run(t, i, func(caller remote.Caller) error {
		status, err := commerce(caller).Status(t.Context(), shop(), "00000105")
		return expect(err, status, b2cclient.StatusCancelled)
	})
}

func (p b2cPact) setStatus(t *testing.T) {
	i := p.interaction(t).
		GivenWithParameter(order("an order is the shopper's", unallocatedOrder)).
		UponReceiving("the status cancelled for an order").
		WithRequest(http.MethodPatch, shopPath+"/orders/"+unallocatedOrder, authorized(systemToken), status(b2cclient.StatusCancelled)).
		WillRespondWith(http.StatusOK, body(object{"status": matchers.S(b2cclient.StatusCancelled)}))
	run(t, i, func(caller remote.Caller) error {
		return commerce(caller).SetStatus(t.Context(), shop(), unallocatedOrder, b2cclient.StatusCancelled)
	})
}

func (p b2cPact) setStatusAgain(t *testing.T) {
	i := p.interaction(t).
		GivenWithParameter(order("an order was cancelled", "00000105")).
		UponReceiving("the status cancelled for an order that has it").
		WithRequest(http.MethodPatch, shopPath+"/orders/00000105", authorized(systemToken), status(b2cclient.StatusCancelled)).
		WillRespondWith(http.StatusOK, body(object{"status": matchers.S(b2cclient.StatusCancelled)}))
	run(t, i, func(caller remote.Caller) error {
		return commerce(caller).SetStatus(t.Context(), shop(), "00000105", b2cclient.StatusCancelled)
	})
}

func (p b2cPact) impossibleStatus(t *testing.T) {
	i := p.interaction(t).
		GivenWithParameter(order("an order is the shopper's", unallocatedOrder)).
		UponReceiving("a status that cannot follow the one an order has").
		WithRequest(http.MethodPatch, shopPath+"/orders/"+unallocatedOrder, authorized(systemToken), status(b2cclient.StatusFailed)).
		WillRespondWith(http.StatusBadRequest, body(commerceFault(b2cclient.StatusTransitionNotPossible)))
	run(t, i, func(caller remote.Caller) error {
		err := commerce(caller).SetStatus(t.Context(), shop(), unallocatedOrder, b2cclient.StatusFailed)
		return expectClass(err, remote.Conflict, b2cclient.StatusTransitionNotPossible)
	})
}

func (p b2cPact) staleState(t *testing.T) {
	stale := object{"_resource_state": strings.Repeat("0", len(commerceState)), "status": b2cclient.StatusCancelled}
	i := p.interaction(t).
		GivenWithParameter(order("an order is the shopper's", unallocatedOrder)).
		UponReceiving("a shopper's change of an order as it was before").
		WithRequest(http.MethodPatch, shopPath+"/orders/"+unallocatedOrder, shopper(shopperToken),
			func(b *consumer.V4RequestBuilder) { b.JSONBody(stale) }).
		WillRespondWith(http.StatusConflict, body(commerceFault("ResourceStateConflictException")))
	run(t, i, func(caller remote.Caller) error {
		raw, err := json.Marshal(stale)
		if err != nil {
			return err
		}
		_, err = commerce(caller).Patch(t.Context(), shop(), asShopper(shopperToken), unallocatedOrder, raw)
		return expectClass(err, remote.Conflict, "ResourceStateConflictException")
	})
}

func commerce(caller remote.Caller) *b2cclient.Client {
	return b2cclient.New(caller, remote.StaticToken{Value: systemToken})
}

func shop() b2cclient.Shop { return b2cclient.Shop{Site: "RefArch", Version: b2cclient.DefaultVersion} }

func asShopper(token string) b2cclient.Caller {
	return b2cclient.Caller{Token: token, ClientID: commerceClient}
}
