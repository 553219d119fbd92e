//go:build pact

package consumer_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/pact-foundation/pact-go/v2/consumer"
	"github.com/pact-foundation/pact-go/v2/matchers"
)

// app is what the mobile app needs of order-ops: it speaks the service's own
// face with the OCAPI token of its shopper, and shows short lists and parcels.
type app struct{ base, token string }

// appOrder is what the app shows of an order.
type appOrder struct {
	OrderNo string `json:"order_no"`
	Status  string `json:"status"`
	// Allowed are the buttons; none while order management is away.
	Allowed []string `json:"allowed_actions"`
	SOM     *struct {
		Items []struct {
			Name     string  `json:"name"`
			Ordered  float64 `json:"quantityOrdered"`
			Canceled float64 `json:"quantityCanceled"`
		} `json:"items"`
		FulfillmentOrders []struct {
			Shipments []struct {
				Status   string `json:"status"`
				Tracking string `json:"trackingNumber"`
			} `json:"shipments"`
		} `json:"fulfillmentOrders"`
	} `json:"som_order"`
	SOMError *struct {
		Code      string `json:"code"`
		Retriable bool   `json:"retriable"`
	} `json:"som_error"`
	Errors []struct {
		ReferenceID string `json:"reference_id"`
	} `json:"errors"`
}

// appPage is a page of the order history, which the app loads by scrolling.
type appPage struct {
	Orders []struct {
		OrderNo string    `json:"order_no"`
		Status  string    `json:"status"`
		Placed  time.Time `json:"creation_date"`
		Total   float64   `json:"order_total"`
	} `json:"orders"`
	Next *string `json:"next_cursor"`
}

// appReturns says which lines have a button to give them back.
type appReturns struct {
	Lines []struct {
		Name       string     `json:"name"`
		Returnable bool       `json:"returnable"`
		Why        string     `json:"why"`
		By         *time.Time `json:"by"`
	} `json:"lines"`
}

// appOperation is how far an action has come.
type appOperation struct {
	OperationID string `json:"operation_id"`
	State       string `json:"state"`
}

func (a app) order(ctx context.Context, number string) (o appOrder, err error) {
	return o, restGet(ctx, a.base, a.token, "/orders/"+url.PathEscape(number), nil, &o)
}

func (a app) history(ctx context.Context, cursor string) (p appPage, err error) {
	query := url.Values{"limit": {"2"}}
	if cursor != "" {
		query.Set("cursor", cursor)
	}
	return p, restGet(ctx, a.base, a.token, "/orders", query, &p)
}

func (a app) returns(ctx context.Context, number string) (r appReturns, err error) {
	return r, restGet(ctx, a.base, a.token, "/orders/"+url.PathEscape(number)+"/return-policy", nil, &r)
}

func (a app) operation(ctx context.Context, id string) (o appOperation, err error) {
	return o, restGet(ctx, a.base, a.token, "/operations/"+url.PathEscape(id), nil, &o)
}

// appPact holds one method for each interaction.
type appPact struct{ restPact }

func TestMobileAppAsksOfOrderOps(t *testing.T) {
	t.Setenv("PACT_DO_NOT_TRACK", "true")
	p := appPact{restPact{pact: newPact(t, "mobile-app", "order-ops"), token: shopperToken}}
	t.Run("order", p.order)
	t.Run("order in part", p.orderInPart)
	t.Run("order while order management is down", p.orderWithoutSOM)
	t.Run("order that order management does not have", p.orderNotInSOM)
	t.Run("history", p.history)
	t.Run("history, further", p.historyFurther)
	t.Run("history while order management is down", p.historyWithoutSOM)
	t.Run("returns", p.returns)
	t.Run("operation", p.operation)
	for _, refused := range p.readsRefused() {
		t.Run(refused.request, func(t *testing.T) { p.refused(t, refused) })
	}
	p.guests(t)
	p.wishes(t)
	for _, refused := range wishRefusals() {
		p.wishRefused(t, refused, false)
	}
	for _, refused := range previewRefusals() {
		p.wishRefused(t, refused, true)
	}
	p.settle(t)
}

