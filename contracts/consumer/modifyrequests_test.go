//go:build pact

package consumer_test

import (
	"context"
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/pact-foundation/pact-go/v2/consumer"
	"github.com/pact-foundation/pact-go/v2/matchers"
	"github.com/pact-foundation/pact-go/v2/models"
	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/orderops/b2cclient"
	"github.com/somsim/somsim/orderops/remote"
	"github.com/somsim/somsim/orderops/trackingclient"
)

// Ids of the examples that follow-up baskets are about.
const (
	basketID     = "76c6213e66734124875921a625"
	waitingNo    = "00000001"
	instrumentID = "e53c9d6d8ab14f0d9f6a1d4c2b"
	holdID       = "hold-000001"
	slotID       = "delivery-2-13"
)

// granted is a call with the answer of a provider that grants it.
type granted struct {
	request
	status int
	answer any
}

// granting has each call granted.
func (p *pact) granting(t *testing.T, calls []granted, credential string) {
	t.Helper()
	for _, c := range calls {
		t.Run(c.what, func(t *testing.T) {
			var answer []consumer.V4ResponseBuilderFunc
			if c.answer != nil {
				answer = append(answer, body(c.answer))
			}
			i := c.interaction(t, p, " that is granted", credential).WillRespondWith(c.status, answer...)
			p.run(t, i, func(caller remote.Caller) error { return c.call(t.Context(), caller, credential) })
		})
	}
}

// requests are the calls without their answers.
func requests(calls []granted) []request {
	list := make([]request, len(calls))
	for i, c := range calls {
		list[i] = c.request
	}
	return list
}

// refusing has calls meet what keeps them from being granted.
func (p *pact) refusing(t *testing.T, refusals []denied, credential string, document func(code string) object) {
	t.Helper()
	for _, r := range refusals {
		t.Run(r.what+r.when, func(t *testing.T) {
			i := r.interaction(t, p, r.when, credential).WillRespondWith(r.status, body(document(r.code)))
			p.refuses(t, i, r.class, r.code, func(caller remote.Caller) error { return r.call(t.Context(), caller, credential) })
		})
	}
}

type denied struct {
	request
	when   string
	status int
	code   string
	class  remote.Class
}

func state(name string) models.ProviderState { return models.ProviderState{Name: name} }

func inShop(before, example, after string) matchers.Matcher {
	return fromState(shopPath+before+"${"+named(example)+"}"+after, shopPath+before+example+after).shaped(`[A-Za-z0-9-]+`)
}

// named is what the provider calls the id of an example.
func named(example string) string {
	return map[string]string{basketID: "basketId", customerID: "customerId", waitingNo: "orderNo", holdID: "holdId", bookingID: "bookingId", slotID: "slotId"}[example]
}

func jsonBody(content any) consumer.V4RequestBuilderFunc {
	return func(b *consumer.V4RequestBuilder) { b.JSONBody(content) }
}

func service(caller remote.Caller, token string) *b2cclient.Client {
	return b2cclient.New(caller, remote.StaticToken{Value: token}).Known(commerceClient)
}

// basketDocument is what order-ops reads of a basket.
func basketDocument() object {
	return object{
		"basket_id": matchers.Like(basketID), "currency": matchers.Term("USD", "^[A-Z]{3}$"), "agent_basket": matchers.Like(false),
		"customer_info": object{"customer_id": matchers.Like(customerID)}, "order_total": matchers.Like(149.59),
		"product_items": matchers.EachLike(object{
			"item_id": matchers.Like("item-1"), "product_id": matchers.Like("MUG"), "quantity": matchers.Like(1), "price_after_order_discount": matchers.Like(12.5),
		}, 1),
	}
}

// keptDocument is what order-ops reads of a basket that keeps its units.
func keptDocument() object {
	kept := basketDocument()
	kept["inventory_reservation_expiry"] = instant("2026-06-01T10:45:00.000Z")
	return kept
}

// placedDocument is what order-ops reads of an order that it has just made.
func placedDocument(status string) object {
	return object{
		"order_no": matchers.Like(waitingNo), "status": matchers.S(status), "currency": matchers.Term("USD", "^[A-Z]{3}$"), "order_total": matchers.Like(149.59),
		"customer_info":       object{"customer_id": matchers.Like(customerID)},
		"payment_instruments": matchers.EachLike(object{"payment_instrument_id": matchers.Like(instrumentID), "payment_method_id": matchers.Like("CREDIT_CARD")}, 1),
	}
}

