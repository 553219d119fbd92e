//go:build pact

package consumer_test

import (
	"fmt"
	"net/http"
	"slices"
	"testing"

	"github.com/pact-foundation/pact-go/v2/matchers"
)

// The orders of preset omnichannel that the storefront's pact is about, besides
// those of order-ops' own.
const (
	partShippedOrder = "00000103"
	shippedOrder     = "00000104"
	cancelledOrder   = "00000105"
)

const (
	itemOfOrder  = "item-1"
	tap          = "tap-1"
	hookFault    = "HookStatusException"
	unknownOrder = "00999999" // the library takes a number without leading zeros for one
)

// storefrontPact holds one method for each interaction.
type storefrontPact struct{ *pact }

func TestStorefrontAsksOfOrderOps(t *testing.T) {
	t.Setenv("PACT_DO_NOT_TRACK", "true")
	p := storefrontPact{newPact(t, "storefront-sfra", "order-ops")}
	t.Run("order", p.order)
	t.Run("order in part", p.orderInPart)
	t.Run("order while order management is down", p.orderWithoutSOM)
	t.Run("order that order management does not have", p.orderNotInSOM)
	t.Run("history", p.history)
	t.Run("history while order management is down", p.historyWithoutSOM)
	t.Run("history beyond its end", p.historyBeyond)
	t.Run("cancel", p.cancel)
	t.Run("cancel of one unit", p.cancelUnit)
	t.Run("cancel of the rest", p.cancelRest)
	t.Run("cancel with an expectation", p.cancelExpected)
	t.Run("cancel repeated", p.cancelRepeated)
	t.Run("cancel of a cancelled order", p.cancelCancelled)
	t.Run("cancel that settles later", p.cancelSettlesLater)
	t.Run("cancel that is not over", p.cancelOpen)
	t.Run("return", p.takeBack)
	t.Run("return that waits for the goods", p.takeBackWhatWasLeft)
	t.Run("own change", p.ownChange)
	t.Run("modify", p.modify)
	t.Run("modify again", p.modifyAgain)
	t.Run("modify beside a basket", p.modifyBeside)
	t.Run("move", p.move)
	t.Run("confirm", p.confirm)
	t.Run("confirm with a basket", p.confirmBasket)
	for _, refused := range slices.Concat(questionsRefused(), allRefusals(), changesRefused()) {
		t.Run(refused.request, func(t *testing.T) { p.refused(t, refused) })
	}
	p.previews(t)
	p.foretells(t)
	restPact{pact: p.pact}.guests(t)
	p.settle(t)
}

func (p storefrontPact) order(t *testing.T) {
	i := p.interaction(t, "a question for an order").
		GivenWithParameter(order("a part of an order has shipped", partShippedOrder)).
		WithRequest(http.MethodGet, shopPath+"/orders/"+partShippedOrder, shopper(shopperToken)).
		WillRespondWith(http.StatusOK, body(object{
			"order_no": matchers.S(partShippedOrder),
			"c_somOrder": somOrderWith("partially_shipped", object{
				"fulfillmentOrders": matchers.EachLike(object{"shipments": matchers.EachLike(object{
					"status": matchers.Like("Shipped"), "trackingNumber": matchers.Like("1Z999"), "expectedDeliveryDate": nil,
				}, 1)}, 1),
				"allowedActions": []string{"cancel", "return"},
			}),
		}))
	p.run(t, i, shopperToken, func(s storefront) error {
		o, err := s.order(t.Context(), partShippedOrder)
		if err != nil || o.SOM == nil || len(o.SOM.Items) != 1 || len(o.SOM.FulfillmentOrders) != 1 {
			return fmt.Errorf("order %+v: %w", o, err)
		}
		item, parcel := o.SOM.Items[0], o.SOM.FulfillmentOrders[0].Shipments[0]
		got := []string{
			o.OrderNo, o.SOM.UnifiedStatus, o.SOM.OrderedDate.UTC().Format("2006-01-02"), o.SOM.Totals.Grand.String(), o.SOM.Currency,
			item.ProductCode, item.QuantityOrdered.String(), item.QuantityCanceled.String(), item.QuantityCancellable.String(),
			parcel.Status, parcel.TrackingNumber, o.SOM.AllowedActions[0],
		}
		want := []string{
			partShippedOrder, "partially_shipped", "2026-06-01", "120.5", "EUR", "SHIRT-M", "2", "0", "2", "Shipped", "1Z999", "cancel",
		}
		return expect(nil, got, want)
	})
}

func (p storefrontPact) orderWithoutSOM(t *testing.T) {
	i := p.interaction(t, "a question for an order while order management is down").
		GivenWithParameter(order("order management is down", unallocatedOrder)).
		WithRequest(http.MethodGet, shopPath+"/orders/"+unallocatedOrder, shopper(shopperToken)).
		WillRespondWith(http.StatusOK, body(object{
			"order_no": matchers.S(unallocatedOrder), "c_somOrder": nil,
			"c_somError": object{"code": matchers.S("OMS_UNAVAILABLE"), "retriable": true},
		}))
	p.run(t, i, shopperToken, func(s storefront) error {
		o, err := s.order(t.Context(), unallocatedOrder)
		if err != nil || o.SOM != nil || o.SOMError == nil {
			return fmt.Errorf("order %+v: %w", o, err)
		}
		return expect(nil, fmt.Sprint(o.OrderNo, " ", o.SOMError.Code, " ", o.SOMError.Retriable), unallocatedOrder+" OMS_UNAVAILABLE true")
	})
}

