//go:build pact

package consumer_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"testing"

	"github.com/pact-foundation/pact-go/v2/matchers"
)

// agentSession stands for a session in order management of somebody who serves customers.
const agentSession = "00D000000000001!agent-session"

// agentCustomer stands for the customer who is served.
const agentCustomer = "customer-1"

// agentDesk is what a desk of agents needs of order-ops: it speaks the service's own face with the session that an agent
// has in order management, names the customer whose orders it lists, and tells on the telephone what has become of one.
// Agents act in order management's own console; from order-ops the desk only reads.
type agentDesk struct{ base, session string }

// deskPage is the list of a customer's orders, on every site.
type deskPage struct {
	Orders []struct {
		OrderNo string `json:"order_no"`
		Site    string `json:"site"`
		Channel string `json:"channel"`
		Status  string `json:"status"`
		Source  string `json:"source"`
	} `json:"orders"`
	Next *string `json:"next_cursor"`
}

// deskOrder is what an agent looks at of an order: both systems' words for it, where its goods are, and the money.
type deskOrder struct {
	OrderNo        string   `json:"order_no"`
	Status         string   `json:"status"`
	CommerceStatus string   `json:"commerce_status"`
	ExportStatus   string   `json:"export_status"`
	Allowed        []string `json:"allowed_actions"`
	SOM            *struct {
		ID          string `json:"orderSummaryId"`
		Status      string `json:"status"`
		Fulfillment []struct {
			Number string `json:"number"`
			Status string `json:"status"`
		} `json:"fulfillmentOrders"`
		Payments []struct {
			Authorized float64 `json:"authorized"`
			Balance    float64 `json:"balance"`
		} `json:"payments"`
	} `json:"som_order"`
	SOMError *struct {
		Code      string `json:"code"`
		Retriable bool   `json:"retriable"`
	} `json:"som_error"`
}

// deskReturns tells an agent by which policy a line may be given back, or why not.
type deskReturns struct {
	Lines []struct {
		ProductCode string   `json:"product_code"`
		Why         string   `json:"why"`
		Policy      string   `json:"policy"`
		Explanation []string `json:"explanation"`
	} `json:"lines"`
}

func (d agentDesk) history(ctx context.Context, customer string) (p deskPage, err error) {
	return p, restGet(ctx, d.base, d.session, "/orders", url.Values{"customer_id": {customer}, "order_site": {"all"}, "limit": {"50"}}, &p)
}

func (d agentDesk) order(ctx context.Context, number string) (o deskOrder, err error) {
	return o, restGet(ctx, d.base, d.session, "/orders/"+url.PathEscape(number), nil, &o)
}

func (d agentDesk) returns(ctx context.Context, number string) (r deskReturns, err error) {
	return r, restGet(ctx, d.base, d.session, "/orders/"+url.PathEscape(number)+"/return-policy", nil, &r)
}

// agentPact holds one method for each interaction.
type agentPact struct{ restPact }

func TestAgentDeskAsksOfOrderOps(t *testing.T) {
	t.Setenv("PACT_DO_NOT_TRACK", "true")
	// Like a channel with tokens of SLAS it is let in by order-ops, which then asks commerce in its own name.
	p := agentPact{restPact{pact: newPact(t, "agent-desk", "order-ops"), token: agentSession, ofSLAS: true}}
	t.Run("history", p.history)
	t.Run("order", p.order)
	t.Run("order while order management is down", p.orderWithoutSOM)
	t.Run("returns", p.returns)
	for _, refused := range p.refusals() {
		t.Run(refused.request, func(t *testing.T) { p.refused(t, refused) })
	}
	p.settle(t)
}

func (p agentPact) history(t *testing.T) {
	i := p.interaction(t, "a question for the orders of a customer on every site").
		Given("the shopper has orders").
		WithRequest(http.MethodGet, restPath+"/orders", bearer(p.token), asking(map[string]matchers.Matcher{
			"customer_id": fromState("${customerId}", agentCustomer).shaped(`.+`), "order_site": matchers.S("all"), "limit": matchers.S("50"),
		})).
		WillRespondWith(http.StatusOK, body(object{
			"orders": matchers.EachLike(object{
				"order_no": matchers.Like(unallocatedOrder), "site": matchers.Like("RefArch"), "channel": matchers.Like("storefront"),
				"status": anyStatus(), "source": matchers.Term("som", "^(som|commerce)$"),
			}, 1),
			"next_cursor": nil,
		}))
	p.reads(t, i, func(base string) error {
		page, err := agentDesk{base, p.token}.history(t.Context(), agentCustomer)
		if err != nil || len(page.Orders) != 1 {
			return fmt.Errorf("page %+v: %w", page, err)
		}
		o := page.Orders[0]
		return expect(nil, []any{o.OrderNo, o.Site, o.Channel, o.Status, o.Source, page.Next == nil}, []any{unallocatedOrder, "RefArch", "storefront", "confirmed", "som", true})
	})
}

