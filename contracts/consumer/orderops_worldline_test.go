//go:build pact

package consumer_test

import (
	"net/http"
	"testing"

	"github.com/pact-foundation/pact-go/v2/matchers"

	"github.com/somsim/somsim/orderops/remote"
	"github.com/somsim/somsim/orderops/worldlineclient"
)

// worldlinePact holds one method for each kind of interaction.
type worldlinePact struct{ *pact }

func TestOrderOpsAsksOfWorldline(t *testing.T) {
	t.Setenv("PACT_DO_NOT_TRACK", "true")
	p := worldlinePact{newPact(t, "order-ops", "worldline")}
	p.inspect = rightlySigned
	t.Run("payments", p.payments)
	t.Run("unknown payment", p.unknownPayment)
	t.Run("void", p.void)
	t.Run("void refused", p.voidRefused)
	t.Run("refund", p.refund)
	t.Run("refund refused", p.refundRefused)
	t.Run("under way", p.underWay)
	const unknownKey = "MISSING_OR_INVALID_AUTHORIZATION"
	p.unauthorized(t, worldlineRequests(), http.StatusForbidden, remote.Unauthorized, unknownKey, body(paymentError(matchers.S(unknownKey))))
	p.failing(t, worldlineRequests(), outages(), apiKey, nil)
	p.settle(t)
}

// paymentSeen is what order-ops makes of a payment.
type paymentSeen struct {
	Status             string
	Open, Refundable   int64
	Cancellable, Found bool
}

// payments reads a payment in each of its states.
func (p worldlinePact) payments(t *testing.T) {
	authorisation := moneyOperation("3000000101_0", "PENDING_CAPTURE", 10000, nil)
	captured := moneyOperation("3000000101_1", "CAPTURED", 10000, nil)
	cases := []struct {
		state, number string
		document      object
		want          paymentSeen
	}{
		{
			"the payment of an order is authorised", unallocatedOrder,
			paymentDocument("PENDING_CAPTURE", true, authorisation),
			paymentSeen{"PENDING_CAPTURE", 10000, 0, true, false},
		},
		{
			"the payment of an order is captured", paidOrder,
			paymentDocument("CAPTURED", false, authorisation, captured),
			paymentSeen{"CAPTURED", 0, 10000, false, false},
		},
		{
			"money of an order was voided under the key", unallocatedOrder,
			paymentDocument("PENDING_CAPTURE", true, authorisation, moneyOperation("3000000101_1", "CANCELLED", 1000, ofKey())),
			paymentSeen{"PENDING_CAPTURE", 9000, 0, true, true},
		},
		{
			"money of an order was refunded under the key", paidOrder,
			paymentDocument("CAPTURED", false, authorisation, captured, moneyOperation("3000000101_2", "REFUND_REQUESTED", 1000, ofKey())),
			paymentSeen{"CAPTURED", 0, 9000, false, true},
		},
		{
			"the authorisation of an order has lapsed", unallocatedOrder,
			paymentDocument("CANCELLED", false, authorisation, moneyOperation("3000000101_1", "CANCELLED", 10000, nil)),
			paymentSeen{"CANCELLED", 0, 0, false, false},
		},
	}
	for _, c := range cases {
		t.Run(c.state, func(t *testing.T) {
			i := p.interaction(t, "a question for a payment when "+c.state).
				GivenWithParameter(order(c.state, c.number)).
				WithRequestPathMatcher(http.MethodGet, paymentPath("/details"), signed(apiKey)).
				WillRespondWith(http.StatusOK, body(c.document))
			p.run(t, i, func(caller remote.Caller) error {
				payment, err := merchant(caller, apiKey).Payment(t.Context(), paymentNo)
				_, found := payment.Operation(moveKey)
				return expect(err, paymentSeen{payment.Status, payment.Open(), payment.Refundable(), payment.Cancellable, found}, c.want)
			})
		})
	}
}

func (p worldlinePact) unknownPayment(t *testing.T) {
	const path, code = "/v2/somsim/payments/" + unknownPayNo, "UNKNOWN_PAYMENT_ID"
	answer := body(paymentError(matchers.S(code)))
	read := p.interaction(t, "a question for a payment that never was").Given("preset omnichannel").
		WithRequest(http.MethodGet, path+"/details", signed(apiKey)).WillRespondWith(http.StatusNotFound, answer)
	p.refuses(t, read, remote.NotFound, code, func(caller remote.Caller) error {
		_, err := merchant(caller, apiKey).Payment(t.Context(), unknownPayNo)
		return err
	})
	void := p.interaction(t, "a void of a payment that never was").Given("preset omnichannel").
		WithRequest(http.MethodPost, path+"/cancel", signed(apiKey), underKey(moveKey), voiding(1000, payCurrency, false)).
		WillRespondWith(http.StatusNotFound, answer)
	p.refuses(t, void, remote.NotFound, code, func(caller remote.Caller) error {
		return merchant(caller, apiKey).Void(t.Context(), unknownPayNo, movement(1000, false))
	})
	refund := p.interaction(t, "a refund of a payment that never was").Given("preset omnichannel").
		WithRequest(http.MethodPost, path+"/refund", signed(apiKey), underKey(moveKey), refunding(1000)).
		WillRespondWith(http.StatusNotFound, answer)
	p.refuses(t, refund, remote.NotFound, code, func(caller remote.Caller) error {
		_, err := merchant(caller, apiKey).Refund(t.Context(), unknownPayNo, movement(1000, false))
		return err
	})
}

