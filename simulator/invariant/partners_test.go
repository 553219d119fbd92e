package invariant

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/b2c"
	"github.com/somsim/somsim/simulator/loyalty"
	"github.com/somsim/somsim/simulator/oci"
	"github.com/somsim/somsim/simulator/sandbox"
	"github.com/somsim/somsim/simulator/slots"
	"github.com/somsim/somsim/simulator/som"
	"github.com/somsim/somsim/simulator/som/sobject"
	"github.com/somsim/somsim/simulator/tracking"
	"github.com/somsim/somsim/simulator/worldline"
)

// of is the look of another order of the preset.
func (l *look) of(number string) *look {
	for _, summary := range summaries(l.Domains, l.tx) {
		if summary.Text("OrderNumber") == number {
			other := &look{Domains: l.Domains, tx: l.tx, summary: summary, number: number}
			other.gather()
			return other
		}
	}
	return nil
}

func TestEachTruthAboutPartnersCanBeBroken(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		change func(l *look) error
		want   []string
	}{
		{"everything has arrived, and its money was never taken", arrivesUnpaid, []string{"money.closed", "oci.reserved", "oci.reserved"}},
		{"two rows for one operation", recordedInHalves, []string{"money.worth", "som.money.row"}},
		{"a row over another amount", func(l *look) error { return errors.Join(recordedInPart(l, "7.00")) }, []string{"money.worth", "som.money.recorded", "som.money.row"}},
		{"points earned with a cancelled order", func(l *look) error {
			_, err := l.Loyalty.Earn(l.tx, loyalty.Movement{AccountID: "member-00000001", OrderID: "00000105", Points: 5})
			return err
		}, []string{"loyalty.order"}},
		{"points burned on a cancelled order", func(l *look) error {
			_, err := l.Loyalty.Burn(l.tx, loyalty.Movement{AccountID: "member-00000001", OrderID: "00000105", Points: 100})
			return err
		}, []string{"loyalty.order"}},
		{"points paid for, and the money not booked", paidForPoints, []string{"money.kept"}},
		{"points paid for, booked, and the money given back", func(l *look) error { return errors.Join(paidForPoints(l), chargedForPoints(l, "3")) }, []string{"money.worth"}},
		{"a fee for points that nobody paid for", func(l *look) error { return chargedForPoints(l, "3") }, []string{"money.worth", "money.kept"}},
		{"points of long ago", func(l *look) error {
			_, err := l.Loyalty.Earn(l.tx, loyalty.Movement{AccountID: "member-00000001", OrderID: "x", Points: 5, At: l.tx.Now().AddDate(-2, 0, 0)})
			return err
		}, []string{"loyalty.ledger"}},
		{"a reward for nobody's order", func(l *look) error {
			_, err := l.Loyalty.CreateReward(l.tx, loyalty.NewReward{AccountID: "member-00000001", TierID: "ten-off", OrderID: "99999999"})
			return err
		}, []string{"loyalty.orphan"}},
		{"a refund counted without a cancel", func(l *look) error { return refundEvent(l, "once") }, []string{"tracking.once"}},
		{"the same refund event sent twice", func(l *look) error { return errors.Join(refundEvent(l, "once"), refundEvent(l, "once")) }, []string{"tracking.once"}},
		{"stock reserved for nobody's order", func(l *look) error { return reserve(l, 0) }, []string{"oci.orphan"}},
		{"a slot for an order that failed", func(l *look) error {
			_, err := l.Slots.Book(l.tx, "pickup-2-13", "00000144")
			return err
		}, []string{"slots.orphan"}},
		{"stock and a reward for an order that was replaced", func(l *look) error {
			_, err := l.Loyalty.CreateReward(l.tx, loyalty.NewReward{AccountID: "member-00000001", TierID: "ten-off", OrderID: "00000145"})
			return errors.Join(err, reserveFor(l, "00000145", 0))
		}, []string{"oci.orphan", "loyalty.orphan"}},
		{"stock reserved for a while", func(l *look) error { return reserve(l, time.Hour) }, nil},
		{"a booking of a cancelled order", func(l *look) error { return booked(l, time.Hour) }, []string{"slots.booking"}},
		{"a booking of a cancelled order whose time is over", func(l *look) error { return booked(l, -time.Hour) }, nil},
		{"an order placed to take the place of one that lives", follows("00000102", "00000101"), []string{"order.one-live"}},
		{"an order placed to take the place of one that is cancelled", follows("00000102", "00000105"), nil},
		{"an order submitted to take the place of one that lives, and not placed", follows("00000143", "00000101"), nil},
		{"an order that was to take the place of one that lives, and failed", follows("00000144", "00000101"), nil},
		{"one group of a mixed order cancelled in order management alone", pickupCancelled, []string{"money.worth", "oci.reserved", "slots.booking", "tracking.once"}},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			l := open(t)
			if err := tc.change(l); err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, v := range Check(l.Domains, l.tx) {
				got = append(got, v.Invariant)
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// follows has an order name another one, whose place it was to take.
func follows(number, old string) func(l *look) error {
	return func(l *look) error {
		_, err := l.B2C.ChangeOrder(l.tx, b2c.Reader{}, number, b2c.Change{Custom: b2c.Attributes{b2c.ModifiesAttribute: b2c.Text(old)}})
		return err
	}
}

func arrivesUnpaid(l *look) error {
	l = l.of("00000102")
	for _, fo := range l.children("FulfillmentOrder", "OrderSummaryId", l.summary.ID) {
		shipment, err := l.SOM.Ship(l.tx, som.IntegrationUserID(), fo.ID, "1Z")
		if err != nil {
			return err
		}
		if err := l.SOM.Update(l.tx, som.IntegrationUserID(), "Shipment", shipment, []sobject.FieldValue{{Name: "Status", Value: "Delivered"}}); err != nil {
			return err
		}
	}
	return nil
}

// voidedTen gives ten of the order's money back and returns its authorization in order management.
func voidedTen(l *look) (worldline.Operation, *sobject.Record, error) {
	payments, _ := l.payments()
	op, err := l.Worldline.CancelPayment(l.tx, payments[0].Payment, worldline.Instruction{Amount: 1000})
	return op, payments[0].row, err
}

func recordedInHalves(l *look) error { return errors.Join(recordedInPart(l, "5.00", "5.00")) }

// recordedInPart gives ten back and records it in rows of some amounts.
func recordedInPart(l *look, amounts ...string) error {
	op, authorization, err := voidedTen(l)
	if err != nil {
		return err
	}
	adjustment, err := l.SOM.Object("PaymentAuthAdjustment")
	for _, amount := range amounts {
		if err != nil {
			return err
		}
		_, err = l.SOM.Create(l.tx, som.IntegrationUserID(), adjustment, []sobject.FieldValue{
			{Name: "PaymentAuthorizationId", Value: authorization.ID},
			{Name: "Amount", Value: decimal.RequireFromString(amount)},
			{Name: "Type", Value: "Reversal"},
			{Name: "Status", Value: "Processed"},
			{Name: "ProcessingMode", Value: "External"},
			{Name: "GatewayRefNumber", Value: op.ID},
		})
	}
	return err
}

// paidForPoints takes the points that order 00000137 earned back, and gives some of them again.
func paidForPoints(l *look) error {
	earned := l.Loyalty.Events(l.tx, loyalty.EventFilter{OrderID: "00000137"})[0]
	taken, err := l.Loyalty.Adjust(l.tx, earned.AccountID, loyalty.Adjustment{Points: -90, Reverses: earned.ID, AllowNegative: true})
	if err == nil {
		_, err = l.Loyalty.Adjust(l.tx, earned.AccountID, loyalty.Adjustment{Points: 30, Reverses: taken.ID})
	}
	return err
}

// chargedForPoints books a fee on order 00000137.
func chargedForPoints(l *look, amount string) error {
	l = l.of("00000137")
	group := l.children("OrderDeliveryGroupSummary", "OrderSummaryId", l.summary.ID)[0]
	product := ""
	for _, row := range l.SOM.Rows(l.tx).Lookup("Product2", "ProductCode", keptProduct) {
		product = row.ID
	}
	price := decimal.RequireFromString(amount)
	fee := som.SummaryRow{ChangeType: "New", Fields: []sobject.FieldValue{
		{Name: "OrderDeliveryGroupSummaryId", Value: group.ID},
		{Name: "Product2Id", Value: product},
		{Name: "Name", Value: "Spent points"},
		{Name: "Type", Value: "Fee"},
		{Name: "Quantity", Value: decimal.NewFromInt(1)},
		{Name: "UnitPrice", Value: price},
		{Name: "TotalLineAmount", Value: price},
	}}
	_, err := l.SOM.SubmitChange(l.tx, som.IntegrationUserID(), som.SummaryChange{OrderSummaryID: l.summary.ID, Reason: "Unknown", Items: []som.SummaryRow{fee}})
	return err
}

func refundEvent(l *look, id string) error {
	l.Tracking.Collect(l.tx, tracking.Hit{MeasurementID: "G-SOMSIM", Secret: tracking.Secret, ClientID: "test", Events: []tracking.Candidate{{
		Name: tracking.Refund, Params: tracking.Params{
			{Name: "transaction_id", Value: l.number},
			{Name: "event_id", Value: id},
			{Name: "currency", Value: "USD"},
			{Name: "value", Value: "1.50", Number: true},
		},
	}}})
	return nil
}

func reserve(l *look, expiration time.Duration) error { return reserveFor(l, "99999999", expiration) }

func reserveFor(l *look, orderNo string, expiration time.Duration) error {
	_, err := l.OCI.Reserve(l.tx, oci.Request{ExternalRefID: orderNo, Expiration: expiration, Lines: []oci.Line{
		{Place: oci.LocationPlace("WH-EAST"), SKU: "MUG", Quantity: decimal.NewFromInt(1)},
	}})
	return err
}

// booked gives a cancelled order a slot that ends some time from now.
func booked(l *look, ends time.Duration) error {
	end := l.tx.Now().Add(ends)
	slot, err := l.Slots.AddSlot(l.tx, slots.Slot{
		ID: "extra", Type: slots.Delivery, LocationID: "WH-EAST", Start: end.Add(-time.Hour), End: end, CutoffAt: end.Add(-2 * time.Hour), Capacity: 1, Currency: "USD",
	})
	if err == nil {
		_, err = l.Slots.BookAt(l.tx, slot.ID, "00000105", end.Add(-3*time.Hour))
	}
	return err
}

// pickupCancelled cancels what is collected of an order that is delivered for the rest.
func pickupCancelled(l *look) error {
	l = l.of("00000118")
	for _, item := range l.items {
		if item.Text("ProductCode") != "MUG" {
			continue
		}
		_, err := l.SOM.SubmitCancel(l.tx, "", l.summary.ID, []som.ChangeItem{
			{OrderItemSummaryID: item.ID, Quantity: decimal.NewFromInt(2), Reason: "Unknown", ReduceShipping: true},
		})
		return err
	}
	return errors.New("the order has no mugs")
}

// An authorisation that nobody captured in time contradicts nothing: the shopper has the money, and everybody may know.
func TestAnAuthorizationThatLapsedIsNobodysDeviation(t *testing.T) {
	t.Parallel()
	l := open(t)
	payments, _ := l.payments()
	const expiry = "worldline.authorization-expiry"
	if err := l.Worldline.Runners()[expiry](l.tx, sandbox.Due{Kind: expiry, Subject: payments[0].ID}); err != nil {
		t.Fatal(err)
	}
	if now, _ := l.payments(); now[0].Open() != 0 {
		t.Fatalf("%d are still open", now[0].Open())
	}
	if found := Check(l.Domains, l.tx); len(found) > 0 {
		t.Errorf("found %v", found)
	}
}
