package som

import (
	"slices"
	"strings"

	"github.com/somsim/somsim/simulator/sandbox"
	"github.com/somsim/somsim/simulator/som/sobject"
)

// supportObjects are the kinds of rows that orders share, in the order in which they are made: later ones refer to earlier
// ones.
func supportObjects() []string {
	return []string{
		objAccount, "Contact", objProduct, objPricebook, objPricebookEntry, objSalesChannel, objPromotion, objWebStore, objDeliveryMethod,
	}
}

// purchaseObjects are the kinds of rows of an order, in the order in which they are made.
func purchaseObjects() []string {
	return append(summaryObjects(), "CardPaymentMethod", "DigitalWallet", "AlternativePaymentMethod", "PaymentGroup", objAuthorization, objPayment,
		objOrderPaymentSummary, objGatewayLog)
}

// summaryObjects are those that are made by way of an order.
func summaryObjects() []string {
	return []string{objOrderSummary, objDeliveryGroup, objAdjustmentGroup, objOrderItemSummary, objAdjustmentLine, objTaxLine}
}

// conversion makes rows of a graph.
type conversion struct {
	d  *SOM
	tx *sandbox.Tx
	// ids are those of the rows by the form in which others refer to them. Rows of the order summary stand for those of the
	// order until that has a summary.
	ids map[string]string
	// own are the fields of the order summary that an order has no place for, by the row of the order.
	own map[string]values
}

// convert makes the order of a graph and the summary of it, with everything around them. An order that is there already, by
// its ExternalReferenceIdentifier, is not made again.
func (d *SOM) convert(tx *sandbox.Tx, g OrderGraph) (string, error) {
	header, _ := d.checkGraph(g)
	if id, ok := d.summarised(tx, nodeText(header, "ExternalReferenceIdentifier")); ok {
		return id, nil
	}
	c := &conversion{d: d, tx: tx, ids: map[string]string{}, own: map[string]values{}}
	if err := each(supportObjects(), g.Support, c.support); err != nil {
		return "", err
	}
	if err := each(summaryObjects(), g.Purchase, c.orderRow); err != nil {
		return "", err
	}
	summaryID, err := c.summarise(header)
	if err != nil {
		return "", err
	}
	if err := each(purchaseObjects()[len(summaryObjects()):], g.Purchase, c.paymentRow); err != nil {
		return "", err
	}
	for _, ops := range d.Rows(tx).children(objOrderPaymentSummary, "OrderSummaryId", summaryID) {
		d.sumUpPayments(tx, "", ops.ID)
	}
	return summaryID, nil
}

// each visits the nodes of the objects, object by object.
func each(objects []string, nodes []GraphNode, visit func(GraphNode) error) error {
	for _, object := range objects {
		for _, n := range nodes {
			if n.Object != object {
				continue
			}
			if err := visit(n); err != nil {
				return err
			}
		}
	}
	return nil
}

// summarised finds the order summary of a reference.
func (d *SOM) summarised(tx *sandbox.Tx, reference string) (string, bool) {
	if reference == "" {
		return "", false
	}
	for _, r := range d.Rows(tx).Lookup(objOrderSummary, "ExternalReferenceIdentifier", reference) {
		if r.Text("ExternalReferenceIdentifier") == reference && !deleted(r) {
			return r.ID, true
		}
	}
	return "", false
}

// values checks the fields of a node for a row of the object. Fields that the org computes are passed over, and for accounts
// those of persons, since the org has business accounts.
func (c *conversion) values(object string, n GraphNode) (values, error) {
	o, _ := c.d.catalog.Object(object)
	v, wrong := values{}, refusals{}
	for _, fv := range n.Fields {
		f, ok := o.Field(fv.Name)
		switch {
		case !ok && object == objAccount && ofPerson(fv.Name):
		case !ok:
			return nil, noSuchField(o, fv.Name)
		case !f.Createable:
		default:
			value, refusal := c.d.checkValue(c.tx, f, c.resolved(fv.Value))
			wrong.add(refusal)
			if value != nil {
				v[f.Name] = value
			}
		}
	}
	return v, wrong.err()
}

func ofPerson(field string) bool {
	return strings.HasPrefix(field, "Person") || slices.Contains([]string{"FirstName", "LastName", "Salutation", "IsPersonAccount", "isPersonAccount"}, field)
}

// resolved is a value with the id of the row it refers to.
func (c *conversion) resolved(v sobject.Value) sobject.Value {
	if text, ok := v.(string); ok && c.ids[text] != "" {
		return c.ids[text]
	}
	return v
}

func (c *conversion) named(n GraphNode, id string) { c.ids[referenceTo(n.Reference)] = id }