// void gives money back, once under a key.
func (p worldlinePact) void(t *testing.T) {
	cases := []struct {
		state, request string
		final          bool
	}{
		{"the payment of an order is authorised", "a void of a part", false},
		{"the payment of an order is authorised", "a void after which nothing is captured", true},
		{"money of an order was voided under the key", "the same void again", false},
	}
	for _, c := range cases {
		t.Run(c.request, func(t *testing.T) {
			i := p.interaction(t, c.request).
				GivenWithParameter(order(c.state, unallocatedOrder)).
				WithRequestPathMatcher(http.MethodPost, paymentPath("/cancel"), signed(apiKey), underKey(moveKey), voiding(1000, payCurrency, c.final)).
				WillRespondWith(http.StatusOK)
			p.run(t, i, func(caller remote.Caller) error {
				return merchant(caller, apiKey).Void(t.Context(), paymentNo, movement(1000, c.final))
			})
		})
	}
}

func (p worldlinePact) voidRefused(t *testing.T) {
	cases := []struct {
		state, number, request, code, currency string
		amount                                 int64
		class                                  remote.Class
	}{
		{"the payment of an order is captured", paidOrder, "a void of what was captured", worldlineclient.OperationNotPossible, payCurrency, 1000, remote.Conflict},
		{"the authorisation of an order has lapsed", unallocatedOrder, "a void of what has lapsed", worldlineclient.OperationNotPossible, payCurrency, 1000, remote.Conflict},
		{"the payment of an order is authorised", unallocatedOrder, "a void of more than was authorised", worldlineclient.OperationNotPossible, payCurrency, 99999999, remote.Conflict},
		{"the payment of an order is authorised", unallocatedOrder, "a void in another currency", "INVALID_PARAMETER_VALUE", "JPY", 1000, remote.Rejected},
	}
	for _, c := range cases {
		t.Run(c.request, func(t *testing.T) {
			i := p.interaction(t, c.request).
				GivenWithParameter(order(c.state, c.number)).
				WithRequestPathMatcher(http.MethodPost, paymentPath("/cancel"), signed(apiKey), underKey(moveKey), voiding(int(c.amount), c.currency, false)).
				WillRespondWith(http.StatusBadRequest, body(paymentError(matchers.S(c.code))))
			p.refuses(t, i, c.class, c.code, func(caller remote.Caller) error {
				m := movement(c.amount, false)
				m.Currency = c.currency
				return merchant(caller, apiKey).Void(t.Context(), paymentNo, m)
			})
		})
	}
}

// refund pays money back, once under a key.
func (p worldlinePact) refund(t *testing.T) {
	cases := []struct{ state, request string }{
		{"the payment of an order is captured", "a refund of a part"},
		{"money of an order was refunded under the key", "the same refund again"},
	}
	for _, c := range cases {
		t.Run(c.request, func(t *testing.T) {
			i := p.interaction(t, c.request).
				GivenWithParameter(order(c.state, paidOrder)).
				WithRequestPathMatcher(http.MethodPost, paymentPath("/refund"), signed(apiKey), underKey(moveKey), refunding(1000)).
				WillRespondWith(http.StatusCreated, body(object{
					"id": matchers.Term("3000000101_2", `^\d+_2$`), "status": matchers.Term("REFUND_REQUESTED", "^(REFUND_REQUESTED|REFUNDED)$"),
					"statusOutput": object{"statusCodeChangeDateTime": matchers.Term("20260601100000", `^\d{14}$`)},
				}))
			p.run(t, i, func(caller remote.Caller) error {
				got, err := merchant(caller, apiKey).Refund(t.Context(), paymentNo, movement(1000, false))
				want := worldlineclient.Operation{ID: "3000000101_2", Status: "REFUND_REQUESTED", Amount: 1000, Reference: moveKey, At: moved()}
				return expect(err, got, want)
			})
		})
	}
}

func (p worldlinePact) refundRefused(t *testing.T) {
	cases := []struct {
		state, number, request string
		amount                 int64
	}{
		{"the payment of an order is authorised", unallocatedOrder, "a refund of what was not captured", 1000},
		{"the payment of an order is captured", paidOrder, "a refund of more than was captured", 99999999},
	}
	for _, c := range cases {
		t.Run(c.request, func(t *testing.T) {
			i := p.interaction(t, c.request).
				GivenWithParameter(order(c.state, c.number)).
				WithRequestPathMatcher(http.MethodPost, paymentPath("/refund"), signed(apiKey), underKey(moveKey), refunding(int(c.amount))).
				WillRespondWith(http.StatusBadRequest, body(paymentError(matchers.S(worldlineclient.OperationNotPossible))))
			p.refuses(t, i, remote.Conflict, worldlineclient.OperationNotPossible, func(caller remote.Caller) error {
				_, err := merchant(caller, apiKey).Refund(t.Context(), paymentNo, movement(c.amount, false))
				return err
			})
		})
	}
}

// underWay meets a first call under the same key that is still running: it is
// worth asking again.
func (p worldlinePact) underWay(t *testing.T) {
	const code = "DUPLICATE_REQUEST"
	for _, r := range worldlineRequests()[1:] {
		const when = " while the first one under its key is running"
		t.Run(r.what+when, func(t *testing.T) {
			i := r.describe(p.interaction(t, r.what+when).GivenWithParameter(r.state).Given("the first call under the key is still running"), apiKey).
				WillRespondWith(http.StatusConflict, body(paymentError(matchers.Like(code))))
			p.refuses(t, i, remote.Unavailable, code, func(caller remote.Caller) error { return r.call(t.Context(), caller, apiKey) })
		})
	}
}