func (p appPact) order(t *testing.T) {
	i := p.interaction(t, "a question for an order").
		GivenWithParameter(order("a part of an order has shipped", partShippedOrder)).
		WithRequest(http.MethodGet, restPath+"/orders/"+partShippedOrder, bearer(p.token)).
		WillRespondWith(http.StatusOK, body(object{
			"order_no": matchers.S(partShippedOrder), "status": matchers.S("partially_shipped"), "allowed_actions": matchers.ArrayContaining([]any{matchers.S("cancel")}),
			"som_order": object{
				"items": matchers.EachLike(object{"name": matchers.Like("Shirt"), "quantityOrdered": matchers.Like(2), "quantityCanceled": matchers.Like(0)}, 1),
				"fulfillmentOrders": matchers.EachLike(object{"shipments": matchers.EachLike(object{
					"status": matchers.Like("Shipped"), "trackingNumber": matchers.Like("1Z999"),
				}, 1)}, 1),
			},
			"som_error": nil,
		}))
	p.reads(t, i, func(base string) error {
		o, err := app{base, p.token}.order(t.Context(), partShippedOrder)
		if err != nil || o.SOM == nil || len(o.SOM.Items) != 1 || len(o.SOM.FulfillmentOrders) != 1 {
			return fmt.Errorf("order %+v: %w", o, err)
		}
		item, parcel := o.SOM.Items[0], o.SOM.FulfillmentOrders[0].Shipments[0]
		return expect(nil, []any{o.OrderNo, o.Status, o.Allowed, item.Name, item.Ordered, item.Canceled, parcel.Status, parcel.Tracking},
			[]any{partShippedOrder, "partially_shipped", []string{"cancel"}, "Shirt", 2.0, 0.0, "Shipped", "1Z999"})
	})
}

func (p appPact) orderInPart(t *testing.T) {
	i := p.interaction(t, "a question for an order of which a part cannot be read").
		GivenWithParameter(order("delivery methods may not be seen", unallocatedOrder)).
		WithRequest(http.MethodGet, restPath+"/orders/"+unallocatedOrder, bearer(p.token)).
		WillRespondWith(http.StatusOK, body(object{
			"order_no": matchers.S(unallocatedOrder), "status": matchers.S("confirmed"), "errors": []object{{"reference_id": matchers.S("deliveryMethods")}},
		}))
	p.reads(t, i, func(base string) error {
		o, err := app{base, p.token}.order(t.Context(), unallocatedOrder)
		if err != nil || len(o.Errors) != 1 {
			return fmt.Errorf("order %+v: %w", o, err)
		}
		return expect(nil, o.OrderNo+" "+o.Status+" "+o.Errors[0].ReferenceID, unallocatedOrder+" confirmed deliveryMethods")
	})
}

func (p appPact) orderWithoutSOM(t *testing.T) {
	i := p.interaction(t, "a question for an order while order management is down").
		GivenWithParameter(order("order management is down", unallocatedOrder)).
		WithRequest(http.MethodGet, restPath+"/orders/"+unallocatedOrder, bearer(p.token)).
		WillRespondWith(http.StatusOK, body(object{
			"order_no": matchers.S(unallocatedOrder), "som_order": nil, "allowed_actions": []string{},
			"som_error": object{"code": matchers.S("OMS_UNAVAILABLE"), "retriable": true},
		}))
	p.reads(t, i, func(base string) error {
		o, err := app{base, p.token}.order(t.Context(), unallocatedOrder)
		if err != nil || o.SOM != nil || o.SOMError == nil {
			return fmt.Errorf("order %+v: %w", o, err)
		}
		return expect(nil, []any{o.SOMError.Code, o.SOMError.Retriable, len(o.Allowed)}, []any{"OMS_UNAVAILABLE", true, 0})
	})
}

func (p appPact) orderNotInSOM(t *testing.T) {
	i := p.interaction(t, "a question for an order that order management does not have").
		GivenWithParameter(order("an order waits for its payment", unpaidOrder)).
		WithRequest(http.MethodGet, restPath+"/orders/"+unpaidOrder, bearer(p.token)).
		WillRespondWith(http.StatusOK, body(object{
			"order_no": matchers.S(unpaidOrder), "status": matchers.S("pending"), "som_order": nil, "som_error": nil, "allowed_actions": []string{},
		}))
	p.reads(t, i, func(base string) error {
		o, err := app{base, p.token}.order(t.Context(), unpaidOrder)
		return expect(err, []any{o.OrderNo, o.Status, o.SOM == nil, o.SOMError == nil}, []any{unpaidOrder, "pending", true, true})
	})
}

