package invariant

import (
	"io/fs"
	"log/slog"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/b2c"
	"github.com/somsim/somsim/simulator/clock"
	"github.com/somsim/somsim/simulator/journal"
	"github.com/somsim/somsim/simulator/preset"
	"github.com/somsim/somsim/simulator/sandbox"
	"github.com/somsim/somsim/simulator/slots"
	"github.com/somsim/somsim/simulator/som"
	"github.com/somsim/somsim/simulator/som/sobject"
	"github.com/somsim/somsim/simulator/store"
	"github.com/somsim/somsim/simulator/worldline"
	"github.com/somsim/somsim/specs"
)

// open returns order 00000101 of the preset omnichannel as all systems see it.
func open(t *testing.T) *look {
	t.Helper()
	objects, err := fs.Sub(specs.FS, "som/sobjects")
	if err != nil {
		t.Fatal(err)
	}
	catalog, err := sobject.Load(objects)
	if err != nil {
		t.Fatal(err)
	}
	schema := store.NewSchema()
	tables := sandbox.Declare(schema)
	d := preset.Declare(schema, catalog)
	worlds := sandbox.New(tables, sandbox.Config{
		Schema: schema, Machine: clock.Fixed(time.Date(2026, 6, 1, 13, 0, 0, 0, time.UTC)), Log: slog.New(slog.DiscardHandler),
		Redactor: journal.NewRedactor(), Presets: preset.All(d),
	})
	w, err := worlds.Create("test", sandbox.Options{From: "omnichannel"})
	if err != nil {
		t.Fatal(err)
	}
	tx := w.Write()
	t.Cleanup(tx.Abort)
	l := &look{Domains: d, tx: tx, summary: summaries(d, tx)[0], number: "00000101"}
	l.gather()
	return l
}

