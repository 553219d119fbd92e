//go:build pact

package consumer_test

import (
	"maps"
	"strings"
	"time"

	"github.com/pact-foundation/pact-go/v2/consumer"
	"github.com/pact-foundation/pact-go/v2/matchers"
)

// executable is an interaction that is described in full.
type executable = *consumer.V4InteractionWithResponse

// staleState is a state that an order had once.
const staleState = "0000000000000000000000000000000000000000000000000000000000000000"

// wishing is the request for a wish. The one item of the examples, and the
// order's present state, are the provider's to name.
func wishing(wish shopWish) consumer.V4RequestBuilderFunc {
	return func(b *consumer.V4RequestBuilder) {
		attributes, err := wish.attributes()
		if err != nil {
			panic(err) // a test's own table
		}
		sent := object{}
		for name, value := range attributes {
			sent[name] = byProvider(value)
		}
		b.JSONBody(sent)
	}
}

// questionOf is the body of a request, with what is the provider's to name.
func questionOf(question object) consumer.V4RequestBuilderFunc {
	return func(b *consumer.V4RequestBuilder) {
		sent := object{}
		for name, value := range question {
			sent[name] = value
			if text, ok := value.(string); ok {
				sent[name] = byProvider(text)
			}
		}
		b.JSONBody(sent)
	}
}

// byProvider is the value of an attribute, or what stands for it where it is the provider's to name.
func byProvider(value string) any {
	switch {
	case strings.Contains(value, itemOfOrder):
		return fromState(strings.Replace(value, itemOfOrder, "${itemId}", 1), value).shaped(`[A-Za-z0-9-]+`)
	case named(value) != "":
		return fromState("${"+named(value)+"}", value).shaped(`[A-Za-z0-9-]+`)
	case value == commerceState:
		return fromState("${resourceState}", value).shaped(`[0-9a-f]{64}`)
	default:
		return value
	}
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

// shopRefusal is a fault document; those of actions carry order-ops' own code
// and what the shopper is told.
func shopRefusal(want shopFault) consumer.V4ResponseBuilderFunc {
	fault := object{"type": matchers.S(want.kind)}
	if want.code != "" {
		details := want.details.expected()
		details["retriable"] = want.retriable
		fault["arguments"] = object{"statusCode": matchers.S(want.code), "statusDetails": details}
	}
	return func(b *consumer.V4ResponseBuilder) {
		if want.retryAfter {
			b.Header("Retry-After", matchers.Term("5", `^[1-9]\d*$`))
		}
		b.JSONBody(object{"fault": fault})
	}
}

// expected asks for the details that there are examples of.
func (d shopDetails) expected() object {
	all := object{}
	if d.Allowed != nil {
		all["allowed"] = d.Allowed
	}
	if d.Items != nil {
		all["items"] = matchers.EachLike(d.Items[0], 1)
	}
	if d.ReasonCodes != nil {
		all["reason_codes"] = matchers.EachLike(d.ReasonCodes[0], 1)
	}
	if d.CutoffAt != nil {
		all["cutoff_at"] = instant(d.CutoffAt.Format(time.RFC3339))
	}
	if d.ActualRefund != nil {
		all["actual_refund"] = matchers.Like(*d.ActualRefund)
	}
	if d.CurrentOrderNo != "" {
		all["current_order_no"] = matchers.S(d.CurrentOrderNo)
	}
	return all
}
