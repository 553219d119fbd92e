//go:build pact

package consumer_test

import (
	"context"
	"net/http"
	"testing"

	"github.com/pact-foundation/pact-go/v2/consumer"
	"github.com/pact-foundation/pact-go/v2/matchers"
	"github.com/pact-foundation/pact-go/v2/models"
	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/orderops/remote"
	"github.com/somsim/somsim/orderops/trackingclient"
)

const (
	stream      = "G-SOMSIM"
	trackSecret = "somsim"
	trackEvent  = "6f1b6d0c9a2e4f7785c1d2e3a4b5c6d7"
)

// trackingPact holds one method for each kind of interaction.
type trackingPact struct{ *pact }

// TestOrderOpsAsksOfTracking has the collector answer every event alike, right
// or wrong. What was agreed besides, that it counts or leaves out the event,
// stands in the description and is for the provider to look after.
func TestOrderOpsAsksOfTracking(t *testing.T) {
	t.Setenv("PACT_DO_NOT_TRACK", "true")
	p := trackingPact{newPact(t, "order-ops", "tracking")}
	t.Run("refund", p.refund)
	t.Run("purchase", p.purchase)
	p.failing(t, trackingRequests(), outages(), trackSecret, nil)
	p.settle(t)
}

func (p trackingPact) refund(t *testing.T) {
	cases := []struct {
		state, request, secret string
		refund                 trackingclient.Refund
	}{
		{"no event was sent", "a refund that is counted", trackSecret, cancelledUnits()},
		{"no event was sent", "a refund without items that is counted", trackSecret, wholeRefund()},
		{"the refund was sent already", "a refund that is not counted again", trackSecret, cancelledUnits()},
		{"the stream has another secret", "a refund under another secret that is not counted", "wrong", cancelledUnits()},
	}
	for _, c := range cases {
		t.Run(c.request, func(t *testing.T) {
			i := p.interaction(t, c.request).
				Given(c.state).
				WithRequest(http.MethodPost, "/mp/collect", ofStream(c.secret), collecting("refund", c.refund)).
				WillRespondWith(http.StatusNoContent)
			p.run(t, i, func(caller remote.Caller) error {
				return tracker(caller, c.secret).Refund(t.Context(), c.refund)
			})
		})
	}
}

func (p trackingPact) purchase(t *testing.T) {
	i := p.interaction(t, "a purchase that is counted").
		Given("no event was sent").
		WithRequest(http.MethodPost, "/mp/collect", ofStream(trackSecret), collecting("purchase", trackingclient.Refund(purchase()))).
		WillRespondWith(http.StatusNoContent)
	p.run(t, i, func(caller remote.Caller) error {
		return tracker(caller, trackSecret).Purchase(t.Context(), purchase())
	})
}

func tracker(caller remote.Caller, secret string) *trackingclient.Client {
	return trackingclient.New(caller, trackingclient.Credentials{MeasurementID: stream, APISecret: secret})
}

func wholeRefund() trackingclient.Refund {
	return trackingclient.Refund{EventID: trackEvent, TransactionID: unallocatedOrder, Value: decimal.RequireFromString("149.59"), Currency: payCurrency}
}

func cancelledUnits() trackingclient.Refund {
	r := wholeRefund()
	r.Items = []trackingclient.Item{{ID: "SHIRT-M", Quantity: decimal.NewFromInt(1)}}
	return r
}

func ofStream(secret string) consumer.V4RequestBuilderFunc {
	return func(b *consumer.V4RequestBuilder) {
		b.Query("measurement_id", matchers.S(stream))
		b.Query("api_secret", matchers.S(secret))
	}
}

// collecting is the event. The browser is made up from the event's id.
func collecting(name string, r trackingclient.Refund) consumer.V4RequestBuilderFunc {
	items := []object{}
	for _, i := range r.Items {
		items = append(items, object{"item_id": i.ID, "quantity": i.Quantity.IntPart()})
	}
	return func(b *consumer.V4RequestBuilder) {
		b.JSONBody(object{"client_id": matchers.Term("1864068364.2586726263", `^\d+\.\d+$`), "events": []object{{
			"name": name, "params": object{
				"transaction_id": r.TransactionID, "value": r.Value.InexactFloat64(), "currency": r.Currency, "event_id": r.EventID, "items": items,
			},
		}}})
	}
}

// trackingRequests are the calls of the client.
func trackingRequests() []request {
	return []request{{
		what: "a refund event", state: models.ProviderState{Name: "no event was sent"},
		describe: func(i unconfigured, secret string) *consumer.V4InteractionWithRequest {
			return i.WithRequest(http.MethodPost, "/mp/collect", ofStream(secret), collecting("refund", cancelledUnits()))
		},
		call: func(ctx context.Context, caller remote.Caller, secret string) error {
			return tracker(caller, secret).Refund(ctx, cancelledUnits())
		},
	}, {
		what: "a purchase event", state: models.ProviderState{Name: "no event was sent"},
		describe: func(i unconfigured, secret string) *consumer.V4InteractionWithRequest {
			return i.WithRequest(http.MethodPost, "/mp/collect", ofStream(secret), collecting("purchase", trackingclient.Refund(purchase())))
		},
		call: func(ctx context.Context, caller remote.Caller, secret string) error {
			return tracker(caller, secret).Purchase(ctx, purchase())
		},
	}}
}