func TestEachTruthCanBeBroken(t *testing.T) {
	t.Parallel()
	set := func(l *look, field string, n int64) { l.items[0].Set(field, decimal.NewFromInt(n)) }
	cancelled := func(l *look) error {
		_, err := l.SOM.SubmitCancel(l.tx, "", l.summary.ID, []som.ChangeItem{
			{OrderItemSummaryID: l.items[0].ID, Quantity: decimal.NewFromInt(2), Reason: "Unknown", ReduceShipping: true},
			{OrderItemSummaryID: l.items[1].ID, Quantity: decimal.NewFromInt(1), Reason: "Unknown", ReduceShipping: true},
		})
		return err
	}
	tests := []struct {
		name string
		// spoil alters rows of the look after it was gathered, change the systems before.
		spoil  func(l *look)
		change func(l *look) error
		want   []string
	}{
		{"nothing is wrong", nil, nil, nil},
		{"more fulfilled than allocated", func(l *look) { set(l, "QuantityFulfilled", 1) }, nil, []string{"som.quantity.parts", "oci.reserved"}},
		{"more returned than is on the way back", func(l *look) { set(l, "QuantityReturned", 1) }, nil, []string{"som.quantity.parts"}},
		{"allocated without a fulfillment order", func(l *look) { set(l, "QuantityAllocated", 1) }, nil, []string{"som.quantity.allocated"}},
		{"cancelled without a record", func(l *look) { set(l, "QuantityCanceled", 1) }, nil, []string{"som.quantity.changes", "oci.reserved"}},
		{"an item that is worth something else", func(l *look) { set(l, "TotalLineAmount", 1) }, nil, []string{"som.money.rollup"}},
		{"changed to fewer in order management alone", nil, func(l *look) error {
			_, err := l.SOM.SubmitChange(l.tx, "", som.SummaryChange{OrderSummaryID: l.summary.ID, Reason: "Unknown", Items: []som.SummaryRow{{
				ChangeType: "Update", Fields: []sobject.FieldValue{{Name: "Id", Value: l.items[0].ID}, {Name: "Quantity", Value: decimal.NewFromInt(1)}},
			}}})
			return err
		}, []string{"money.worth", "oci.reserved"}},
		{"cancelled in order management alone", nil, cancelled, []string{
			"money.worth", "money.closed", "order.one-state", "oci.reserved", "oci.reserved", "slots.booking", "tracking.once",
		}},
		{"cancelled in commerce alone", nil, func(l *look) error { return l.B2C.SetStatus(l.tx, l.number, b2c.Cancelled) }, []string{"order.one-state"}},
		{"a booking released alone", nil, func(l *look) error { return l.Slots.Release(l.tx, l.Slots.Bookings(l.tx, l.number)[0].ID) }, []string{"slots.booking"}},
		{"money given back alone", nil, voided, []string{"money.worth", "som.money.recorded", "som.money.row"}},
		{"money taken at once, beyond what is owed", nil, func(l *look) error { _, err := sold(l); return err }, []string{"money.worth"}},
		{"money taken at once, given back alone", nil, func(l *look) error {
			paymentID, err := sold(l)
			if err == nil {
				_, err = l.Worldline.Refund(l.tx, paymentID, 0)
			}
			return err
		}, []string{"som.money.recorded", "som.money.row"}},
		{"a booking of nobody", nil, func(l *look) error {
			_, err := l.Slots.Book(l.tx, "pickup-2-13", "99999999")
			return err
		}, []string{"slots.orphan"}},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			l := open(t)
			if tc.change != nil {
				if err := tc.change(l); err != nil {
					t.Fatal(err)
				}
			}
			var got []string
			if tc.spoil == nil {
				for _, v := range Check(l.Domains, l.tx) {
					got = append(got, v.Invariant)
				}
			} else {
				tc.spoil(l)
				for _, truth := range All() {
					if truth.check != nil && len(truth.check(l)) > 0 {
						got = append(got, truth.ID)
					}
				}
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// sold takes 5.00 more for the order without an authorization, and returns the payment at the platform.
func sold(l *look) (paymentID string, err error) {
	payment, err := l.Worldline.Authorize(l.tx, worldline.NewPayment{Amount: 500, Currency: "EUR", MerchantReference: l.number})
	if err != nil {
		return "", err
	}
	op, err := l.Worldline.Capture(l.tx, payment.ID, 0, true)
	if err != nil {
		return "", err
	}
	object, err := l.SOM.Object("Payment")
	if err != nil {
		return "", err
	}
	id, err := l.SOM.Create(l.tx, som.IntegrationUserID(), object, []sobject.FieldValue{
		{Name: "Amount", Value: decimal.NewFromInt(5)},
		{Name: "Type", Value: "Sale"},
		{Name: "Status", Value: "Processed"},
		{Name: "ProcessingMode", Value: "External"},
		{Name: "GatewayRefNumber", Value: op.ID},
		{Name: "CurrencyIsoCode", Value: "EUR"},
	})
	if err == nil {
		_, err = l.SOM.CreateOrderPaymentSummary(l.tx, "", som.NewPaymentSummary{OrderSummaryID: l.summary.ID, PaymentIDs: []string{id}})
	}
	return payment.ID, err
}

func voided(l *look) error {
	for _, number := range l.Worldline.Aliases(l.tx, l.number) {
		payment, err := l.Worldline.Payment(l.tx, worldline.DefaultMerchant, number+"_0")
		if err != nil {
			return err
		}
		if _, err := l.Worldline.CancelPayment(l.tx, payment, worldline.Instruction{}); err != nil {
			return err
		}
	}
	return nil
}

func TestNoSlotIsOverbooked(t *testing.T) {
	t.Parallel()
	l := open(t)
	found := l.Slots.Find(l.tx, slots.Filter{})
	for _, slot := range found {
		if room := l.Slots.Room(l.tx, slot); room.Available() < 0 {
			t.Errorf("slot %s: %+v", slot.ID, room)
		}
	}
	if len(found) == 0 {
		t.Error("there are no slots")
	}
}
