package history

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/orderops/somclient"
)

// What was released, taken and paid back is shown, in sums and one by one.
func TestPaymentsAndRefundsAreShown(t *testing.T) {
	t.Parallel()
	d := decimal.RequireFromString
	p := somclient.OrderPaymentSummary{
		ID: "0bM1", Method: "Visa", Type: "Credit Card", AuthorizationAmount: d("35"), ReversedAmount: d("5"), CapturedAmount: d("30"),
		RefundedAmount: d("10.5"),
	}
	at := somclient.Time{Time: time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC)}
	p.Payments.Records = []somclient.Transaction{{ID: "0aQ1", Amount: d("30"), Status: "Processed", GatewayRefNumber: "3000_1", EffectiveDate: at}}
	p.Refunds.Records = []somclient.Transaction{{ID: "0cb1", Amount: d("10.5"), Status: "Pending", GatewayRefNumber: "3000_2"}}
	var s somclient.OrderSummary
	s.Payments.Records = []somclient.OrderPaymentSummary{p}
	raw, err := json.Marshal(view{summary: s}.describe(time.Time{}).Payments)
	if err != nil {
		t.Fatal(err)
	}
	want := `[{"id":"0bM1","method":"Visa","type":"Credit Card","authorized":35,"released":5,"captured":30,"refunded":10.5,"balance":19.5,` +
		`"captures":[{"id":"0aQ1","amount":30,"status":"Processed","at":"2026-03-02T10:00:00Z"}],` +
		`"refunds":[{"id":"0cb1","amount":10.5,"status":"Pending","at":null}],"custom":null}]`
	if diff := cmp.Diff(want, string(raw)); diff != "" {
		t.Errorf("payments (-want +got):\n%s", diff)
	}
}
