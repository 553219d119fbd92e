//go:build pact

package consumer_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/pact-foundation/pact-go/v2/matchers"

	"github.com/somsim/somsim/orderops/b2cclient"
	"github.com/somsim/somsim/orderops/remote"
)

func (p b2cPact) status(t *testing.T) {
	i := p.interaction(t, "a system's question for the status of an order").
		GivenWithParameter(order("an order was cancelled", "00000105")).
		WithRequest(http.MethodGet, shopPath+"/orders/00000105", authorized(systemToken)).
		WillRespondWith(http.StatusOK, body(object{"status": matchers.S(b2cclient.StatusCancelled)}))
	p.run(t, i, func(caller remote.Caller) error {
		status, err := commerce(caller).Status(t.Context(), shop(), "00000105")
		return expect(err, status, b2cclient.StatusCancelled)
	})
}

func (p b2cPact) setStatus(t *testing.T) {
	i := p.interaction(t, "the status cancelled for an order").
		GivenWithParameter(order("an order is the shopper's", unallocatedOrder)).
		WithRequest(http.MethodPatch, shopPath+"/orders/"+unallocatedOrder, authorized(systemToken), status(b2cclient.StatusCancelled)).
		WillRespondWith(http.StatusOK, body(object{"status": matchers.S(b2cclient.StatusCancelled)}))
	p.run(t, i, func(caller remote.Caller) error {
		return commerce(caller).SetStatus(t.Context(), shop(), unallocatedOrder, b2cclient.StatusCancelled)
	})
}

func (p b2cPact) setStatusAgain(t *testing.T) {
	i := p.interaction(t, "the status cancelled for an order that has it").
		GivenWithParameter(order("an order was cancelled", "00000105")).
		WithRequest(http.MethodPatch, shopPath+"/orders/00000105", authorized(systemToken), status(b2cclient.StatusCancelled)).
		WillRespondWith(http.StatusOK, body(object{"status": matchers.S(b2cclient.StatusCancelled)}))
	p.run(t, i, func(caller remote.Caller) error {
		return commerce(caller).SetStatus(t.Context(), shop(), "00000105", b2cclient.StatusCancelled)
	})
}

func (p b2cPact) impossibleStatus(t *testing.T) {
	i := p.interaction(t, "a status that cannot follow the one an order has").
		GivenWithParameter(order("an order is the shopper's", unallocatedOrder)).
		WithRequest(http.MethodPatch, shopPath+"/orders/"+unallocatedOrder, authorized(systemToken), status(b2cclient.StatusFailed)).
		WillRespondWith(http.StatusBadRequest, body(commerceFault(b2cclient.StatusTransitionNotPossible)))
	p.refuses(t, i, remote.Conflict, b2cclient.StatusTransitionNotPossible, func(caller remote.Caller) error {
		err := commerce(caller).SetStatus(t.Context(), shop(), unallocatedOrder, b2cclient.StatusFailed)
		return err
	})
}

func (p b2cPact) statusUnknown(t *testing.T) {
	i := p.interaction(t, "a system's question for the status of an order that never was").
		Given("preset omnichannel").
		WithRequest(http.MethodGet, shopPath+"/orders/"+unknownOrder, authorized(systemToken)).
		WillRespondWith(http.StatusNotFound, body(commerceFault(b2cclient.OrderNotFound)))
	p.refuses(t, i, remote.NotFound, b2cclient.OrderNotFound, func(caller remote.Caller) error {
		_, err := commerce(caller).Status(t.Context(), shop(), unknownOrder)
		return err
	})
}

func (p b2cPact) setStatusUnknown(t *testing.T) {
	i := p.interaction(t, "the status cancelled for an order that never was").
		Given("preset omnichannel").
		WithRequest(http.MethodPatch, shopPath+"/orders/"+unknownOrder, authorized(systemToken), status(b2cclient.StatusCancelled)).
		WillRespondWith(http.StatusNotFound, body(commerceFault(b2cclient.OrderNotFound)))
	p.refuses(t, i, remote.NotFound, b2cclient.OrderNotFound, func(caller remote.Caller) error {
		return commerce(caller).SetStatus(t.Context(), shop(), unknownOrder, b2cclient.StatusCancelled)
	})
}

