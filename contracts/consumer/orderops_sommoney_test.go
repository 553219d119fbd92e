//go:build pact

package consumer_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/pact-foundation/pact-go/v2/consumer"
	"github.com/pact-foundation/pact-go/v2/matchers"
	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/orderops/remote"
	"github.com/somsim/somsim/orderops/somclient"
)

// paidOrder is an order of which the money was taken and nothing was sent.
const paidOrder = "00000110"

// Ids of the examples.
const (
	authorizationID  = "0Xc000000000001AAA"
	paymentSummaryID = "0bM000000000001AAA"
	paymentID        = "0aQ000000000001AAA"
	adjustmentID     = "9tv000000000001AAA"
	refundID         = "0cb000000000001AAA"
	refundLineID     = "0dR000000000001AAA"
	operationRef     = "3000000999_1" // the payment provider's id of an operation
)

const adjustmentsPath = "/services/data/v60.0/sobjects/PaymentAuthAdjustment"

func (p somPact) recordReversal(t *testing.T) {
	i := recordingReversal().interaction(t, p.pact, " of authorised money", session).
		WillRespondWith(http.StatusCreated, body(object{"id": id(adjustmentID), "success": true}))
	p.run(t, i, func(caller remote.Caller) error {
		id, err := client(caller, session).RecordReversal(t.Context(), reversal(10))
		return expect(err, id, adjustmentID)
	})
}

func (p somPact) recordReversalUnknown(t *testing.T) {
	i := p.interaction(t, "a record of a reversal of an authorization that never was").
		Given("preset omnichannel").
		WithRequest(http.MethodPost, adjustmentsPath, authorized(session), processedMoney(
			object{"PaymentAuthorizationId": authorizationID, "Type": "Reversal", "Amount": 10})).
		WillRespondWith(http.StatusBadRequest, body(refusal(matchers.Like("INVALID_CROSS_REFERENCE_KEY"))))
	p.refuses(t, i, remote.Rejected, "INVALID_CROSS_REFERENCE_KEY", func(caller remote.Caller) error {
		_, err := client(caller, session).RecordReversal(t.Context(), reversal(10))
		return err
	})
}

func (p somPact) recordRefund(t *testing.T) {
	i := recordingRefund().interaction(t, p.pact, " of captured money", session).
		WillRespondWith(http.StatusOK, body(parts(
			answered("refund", http.StatusCreated, object{"id": id(refundID), "success": true}),
			answered("line1", http.StatusCreated, object{"id": id(refundLineID), "success": true}),
		)))
	p.run(t, i, func(caller remote.Caller) error {
		id, err := client(caller, session).RecordRefund(t.Context(), refund(10))
		return expect(err, id, refundID)
	})
}

func (p somPact) renameRefund(t *testing.T) {
	i := renamingRefund().interaction(t, p.pact, " that was made again", session).WillRespondWith(http.StatusNoContent)
	p.run(t, i, func(caller remote.Caller) error {
		return client(caller, session).RenameRefund(t.Context(), refundID, renamedTo)
	})
}

// recordRefundTooHigh is refused by the part that gives a payment back; the
// other part is undone with it.
func (p somPact) recordRefundTooHigh(t *testing.T) {
	i := p.interaction(t, "a record of a refund of more than was captured").
		GivenWithParameter(order("an order is paid", paidOrder)).
		WithRequest(http.MethodPost, compositePath, authorized(session), refundOf(100000)).
		WillRespondWith(http.StatusOK, body(parts(
			answered("refund", http.StatusBadRequest, refusal(matchers.S("PROCESSING_HALTED"))),
			answered("line1", http.StatusBadRequest, refusal(matchers.Like("FIELD_INTEGRITY_EXCEPTION"))),
		)))
	p.refuses(t, i, remote.Rejected, "FIELD_INTEGRITY_EXCEPTION", func(caller remote.Caller) error {
		_, err := client(caller, session).RecordRefund(t.Context(), refund(100000))
		return err
	})
}

func (p somPact) recordRefundLocked(t *testing.T) {
	locked := lockedRecords()[0]
	r := recordingRefund()
	i := r.describe(p.interaction(t, r.what+locked.when).GivenWithParameter(r.state).Given(locked.state), session).
		WillRespondWith(http.StatusOK, body(parts(
			answered("refund", http.StatusBadRequest, refusal(matchers.S(somclient.LockedRow))),
			answered("line1", http.StatusBadRequest, refusal(matchers.S("PROCESSING_HALTED"))),
		)))
	p.refuses(t, i, remote.Conflict, somclient.LockedRow, func(caller remote.Caller) error {
		_, err := client(caller, session).RecordRefund(t.Context(), refund(10))
		return err
	})
}