// support finds or makes a row that orders share. Source of the keys: Order Management developer guide, high-scale
// deduplication.
func (c *conversion) support(n GraphNode) error {
	v, err := c.values(n.Object, n)
	if err != nil {
		return err
	}
	if n.Object == objAccount && v["Name"] == nil {
		v["Name"] = strings.TrimSpace(nodeText(n, "FirstName") + " " + nodeText(n, "LastName"))
	}
	if id, ok := c.same(n.Object, v); ok {
		c.named(n, id)
		return nil
	}
	o, _ := c.d.catalog.Object(n.Object)
	if missing := c.d.missing(o, v); len(missing) > 0 {
		return missingFields(missing...)
	}
	if err := c.d.prepare(c.tx, o, v); err != nil {
		return err
	}
	c.named(n, c.d.insert(c.tx, "", n.Object, v))
	return nil
}

// same finds the row that a support row is the same as.
func (c *conversion) same(object string, v values) (string, bool) {
	key := map[string]string{
		objProduct: "ProductCode", objSalesChannel: "SalesChannelName", objPromotion: "Name", objWebStore: "ExternalReference", objDeliveryMethod: "ReferenceNumber",
		objPricebookEntry: "Product2Id",
	}[object]
	text, _ := v[key].(string)
	if text == "" {
		return "", false
	}
	rows := c.d.Rows(c.tx)
	for _, r := range living(rows.Lookup(object, key, text)) {
		if object == objPricebookEntry && (r.Get("Pricebook2Id") != v["Pricebook2Id"] || v["CurrencyIsoCode"] != nil && r.Get("CurrencyIsoCode") != v["CurrencyIsoCode"]) {
			continue
		}
		return r.ID, true
	}
	return "", false
}

// orderObjects are the objects of an order by those of its summary, orderFields their references likewise.
func orderObjects() map[string]string {
	return map[string]string{
		objOrderSummary: objOrder, objDeliveryGroup: objOrderDeliveryGroup, objAdjustmentGroup: objOrderAdjGroup, objOrderItemSummary: objOrderItem,
		objAdjustmentLine: objOrderItemAdjustment, objTaxLine: objOrderItemTax,
	}
}

func orderFields() map[string]string {
	return map[string]string{
		"OrderSummaryId": "OrderId", "OrderDeliveryGroupSummaryId": "OrderDeliveryGroupId", "OrderItemSummaryId": "OrderItemId",
		"OrderAdjustmentGroupSummaryId": "OrderAdjustmentGroupId", "OrderItemAdjustmentLineSummaryId": "OrderItemAdjustmentLineItemId",
	}
}

// orderRow makes a row of the order of one of its summary.
func (c *conversion) orderRow(n GraphNode) error {
	object := orderObjects()[n.Object]
	o, _ := c.d.catalog.Object(object)
	of, _ := c.d.catalog.Object(n.Object)
	there, own := GraphNode{Object: object}, GraphNode{Object: n.Object}
	for _, fv := range n.Fields {
		if renamed := orderFields()[fv.Name]; renamed != "" {
			fv.Name = renamed
		}
		if f, ok := o.Field(fv.Name); ok && f.Name != "Status" {
			there.Fields = append(there.Fields, fv)
		} else if _, ok := of.Field(fv.Name); ok {
			own.Fields = append(own.Fields, fv)
		} else {
			return noSuchField(of, fv.Name)
		}
	}
	v, err := c.values(object, there)
	if err != nil {
		return err
	}
	rest, err := c.values(n.Object, own)
	if err != nil {
		return err
	}
	id, err := c.insertOrderRow(o, n, v)
	if err == nil {
		c.own[id] = rest
		c.named(n, id)
	}
	return err
}

// insertOrderRow completes a row of the order and stores it.
func (c *conversion) insertOrderRow(o *sobject.Object, n GraphNode, v values) (string, error) {
	switch o.Name {
	case objOrder:
		number := nodeText(n, "OrderNumber")
		v["OrderReferenceNumber"], v["Name"] = number, number
		if v["EffectiveDate"] == nil {
			v["EffectiveDate"] = date(c.tx.Now())
		}
		if v["OrderedDate"] == nil {
			v["OrderedDate"] = c.tx.Now()
		}
		v["Status"], v["StatusCode"] = "Draft", "Draft"
	case objOrderItem:
		if v["PricebookEntryId"] == nil {
			product, _ := v["Product2Id"].(string)
			v["PricebookEntryId"] = c.d.pricebookEntry(c.tx, product)
		}
	case objOrderAdjGroup, objOrderDeliveryGroup:
	default:
		if v["Name"] == nil {
			v["Name"] = n.Reference
		}
	}
	if missing := c.d.missing(o, v); len(missing) > 0 {
		return "", missingFields(missing...)
	}
	if err := c.d.prepare(c.tx, o, v); err != nil {
		return "", err
	}
	return c.d.insert(c.tx, "", o.Name, v), nil
}