// page is a page of two orders with another one behind it.
func (p appPact) page(next any) consumer.V4ResponseBuilderFunc {
	return body(object{
		"orders": matchers.EachLike(object{
			"order_no": matchers.Like(unallocatedOrder), "status": anyStatus(), "creation_date": instant("2026-06-01T10:00:00Z"), "order_total": matchers.Like(120.5),
		}, 2),
		"next_cursor": next,
	})
}

func (p appPact) history(t *testing.T) {
	i := p.interaction(t, "a question for the beginning of the order history").
		Given("the shopper has orders").
		WithRequest(http.MethodGet, restPath+"/orders", bearer(p.token), asking(map[string]matchers.Matcher{"limit": matchers.S("2")})).
		WillRespondWith(http.StatusOK, p.page(matchers.Like("cursor-1")))
	p.reads(t, i, func(base string) error {
		page, err := app{base, p.token}.history(t.Context(), "")
		if err != nil || len(page.Orders) != 2 || page.Next == nil {
			return fmt.Errorf("page %+v: %w", page, err)
		}
		first := page.Orders[0]
		return expect(nil, []any{first.OrderNo, first.Status, first.Placed.Year(), first.Total, *page.Next}, []any{unallocatedOrder, "confirmed", 2026, 120.5, "cursor-1"})
	})
}

// historyFurther asks on with the cursor that the page before ended with.
func (p appPact) historyFurther(t *testing.T) {
	i := p.interaction(t, "a question for more of the order history").
		Given("the shopper has seen a page of orders").
		WithRequest(http.MethodGet, restPath+"/orders", bearer(p.token), asking(map[string]matchers.Matcher{
			"limit": matchers.S("2"), "cursor": fromState("${cursor}", "cursor-1").shaped(`.+`),
		})).
		WillRespondWith(http.StatusOK, p.page(matchers.Like("cursor-2")))
	p.reads(t, i, func(base string) error {
		page, err := app{base, p.token}.history(t.Context(), "cursor-1")
		return expect(err, len(page.Orders), 2)
	})
}

func (p appPact) historyWithoutSOM(t *testing.T) {
	i := p.interaction(t, "a question for the history while order management is down").
		GivenWithParameter(order("order management is down", unallocatedOrder)).
		WithRequest(http.MethodGet, restPath+"/orders", bearer(p.token), asking(map[string]matchers.Matcher{"limit": matchers.S("2")})).
		WillRespondWith(http.StatusOK, p.page(matchers.Like("cursor-1")))
	p.reads(t, i, func(base string) error {
		page, err := app{base, p.token}.history(t.Context(), "")
		return expect(err, len(page.Orders), 2)
	})
}

func (p appPact) returns(t *testing.T) {
	i := p.interaction(t, "a question what may be given back").
		GivenWithParameter(order("an order has shipped", shippedOrder)).
		WithRequest(http.MethodGet, restPath+"/orders/"+shippedOrder+"/return-policy", bearer(p.token)).
		WillRespondWith(http.StatusOK, body(object{"lines": matchers.EachLike(object{
			"name": matchers.Like("Shirt"), "returnable": matchers.Like(true),
			"why": matchers.Term("open", "^(open|window_closed|not_returnable|nothing_to_return)$"),
		}, 1)}))
	p.reads(t, i, func(base string) error {
		r, err := app{base, p.token}.returns(t.Context(), shippedOrder)
		if err != nil || len(r.Lines) != 1 {
			return fmt.Errorf("returns %+v: %w", r, err)
		}
		return expect(nil, []any{r.Lines[0].Name, r.Lines[0].Returnable, r.Lines[0].Why, r.Lines[0].By == nil}, []any{"Shirt", true, "open", true})
	})
}

func (p appPact) operation(t *testing.T) {
	i := p.interaction(t, "a question for what became of a cancel").
		GivenWithParameter(order("the shopper has cancelled an order", unallocatedOrder)).
		WithRequestPathMatcher(http.MethodGet, fromState(restPath+"/operations/${operationId}", restPath+"/operations/operation-1").shaped(`\S+`), bearer(p.token)).
		WillRespondWith(http.StatusOK, body(object{"operation_id": matchers.Like("operation-1"), "state": matchers.S("succeeded")}))
	p.reads(t, i, func(base string) error {
		o, err := app{base, p.token}.operation(t.Context(), "operation-1")
		return expect(err, o, appOperation{"operation-1", "succeeded"})
	})
}