func newBasket() b2cclient.NewBasket {
	n := b2cclient.NewBasket{
		CustomerID: customerID, Currency: "USD", Custom: b2cclient.Custom{},
		Items: []b2cclient.NewItem{{ProductID: "MUG", Quantity: decimal.NewFromInt(1)}},
	}
	n.Custom.Text(b2cclient.ModifiesAttribute, unallocatedOrder)
	return n
}

func newBasketBody(product string) object {
	return object{
		"currency": "USD", "customer_info": object{"customer_id": fromState("${customerId}", customerID).shaped(`[A-Za-z0-9-]+`)}, "c_modifiesOrderNo": unallocatedOrder,
		"product_items": []object{{"product_id": product, "quantity": 1}},
	}
}

// lowerBy is the amount that a line is made cheaper by, lowerID the name of that reduction.
const (
	lowerBy   = 2.5
	lowerID   = "keep-1"
	lowerItem = "aabbccddeeff00112233445566"
)

func reductionRequest(i unconfigured, token string) *consumer.V4InteractionWithRequest {
	return i.WithRequestPathMatcher(http.MethodPost, inShop("/baskets/", basketID, "/price_adjustments"), authorized(token), jsonBody(object{
		"promotion_id": lowerID, "level": "product", "item_id": fromState("${itemId}", lowerItem).shaped(`[0-9a-f]+`), "item_text": "As before",
		"reason_code": "keep_original_price", "discount": object{"type": "amount", "value": lowerBy},
	}))
}

func reduce(ctx context.Context, caller remote.Caller, token string) error {
	b, err := service(caller, token).Reduce(ctx, shop(), basketID, b2cclient.Reduction{
		ID: lowerID, ItemID: lowerItem, Amount: decimal.NewFromFloat(lowerBy), Reason: "keep_original_price", Text: "As before",
	})
	return expect(err, b.BasketID, basketID)
}

func keepRequest(i unconfigured, token string) *consumer.V4InteractionWithRequest {
	return i.WithRequestPathMatcher(http.MethodPost, inShop("/baskets/", basketID, "/reservation"), authorized(token), jsonBody(object{"reservation_duration_in_minutes": 45}))
}

func keep(ctx context.Context, caller remote.Caller, token string) error {
	return service(caller, token).ReserveBasket(ctx, shop(), basketID, 45*time.Minute)
}

