package som

import (
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/sandbox"
	"github.com/somsim/somsim/simulator/som/sobject"
)

// NewOrderSummary is the input of [SOM.CreateOrderSummary].
type NewOrderSummary struct {
	OrderID string
	// Name becomes the OrderNumber; empty means the order's reference number, or else its own.
	Name              string
	LifeCycle         LifeCycle
	Status            string
	BusinessModel     string
	ExternalReference string
	// SourceProcess says how the order came about; empty means Standard.
	SourceProcess string
	// User is the id of the user who asks; empty means the integration user.
	User string
}

// CreateOrderSummary makes the summary graph of an activated order. It makes neither payment summaries nor fulfillment
// orders. Source: Connect REST API Developer Guide, "Create an Order Summary".
func (d *SOM) CreateOrderSummary(tx *sandbox.Tx, n NewOrderSummary) (string, error) {
	order, ok := d.find(tx, objOrder, n.OrderID)
	if !ok {
		return "", refuse("som.summary.order-exists", CodeInvalidInput, "There is no order %q.", n.OrderID)
	}
	if err := d.mayBeSummarised(tx, order, n); err != nil {
		return "", err
	}
	c := &summaryCopy{d: d, tx: tx, user: n.User, order: order, renamed: map[string]string{}}
	c.insertHeader(n)
	c.insertRows()
	r, _ := d.find(tx, objOrderSummary, c.summaryID)
	s := d.loadOrderSummary(tx, r)
	s.put("OrderProductLineCount", s.productCount())
	s.rollUp()
	s.save(d, tx, n.User)
	d.publish(tx, n.User, EventOrderSummaryCreated, field("OrderId", order.ID), field("OrderSummaryId", c.summaryID))
	return c.summaryID, nil
}

func (d *SOM) mayBeSummarised(tx *sandbox.Tx, order *sobject.Record, n NewOrderSummary) error {
	rows := d.Rows(tx)
	if order.Text("StatusCode") != "Activated" {
		return refuse("som.summary.order-activated", CodeInvalidInput, "The order %s is not activated.", order.ID)
	}
	if len(rows.children(objOrderDeliveryGroup, "OrderId", order.ID)) == 0 {
		return refuse("som.summary.delivery-group", CodeInvalidInput, "The order %s has no order delivery group.", order.ID)
	}
	if err := d.checkSummaryChoices(n); err != nil {
		return err
	}
	if len(rows.children(objOrderSummary, "OriginalOrderId", order.ID)) > 0 {
		return refuse("som.summary.once", CodeInvalidInput, "The order %s has an order summary already.", order.ID)
	}
	if n.ExternalReference == "" {
		return nil
	}
	for _, other := range rows.Lookup(objOrderSummary, "ExternalReferenceIdentifier", n.ExternalReference) {
		if other.Text("ExternalReferenceIdentifier") == n.ExternalReference {
			return refuse("som.summary.external-reference", CodeDuplicate,
				"duplicate value found: ExternalReferenceIdentifier duplicates value on record with id: %s", other.ID)
		}
	}
	return nil
}

// checkSummaryChoices holds the caller's choices against the org's picklists.
func (d *SOM) checkSummaryChoices(n NewOrderSummary) error {
	for _, choice := range []struct{ field, value, property string }{
		{"OrderLifeCycleType", string(n.LifeCycle), "orderLifeCycleType"},
		{"Status", n.Status, "status"},
		{"BusinessModel", n.BusinessModel, "businessModel"},
		{"SourceProcess", n.SourceProcess, "sourceProcess"},
	} {
		if choice.value == "" {
			continue
		}
		if value, ok := d.picklistValue(objOrderSummary, choice.field, choice.value); !ok || value.Inactive {
			return refuse("som.summary.choice", CodeInvalidInput, "%q is not a value of OrderSummary.%s.", choice.value, choice.field).on(choice.property)
		}
	}
	return nil
}

// summaryCopy copies the graph of an order into the summary graph.
type summaryCopy struct {
	d         *SOM
	tx        *sandbox.Tx
	user      string
	order     *sobject.Record
	summaryID string
	// renamed maps ids of the order's graph to those of the summary's.
	renamed map[string]string
}

func (c *summaryCopy) insertHeader(n NewOrderSummary) {
	v := c.copied(c.order, objOrderSummary)
	v["OriginalOrderId"] = c.order.ID
	v["OrderNumber"] = firstText(n.Name, c.order.Text("OrderReferenceNumber"), c.order.Text("OrderNumber"))
	v["BusinessModel"], v["ExternalReferenceIdentifier"] = n.BusinessModel, n.ExternalReference
	if n.SourceProcess != "" {
		v["SourceProcess"] = n.SourceProcess
	}
	v["OrderLifeCycleType"] = string(Managed)
	if n.LifeCycle != "" {
		v["OrderLifeCycleType"] = string(n.LifeCycle)
	}
	// The order's own Status has the same name but nothing to do with the summary's.
	v["Status"] = nil
	if status := firstText(n.Status, c.d.decided.firstStatus); status != "" {
		v["Status"] = status
	}
	c.summaryID = c.d.insert(c.tx, c.user, objOrderSummary, v)
}