func (p b2cPact) controlledStatus(t *testing.T) {
	i := p.interaction(t, "a status for an order whose status order management controls").
		GivenWithParameter(order("order management controls the status of an order", unallocatedOrder)).
		WithRequest(http.MethodPatch, shopPath+"/orders/"+unallocatedOrder, authorized(systemToken), status(b2cclient.StatusCancelled)).
		WillRespondWith(http.StatusConflict, body(commerceFault(b2cclient.OrderIntegrationStatus)))
	p.refuses(t, i, remote.Conflict, b2cclient.OrderIntegrationStatus, func(caller remote.Caller) error {
		return commerce(caller).SetStatus(t.Context(), shop(), unallocatedOrder, b2cclient.StatusCancelled)
	})
}

// ownChange is a PATCH that is no action of ours, which order-ops passes on.
func ownChange(property, value string) object { return object{property: value} }

func (p b2cPact) patch(t *testing.T) {
	i := p.interaction(t, "a shopper's own change of an order").
		GivenWithParameter(order("an order is the shopper's", unallocatedOrder)).
		WithRequest(http.MethodPatch, shopPath+"/orders/"+unallocatedOrder, shopper(shopperToken), changing(ownChange("c_giftNote", "Many happy returns"))).
		WillRespondWith(http.StatusOK, body(commerceOrder(matchers.S(unallocatedOrder))))
	p.run(t, i, func(caller remote.Caller) error {
		doc, err := commerce(caller).Patch(t.Context(), shop(), asShopper(shopperToken), unallocatedOrder, json.RawMessage(`{"c_giftNote":"Many happy returns"}`))
		return expectOrder(err, doc)
	})
}

func (p b2cPact) patchNotPermitted(t *testing.T) {
	i := p.interaction(t, "a shopper's change of the status of an order").
		GivenWithParameter(order("an order is the shopper's", unallocatedOrder)).
		WithRequest(http.MethodPatch, shopPath+"/orders/"+unallocatedOrder, shopper(shopperToken), status(b2cclient.StatusCancelled)).
		WillRespondWith(http.StatusBadRequest, body(commerceFault("PropertyNotPermittedException")))
	p.refuses(t, i, remote.Rejected, "PropertyNotPermittedException", func(caller remote.Caller) error {
		_, err := commerce(caller).Patch(t.Context(), shop(), asShopper(shopperToken), unallocatedOrder, json.RawMessage(`{"status":"cancelled"}`))
		return err
	})
}

func (p b2cPact) patchForeign(t *testing.T) {
	i := p.interaction(t, "a shopper's change of the order of somebody else").
		GivenWithParameter(order("an order is another shopper's", foreignOrder)).
		WithRequest(http.MethodPatch, shopPath+"/orders/"+foreignOrder, shopper(shopperToken), changing(ownChange("c_giftNote", "none of yours"))).
		WillRespondWith(http.StatusNotFound, body(commerceFault(b2cclient.OrderNotFound)))
	p.refuses(t, i, remote.NotFound, b2cclient.OrderNotFound, func(caller remote.Caller) error {
		_, err := commerce(caller).Patch(t.Context(), shop(), asShopper(shopperToken), foreignOrder, json.RawMessage(`{"c_giftNote":"none of yours"}`))
		return err
	})
}

func (p b2cPact) staleState(t *testing.T) {
	stale := object{"_resource_state": strings.Repeat("0", len(commerceState)), "status": b2cclient.StatusCancelled}
	i := p.interaction(t, "a shopper's change of an order as it was before").
		GivenWithParameter(order("an order is the shopper's", unallocatedOrder)).
		WithRequest(http.MethodPatch, shopPath+"/orders/"+unallocatedOrder, shopper(shopperToken),
			changing(stale)).
		WillRespondWith(http.StatusConflict, body(commerceFault("ResourceStateConflictException")))
	p.refuses(t, i, remote.Conflict, "ResourceStateConflictException", func(caller remote.Caller) error {
		raw, err := json.Marshal(stale)
		if err != nil {
			return err
		}
		_, err = commerce(caller).Patch(t.Context(), shop(), asShopper(shopperToken), unallocatedOrder, raw)
		return err
	})
}