func (p agentPact) order(t *testing.T) {
	i := p.interaction(t, "a question for the order of a customer").
		GivenWithParameter(order("an order has shipped", shippedOrder)).
		WithRequest(http.MethodGet, restPath+"/orders/"+shippedOrder, bearer(p.token)).
		WillRespondWith(http.StatusOK, body(object{
			"order_no": matchers.S(shippedOrder), "status": matchers.S("shipped"), "commerce_status": matchers.Like("completed"),
			"export_status": matchers.S("exported"), "allowed_actions": matchers.Like([]string{}),
			"som_order": object{
				"orderSummaryId": matchers.Like("1Os000000000001AAA"), "status": matchers.Like("Fulfilled"),
				"fulfillmentOrders": matchers.EachLike(object{"number": matchers.Like("FO-0001"), "status": matchers.Like("Fulfilled")}, 1),
				"payments":          matchers.EachLike(object{"authorized": matchers.Like(120.5), "balance": matchers.Like(120.5)}, 1),
			},
		}))
	p.reads(t, i, func(base string) error {
		o, err := agentDesk{base, p.token}.order(t.Context(), shippedOrder)
		if err != nil || o.SOM == nil || len(o.SOM.Fulfillment) != 1 || len(o.SOM.Payments) != 1 {
			return fmt.Errorf("order %+v: %w", o, err)
		}
		s := o.SOM
		got := []any{o.OrderNo, o.Status, o.CommerceStatus, o.ExportStatus, s.ID, s.Status, s.Fulfillment[0].Number, s.Fulfillment[0].Status, s.Payments[0].Authorized, s.Payments[0].Balance}
		return expect(nil, got, []any{shippedOrder, "shipped", "completed", "exported", "1Os000000000001AAA", "Fulfilled", "FO-0001", "Fulfilled", 120.5, 120.5})
	})
}

func (p agentPact) orderWithoutSOM(t *testing.T) {
	i := p.interaction(t, "a question for the order of a customer while order management is down").
		GivenWithParameter(order("order management is down", unallocatedOrder)).
		WithRequest(http.MethodGet, restPath+"/orders/"+unallocatedOrder, bearer(p.token)).
		WillRespondWith(http.StatusServiceUnavailable, problemOf(restRefusal{code: "OMS_UNAVAILABLE", retriable: true, retryAfter: true}))
	p.reads(t, i, func(base string) error {
		_, err := agentDesk{base, p.token}.order(t.Context(), unallocatedOrder)
		return expectRefusal(err, restRefusal{status: http.StatusServiceUnavailable, code: "OMS_UNAVAILABLE", retriable: true, retryAfter: true})
	})
}

func (p agentPact) returns(t *testing.T) {
	i := p.interaction(t, "a question why a customer may give something back").
		GivenWithParameter(order("an order has shipped", shippedOrder)).
		WithRequest(http.MethodGet, restPath+"/orders/"+shippedOrder+"/return-policy", bearer(p.token)).
		WillRespondWith(http.StatusOK, body(object{
			"lines": matchers.EachLike(object{
				"product_code": matchers.Like("SHIRT-M"), "why": matchers.Like("open"), "policy": matchers.Like("default@1"),
				"explanation": matchers.EachLike(matchers.Like("fourteen days from delivery"), 1),
			}, 1),
		}))
	p.reads(t, i, func(base string) error {
		r, err := agentDesk{base, p.token}.returns(t.Context(), shippedOrder)
		if err != nil || len(r.Lines) != 1 || len(r.Lines[0].Explanation) != 1 {
			return fmt.Errorf("returns %+v: %w", r, err)
		}
		return expect(nil, []any{r.Lines[0].ProductCode, r.Lines[0].Why, r.Lines[0].Policy}, []any{"SHIRT-M", "open", "default@1"})
	})
}

// refusals are what the desk has to cope with.
func (p agentPact) refusals() []restRead {
	const ended = "the agent's session has ended"
	unauthenticated := restRefusal{status: http.StatusUnauthorized, code: "UNAUTHENTICATED"}
	return []restRead{
		{"a question of an agent for the orders of nobody", order("the shopper has orders", ""), "/orders", map[string]string{"limit": "10"}, restRefusal{status: http.StatusBadRequest, code: "INVALID_REQUEST"}},
		{"a question for the history by an agent whose session has ended", order(ended, ""), "/orders", map[string]string{"customer_id": agentCustomer}, unauthenticated},
		{"a question for an order by an agent whose session has ended", order(ended, unallocatedOrder), "/orders/" + unallocatedOrder, nil, unauthenticated},
		{"a question of an agent for an order that does not exist", order("preset omnichannel", unknownOrder), "/orders/" + unknownOrder, nil, restRefusal{status: http.StatusNotFound, code: "ORDER_NOT_FOUND"}},
		{"a question of an agent for the orders of a customer that does not exist", order("preset omnichannel", ""), "/orders", map[string]string{"customer_id": "nobody"}, restRefusal{status: http.StatusNotFound, code: "ORDER_NOT_FOUND"}},
	}
}