// recorded looks for an operation in three states of the record.
func (p somPact) recorded(t *testing.T) {
	captured := rows(object{"Id": id(paymentID), "Amount": matchers.Like(60), "NetRefundApplied": matchers.Like(20)})
	cases := []struct {
		state, request       string
		adjustments, refunds object
		want                 string
	}{
		{"an order is paid", "a look for an operation that is not on record", noRows(), noRows(), ""},
		{"a reversal and a payment are on record", "a look for a reversal that is on record", rows(object{"Id": id(adjustmentID)}), noRows(), adjustmentID},
		{"a refund is on record", "a look for a refund that is on record", noRows(), rows(object{"Id": id(refundID)}), refundID},
	}
	for _, c := range cases {
		t.Run(c.request, func(t *testing.T) {
			i := p.interaction(t, c.request).
				GivenWithParameter(order(c.state, paidOrder)).
				WithRequest(http.MethodPost, compositePath, authorized(session), lookingFor(t, operationRef)).
				WillRespondWith(http.StatusOK, body(parts(
					answered("adjustments", http.StatusOK, c.adjustments),
					answered("refunds", http.StatusOK, c.refunds),
					answered("payments", http.StatusOK, captured),
				)))
			p.run(t, i, func(caller remote.Caller) error {
				got, err := client(caller, session).Recorded(t.Context(), operationRef, paymentSummaryID)
				want := somclient.Record{ID: c.want, Captures: []somclient.Capture{{PaymentID: paymentID, Left: decimal.NewFromInt(40)}}}
				return expect(err, got, want)
			})
		})
	}
}

// recordedUnread meets a part that cannot be answered: then nothing is known.
func (p somPact) recordedUnread(t *testing.T) {
	i := p.interaction(t, "a look for what is on record that may not see refunds").
		GivenWithParameter(order("an order is paid", paidOrder)).
		Given("refunds may not be seen").
		WithRequest(http.MethodPost, compositePath, authorized(session), lookingFor(t, operationRef)).
		WillRespondWith(http.StatusOK, body(parts(
			answered("adjustments", http.StatusOK, noRows()),
			answered("refunds", http.StatusBadRequest, refusal(matchers.S("INVALID_TYPE"))),
			answered("payments", http.StatusOK, rows(object{"Id": id(paymentID)})),
		)))
	p.refuses(t, i, remote.Unavailable, "INVALID_TYPE", func(caller remote.Caller) error {
		_, err := client(caller, session).Recorded(t.Context(), operationRef, paymentSummaryID)
		return err
	})
}

// moved is when the money of the examples moved.
func moved() time.Time { return time.Date(2026, 6, 1, 10, 0, 0, 0, time.UTC) }

func reversal(amount int64) somclient.Reversal {
	return somclient.Reversal{AuthorizationID: authorizationID, Amount: decimal.NewFromInt(amount), Reference: operationRef, At: moved()}
}

func refund(amount int64) somclient.Refund {
	return somclient.Refund{
		OrderPaymentSummaryID: paymentSummaryID, Amount: decimal.NewFromInt(amount), Reference: operationRef, At: moved(),
		Lines: []somclient.RefundLine{{PaymentID: paymentID, Amount: decimal.NewFromInt(amount)}},
	}
}

func reversalOf(amount int) consumer.V4RequestBuilderFunc {
	return processedMoney(object{
		"PaymentAuthorizationId": fromState("${paymentAuthorizationId}", authorizationID), "Type": "Reversal", "Amount": amount,
	})
}

// refundOf is a refund with the one payment that it gives back, all or none.
func refundOf(amount int) consumer.V4RequestBuilderFunc {
	return func(b *consumer.V4RequestBuilder) {
		b.JSONBody(object{"allOrNone": true, "compositeRequest": []object{
			{
				"method": http.MethodPost, "url": "/services/data/v60.0/sobjects/Refund", "referenceId": "refund",
				"body": processed(object{
					"OrderPaymentSummaryId": fromState("${orderPaymentSummaryId}", paymentSummaryID), "Type": "Referenced", "Amount": amount,
				}),
			},
			{
				"method": http.MethodPost, "url": "/services/data/v60.0/sobjects/RefundLinePayment", "referenceId": "line1",
				"body": object{
					"RefundId": "@{refund.id}", "PaymentId": fromState("${paymentId}", paymentID), "Amount": amount, "Type": "Applied",
				},
			},
		}})
	}
}

func processedMoney(row object) consumer.V4RequestBuilderFunc {
	return func(b *consumer.V4RequestBuilder) { b.JSONBody(processed(row)) }
}

// processed adds what all rows of money have that moved outside of Salesforce.
func processed(row object) object {
	const at = "2026-06-01T10:00:00.000Z"
	for name, value := range (object{
		"ProcessingMode": "External", "Status": "Processed", "GatewayRefNumber": operationRef, "SfResultCode": "Success",
		"GatewayDate": at, "Date": at, "EffectiveDate": at,
	}) {
		row[name] = value
	}
	return row
}

// lookingFor is the composite request that the client sends, with the payment
// summary for the provider to name. SOQL is the client's business.
func lookingFor(t *testing.T, reference string) consumer.V4RequestBuilderFunc {
	t.Helper()
	raw := sentBy(t, func(caller remote.Caller) {
		_, _ = client(caller, session).Recorded(t.Context(), reference, paymentSummaryID)
	})
	document := decoded(t, raw)
	parts, _ := document["compositeRequest"].([]any)
	for _, part := range parts {
		fields, _ := part.(map[string]any)
		if address, _ := fields["url"].(string); strings.Contains(address, paymentSummaryID) {
			fields["url"] = fromState(strings.Replace(address, paymentSummaryID, "${orderPaymentSummaryId}", 1), address)
		}
	}
	return func(b *consumer.V4RequestBuilder) { b.JSONBody(document) }
}
