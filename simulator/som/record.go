package som

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/ident"
	"github.com/somsim/somsim/simulator/sandbox"
	"github.com/somsim/somsim/simulator/som/sobject"
)

// The objects the domain itself reads and writes.
const (
	objAccount             = "Account"
	objProduct             = "Product2"
	objPricebook           = "Pricebook2"
	objPricebookEntry      = "PricebookEntry"
	objLocation            = "Location"
	objDeliveryMethod      = "OrderDeliveryMethod"
	objSalesChannel        = "SalesChannel"
	objUser                = "User"
	objOrganization        = "Organization"
	objOrder               = "Order"
	objOrderItem           = "OrderItem"
	objOrderDeliveryGroup  = "OrderDeliveryGroup"
	objOrderAdjGroup       = "OrderAdjustmentGroup"
	objOrderItemAdjustment = "OrderItemAdjustmentLineItem"
	objOrderItemTax        = "OrderItemTaxLineItem"
	objOrderSummary        = "OrderSummary"
	objOrderItemSummary    = "OrderItemSummary"
	objDeliveryGroup       = "OrderDeliveryGroupSummary"
	objAdjustmentGroup     = "OrderAdjustmentGroupSummary"
	objAdjustmentLine      = "OrderItemAdjustmentLineSummary"
	objTaxLine             = "OrderItemTaxLineItemSummary"
	objItemChange          = "OrderItemSummaryChange"
	objOrderPaymentSummary = "OrderPaymentSummary"
	objAuthorization       = "PaymentAuthorization"
	objAuthAdjustment      = "PaymentAuthAdjustment"
	objPayment             = "Payment"
	objRefund              = "Refund"
	objRefundLine          = "RefundLinePayment"
	objPaymentGateway      = "PaymentGateway"
	objGatewayLog          = "PaymentGatewayLog"
	objPaymentGroup        = "PaymentGroup"
	objCard                = "CardPaymentMethod"
	objWallet              = "DigitalWallet"
	objAlternative         = "AlternativePaymentMethod"
	objBackground          = "BackgroundOperation"
	objPaymentLine         = "PaymentLineInvoice"
	objCreditApplication   = "CreditMemoInvApplication"
	objReturnOrder         = "ReturnOrder"
	objReturnLine          = "ReturnOrderLineItem"
	objInvoice             = "Invoice"
	objInvoiceLine         = "InvoiceLine"
	objCreditMemo          = "CreditMemo"
	objCreditMemoLine      = "CreditMemoLine"
	objFulfillmentOrder    = "FulfillmentOrder"
	objFulfillmentLine     = "FulfillmentOrderLineItem"
	objShipment            = "Shipment"
	objShipmentItem        = "ShipmentItem"
	objCart                = "WebCart"
	objCartGroup           = "CartDeliveryGroup"
	objCartItem            = "CartItem"
	objCartTax             = "CartTax"
	objRelationship        = "OrderSummaryRelationship"
	objPaymentReference    = "OrderPaymentSummaryReference"
	objPickTicket          = "PickTicket"
	objPending             = "PendingOrderSummary"
	objPromotion           = "Promotion"
	objWebStore            = "WebStore"
	objPickProduct         = "PickTicketProduct"
)

const (
	shortID = 15
	// idInstance stands between the key prefix and the serial number of every id: the part that names an org's pod.
	idInstance = "5i00000"
	// idSerial is the number of base 62 digits of the serial number.
	idSerial = 5
)

// makeID returns the 18 character id of the n-th row of an object.
func makeID(prefix string, n uint64) string {
	id, err := sobject.ID15to18(prefix + idInstance + ident.Base62(n, idSerial))
	if err != nil { // more than 62^5 rows of one object
		return prefix + idInstance + ident.Base62(n, idSerial)
	}
	return id
}

// values are the fields of a row to be written; nil and empty texts are left out.
type values map[string]sobject.Value