// basketCalls are the calls to commerce that follow-up baskets take, but for that about products.
func basketCalls() []granted {
	created := func(i unconfigured, token string) *consumer.V4InteractionWithRequest {
		return i.WithRequest(http.MethodPost, shopPath+"/baskets", authorized(token), jsonBody(newBasketBody("MUG")))
	}
	return []granted{
		{request{"a question for baskets", state("the shopper has a basket"), func(i unconfigured, token string) *consumer.V4InteractionWithRequest {
			return i.WithRequestPathMatcher(http.MethodGet, inShop("/customers/", customerID, "/baskets"), authorized(token))
		}, func(ctx context.Context, caller remote.Caller, token string) error {
			found, err := service(caller, token).CustomerBaskets(ctx, shop(), customerID)
			return expect(err, len(found), 1)
		}, true}, http.StatusOK, object{"baskets": matchers.EachLike(basketDocument(), 1)}},
		{request{"a question for baskets of which one keeps its units", state("what the shopper's basket holds is kept for it"), func(i unconfigured, token string) *consumer.V4InteractionWithRequest {
			return i.WithRequestPathMatcher(http.MethodGet, inShop("/customers/", customerID, "/baskets"), authorized(token))
		}, func(ctx context.Context, caller remote.Caller, token string) error {
			found, err := service(caller, token).CustomerBaskets(ctx, shop(), customerID)
			if err != nil || len(found) != 1 {
				return fmt.Errorf("baskets %+v: %w", found, err)
			}
			return expect(nil, found[0].KeptUntil.UTC().Format(time.RFC3339), "2026-06-01T10:45:00Z")
		}, true}, http.StatusOK, object{"baskets": matchers.EachLike(keptDocument(), 1)}},
		{request{"a question for a basket", state("the shopper has a basket"), func(i unconfigured, token string) *consumer.V4InteractionWithRequest {
			return i.WithRequestPathMatcher(http.MethodGet, inShop("/baskets/", basketID, ""), authorized(token))
		}, func(ctx context.Context, caller remote.Caller, token string) error {
			b, err := service(caller, token).Basket(ctx, shop(), basketID)
			return expect(err, b.OrderTotal.String()+" "+b.CustomerInfo.CustomerID, "149.59 "+customerID)
		}, true}, http.StatusOK, basketDocument()},
		{request{"a new basket", state("preset omnichannel"), created, func(ctx context.Context, caller remote.Caller, token string) error {
			b, err := service(caller, token).CreateBasket(ctx, shop(), newBasket())
			return expect(err, b.BasketID, basketID)
		}, false}, http.StatusOK, basketDocument()},
		{request{"a temporary basket", state("preset omnichannel"), func(i unconfigured, token string) *consumer.V4InteractionWithRequest {
			return i.WithRequest(http.MethodPost, shopPath+"/baskets", authorized(token), jsonBody(newBasketBody("MUG")), func(b *consumer.V4RequestBuilder) {
				b.Query("temporary", matchers.S("true"))
			})
		}, func(ctx context.Context, caller remote.Caller, token string) error {
			n := newBasket()
			n.Temporary = true
			b, err := service(caller, token).CreateBasket(ctx, shop(), n)
			return expect(err, b.BasketID, basketID)
		}, false}, http.StatusOK, basketDocument()},
		{request{"the showing of a basket", state("a basket is not shown to its shopper"), func(i unconfigured, token string) *consumer.V4InteractionWithRequest {
			return i.WithRequestPathMatcher(http.MethodPut, inShop("/baskets/", basketID, "/storefront"), authorized(token))
		}, func(ctx context.Context, caller remote.Caller, token string) error {
			return service(caller, token).ShowBasket(ctx, shop(), basketID, false)
		}, false}, http.StatusOK, basketDocument()},
		{request{"the keeping of what a basket holds", state("a basket is not shown to its shopper"), keepRequest, keep, false}, http.StatusOK, basketDocument()},
		{request{"a lower price", state("a basket is not shown to its shopper"), reductionRequest, reduce, false}, http.StatusOK, basketDocument()},
		{request{"the end of a basket", state("the shopper has a basket"), func(i unconfigured, token string) *consumer.V4InteractionWithRequest {
			return i.WithRequestPathMatcher(http.MethodDelete, inShop("/baskets/", basketID, ""), authorized(token))
		}, func(ctx context.Context, caller remote.Caller, token string) error {
			return service(caller, token).DeleteBasket(ctx, shop(), basketID)
		}, false}, http.StatusNoContent, nil},
		{request{"a system's question for a document", order("an order is the shopper's", unallocatedOrder), func(i unconfigured, token string) *consumer.V4InteractionWithRequest {
			return i.WithRequest(http.MethodGet, shopPath+"/orders/"+unallocatedOrder, authorized(token))
		}, func(ctx context.Context, caller remote.Caller, token string) error {
			doc, err := service(caller, token).OrderAsService(ctx, shop(), unallocatedOrder)
			return expect(err, doc.Order.OrderNo+" "+doc.Order.CustomerInfo.CustomerID, unallocatedOrder+" "+customerID)
		}, true}, http.StatusOK, object{"order_no": matchers.S(unallocatedOrder), "status": matchers.Like("new"), "customer_info": object{"customer_id": matchers.Like(customerID)}}},
		{request{"a question for a shopper's newest orders", state("the shopper has orders"), func(i unconfigured, token string) *consumer.V4InteractionWithRequest {
			return i.WithRequestPathMatcher(http.MethodGet, inShop("/customers/", customerID, "/orders"), authorized(token), pageFrom("0", "25"))
		}, func(ctx context.Context, caller remote.Caller, token string) error {
			found, err := service(caller, token).NewestOrders(ctx, shop(), customerID)
			return expect(err, len(found), 1)
		}, true}, http.StatusOK, object{"data": matchers.EachLike(object{"order_no": matchers.Like(unallocatedOrder), "status": matchers.Like("new")}, 1)}},
		{request{"a question for a shopper's newest orders on any site", state("the shopper has orders"), func(i unconfigured, token string) *consumer.V4InteractionWithRequest {
			return i.WithRequestPathMatcher(http.MethodGet, inShop("/customers/", customerID, "/orders"), authorized(token), pageFrom("0", "25"), func(b *consumer.V4RequestBuilder) {
				b.Query("cross_sites", matchers.S("true"))
			})
		}, func(ctx context.Context, caller remote.Caller, token string) error {
			found, err := service(caller, token).NewestAnywhere(ctx, shop(), customerID)
			return expect(err, len(found), 1)
		}, true}, http.StatusOK, object{"data": matchers.EachLike(object{"order_no": matchers.Like(unallocatedOrder), "status": matchers.Like("new")}, 1)}},
		{request{"the order of a basket", state("the shopper has a basket that can be ordered"), func(i unconfigured, token string) *consumer.V4InteractionWithRequest {
			return i.WithRequest(http.MethodPost, shopPath+"/orders", authorized(token), jsonBody(object{"basket_id": fromState("${basketId}", basketID).shaped(`[0-9a-f]+`)}))
		}, func(ctx context.Context, caller remote.Caller, token string) error {
			o, err := service(caller, token).Submit(ctx, shop(), basketID)
			return expect(err, o.OrderNo+" "+o.Status, waitingNo+" created")
		}, false}, http.StatusOK, placedDocument("created")},
		{request{"the authorisation of a payment", state("an order waits for its card"), paymentRequest, authorize, false}, http.StatusOK, placedDocument("new")},
		{request{"the end of an order that was never placed", state("an order waits for its card"), func(i unconfigured, token string) *consumer.V4InteractionWithRequest {
			const before, after = "/s/-/dw/data/v25_6/sites/RefArch/orders/", "/status"
			return i.WithRequestPathMatcher(http.MethodPut, fromState(before+"${orderNo}"+after, before+waitingNo+after).shaped(`[0-9]+`), authorized(token), status("failed_with_reopen"))
		}, func(ctx context.Context, caller remote.Caller, token string) error {
			return service(caller, token).Fail(ctx, shop(), waitingNo)
		}, false}, http.StatusNoContent, nil},
		{request{"a link to the order that took another's place", order("an order is the shopper's", unallocatedOrder), func(i unconfigured, token string) *consumer.V4InteractionWithRequest {
			return i.WithRequest(http.MethodPatch, shopPath+"/orders/"+unallocatedOrder, authorized(token), changing(object{b2cclient.CurrentOrderAttribute: allocatedOrder}))
		}, func(ctx context.Context, caller remote.Caller, token string) error {
			return service(caller, token).Annotate(ctx, shop(), unallocatedOrder, map[string]string{b2cclient.CurrentOrderAttribute: allocatedOrder})
		}, false}, http.StatusOK, object{b2cclient.CurrentOrderAttribute: matchers.S(allocatedOrder)}},
	}
}

