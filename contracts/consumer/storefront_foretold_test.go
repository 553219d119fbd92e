//go:build pact

package consumer_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"testing"

	"github.com/pact-foundation/pact-go/v2/matchers"
)

// foretold is what a storefront that speaks nothing but OCAPI shows before the shopper agrees: the change that it would make,
// with the flag c_preview and without a key, answers with the order as it is and what would come of it.
type foretold struct {
	OrderNo string    `json:"order_no"`
	SOM     *somOrder `json:"c_somOrder"`
	Preview struct {
		Action       string      `json:"action"`
		Cancellation shopPreview `json:"cancellation"`
		Modification shopPreview `json:"modification"`
		Return       shopPreview `json:"return"`
	} `json:"c_actionPreview"`
	Result *json.RawMessage `json:"c_actionResult"`
}

// asked is the body of such a question.
func asked(action string, more object) object {
	body := object{"c_action": action, "c_preview": true}
	for name, value := range more {
		body[name] = value
	}
	return body
}

func (s storefront) foresee(ctx context.Context, number string, question object) (told foretold, err error) {
	_, err = s.call(ctx, http.MethodPatch, shopPathOf(number)+"/orders/"+url.PathEscape(number), question, &told)
	return told, err
}

// foretells has every action foretold that changes an order, and one that would be refused.
func (p storefrontPact) foretells(t *testing.T) {
	t.Helper()
	currency := matchers.Term("EUR", "^[A-Z]{3}$")
	refund := object{"refund": matchers.Like(60.25), "currency": currency}
	unit := `[{"item_id":"` + itemOfOrder + `","quantity":1}]`
	for _, tc := range []struct {
		request, state, number, action, unified, named string

		more, shown object
		read        func(foretold) shopPreview
		want        shopPreview
	}{
		{
			request: "a change that is to tell what the cancel of one unit comes to", state: "an order is not allocated", number: unallocatedOrder,
			action: "cancel", named: "cancellation", unified: "confirmed", more: object{"c_items": unit}, shown: refund,
			read: func(f foretold) shopPreview { return f.Preview.Cancellation }, want: shopPreview{Refund: 60.25, Currency: "EUR"},
		},
		{
			request: "a change that is to tell what a modify comes to", state: "an order is not allocated", number: unallocatedOrder,
			action: modifying, named: "modification", unified: "confirmed",
			shown: object{"total_before": matchers.Like(120.5), "total_after": matchers.Like(124), "price_difference": matchers.Like(3.5), "currency": currency},
			read:  func(f foretold) shopPreview { return f.Preview.Modification },
			want:  shopPreview{Before: 120.5, After: 124, Difference: 3.5, Currency: "EUR"},
		},
		{
			request: "a change that is to tell what the return of one unit comes to", state: "a line of an order has shipped", number: shippedOrder,
			action: returning, named: "return", unified: "shipped", more: object{"c_items": unit}, shown: refund,
			read: func(f foretold) shopPreview { return f.Preview.Return }, want: shopPreview{Refund: 60.25, Currency: "EUR"},
		},
	} {
		t.Run(tc.request, func(t *testing.T) {
			i := p.interaction(t, tc.request).
				GivenWithParameter(order(tc.state, tc.number)).
				WithRequest(http.MethodPatch, shopPath+"/orders/"+tc.number, shopper(shopperToken), questionOf(asked(tc.action, tc.more))).
				WillRespondWith(http.StatusOK, body(object{
					"order_no": matchers.S(tc.number), "c_somOrder": object{"unifiedStatus": matchers.S(tc.unified)},
					"c_actionPreview": object{"action": matchers.S(tc.action), tc.named: tc.shown},
				}))
			p.run(t, i, shopperToken, func(s storefront) error {
				told, err := s.foresee(t.Context(), tc.number, asked(tc.action, tc.more))
				if err != nil || told.SOM == nil || told.Result != nil {
					return fmt.Errorf("told %+v: %w", told, err)
				}
				got := fmt.Sprint(told.OrderNo, told.SOM.UnifiedStatus, told.Preview.Action, tc.read(told))
				return expect(nil, got, fmt.Sprint(tc.number, tc.unified, tc.action, tc.want))
			})
		})
	}
	p.foretellsRefusal(t)
}

// foretellsRefusal has a change foretold that would be refused: it is refused as the change itself would be.
func (p storefrontPact) foretellsRefusal(t *testing.T) {
	t.Helper()
	actual := 141.89
	want := refused("AMOUNT_CHANGED", shopDetails{ActualRefund: &actual})
	question := asked("cancel", object{"c_expectedRefund": "1.00"})
	i := p.interaction(t, "a change that is to tell of a cancel that expects another refund").
		GivenWithParameter(order("an order is not allocated", unallocatedOrder)).
		WithRequest(http.MethodPatch, shopPath+"/orders/"+unallocatedOrder, shopper(shopperToken), questionOf(question)).
		WillRespondWith(want.status, shopRefusal(want))
	p.run(t, i, shopperToken, func(s storefront) error {
		_, err := s.foresee(t.Context(), unallocatedOrder, question)
		return expectFault(err, want)
	})
}