// insert stores a new row and returns its id. The user is the one the row is created by; empty means the integration
// user.
func (d *SOM) insert(tx *sandbox.Tx, user, object string, v values) string {
	o, ok := d.catalog.Object(object)
	if !ok {
		return ""
	}
	n := tx.Next("som." + object)
	id := makeID(o.KeyPrefix, n)
	d.complete(tx, userOrDefault(user), o, n, v)
	row := sobject.New(object, id)
	row.Fields = make([]sobject.FieldValue, 0, len(v)) // rows are many and live long: no room to spare
	for name, value := range v {
		if value != nil && value != "" {
			row.Fields = append(row.Fields, sobject.FieldValue{Name: name, Value: value})
		}
	}
	slices.SortFunc(row.Fields, func(a, b sobject.FieldValue) int { return strings.Compare(a.Name, b.Name) })
	d.records.Put(tx.Tx, row)
	return id
}

// complete adds what the org fills in by itself: defaults, numbers, owner and system fields.
func (d *SOM) complete(tx *sandbox.Tx, user string, o *sobject.Object, n uint64, v values) {
	for _, f := range d.defaults[o.Name] {
		if _, set := v[f.Name]; !set {
			v[f.Name] = f.Value
		}
	}
	for _, f := range o.Fields {
		if f.AutoNumber {
			v[f.Name] = fmt.Sprintf("%08d", n)
		}
	}
	if _, owned := o.Field("OwnerId"); owned && v["OwnerId"] == nil {
		v["OwnerId"] = user
	}
	now := tx.Now()
	v["CreatedDate"], v["LastModifiedDate"], v["SystemModstamp"] = now, now, now
	v["CreatedById"], v["LastModifiedById"] = user, user
}

// defaultsOf collects what new rows get in fields nobody sets.
func defaultsOf(c *sobject.Catalog) map[string][]sobject.FieldValue {
	all := map[string][]sobject.FieldValue{}
	for _, o := range c.Objects() {
		for _, f := range o.Fields {
			if v := f.DefaultValue(); v != nil {
				all[o.Name] = append(all[o.Name], sobject.FieldValue{Name: f.Name, Value: v})
			}
		}
	}
	return all
}

// row is a stored row while it is being changed; it is written back only when something did change.
type row struct {
	sobject.Record
	changed bool
}

func tracked(r *sobject.Record) *row { return &row{Record: *r} }

// put sets a field unless it holds the value already.
func (r *row) put(name string, v sobject.Value) {
	if same(r.Get(name), v) {
		return
	}
	r.Set(name, v)
	r.changed = true
}

// add adds to a number.
func (r *row) add(name string, d decimal.Decimal) { r.put(name, r.Decimal(name).Add(d)) }

// save writes the row back if it was changed.
func (d *SOM) save(tx *sandbox.Tx, user string, r *row) {
	if !r.changed {
		return
	}
	d.announce(tx, user, &r.Record)
	now := tx.Now()
	r.Set("LastModifiedDate", now)
	r.Set("SystemModstamp", now)
	r.Set("LastModifiedById", userOrDefault(user))
	d.records.Put(tx.Tx, r.Record)
	r.changed = false
}

func same(a, b sobject.Value) bool {
	switch a := a.(type) {
	case decimal.Decimal:
		b, ok := b.(decimal.Decimal)
		return ok && a.Equal(b)
	case time.Time:
		b, ok := b.(time.Time)
		return ok && a.Equal(b)
	default:
		if _, number := b.(decimal.Decimal); number {
			return false
		}
		return a == b
	}
}

// find returns the row of an object by an id in either form. The second value is false when the id has the wrong form
// or prefix, or when there is no such row, or it is in the recycle bin; the row is then empty, never nil, because a transaction that has failed
// finds nothing any more and its work runs on to its end.
func (d *SOM) find(tx *sandbox.Tx, object, id string) (*sobject.Record, bool) {
	long, err := sobject.NormalizeID(id)
	if err != nil {
		return &sobject.Record{}, false
	}
	r, ok := d.Rows(tx).Get(long)
	if !ok || r.Object != object || deleted(r) {
		return &sobject.Record{}, false
	}
	return r, true
}

// date renders a day as date fields hold it.
func date(t time.Time) string { return t.UTC().Format(time.DateOnly) }