// productCalls need no token, only the API client.
func productCalls() []granted {
	return []granted{{request{"a question for products", state("preset omnichannel"), func(i unconfigured, _ string) *consumer.V4InteractionWithRequest {
		return i.WithRequest(http.MethodGet, shopPath+"/products/(SHIRT-M,SCARF)", func(b *consumer.V4RequestBuilder) {
			b.Header("x-dw-client-id", matchers.S(commerceClient))
			b.Query("expand", matchers.S("availability,prices,options"))
			b.Query("currency", matchers.S("USD"))
		})
	}, func(ctx context.Context, caller remote.Caller, token string) error {
		found, err := service(caller, token).Products(ctx, shop(), "USD", []string{"SHIRT-M", "SCARF"})
		if err == nil && (len(found) != 1 || found[0].Price == nil || found[0].Inventory == nil) {
			return expect(nil, found, nil)
		}
		return err
	}, true}, http.StatusOK, object{"_type": matchers.S("product_result"), "data": matchers.EachLike(object{
		"id": matchers.Like("SHIRT-M"), "type": object{}, "min_order_quantity": matchers.Like(1), "step_quantity": matchers.Like(1), "price": matchers.Like(50),
		"inventory": object{"ats": matchers.Like(100), "orderable": matchers.Like(true)},
	}, 1)}}}
}

func paymentRequest(i unconfigured, token string) *consumer.V4InteractionWithRequest {
	const before, between = shopPath + "/orders/", "/payment_instruments/"
	path := fromState(before+"${orderNo}"+between+"${paymentId}", before+waitingNo+between+instrumentID).shaped(`[A-Za-z0-9]+`)
	return i.WithRequestPathMatcher(http.MethodPatch, path, authorized(token), jsonBody(object{"payment_method_id": "CREDIT_CARD"}))
}

func authorize(ctx context.Context, caller remote.Caller, token string) error {
	o, err := service(caller, token).Authorize(ctx, shop(), waitingNo, b2cclient.PaymentInstrument{ID: instrumentID, PaymentMethodID: "CREDIT_CARD"})
	return expect(err, o.Status, "new")
}