// summarise activates the order and makes its summary, and lets later rows refer to the rows of that.
func (c *conversion) summarise(header GraphNode) (string, error) {
	orderID := c.ids[referenceTo(header.Reference)]
	if len(c.d.Rows(c.tx).children(objOrderItem, "OrderId", orderID)) == 0 {
		return "", refuse("som.order.activate-items", CodeFailedActivation, "An order must have at least one product.")
	}
	c.d.sumUpOrder(c.tx, "", orderID)
	order := tracked(c.d.parent(c.tx, objOrder, orderID))
	order.put("Status", "Activated")
	order.put("StatusCode", statusActivated)
	order.put("ActivatedDate", c.tx.Now())
	c.d.save(c.tx, "", order)
	id, err := c.d.CreateOrderSummary(c.tx, NewOrderSummary{
		OrderID: orderID, Name: nodeText(header, "OrderNumber"), LifeCycle: LifeCycle(strings.ToUpper(nodeText(header, "OrderLifeCycleType"))),
		Status: "Created", BusinessModel: firstText(nodeText(header, "BusinessModel"), "B2C"), ExternalReference: nodeText(header, "ExternalReferenceIdentifier"),
	})
	if err != nil {
		return "", err
	}
	c.finishSummary(id)
	return id, nil
}

// finishSummary gives the rows of the summary the fields that the order had no place for.
func (c *conversion) finishSummary(summaryID string) {
	originals := map[string]string{
		objOrderSummary: "OriginalOrderId", objDeliveryGroup: "OriginalOrderDeliveryGroupId", objAdjustmentGroup: "OriginalOrderAdjGroupId",
		objOrderItemSummary: "OriginalOrderItemId", objAdjustmentLine: "OriginalOrderItemAdjustmentLineItemId", objTaxLine: "OriginalOrderItemTaxLineItemId",
	}
	summaries := map[string]string{}
	for object, original := range originals {
		rows := c.d.Rows(c.tx).children(object, "OrderSummaryId", summaryID)
		if object == objOrderSummary {
			rows = []*sobject.Record{c.d.row(c.tx, summaryID)}
		}
		for _, stored := range rows {
			r := tracked(stored)
			for name, value := range c.own[r.Text(original)] {
				if !slices.Contains([]string{"OrderNumber", "OrderLifeCycleType", "BusinessModel", "ExternalReferenceIdentifier", "Status"}, name) {
					r.put(name, value)
				}
			}
			c.d.save(c.tx, "", r)
			summaries[r.Text(original)] = r.ID
		}
	}
	for reference, id := range c.ids {
		if summary := summaries[id]; summary != "" {
			c.ids[reference] = summary
		}
	}
}

// paymentRow makes a row of how the order was paid. Authorizations and payments come before the order payment summary that
// they belong to, so that it can say what it is.
func (c *conversion) paymentRow(n GraphNode) error {
	if n.Object == objOrderPaymentSummary {
		return c.paymentSummary(n)
	}
	later := ""
	fields := slices.DeleteFunc(slices.Clone(n.Fields), func(fv sobject.FieldValue) bool {
		text, _ := fv.Value.(string)
		waits := fv.Name == "OrderPaymentSummaryId" && isReference(text)
		if waits {
			later = text
		}
		return waits
	})
	v, err := c.values(n.Object, GraphNode{Fields: fields})
	if err != nil {
		return err
	}
	o, _ := c.d.catalog.Object(n.Object)
	if missing := c.d.missing(o, v); len(missing) > 0 {
		return missingFields(missing...)
	}
	if n.Object == objPayment && v["Status"] == statusProcessed {
		v["ImpactAmount"] = v["Amount"]
	}
	id := c.d.insert(c.tx, "", n.Object, v)
	c.named(n, id)
	if later != "" {
		c.own[id] = values{"OrderPaymentSummaryId": later}
	}
	authorization, _ := v["PaymentAuthorizationId"].(string)
	c.d.sumUpAuthorization(c.tx, "", authorization)
	return nil
}

// paymentSummary makes an order payment summary of the authorizations and payments that name it.
func (c *conversion) paymentSummary(n GraphNode) error {
	v, err := c.values(n.Object, n)
	if err != nil {
		return err
	}
	var rows []*row
	for id, waiting := range c.own {
		if waiting["OrderPaymentSummaryId"] == referenceTo(n.Reference) {
			rows = append(rows, tracked(c.d.row(c.tx, id)))
		}
	}
	slices.SortFunc(rows, func(a, b *row) int { return strings.Compare(a.ID, b.ID) })
	for _, r := range rows {
		method, kind := c.d.methodOf(c.tx, &r.Record)
		told := values{"Method": method, "FullName": method, "Type": kind, "PaymentMethodId": r.Get("PaymentMethodId")}
		for name, value := range told {
			if v[name] == nil {
				v[name] = value
			}
		}
	}
	for _, name := range []string{"Method", "Type"} {
		if v[name] == nil {
			v[name] = "Payment"
		}
	}
	o, _ := c.d.catalog.Object(n.Object)
	if missing := c.d.missing(o, v); len(missing) > 0 {
		return missingFields(missing...)
	}
	id := c.d.insert(c.tx, "", n.Object, v)
	c.named(n, id)
	for _, r := range rows {
		r.put("OrderPaymentSummaryId", id)
		c.d.save(c.tx, "", r)
	}
	return nil
}
