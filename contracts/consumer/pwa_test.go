//go:build pact

package consumer_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/pact-foundation/pact-go/v2/matchers"
)

// pwaToken stands for the access token of SLAS of the logged-in shopper.
const pwaToken = "slas-token"

// pwa is what the progressive web app needs of order-ops: it speaks the
// service's own face with a token of SLAS, filters its lists, and shows money.
type pwa struct{ base, token string }

// pwaOrder is what the web app shows of an order.
type pwaOrder struct {
	OrderNo string   `json:"order_no"`
	Status  string   `json:"status"`
	Source  string   `json:"source"`
	Allowed []string `json:"allowed_actions"`
	SOM     *struct {
		Currency string `json:"currency"`
		Totals   struct {
			Grand    float64 `json:"grand"`
			Delivery float64 `json:"delivery"`
			Tax      float64 `json:"tax"`
		} `json:"totals"`
		Payments []struct {
			Method   string  `json:"method"`
			Captured float64 `json:"captured"`
			Refunded float64 `json:"refunded"`
		} `json:"payments"`
		Items []struct {
			ProductCode string `json:"productCode"`
			Cancellable int    `json:"quantityCancellable"`
			Returnable  int    `json:"quantityAvailableToReturn"`
		} `json:"items"`
	} `json:"som_order"`
	SOMError *struct {
		Code string `json:"code"`
	} `json:"som_error"`
}

// pwaPage is a filtered page of the history.
type pwaPage struct {
	Orders []struct {
		OrderNo string `json:"order_no"`
		Status  string `json:"status"`
		Source  string `json:"source"`
	} `json:"orders"`
	Next *string `json:"next_cursor"`
}

// pwaReturns explains to the shopper why a line may, or may not, be given back.
type pwaReturns struct {
	AsOf  time.Time `json:"as_of"`
	Lines []struct {
		LineID      string   `json:"order_item_summary_id"`
		Quantity    int      `json:"quantity"`
		TimeZone    string   `json:"time_zone"`
		Explanation []string `json:"explanation"`
	} `json:"lines"`
}

func (w pwa) order(ctx context.Context, number string) (o pwaOrder, err error) {
	return o, restGet(ctx, w.base, w.token, "/orders/"+url.PathEscape(number), nil, &o)
}

func (w pwa) history(ctx context.Context, statuses string) (p pwaPage, err error) {
	return p, restGet(ctx, w.base, w.token, "/orders", url.Values{"limit": {"50"}, "status": {statuses}}, &p)
}

func (w pwa) returns(ctx context.Context, number string) (r pwaReturns, err error) {
	return r, restGet(ctx, w.base, w.token, "/orders/"+url.PathEscape(number)+"/return-policy", nil, &r)
}

// pwaPact holds one method for each interaction.
type pwaPact struct{ restPact }

func TestPWAAsksOfOrderOps(t *testing.T) {
	t.Setenv("PACT_DO_NOT_TRACK", "true")
	p := pwaPact{restPact{pact: newPact(t, "pwa", "order-ops"), token: pwaToken, details: true, ofSLAS: true}}
	t.Run("order", p.order)
	t.Run("order while order management is down", p.orderWithoutSOM)
	t.Run("order that order management does not have", p.orderNotInSOM)
	t.Run("history", p.history)
	t.Run("returns", p.returns)
	t.Run("operation", p.operation)
	for _, refused := range p.readsRefused() {
		t.Run(refused.request, func(t *testing.T) { p.refused(t, refused) })
	}
	t.Run("history, further", p.historyFurther)
	p.guests(t)
	p.wishes(t)
	p.wishRefused(t, storefrontRefusal{
		state: "an order is being edited in another session of the shopper", request: "a confirm in another session", number: unallocatedOrder,
		wish: &shopWish{action: confirming, requestID: "tap-2", basket: basketID}, want: refused("SESSION_MISMATCH", shopDetails{}),
	}, false)
	for _, refused := range wishRefusals() {
		p.wishRefused(t, refused, false)
	}
	for _, refused := range previewRefusals() {
		p.wishRefused(t, refused, true)
	}
	p.settle(t)
}

