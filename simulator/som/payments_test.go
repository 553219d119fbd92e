package som

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/somsim/somsim/simulator/sandbox"
)

func TestMoveMoney(t *testing.T) {
	t.Parallel()
	const key = "k-1"
	authorization := func(o testOrder) string { return o.rows(objAuthorization, "Id")[0] }
	payment := func(o testOrder) string { return o.rows(objPayment, "Id")[0] }
	type way = func(*SOM, *sandbox.Tx, string, MoveMoney) (MoneyMoved, error)
	cases := []struct {
		name   string
		way    way
		of     func(testOrder) string
		amount string
		key    string
		final  bool
		rule   string
		want   string
	}{
		{"captures", (*SOM).CapturePayment, authorization, "40", "", false, "", "16.59 100 0"},
		{"captures once for a key", (*SOM).CapturePayment, authorization, "40", key, false, "", "16.59 100 0"},
		{"captures and lets the rest go", (*SOM).CapturePayment, authorization, "40", "", true, "", "0 100 0"},
		{"reverses", (*SOM).ReverseAuthorization, authorization, "56.59", "", false, "", "0 60 0"},
		{"refunds", (*SOM).RefundPayment, payment, "60", "", false, "", "56.59 60 60"},
		{"captures no more than there is", (*SOM).CapturePayment, authorization, "56.60", "", false, "som.payments.amount-available", "56.59 60 0"},
		{"refunds no more than there is", (*SOM).RefundPayment, payment, "60.01", "", false, "som.payments.amount-available", "56.59 60 0"},
		{"moves something", (*SOM).RefundPayment, payment, "0", "", false, "som.payments.amount-positive", "56.59 60 0"},
		{"captures no payment", (*SOM).CapturePayment, payment, "1", "", false, "som.connect.record-exists", "56.59 60 0"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			o := newTestOrg(t).paid(&till{}, NewPayment{Authorized: dec("116.59"), Captured: dec("60")})
			in := MoveMoney{ID: c.of(o), Amount: dec(c.amount), IdempotencyKey: c.key, Final: c.final}
			var ids []string
			for range 1 + len(c.key)/len(key) {
				rule := o.try(func(tx *sandbox.Tx) error {
					moved, err := c.way(o.SOM, tx, "", in)
					if err == nil {
						ids = append(ids, moved.Row.ID+moved.Log.ID)
					}
					return err
				})
				if rule != c.rule {
					t.Fatalf("refused by %q, not by %q", rule, c.rule)
				}
			}
			if len(ids) == 2 && ids[0] != ids[1] {
				t.Errorf("one key, two movements: %q", ids)
			}
			if diff := cmp.Diff([]string{c.want}, o.rows(objOrderPaymentSummary, "AvailableToCaptureAmount", "CapturedAmount", "RefundedAmount")); diff != "" {
				t.Errorf("capturable, captured, refunded (-want +got):\n%s", diff)
			}
		})
	}
}

func TestAMovementThatTheProviderDeclines(t *testing.T) {
	t.Parallel()
	o := newTestOrg(t).paid(&till{declines: true}, authorized("116.59"))
	o.write(func(tx *sandbox.Tx) error {
		moved, err := o.CapturePayment(tx, "", MoveMoney{ID: o.rows(objAuthorization, "Id")[0], Amount: dec("10"), Final: true})
		if err == nil && (moved.Row.Text("Status") != "Failed" || moved.Row.Text("SfResultCode") != "Decline" || moved.Log.Text("InteractionStatus") != "Failed") {
			t.Errorf("moved %+v", moved)
		}
		return err
	})
	if diff := cmp.Diff([]string{"116.59 0"}, o.rows(objOrderPaymentSummary, "AvailableToCaptureAmount", "CapturedAmount")); diff != "" {
		t.Errorf("capturable, captured (-want +got):\n%s", diff)
	}
}
