package somrest_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
)

// The ids of the order's payment rows: one summary, its authorization and the payment that captured all of it.
const (
	summaryID       = "0bM5i0000000001EAA"
	authorizationID = "0Xc5i0000000001CAA"
	paymentID       = "0aQ5i0000000001EAA"
)

// create posts a row and returns its id.
func (s *server) create(object, body string) string {
	s.t.Helper()
	w := s.do("POST", base+"/sobjects/"+object, body)
	var out struct {
		ID      string
		Success bool
		Errors  []any
	}
	if err := json.Unmarshal(w.Body.Bytes(), &out); err != nil || w.Code != http.StatusCreated || !out.Success || out.Errors == nil {
		s.t.Fatalf("%d %s", w.Code, w.Body)
	}
	if got := w.Header().Get("Location"); got != base+"/sobjects/"+object+"/"+out.ID {
		s.t.Errorf("Location %q", got)
	}
	return out.ID
}

// row reads fields of a row as text.
func (s *server) row(object, id, fields string) string {
	s.t.Helper()
	w := s.do("GET", base+"/sobjects/"+object+"/"+id+"?fields="+fields, "")
	var out map[string]any
	if err := json.Unmarshal(w.Body.Bytes(), &out); err != nil || w.Code != http.StatusOK {
		s.t.Fatalf("%d %s", w.Code, w.Body)
	}
	delete(out, "attributes")
	delete(out, "Id")
	text, _ := json.Marshal(out)
	return string(text)
}

const rollUps = "AuthorizationReversalAmount,CapturedAmount,RefundedAmount,AvailableToRefundAmount,AvailableToCaptureAmount,PendingRefundAmount"