func (p pwaPact) order(t *testing.T) {
	i := p.interaction(t, "a question for an order").
		GivenWithParameter(order("an order has shipped", shippedOrder)).
		WithRequest(http.MethodGet, restPath+"/orders/"+shippedOrder, bearer(p.token)).
		WillRespondWith(http.StatusOK, body(object{
			"order_no": matchers.S(shippedOrder), "status": matchers.S("shipped"), "source": matchers.S("som"), "allowed_actions": matchers.Like([]string{}),
			"som_order": object{
				"currency": matchers.Term("EUR", "^[A-Z]{3}$"), "totals": object{"grand": matchers.Like(120.5), "delivery": matchers.Like(4.95), "tax": matchers.Like(19.2)},
				"payments": matchers.EachLike(object{"method": matchers.Like("Visa"), "captured": matchers.Like(120.5), "refunded": matchers.Like(0)}, 1),
				"items": matchers.EachLike(object{
					"productCode": matchers.Like("SHIRT-M"), "quantityCancellable": matchers.Like(0), "quantityAvailableToReturn": matchers.Like(2),
				}, 1),
			},
		}))
	p.reads(t, i, func(base string) error {
		o, err := pwa{base, p.token}.order(t.Context(), shippedOrder)
		if err != nil || o.SOM == nil || len(o.SOM.Items) != 1 || len(o.SOM.Payments) != 1 {
			return fmt.Errorf("order %+v: %w", o, err)
		}
		s := o.SOM
		got := []any{o.OrderNo, o.Status, o.Source, s.Currency, s.Totals.Grand, s.Totals.Delivery, s.Totals.Tax, s.Payments[0].Method, s.Payments[0].Captured, s.Payments[0].Refunded, s.Items[0].ProductCode, s.Items[0].Cancellable, s.Items[0].Returnable}
		return expect(nil, got, []any{shippedOrder, "shipped", "som", "EUR", 120.5, 4.95, 19.2, "Visa", 120.5, 0.0, "SHIRT-M", 0, 2})
	})
}

func (p pwaPact) orderWithoutSOM(t *testing.T) {
	i := p.interaction(t, "a question for an order while order management is down").
		GivenWithParameter(order("order management is down", unallocatedOrder)).
		WithRequest(http.MethodGet, restPath+"/orders/"+unallocatedOrder, bearer(p.token)).
		WillRespondWith(http.StatusOK, body(object{
			"order_no": matchers.S(unallocatedOrder), "source": matchers.S("commerce"), "som_order": nil, "allowed_actions": []string{},
			"som_error": object{"code": matchers.S("OMS_UNAVAILABLE")},
		}))
	p.reads(t, i, func(base string) error {
		o, err := pwa{base, p.token}.order(t.Context(), unallocatedOrder)
		if err != nil || o.SOM != nil || o.SOMError == nil {
			return fmt.Errorf("order %+v: %w", o, err)
		}
		return expect(nil, []any{o.Source, o.SOMError.Code, len(o.Allowed)}, []any{"commerce", "OMS_UNAVAILABLE", 0})
	})
}

func (p pwaPact) orderNotInSOM(t *testing.T) {
	i := p.interaction(t, "a question for an order that order management does not have").
		GivenWithParameter(order("an order waits for its payment", unpaidOrder)).
		WithRequest(http.MethodGet, restPath+"/orders/"+unpaidOrder, bearer(p.token)).
		WillRespondWith(http.StatusOK, body(object{"order_no": matchers.S(unpaidOrder), "status": matchers.S("pending"), "source": matchers.S("commerce"), "som_order": nil}))
	p.reads(t, i, func(base string) error {
		o, err := pwa{base, p.token}.order(t.Context(), unpaidOrder)
		return expect(err, []any{o.OrderNo, o.Status, o.Source, o.SOM == nil}, []any{unpaidOrder, "pending", "commerce", true})
	})
}