func (c *summaryCopy) insertRows() {
	c.each(objOrderDeliveryGroup, objDeliveryGroup, "OriginalOrderDeliveryGroupId", func(r *sobject.Record, v values) {
		v.take(r, "TotalLineAmount", "TotalLineTaxAmount", "TotalAdjustmentAmount", "TotalAdjustmentTaxAmount")
	})
	c.each(objOrderAdjGroup, objAdjustmentGroup, "OriginalOrderAdjGroupId", func(r *sobject.Record, v values) {
		v.take(r, "TotalAmount", "TotalTaxAmount")
	})
	c.each(objOrderItem, objOrderItemSummary, "OriginalOrderItemId", c.fillItem)
	c.each(objOrderItemAdjustment, objAdjustmentLine, "OriginalOrderItemAdjustmentLineItemId", func(r *sobject.Record, v values) {
		v["OrderItemSummaryId"] = c.renamed[r.Text("OrderItemId")]
		v["OrderAdjustmentGroupSummaryId"] = c.renamed[r.Text("OrderAdjustmentGroupId")]
		v.take(r, "TotalTaxAmount")
	})
	c.each(objOrderItemTax, objTaxLine, "OriginalOrderItemTaxLineItemId", func(r *sobject.Record, v values) {
		v["OrderItemSummaryId"] = c.renamed[r.Text("OrderItemId")]
		v["OrderItemAdjustmentLineSummaryId"] = c.renamed[r.Text("OrderItemAdjustmentLineItemId")]
	})
}

// each copies the rows of one object of the order into their summaries.
func (c *summaryCopy) each(from, to, original string, fill func(*sobject.Record, values)) {
	for _, r := range c.d.Rows(c.tx).children(from, "OrderId", c.order.ID) {
		v := c.copied(r, to)
		v["OrderSummaryId"], v[original] = c.summaryID, r.ID
		fill(r, v)
		c.renamed[r.ID] = c.d.insert(c.tx, c.user, to, v)
	}
}

func (c *summaryCopy) fillItem(r *sobject.Record, v values) {
	product, ok := c.d.find(c.tx, objProduct, r.Text("Product2Id"))
	if ok {
		v["Name"], v["ProductCode"], v["StockKeepingUnit"] = product.Get("Name"), product.Get("ProductCode"), product.Get("StockKeepingUnit")
	}
	v["OrderDeliveryGroupSummaryId"] = c.renamed[r.Text("OrderDeliveryGroupId")]
	v["QuantityOrdered"] = r.Decimal("Quantity")
	v.take(r, "TypeCode", "LineNumber", "TotalLineAmount", "TotalLineTaxAmount", "TotalLineAdjustmentAmount",
		"TotalLineAdjustmentTaxAmount", "TotalAdjustmentDistAmount", "TotalAdjustmentDistTaxAmount")
	for _, counter := range []string{"QuantityCanceled", "QuantityAllocated", "QuantityFulfilled", "QuantityReturnInitiated", "QuantityReturned"} {
		v[counter] = decimal.Zero
	}
}

// take copies fields that clients may not set, and copied therefore leaves out. What they hold is computed again at the
// end; copying it first only saves writing most rows twice.
func (v values) take(r *sobject.Record, fields ...string) {
	for _, name := range fields {
		v[name] = r.Get(name)
	}
}

// copied takes over what both objects have under the same name and clients may set, and own fields where the data types
// match. Source: Order Management developer guide, OrderSummary.
func (c *summaryCopy) copied(from *sobject.Record, object string) values {
	v := values{}
	to, ok := c.d.catalog.Object(object)
	if !ok {
		return v
	}
	for _, fv := range from.Fields {
		if f, ok := to.Field(fv.Name); ok && f.Name == fv.Name && f.Createable && c.compatible(from.Object, f, fv.Value) {
			v[fv.Name] = retyped(fv.Value, f.Type)
		}
	}
	return v
}

// compatible tells whether an own field can hold what the field of the same name holds elsewhere: both are of one type,
// and the value keeps the limits of the one it goes to. Standard fields always can.
func (c *summaryCopy) compatible(from string, to *sobject.Field, v sobject.Value) bool {
	if !to.Custom() {
		return true
	}
	o, _ := c.d.catalog.Object(from)
	if f, ok := o.Field(to.Name); !ok || f.Type != to.Type {
		return false
	}
	_, refusal := c.d.checkValue(c.tx, to, v)
	return refusal == nil
}

// retyped turns the days of the order into the instants that some fields of the summary hold under the same name.
func retyped(v sobject.Value, t sobject.FieldType) sobject.Value {
	day, ok := v.(string)
	if !ok || t != sobject.TypeDatetime {
		return v
	}
	at, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return nil
	}
	return at
}

// productCount is the number of distinct products of the order.
func (s *orderSummary) productCount() decimal.Decimal {
	products := map[string]bool{}
	for _, i := range s.items {
		if i.kind() == TypeProduct {
			products[i.Text("Product2Id")] = true
		}
	}
	return decimal.NewFromInt(int64(len(products)))
}

func firstText(texts ...string) string {
	for _, t := range texts {
		if strings.TrimSpace(t) != "" {
			return t
		}
	}
	return ""
}
