package som

import (
	"slices"
	"strings"

	"github.com/somsim/somsim/simulator/som/sobject"
)

// managedObject tells the objects that Order Management keeps itself: their rows come about by its actions and by the import,
// never by hand, or quantities and money of an order would stop agreeing with each other. In the vendor's orgs an
// administrator may write some of them; specs/som/rules.yaml has the rule.
func managedObject(object string) bool {
	return slices.Contains([]string{
		objOrderSummary, objOrderItemSummary, objDeliveryGroup, objAdjustmentGroup, objAdjustmentLine, objTaxLine, objItemChange,
		objOrderPaymentSummary, objPaymentReference, objRelationship, objFulfillmentOrder, objFulfillmentLine, "FulfillmentOrderItemAdjustment",
		"FulfillmentOrderItemTax", "Invoice", "InvoiceLine", "CreditMemo", "CreditMemoLine", "CreditMemoInvApplication",
		"PaymentLineInvoice", "ReturnOrder", "ReturnOrderLineItem", "ReturnOrderItemAdjustment", "ReturnOrderItemTax",
	}, object)
}

// recordedObject tells the objects that speak of money which moved: a row can be added, and cancelled by another one, but not
// taken away.
func recordedObject(object string) bool {
	return slices.Contains([]string{objAuthorization, objAuthAdjustment, objPayment, objRefund, objRefundLine}, object)
}

// mayCreate refuses rows of objects that clients may not add.
func mayCreate(o *sobject.Object) error {
	if o.Createable && !managedObject(o.Name) {
		return nil
	}
	return refuse("som.data.creatable", CodeNotCreatable, "entity type cannot be inserted: %s", o.Label)
}

// mayUpdate refuses changes of objects that clients may not edit.
func mayUpdate(o *sobject.Object) error {
	if o.Updateable {
		return nil
	}
	return refuse("som.data.updatable", CodeNotEditable, "entity type cannot be updated: %s", o.Label)
}

// mayDelete refuses to delete rows of objects that clients may not take away.
func mayDelete(o *sobject.Object) error {
	if o.Deletable && !managedObject(o.Name) && !recordedObject(o.Name) {
		return nil
	}
	return refuse("som.data.deletable", CodeNotEditable, "entity type cannot be deleted: %s", o.Label)
}

// guarded fields are writable in the vendor's metadata, but quantities and money of the order follow from them; they
// change through actions only.
func guarded(object, field string) bool {
	switch object {
	case objFulfillmentLine:
		return field == "Quantity"
	case objAuthorization, objPayment, objRefund, objAuthAdjustment:
		return slices.Contains([]string{"Amount", "Status", "Type", "OrderPaymentSummaryId", "PaymentAuthorizationId"}, field)
	default:
		return false
	}
}

func notWritable(names ...string) *Error {
	return refuse("som.data.field-writable", CodeFieldNotWritable,
		"Unable to create/update fields: %s. Please check the security settings of this field and verify that it is "+
			"read/write for your profile or permission set.", strings.Join(names, ", ")).on(names...)
}
