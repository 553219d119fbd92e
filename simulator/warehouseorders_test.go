package simulator

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/b2c"
	"github.com/somsim/somsim/simulator/oci"
	"github.com/somsim/somsim/simulator/sandbox"
	"github.com/somsim/somsim/simulator/slots"
	"github.com/somsim/somsim/simulator/som"
	"github.com/somsim/somsim/simulator/som/sobject"
	"github.com/somsim/somsim/simulator/tracking"
	"github.com/somsim/somsim/simulator/warehouse"
	"github.com/somsim/somsim/simulator/worldline"
)

// toLocation moves what an order has reserved of a SKU to a location.
func (m *mill) toLocation(tx *sandbox.Tx, number, sku, location string) error {
	for _, r := range m.domains.OCI.Reservations(tx, number) {
		for _, h := range m.domains.OCI.Holdings(tx, r.ID) {
			if h.SKU != sku {
				continue
			}
			err := m.domains.OCI.Transfer(tx, oci.Action{ReservationID: r.ID, Place: h.Place, To: oci.LocationPlace(location), SKU: sku, Quantity: h.Quantity})
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// place has a shopper order some of a product for delivery, in every system, as commerce and its integrations do.
func (m *mill) place(number, sku string, quantity int64) {
	m.t.Helper()
	home := b2c.OrderAddress{FirstName: "Ada", LastName: "Nolan", Address1: "12 Elm Street", City: "Boston", StateCode: "MA", PostalCode: "02110", CountryCode: "US"}
	units, price := decimal.NewFromInt(quantity), decimal.RequireFromString("10.00")
	m.do(func(tx *sandbox.Tx) error {
		order, err := m.domains.B2C.PlaceOrder(tx, b2c.NewOrder{
			OrderNo: number, SiteID: "RefArch", CustomerID: "abcustomer000000000000000001", Status: b2c.New, BillingAddress: home,
			Items:     []b2c.NewItem{{ProductID: sku, ProductName: sku, Quantity: units, BasePrice: price, TaxRate: decimal.New(1, -1), ShipmentID: "me"}},
			Payments:  []b2c.NewPaymentInstrument{{PaymentMethodID: "CREDIT_CARD", Card: b2c.PaymentCard{CardType: "Visa", Holder: "Ada Nolan", MaskedNumber: "************1111", LastDigits: "1111", ExpirationMonth: 12, ExpirationYear: 2029}}},
			Shipments: []b2c.NewShipment{{ShipmentID: "me", Address: home, TaxRate: decimal.New(1, -1), Price: decimal.RequireFromString("5.99"), Method: b2c.ShippingMethod{ID: "delivery", Name: "Home delivery"}}},
		})
		if err != nil {
			return err
		}
		total := order.Totals.OrderTotal
		payment, err := m.domains.Worldline.Authorize(tx, worldline.NewPayment{
			MerchantReference: number, Amount: total.Shift(2).IntPart(), Currency: "USD", Card: worldline.Card{ProductID: 1, Number: "************1111", Expiry: "1229"},
		})
		if err != nil {
			return err
		}
		_, err = m.domains.OCI.Reserve(tx, oci.Request{ExternalRefID: number, Lines: []oci.Line{{Place: oci.GroupPlace("ALL-LOCATIONS"), SKU: sku, Quantity: units}}})
		if err != nil {
			return err
		}
		return m.hand(tx, order, som.NewPayment{Method: "Visa - 1111", Type: "Credit Card", GatewayRefNumber: payment.ID, Authorized: total})
	})
}

// hand gives an order with one item to order management.
func (m *mill) hand(tx *sandbox.Tx, order b2c.Order, payment som.NewPayment) error {
	item, shipping := order.ProductItems[0], order.ShippingItems[0]
	tax := func(amount decimal.Decimal) []som.NewTax {
		return []som.NewTax{{Name: "Sales tax", Rate: decimal.NewFromInt(10), Amount: amount}}
	}
	summary, err := m.domains.SOM.ImportOrder(tx, som.NewOrder{
		OrderNumber: order.OrderNo, AccountID: m.rows("Account")[0].ID, Currency: "USD", TaxLocale: "Net", Status: "Created", OrderedAt: order.CreationDate,
		SalesChannelID: som.SalesChannelID(), BillingEmail: order.Email, BillingAddress: som.Address{City: "Boston", CountryCode: "US"},
		DeliveryGroups: []som.NewDeliveryGroup{{
			DeliveryMethodID: m.named("OrderDeliveryMethod", "ReferenceNumber", "delivery"), Name: order.CustomerName, DeliverTo: som.Address{City: "Boston", CountryCode: "US"},
			Items: []som.NewItem{
				{ProductID: m.named("Product2", "StockKeepingUnit", item.ProductID), Quantity: item.Quantity, UnitPrice: item.BasePrice, Taxes: tax(item.Tax)},
				{ProductID: m.named("Product2", "StockKeepingUnit", "STANDARD-DELIVERY"), Type: som.TypeDelivery, UnitPrice: shipping.Price, Taxes: tax(shipping.Tax)},
			},
		}},
		Payments: []som.NewPayment{payment},
	})
	if err != nil {
		return err
	}
	return m.domains.B2C.MarkExported(tx, order.OrderNo, summary)
}

// named is the id of the row of an object with that value in a field.
func (m *mill) named(object, field, value string) string {
	m.t.Helper()
	rows := m.rows(object)
	i := slices.IndexFunc(rows, func(r *sobject.Record) bool { return r.Text(field) == value })
	if i < 0 {
		m.t.Fatalf("there is no %s with %s %s", object, field, value)
	}
	return rows[i].ID
}

// cancel takes back all of an order that has not left, in every system, as order-ops does: out of the fulfillment orders
// first.
func (m *mill) cancel(number string) {
	m.t.Helper()
	summary := m.summary(number)
	m.do(func(tx *sandbox.Tx) error {
		if err := m.free(tx, summary.ID); err != nil {
			return err
		}
		var changes []som.ChangeItem
		units := map[string]int64{}
		for _, i := range m.domains.SOM.Rows(tx).Lookup("OrderItemSummary", "OrderSummaryId", summary.ID) {
			n := i.Decimal("QuantityOrdered").Sub(i.Decimal("QuantityCanceled")).Sub(i.Decimal("QuantityAllocated"))
			if i.Text("TypeCode") == "Product" && n.IsPositive() {
				changes = append(changes, som.ChangeItem{OrderItemSummaryID: i.ID, Quantity: n, Reason: "Unknown", ReduceShipping: true})
				units[i.Text("StockKeepingUnit")] += n.IntPart()
			}
		}
		result, err := m.domains.SOM.SubmitCancel(tx, som.IntegrationUserID(), summary.ID, changes)
		if err != nil {
			return err
		}
		return errors.Join(m.void(tx, summary.ID, result.Balances.GrandTotalAmount), m.letGo(tx, number, units, result.Balances.GrandTotalAmount))
	})
}

// free takes the units of an order out of its open fulfillment orders.
func (m *mill) free(tx *sandbox.Tx, summaryID string) error {
	rows := m.domains.SOM.Rows(tx)
	for _, fo := range rows.Lookup("FulfillmentOrder", "OrderSummaryId", summaryID) {
		var lines []som.LineToCancel
		for _, l := range rows.Lookup("FulfillmentOrderLineItem", "FulfillmentOrderId", fo.ID) {
			if l.Decimal("Quantity").IsPositive() {
				lines = append(lines, som.LineToCancel{FulfillmentOrderLineItemID: l.ID, Quantity: l.Decimal("Quantity")})
			}
		}
		if fo.Text("StatusCategory") == "CLOSED" || len(lines) == 0 {
			continue
		}
		if err := m.domains.SOM.CancelFulfillmentOrderItem(tx, "", fo.ID, lines); err != nil {
			return err
		}
	}
	return nil
}

// void gives authorised money back and records it.
func (m *mill) void(tx *sandbox.Tx, summaryID string, amount decimal.Decimal) error {
	rows := m.domains.SOM.Rows(tx)
	ops := rows.Lookup("OrderPaymentSummary", "OrderSummaryId", summaryID)[0]
	authorization := rows.Lookup("PaymentAuthorization", "OrderPaymentSummaryId", ops.ID)[0]
	payment, err := m.domains.Worldline.Payment(tx, worldline.DefaultMerchant, authorization.Text("GatewayRefNumber"))
	if err != nil {
		return err
	}
	op, err := m.domains.Worldline.CancelPayment(tx, payment, worldline.Instruction{Amount: amount.Shift(2).IntPart()})
	if err != nil {
		return err
	}
	adjustment, err := m.domains.SOM.Object("PaymentAuthAdjustment")
	if err != nil {
		return err
	}
	_, err = m.domains.SOM.Create(tx, som.IntegrationUserID(), adjustment, []sobject.FieldValue{
		{Name: "PaymentAuthorizationId", Value: authorization.ID},
		{Name: "Amount", Value: amount},
		{Name: "Type", Value: "Reversal"},
		{Name: "Status", Value: "Processed"},
		{Name: "ProcessingMode", Value: "External"},
		{Name: "GatewayRefNumber", Value: op.ID},
	})
	return err
}

// letGo gives back stock and slot, closes the order in commerce and counts the refund.
func (m *mill) letGo(tx *sandbox.Tx, number string, units map[string]int64, worth decimal.Decimal) error {
	for _, r := range m.domains.OCI.Reservations(tx, number) {
		if err := m.domains.OCI.Cancel(tx, r.ID); err != nil {
			return err
		}
	}
	for _, b := range m.domains.Slots.Bookings(tx, number) {
		if b.Status == slots.Booked {
			if err := m.domains.Slots.Release(tx, b.ID); err != nil {
				return err
			}
		}
	}
	event := tracking.Candidate{Name: tracking.Refund, Params: tracking.Params{
		{Name: "transaction_id", Value: number},
		{Name: "event_id", Value: "refund-" + number},
		{Name: "currency", Value: "USD"},
		{Name: "value", Value: worth.String(), Number: true},
	}}
	for sku, n := range units {
		event.Items = append(event.Items, tracking.Params{{Name: "item_id", Value: sku}, {Name: "quantity", Value: strconv.FormatInt(n, 10), Number: true}})
	}
	m.domains.Tracking.Collect(tx, tracking.Hit{MeasurementID: "G-SOMSIM", Secret: tracking.Secret, ClientID: "test", Events: []tracking.Candidate{event}})
	return m.domains.B2C.SetStatus(tx, number, b2c.Cancelled)
}

func TestNewOrdersMoveToo(t *testing.T) {
	t.Parallel()
	m := newMill(t, func(s *warehouse.Settings) { s.ShortPicked = 20 })
	for d := range 10 {
		if d < 5 {
			m.place(fmt.Sprintf("2000000%d", d), []string{"MUG", "LAMP", "CAP"}[d%3], int64(d+1))
		}
		m.advance(day)
	}
	m.allArrived()
	if got := m.of("20000004", "Shipment"); len(got) == 0 {
		t.Error("the youngest order was not sent")
	}
}

// Orders are taken back on their way, each at another stage; whatever is left of it, nothing contradicts anything.
func TestOrdersMayBeCancelledOnTheirWay(t *testing.T) {
	t.Parallel()
	m := newMill(t)
	cancels := map[string]time.Duration{
		"00000106": 0, "00000112": 20 * time.Minute, "00000141": 50 * time.Minute, "00000107": 2 * time.Hour, "00000108": 3 * time.Hour,
		"00000134": 4 * time.Hour, "00000136": 5 * time.Hour, "00000142": 6 * time.Hour,
	}
	for minute := time.Duration(0); minute <= 8*time.Hour; minute += 10 * time.Minute {
		for number, at := range cancels {
			if at == minute {
				m.cancel(number)
				m.holds()
			}
		}
		m.advance(10 * time.Minute)
	}
	for range 4 {
		m.advance(day)
	}
	for number := range cancels {
		for _, s := range m.of(number, "Shipment") {
			t.Errorf("order %s was sent by %s", number, s.ID)
		}
		for _, fo := range m.of(number, "FulfillmentOrder") {
			if fo.Text("StatusCategory") == "CLOSED" {
				t.Errorf("fulfillment order %s of order %s is %s", fo.ID, number, fo.Text("Status"))
			}
		}
	}
	if r := m.report(); len(r.Left) != 0 || len(r.Waiting) != 0 {
		t.Errorf("the report is %+v", r)
	}
	if diff := cmp.Diff([]string{"Delivered"}, m.statuses("00000101", "Shipment")); diff != "" {
		t.Error(diff)
	}
}

func TestUnitsThatPeopleSetFreeStayFree(t *testing.T) {
	t.Parallel()
	m := newMill(t)
	m.advance(2 * time.Hour)
	m.do(func(tx *sandbox.Tx) error { return m.free(tx, m.summary("00000101").ID) })
	m.advance(5 * day)
	for _, i := range m.of("00000101", "OrderItemSummary") {
		if i.Text("TypeCode") == "Product" && !i.Decimal("QuantityAllocated").IsZero() {
			t.Errorf("%s of %s are allocated again", i.Decimal("QuantityAllocated"), i.Text("StockKeepingUnit"))
		}
	}
}