func (p pwaPact) history(t *testing.T) {
	i := p.interaction(t, "a question for the orders that are under way").
		Given("the shopper has orders").
		WithRequest(http.MethodGet, restPath+"/orders", bearer(p.token), asking(map[string]matchers.Matcher{
			"limit": matchers.S("50"), "status": matchers.S("confirmed,partially_shipped"),
		})).
		WillRespondWith(http.StatusOK, body(object{
			"orders": matchers.EachLike(object{
				"order_no": matchers.Like(unallocatedOrder), "status": matchers.Term("confirmed", "^(confirmed|partially_shipped)$"), "source": matchers.Term("som", "^(som|commerce)$"),
			}, 1),
			"next_cursor": nil,
		}))
	p.reads(t, i, func(base string) error {
		page, err := pwa{base, p.token}.history(t.Context(), "confirmed,partially_shipped")
		if err != nil || len(page.Orders) != 1 {
			return fmt.Errorf("page %+v: %w", page, err)
		}
		return expect(nil, []any{page.Orders[0].OrderNo, page.Orders[0].Status, page.Orders[0].Source, page.Next == nil}, []any{unallocatedOrder, "confirmed", "som", true})
	})
}

// historyFurther asks on with the cursor of the page before, and the same filter.
func (p pwaPact) historyFurther(t *testing.T) {
	i := p.interaction(t, "a question for more of the orders that are under way").
		Given("the shopper has seen a page of orders that are under way").
		WithRequest(http.MethodGet, restPath+"/orders", bearer(p.token), asking(map[string]matchers.Matcher{
			"limit": matchers.S("1"), "status": matchers.S("confirmed"), "cursor": fromState("${cursor}", "cursor-1").shaped(`.+`),
		})).
		WillRespondWith(http.StatusOK, body(object{"orders": matchers.EachLike(object{"order_no": matchers.Like(unallocatedOrder), "status": matchers.S("confirmed")}, 1)}))
	p.reads(t, i, func(base string) error {
		var page pwaPage
		err := restGet(t.Context(), base, p.token, "/orders", url.Values{"limit": {"1"}, "status": {"confirmed"}, "cursor": {"cursor-1"}}, &page)
		return expect(err, len(page.Orders), 1)
	})
}

func (p pwaPact) returns(t *testing.T) {
	i := p.interaction(t, "a question why something may be given back").
		GivenWithParameter(order("an order has shipped", shippedOrder)).
		WithRequest(http.MethodGet, restPath+"/orders/"+shippedOrder+"/return-policy", bearer(p.token)).
		WillRespondWith(http.StatusOK, body(object{
			"as_of": instant("2026-06-01T10:00:00Z"), "lines": matchers.EachLike(object{
				"order_item_summary_id": matchers.Like("10u000000000001AAA"), "quantity": matchers.Like(2), "time_zone": matchers.Like("UTC"),
				"explanation": matchers.EachLike(matchers.Like("fourteen days from delivery"), 1),
			}, 1),
		}))
	p.reads(t, i, func(base string) error {
		r, err := pwa{base, p.token}.returns(t.Context(), shippedOrder)
		if err != nil || len(r.Lines) != 1 || len(r.Lines[0].Explanation) != 1 {
			return fmt.Errorf("returns %+v: %w", r, err)
		}
		return expect(nil, []any{r.AsOf.Year(), r.Lines[0].LineID, r.Lines[0].Quantity, r.Lines[0].TimeZone}, []any{2026, "10u000000000001AAA", 2, "UTC"})
	})
}

func (p pwaPact) operation(t *testing.T) {
	i := p.interaction(t, "a question for what became of a cancel").
		GivenWithParameter(order("the shopper has cancelled an order", unallocatedOrder)).
		WithRequestPathMatcher(http.MethodGet, fromState(restPath+"/operations/${operationId}", restPath+"/operations/operation-1").shaped(`\S+`), bearer(p.token)).
		WillRespondWith(http.StatusOK, body(object{"state": matchers.S("succeeded"), "action": matchers.S("cancel"), "order_no": matchers.S(unallocatedOrder)}))
	p.reads(t, i, func(base string) error {
		var o struct {
			State   string `json:"state"`
			Action  string `json:"action"`
			OrderNo string `json:"order_no"`
		}
		err := restGet(t.Context(), base, p.token, "/operations/operation-1", nil, &o)
		return expect(err, o.State+" "+o.Action+" "+o.OrderNo, "succeeded cancel "+unallocatedOrder)
	})
}
