package settle

import (
	"testing"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/orderops/somclient"
)

// TestWhatPaymentsHold reads what cards still hold and what a gift certificate is still owed out of an order's rows.
func TestWhatPaymentsHold(t *testing.T) {
	t.Parallel()
	amount := decimal.NewFromInt
	row := func(value int64, reference, status string) somclient.Transaction {
		return somclient.Transaction{ID: reference, Amount: amount(value), Status: status, GatewayRefNumber: reference}
	}
	summary := func(authorized, reversed int64, payments, refunds []somclient.Transaction) somclient.OrderPaymentSummary {
		return somclient.OrderPaymentSummary{
			AuthorizationAmount: amount(authorized), ReversedAmount: amount(reversed),
			Payments: somclient.Rows[somclient.Transaction]{Records: payments}, Refunds: somclient.Rows[somclient.Transaction]{Records: refunds},
		}
	}
	type rows = []somclient.Transaction
	for _, tc := range []struct {
		name            string
		summary         somclient.OrderPaymentSummary
		held, elsewhere int64
	}{
		{"authorised", summary(100, 0, nil, nil), 100, 0},
		{"authorised, a part let go", summary(100, 30, nil, nil), 70, 0},
		{"a part taken, the rest still authorised", summary(100, 0, rows{row(60, "p1_1", "Processed")}, nil), 100, 0},
		{"a part taken, the rest let go", summary(100, 40, rows{row(60, "p1_1", "Processed")}, nil), 60, 0},
		{"taken at once, a part given back", summary(0, 0, rows{row(100, "p1", "Processed")}, rows{row(25, "p1_2", "Processed")}), 75, 0},
		{"a refund that failed gave nothing back", summary(0, 0, rows{row(100, "p1", "Processed")}, rows{row(25, "p1_2", "Failed")}), 100, 0},
		{"a gift certificate", summary(0, 0, rows{row(40, "", "Processed")}, rows{row(15, "", "Processed")}), 0, 25},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			var o somclient.OrderSummary
			o.Payments.Records = []somclient.OrderPaymentSummary{tc.summary}
			if got := PaidBy(o); !got.Held.Equal(amount(tc.held)) || !got.Elsewhere.Equal(amount(tc.elsewhere)) {
				t.Errorf("%s held and %s paid elsewhere, want %d and %d", got.Held, got.Elsewhere, tc.held, tc.elsewhere)
			}
		})
	}
}
