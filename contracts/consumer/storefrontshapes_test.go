//go:build pact

package consumer_test

import (
	"fmt"
	"maps"

	"github.com/pact-foundation/pact-go/v2/consumer"
	"github.com/pact-foundation/pact-go/v2/matchers"
)

// executable is an interaction that is described in full.
type executable = *consumer.V4InteractionWithResponse

// wishing is the request for a cancel. The one item of the examples is the
// provider's to name.
func wishing(wish shopWish) consumer.V4RequestBuilderFunc {
	sent := object{"c_action": "cancel", "c_actionRequestId": wish.requestID}
	for _, item := range wish.items {
		before, after := `[{"item_id":"`, fmt.Sprintf(`","quantity":%d}]`, item.Quantity)
		sent["c_items"] = fromState(before+"${itemId}"+after, before+item.ItemID+after).shaped(`[A-Za-z0-9-]+`)
	}
	return func(b *consumer.V4RequestBuilder) { b.JSONBody(sent) }
}

// somOrderWith is what the storefront shows of c_somOrder, and more. In a
// history each order has its own status, so there it is but one of the known.
func somOrderWith(status string, more object) object {
	shown := object{
		"unifiedStatus":      matchers.Term(status, "^(pending|confirmed|partially_shipped|shipped|delivered|cancelled|return_requested|returned|partially_returned)$"),
		"partiallyCancelled": matchers.Like(false), "currency": matchers.Term("EUR", "^[A-Z]{3}$"),
		"orderedDate": instant("2026-06-01T10:00:00Z"), "totals": object{"grand": matchers.Like(120.5)},
		"items": matchers.EachLike(object{
			"productCode": matchers.Like("SHIRT-M"), "quantityOrdered": matchers.Like(2),
			"quantityCanceled": matchers.Like(0), "quantityCancellable": matchers.Like(2),
		}, 1),
	}
	if more != nil {
		shown["unifiedStatus"] = matchers.S(status)
	}
	maps.Copy(shown, more)
	return shown
}

// shopRefusal is a fault document; those of actions carry order-ops' own code.
func shopRefusal(want shopFault) object {
	fault := object{"type": matchers.S(want.kind)}
	if want.code != "" {
		fault["arguments"] = object{
			"statusCode": matchers.S(want.code), "statusDetails": object{"retriable": want.retriable},
		}
	}
	return object{"fault": fault}
}