// basketRefusals are the refusals that order-ops acts on.
func basketRefusals() []denied {
	calls := map[string]request{}
	for _, c := range basketCalls() {
		calls[c.what] = c.request
	}
	in := func(what, name string) request {
		r := calls[what]
		r.state = state(name)
		return r
	}
	gone := func(method consumer.Method, call func(ctx context.Context, caller remote.Caller, token string) error) request {
		return request{"a question for a basket", state("preset omnichannel"), func(i unconfigured, token string) *consumer.V4InteractionWithRequest {
			return i.WithRequest(method, shopPath+"/baskets/never", authorized(token))
		}, call, method == http.MethodGet}
	}
	endOfNone := gone(http.MethodDelete, func(ctx context.Context, caller remote.Caller, token string) error {
		return service(caller, token).DeleteBasket(ctx, shop(), "never")
	})
	endOfNone.what = "the end of a basket"
	unknownProduct := calls["a new basket"]
	unknownProduct.describe = func(i unconfigured, token string) *consumer.V4InteractionWithRequest {
		return i.WithRequest(http.MethodPost, shopPath+"/baskets", authorized(token), jsonBody(newBasketBody("never")))
	}
	unknownProduct.call = func(ctx context.Context, caller remote.Caller, token string) error {
		n := newBasket()
		n.Items[0].ProductID = "never"
		_, err := service(caller, token).CreateBasket(ctx, shop(), n)
		return err
	}
	unknownOrderDocument := request{"a system's question for a document", state("preset omnichannel"), func(i unconfigured, token string) *consumer.V4InteractionWithRequest {
		return i.WithRequest(http.MethodGet, shopPath+"/orders/"+unknownOrder, authorized(token))
	}, func(ctx context.Context, caller remote.Caller, token string) error {
		_, err := service(caller, token).OrderAsService(ctx, shop(), unknownOrder)
		return err
	}, true}
	return []denied{
		{gone(http.MethodGet, func(ctx context.Context, caller remote.Caller, token string) error {
			_, err := service(caller, token).Basket(ctx, shop(), "never")
			return err
		}), " that never was", http.StatusNotFound, "BasketNotFoundException", remote.NotFound},
		{endOfNone, " that never was", http.StatusNotFound, "BasketNotFoundException", remote.NotFound},
		{unknownProduct, " of what is not sold", http.StatusNotFound, "ProductNotFoundException", remote.NotFound},
		{in("the showing of a basket", "the shopper has a basket beside one that is not shown"), " beside another", http.StatusBadRequest, b2cclient.BasketsQuotaExceeded, remote.Rejected},
		{unknownOrderDocument, " that never was", http.StatusNotFound, b2cclient.OrderNotFound, remote.NotFound},
		{in("the keeping of what a basket holds", "a basket holds what somebody else has taken since"), " that is gone", http.StatusBadRequest, b2cclient.ItemNotAvailable, remote.Rejected},
		{in("a lower price", "a basket has a line whose price was lowered before"), " for the second time", http.StatusBadRequest, b2cclient.InvalidPromotion, remote.Rejected},
		{in("the order of a basket", "the shopper has a basket"), " that nobody has paid for", http.StatusBadRequest, "ValidationException", remote.Rejected},
		{in("the authorisation of a payment", "an order waits for a card that is declined"), " that is declined", http.StatusBadRequest, b2cclient.HookStatus, remote.Rejected},
	}
}

// heldCalls are the calls to order management that hold an order and say when its goods are wanted.
func heldCalls() []granted {
	unallocated := order("an order is not allocated", unallocatedOrder)
	row := func(object, name, example string) matchers.Matcher {
		before := "/services/data/v60.0/sobjects/" + object + "/"
		return fromState(before+"${"+name+"}", before+example)
	}
	wanted := time.Date(2026, 6, 2, 8, 0, 0, 0, time.UTC)
	return []granted{
		{request{"a status of an order", unallocated, func(i unconfigured, token string) *consumer.V4InteractionWithRequest {
			return i.WithRequestPathMatcher(http.MethodPatch, row("OrderSummary", "orderSummaryId", summaryID), authorized(token), jsonBody(object{"Status": "On Hold"}))
		}, func(ctx context.Context, caller remote.Caller, token string) error {
			return client(caller, token).SetStatus(ctx, summaryID, "On Hold")
		}, false}, http.StatusNoContent, nil},
		{request{"a time at which goods are wanted", unallocated, func(i unconfigured, token string) *consumer.V4InteractionWithRequest {
			return i.WithRequestPathMatcher(http.MethodPatch, row("OrderDeliveryGroupSummary", "orderDeliveryGroupSummaryId", groupID), authorized(token), jsonBody(object{"DesiredDeliveryDate": "2026-06-02T08:00:00.000Z"}))
		}, func(ctx context.Context, caller remote.Caller, token string) error {
			return client(caller, token).SetDesiredDelivery(ctx, groupID, wanted)
		}, false}, http.StatusNoContent, nil},
	}
}

// purchase is an event about an order that took another's place.
func purchase() trackingclient.Purchase {
	p := trackingclient.Purchase(cancelledUnits())
	p.TransactionID = "00000999" // nobody has told of it yet
	return p
}
