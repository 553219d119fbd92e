//go:build pact

package consumer_test

import (
	"testing"

	"github.com/pact-foundation/pact-go/v2/matchers"
)

// shopPreview is what a storefront shows on the page that asks the shopper to be sure. A page that may
// ask order-ops' own face does, with the token that it has; one that speaks nothing but OCAPI asks as foretold does.
type shopPreview struct {
	Refund   float64 `json:"refund"`
	Currency string  `json:"currency"`
	Before   float64 `json:"total_before"`
	After    float64 `json:"total_after"`
	// Difference is what there is to pay more; negative when that is less.
	Difference float64 `json:"price_difference"`
}

// previews are those of every action.
func (p storefrontPact) previews(t *testing.T) {
	t.Helper()
	rest := restPact{pact: p.pact, token: shopperToken}
	currency := matchers.Term("EUR", "^[A-Z]{3}$")
	refund := object{"refund": matchers.Like(60.25), "currency": currency}
	grants(t, rest, grant{"a preview of a cancel", "an order is not allocated", unallocatedOrder, shopWish{}, true, 0, refund}, shopPreview{Refund: 60.25, Currency: "EUR"})
	grants(t, rest, grant{"a preview of a return", "a line of an order has shipped", shippedOrder, shopWish{action: returning}, true, 0, refund}, shopPreview{Refund: 60.25, Currency: "EUR"})
	grants(t, rest, grant{"a preview of a modify", "an order is not allocated", unallocatedOrder, shopWish{action: modifying}, true, 0, object{
		"total_before": matchers.Like(120.5), "total_after": matchers.Like(124), "price_difference": matchers.Like(3.5), "currency": currency,
	}}, shopPreview{Before: 120.5, After: 124, Difference: 3.5, Currency: "EUR"})
	grants(t, rest, grant{
		"a preview of a confirm", "the follow-up basket of an order was ordered", unallocatedOrder,
		shopWish{action: confirming, newOrder: waitingNo},
		true, 0,
		object{"total_before": matchers.Like(120.5), "total_after": matchers.Like(124), "currency": currency},
	}, shopPreview{Before: 120.5, After: 124, Currency: "EUR"})
	for _, r := range previewRefusals() {
		rest.wishRefused(t, r, true)
	}
}