// A cancel of paid goods leaves an excess, and recording its refund takes the excess away again.
func TestRecordedRefundSettlesTheExcess(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	cancel := func(action string) string {
		w := s.do("POST", base+"/commerce/order-management/order-summaries/"+orderID+"/actions/"+action,
			`{"changeItems":[{"orderItemSummaryId":"`+jacketID+`","quantity":1,"reason":"Unknown","shippingReductionFlag":false}]}`)
		var out struct {
			ChangeBalances struct{ TotalExcessFundsAmount json.Number }
		}
		if err := json.Unmarshal(w.Body.Bytes(), &out); err != nil || w.Code != http.StatusCreated {
			s.t.Fatalf("%d %s", w.Code, w.Body)
		}
		return out.ChangeBalances.TotalExcessFundsAmount.String()
	}
	if got := cancel("submit-cancel"); got != "55.0" {
		t.Fatalf("excess %s", got)
	}
	s.create("Refund", `{"OrderPaymentSummaryId":"`+summaryID+`","Amount":50,"ProcessingMode":"External","Status":"Processed","Type":"Referenced","GatewayRefNumber":"w-2"}`)
	if got := cancel("preview-cancel"); got != "60.0" { // 55 of the first unit, less 50, and 55 of the second
		t.Errorf("excess after the refund %s", got)
	}
	s.create("Refund", `{"OrderPaymentSummaryId":"`+summaryID+`","Amount":5,"ProcessingMode":"External","Status":"Pending","Type":"Referenced"}`)
	want := `{"AuthorizationReversalAmount":0,"AvailableToCaptureAmount":0,"AvailableToRefundAmount":61.59,"CapturedAmount":116.59,"PendingRefundAmount":5,"RefundedAmount":50}`
	if got := s.row("OrderPaymentSummary", summaryID, rollUps); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestReversalLowersTheAuthorization(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	id := s.create("PaymentAuthAdjustment", `{"attributes":{"type":"PaymentAuthAdjustment"},"PaymentAuthorizationId":"`+authorizationID[:15]+`","Amount":"16.59",
		"ProcessingMode":"External","Status":"Processed","Type":"reversal","GatewayRefNumber":"w-3","Date":"2026-03-01T12:00:00Z"}`)
	want := `{"Amount":16.59,"CurrencyIsoCode":"EUR","GatewayRefNumber":"w-3","PaymentAuthorizationId":"` + authorizationID + `","Type":"Reversal"}`
	if got := s.row("PaymentAuthAdjustment", id, "Amount,CurrencyIsoCode,GatewayRefNumber,PaymentAuthorizationId,Type"); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if got := s.row("PaymentAuthorization", authorizationID, "Balance,TotalAuthReversalAmount,TotalPaymentCaptureAmount"); got != `{"Balance":-16.59,"TotalAuthReversalAmount":16.59,"TotalPaymentCaptureAmount":116.59}` {
		t.Errorf("authorization %s", got)
	}
	if got := s.row("OrderPaymentSummary", summaryID, "AuthorizationReversalAmount"); got != `{"AuthorizationReversalAmount":16.59}` {
		t.Errorf("summary %s", got)
	}
}

// A refund and what it gives back are recorded in one call, or not at all.
func TestRefundWithItsLineInAComposite(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	composite := func(amount, lineAmount string) []part {
		return s.parts(s.do("POST", base+"/composite", `{"allOrNone":true,"compositeRequest":[
			{"method":"POST","referenceId":"refund","url":"`+base+`/sobjects/Refund","body":{"OrderPaymentSummaryId":"`+summaryID+`","Amount":`+amount+`,
				"ProcessingMode":"External","Status":"Processed","Type":"Referenced","GatewayRefNumber":"w-4"}},
			{"method":"POST","referenceId":"line","url":"`+base+`/sobjects/RefundLinePayment","body":{"RefundId":"@{refund.id}","PaymentId":"`+paymentID+`",
				"Amount":`+lineAmount+`,"Type":"Applied"}}]}`))
	}
	before := s.row("OrderPaymentSummary", summaryID, rollUps)
	parts := composite("10", "11")
	if parts[0].HTTPStatusCode != 400 || !strings.Contains(string(parts[0].Body), "PROCESSING_HALTED") || !strings.Contains(string(parts[1].Body), "FIELD_INTEGRITY_EXCEPTION") {
		t.Fatalf("too large a line: %s %s", parts[0].Body, parts[1].Body)
	}
	if got := s.row("OrderPaymentSummary", summaryID, rollUps); got != before {
		t.Errorf("rolled back, but the summary went from %s to %s", before, got)
	}
	if w := s.soql("SELECT Id FROM Refund"); !strings.Contains(w.Body.String(), `"totalSize":0`) {
		t.Errorf("rolled back, but there is %s", w.Body)
	}
	parts = composite("10", "10")
	if parts[0].HTTPStatusCode != 201 || parts[1].HTTPStatusCode != 201 {
		t.Fatalf("%s %s", parts[0].Body, parts[1].Body)
	}
	if got := s.row("Payment", paymentID, "NetRefundApplied,Balance"); got != `{"Balance":116.59,"NetRefundApplied":10}` {
		t.Errorf("payment %s", got)
	}
	w := s.soql("SELECT Balance, (SELECT PaymentBalance, RefundBalance, HasBeenUnapplied FROM RefundLinePayments) FROM Refund")
	if !strings.Contains(w.Body.String(), `"Balance":0.0`) || !strings.Contains(w.Body.String(), `"PaymentBalance":106.59,"RefundBalance":0.0,"HasBeenUnapplied":"No"`) {
		t.Errorf("refund %s", w.Body)
	}
}

func TestCapturesMadeElsewhere(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	s.create("Payment", `{"PaymentAuthorizationId":"`+authorizationID+`","Amount":1.5,"ProcessingMode":"External","Status":"Processed","Type":"Capture"}`)
	if got := s.row("OrderPaymentSummary", summaryID, "CapturedAmount"); got != `{"CapturedAmount":118.09}` {
		t.Errorf("summary %s", got)
	}
	if got := s.row("PaymentAuthorization", authorizationID, "TotalPaymentCaptureAmount"); got != `{"TotalPaymentCaptureAmount":118.09}` {
		t.Errorf("authorization %s", got)
	}
}

func TestCreateRefusals(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	refund := func(more string) string {
		return `{"OrderPaymentSummaryId":"` + summaryID + `","Amount":1,"ProcessingMode":"External","Status":"Processed","Type":"Referenced"` + more + `}`
	}
	line := func(refundID, fields string) string {
		return `{"RefundId":"` + refundID + `","PaymentId":"` + paymentID + `",` + fields + `}`
	}
	pending := s.create("Refund", `{"OrderPaymentSummaryId":"`+summaryID+`","Amount":1,"ProcessingMode":"External","Status":"Pending","Type":"Referenced"}`)
	processed := s.create("Refund", `{"Amount":200,"ProcessingMode":"External","Status":"Processed","Type":"NonReferenced"}`)
	before := s.row("OrderPaymentSummary", summaryID, rollUps)
	cases := []struct {
		name, object, body, code, message, rule string
		fields                                  string
	}{
		{"nothing", "Refund", `{}`, "REQUIRED_FIELD_MISSING", "Required fields are missing: [Amount, ProcessingMode, Status, Type]", "som.data.field-required", `["Amount","ProcessingMode","Status","Type"]`},
		{"null for a required field", "Refund", refund(`,"Amount":null`), "REQUIRED_FIELD_MISSING", "Required fields are missing: [Amount]", "som.data.field-required", `["Amount"]`},
		{"an adjustment of nothing", "PaymentAuthAdjustment", `{"Amount":1}`, "REQUIRED_FIELD_MISSING", "Required fields are missing: [PaymentAuthorizationId, ProcessingMode, Status, Type]", "som.data.field-required", ""},
		{"a line of nothing", "RefundLinePayment", `{"Amount":1,"Type":"Applied"}`, "REQUIRED_FIELD_MISSING", "Required fields are missing: [PaymentId, RefundId]", "som.data.field-required", ""},
		{"an unknown field", "Refund", refund(`,"Colour":1`), "INVALID_FIELD", "No such column 'Colour' on sobject of type Refund", "som.data.field-exists", `["Colour"]`},
		{"a computed field", "Refund", refund(`,"Balance":1`), "INVALID_FIELD_FOR_INSERT_UPDATE", "Unable to create/update fields: Balance.", "som.data.field-writable", `["Balance"]`},
		{"an id", "Refund", refund(`,"Id":"0cb5i0000000009AAA"`), "INVALID_FIELD_FOR_INSERT_UPDATE", "cannot specify Id in an insert call", "som.data.insert-id", `["Id"]`},
		{"a value no picklist has", "Refund", refund(`,"Status":"Done"`), "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", "Status: bad value for restricted picklist field: Done", "som.data.picklist-value", `["Status"]`},
		{"too long a text", "Refund", refund(`,"GatewayResultCode":"` + strings.Repeat("x", 65) + `"`), "STRING_TOO_LONG", "Gateway Result Code: data value too large", "som.data.text-length", `["GatewayResultCode"]`},
		{"a row that is not there", "Refund", refund(`,"OrderPaymentSummaryId":"0bM5i0000000009EAA"`), "INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id", "som.data.reference-exists", `["OrderPaymentSummaryId"]`},
		{"a row of another object", "Refund", refund(`,"OrderPaymentSummaryId":"` + orderID + `"`), "FIELD_INTEGRITY_EXCEPTION", "Order Payment Summary ID: id value of incorrect type", "som.data.reference-object", ""},
		{"no id", "Refund", refund(`,"OrderPaymentSummaryId":"x"`), "MALFORMED_ID", "", "som.data.reference-form", ""},
		{"a text for an amount", "Refund", refund(`,"Amount":"much"`), "JSON_PARSER_ERROR", "Cannot deserialize", "som.data.field-type", ""},
		{"through a gateway", "Refund", refund(`,"ProcessingMode":"Salesforce"`), "FIELD_INTEGRITY_EXCEPTION", "", "som.payment.external-only", `["ProcessingMode"]`},
		{"nothing to move", "Refund", refund(`,"Amount":0`), "FIELD_INTEGRITY_EXCEPTION", "", "som.payment.amount-positive", ""},
		{"another currency", "Refund", refund(`,"CurrencyIsoCode":"USD"`), "FIELD_INTEGRITY_EXCEPTION", "", "som.payment.currency", ""},
		{"a line of a pending refund", "RefundLinePayment", line(pending, `"Amount":1,"Type":"Applied"`), "FIELD_INTEGRITY_EXCEPTION", "", "som.refund-line.processed", ""},
		{"a line above the refund", "RefundLinePayment", line(processed, `"Amount":201,"Type":"Applied"`), "FIELD_INTEGRITY_EXCEPTION", "", "som.refund-line.refund-balance", ""},
		{"a line above the payment", "RefundLinePayment", line(processed, `"Amount":117,"Type":"Applied"`), "FIELD_INTEGRITY_EXCEPTION", "", "som.refund-line.payment-balance", ""},
		{"a line of nothing at all", "RefundLinePayment", line(processed, `"Amount":-1,"Type":"Applied"`), "FIELD_INTEGRITY_EXCEPTION", "", "som.payment.amount-positive", ""},
		{"a line taken off again", "RefundLinePayment", line(processed, `"Amount":1,"Type":"Unapplied"`), "FIELD_INTEGRITY_EXCEPTION", "", "som.refund-line.applied-only", ""},
		{"an order", "OrderSummary", `{"Status":"Created"}`, "INVALID_TYPE_FOR_OPERATION", "entity type cannot be inserted: Order Summary", "som.data.creatable", ""},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			w := s.do("POST", base+"/sobjects/"+tc.object, tc.body)
			s.wantError(w, http.StatusBadRequest, tc.code, tc.message)
			if rule := s.lastRule(); rule != tc.rule {
				t.Errorf("rule %q, want %q", rule, tc.rule)
			}
			if tc.fields != "" && !strings.Contains(w.Body.String(), `"fields":`+tc.fields) {
				t.Errorf("fields of %s, want %s", w.Body, tc.fields)
			}
		})
	}
	if got := s.row("OrderPaymentSummary", summaryID, rollUps); got != before {
		t.Errorf("refused, but the summary went from %s to %s", before, got)
	}
	s.wantError(s.do("POST", base+"/sobjects/Spaceship", `{}`), http.StatusNotFound, "NOT_FOUND", "")
	s.wantError(s.do("POST", base+"/sobjects/Refund", `[]`), http.StatusBadRequest, "JSON_PARSER_ERROR", "")
	s.wantError(s.do("PUT", base+"/sobjects/Refund", `{}`), http.StatusMethodNotAllowed, "METHOD_NOT_ALLOWED", "")
}