func (p storefrontPact) history(t *testing.T) {
	i := p.interaction(t, "a question for a page of the order history").
		Given("the shopper has orders").
		WithRequestPathMatcher(http.MethodGet, customerOrdersPath(), shopper(shopperToken), pageFrom("0", "2")).
		WillRespondWith(http.StatusOK, body(object{
			"total": matchers.Integer(5),
			"data": matchers.EachLike(object{
				"order_no": matchers.Like(unallocatedOrder), "c_somOrder": somOrderWith("confirmed", nil),
			}, 2),
		}))
	p.run(t, i, shopperToken, func(s storefront) error {
		page, err := s.history(t.Context(), customerID, 0, 2)
		if err != nil || len(page.Data) != 2 || page.Data[1].SOM == nil {
			return fmt.Errorf("page %+v: %w", page, err)
		}
		first := page.Data[0]
		return expect(nil, fmt.Sprint(page.Total, " ", first.OrderNo, " ", first.SOM.UnifiedStatus), "5 "+unallocatedOrder+" confirmed")
	})
}

func (p storefrontPact) cancel(t *testing.T) {
	p.cancels(t, cancelled{
		state: "an order is not allocated", request: "the cancel of an order", number: unallocatedOrder,
		wish: shopWish{requestID: tap}, unified: "cancelled",
	})
}

func (p storefrontPact) cancelUnit(t *testing.T) {
	p.cancels(t, cancelled{
		state: "an order is not allocated", request: "the cancel of one unit", number: unallocatedOrder,
		wish: shopWish{requestID: tap, items: []shopItem{{itemOfOrder, 1}}}, unified: "confirmed", partly: true,
	})
}

func (p storefrontPact) cancelRest(t *testing.T) {
	p.cancels(t, cancelled{
		state: "a part of an order has shipped", request: "the cancel of what has not shipped", number: partShippedOrder,
		wish: shopWish{requestID: tap, partial: true, reason: "changed_mind"}, unified: "shipped", partly: true,
	})
}

func (p storefrontPact) cancelExpected(t *testing.T) {
	p.cancels(t, cancelled{
		state: "an order is not allocated", request: "a cancel that expects the right refund", number: unallocatedOrder,
		wish: shopWish{requestID: tap, expectedRefund: "149.59"}, unified: "cancelled",
	})
}

func (p storefrontPact) cancelRepeated(t *testing.T) {
	p.cancels(t, cancelled{
		state: "the shopper has cancelled an order", request: "the same cancel again", number: unallocatedOrder,
		wish: shopWish{requestID: tap}, unified: "cancelled",
	})
}

func (p storefrontPact) cancelCancelled(t *testing.T) {
	p.cancels(t, cancelled{
		state: "an order was cancelled", request: "the cancel of an order that is cancelled", number: cancelledOrder,
		wish: shopWish{requestID: tap}, unified: "cancelled", already: true,
	})
}

// cancelled is a cancel that succeeds.
type cancelled struct {
	state, request, number, unified string

	wish            shopWish
	already, partly bool
}

func (p storefrontPact) cancels(t *testing.T, c cancelled) {
	t.Helper()
	i := p.interaction(t, c.request).
		GivenWithParameter(order(c.state, c.number)).
		WithRequest(http.MethodPatch, shopPath+"/orders/"+c.number, shopper(shopperToken), wishing(c.wish)).
		WillRespondWith(http.StatusOK, body(object{
			"order_no": matchers.S(c.number),
			"c_somOrder": object{
				"unifiedStatus": matchers.S(c.unified), "partiallyCancelled": c.partly, "totals": object{"grand": matchers.Like(0)},
			},
			"c_actionResult": object{
				"operation_id": matchers.Like("operation-1"), "state": matchers.S("succeeded"),
				"cancellation": object{
					"already_cancelled": c.already, "refund": matchers.Like(60.25), "currency": matchers.Term("EUR", "^[A-Z]{3}$"),
				},
			},
		}))
	p.run(t, i, shopperToken, func(s storefront) error {
		o, err := s.wish(t.Context(), c.number, c.wish)
		if err != nil || o.Result == nil || o.SOM == nil {
			return fmt.Errorf("order %+v: %w", o, err)
		}
		got := []any{
			o.OrderNo, o.SOM.UnifiedStatus, o.SOM.PartiallyCancelled, o.Result.OperationID, o.Result.State,
			o.Result.Cancellation.AlreadyCancelled, o.Result.Cancellation.Refund.String(), o.Result.Cancellation.Currency,
		}
		return expect(nil, got, []any{c.number, c.unified, c.partly, "operation-1", "succeeded", c.already, "60.25", "EUR"})
	})
}

// run exercises the interaction as a storefront whose shopper has that token.
func (p storefrontPact) run(t *testing.T, i executable, token string, exercise func(storefront) error) {
	t.Helper()
	execute(t, i, func(base string) error { return exercise(storefront{base, token}) })
	p.notes[p.latest] = note{} // the storefront is no client of ours
}
