package som

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/somsim/somsim/simulator/sandbox"
)

func TestImportMakesTheWholeSummaryGraph(t *testing.T) {
	t.Parallel()
	o := newTestOrg(t).workedExample(func(n *NewOrder) {
		n.BillingAddress = Address{City: "Leipzig", CountryCode: "DE"}
		n.Payments = []NewPayment{{Method: "Visa - 1111", Type: "Credit Card", GatewayRefNumber: "w-1", Authorized: dec("116.59")}}
	})
	o.checkInvariants()
	o.expect(-1, map[string]string{
		"OrderNumber": "00001001", "Status": "Created", "OrderLifeCycleType": "MANAGED", "TaxLocaleType": "Net", "CurrencyIsoCode": "EUR",
		"BillingCity": "Leipzig", "OrderProductLineCount": "1", "TotalProductAmount": "100", "TotalDeliveryAmount": "5.99", "GrandTotalAmount": "116.59",
	})
	o.expect(0, map[string]string{
		"ProductCode": "P-1", "StockKeepingUnit": "P-1", "Name": "Jacket", "TypeCode": "Product", "Quantity": "2", "Status": "ORDERED",
		"UnitPrice": "50", "GrossUnitPrice": "55", "TotalAmtWithTax": "110",
	})
	tx := o.world.Read()
	defer tx.Abort()
	payments := o.Rows(tx).children(objOrderPaymentSummary, "OrderSummaryId", o.id)
	if len(payments) != 1 || o.shown(payments[0], "AvailableToCaptureAmount") != "116.59" {
		t.Errorf("payments %+v", payments)
	}
	authorizations := o.Rows(tx).children(objAuthorization, "OrderPaymentSummaryId", payments[0].ID)
	if len(authorizations) != 1 || authorizations[0].Text("GatewayRefNumber") != "w-1" || o.shown(authorizations[0], "Balance") != "116.59" {
		t.Errorf("authorizations %+v", authorizations)
	}
	group := o.below(tx, objDeliveryGroup, o.id)[0]
	if got := o.shown(&group.Record, "GrandTotalAmount"); got != "6.59" {
		t.Errorf("the delivery group counts %s, which should be its charges", got)
	}
}

func TestCapturedMoneyIsOnPaymentAndAuthorization(t *testing.T) {
	t.Parallel()
	o := newTestOrg(t).workedExample(func(n *NewOrder) {
		n.Payments = []NewPayment{
			{Method: "Visa", Type: "Credit Card", GatewayRefNumber: "w-1", Authorized: dec("100"), Captured: dec("40")},
			{Method: "Gift card", Type: "Gift Card", GatewayRefNumber: "g-1", Captured: dec("16.59")},
		}
	})
	tx := o.world.Read()
	defer tx.Abort()
	got := map[string]string{}
	for _, ops := range o.Rows(tx).children(objOrderPaymentSummary, "OrderSummaryId", o.id) {
		for _, p := range o.Rows(tx).children(objPayment, "OrderPaymentSummaryId", ops.ID) {
			got[ops.Text("Method")] = p.Text("Type") + " " + o.shown(ops, "CapturedAmount") + " left " + o.shown(ops, "AvailableToCaptureAmount")
		}
	}
	if diff := cmp.Diff(map[string]string{"Visa": "Capture 40 left 60", "Gift card": "Sale 16.59 left 0"}, got); diff != "" {
		t.Errorf("payments (-want +got):\n%s", diff)
	}
}

func TestOrderSummaryPreconditions(t *testing.T) {
	t.Parallel()
	o := newTestOrg(t)
	order := o.workedExample(func(n *NewOrder) { n.ExternalReference = "zzte_053@RefArch@1" })
	var original string
	order.read(func(_ *sandbox.Tx, s *orderSummary) { original = s.Text("OriginalOrderId") })
	create := func(n NewOrderSummary) string {
		return o.try(func(tx *sandbox.Tx) error {
			_, err := o.CreateOrderSummary(tx, n)
			return err
		})
	}
	if rule := create(NewOrderSummary{OrderID: original}); rule != "som.summary.once" {
		t.Errorf("a second summary: rule %q", rule)
	}
	if rule := create(NewOrderSummary{OrderID: makeID("801", 4711)}); rule != "som.summary.order-exists" {
		t.Errorf("no order: rule %q", rule)
	}
	var draft, bare string
	o.write(func(tx *sandbox.Tx) error {
		draft = o.insert(tx, "", objOrder, values{"Name": "draft"})
		bare = o.insert(tx, "", objOrder, values{"Name": "bare", "Status": "Activated", "StatusCode": "Activated"})
		return nil
	})
	if rule := create(NewOrderSummary{OrderID: draft}); rule != "som.summary.order-activated" {
		t.Errorf("a draft: rule %q", rule)
	}
	if rule := create(NewOrderSummary{OrderID: bare}); rule != "som.summary.delivery-group" {
		t.Errorf("no delivery group: rule %q", rule)
	}
	o.write(func(tx *sandbox.Tx) error {
		o.insert(tx, "", objOrderDeliveryGroup, values{"OrderId": bare})
		return nil
	})
	if rule := create(NewOrderSummary{OrderID: bare, ExternalReference: "zzte_053@RefArch@1"}); rule != "som.summary.external-reference" {
		t.Errorf("a reference used twice: rule %q", rule)
	}
	if rule := create(NewOrderSummary{OrderID: bare, ExternalReference: "zzte_053@refarch@1"}); rule != "" {
		t.Errorf("a reference in other case is another one: rule %q", rule)
	}
}

func TestImportRefusesWhatDoesNotExist(t *testing.T) {
	t.Parallel()
	o := newTestOrg(t)
	cases := map[string]NewItem{
		"som.import.product":          {ProductID: "x"},
		"som.import.adjustment-group": {ProductID: o.product, Adjustments: []NewAdjustment{{Name: "promo", Group: "promo", Amount: dec("-1")}}},
	}
	for rule, item := range cases {
		got := o.try(func(tx *sandbox.Tx) error {
			_, err := o.ImportOrder(tx, NewOrder{OrderNumber: "1", DeliveryGroups: []NewDeliveryGroup{{Items: []NewItem{item}}}})
			return err
		})
		if got != rule {
			t.Errorf("rule %q, want %q", got, rule)
		}
	}
}

func TestAliasesLeadToTheOrder(t *testing.T) {
	t.Parallel()
	o := newTestOrg(t).workedExample()
	fo, _ := o.allocate("1")
	tx := o.world.Read()
	defer tx.Abort()
	aliases := o.Aliases(tx, "00001001")
	for _, id := range []string{o.id, o.item(0).ID, fo} {
		if !contains(aliases, id[:shortID]) {
			t.Errorf("%s is not among %q", id, aliases)
		}
	}
}

func contains(all []string, one string) bool {
	for _, s := range all {
		if s == one {
			return true
		}
	}
	return false
}

func TestEveryObjectTheDomainWritesIsInTheCatalog(t *testing.T) {
	t.Parallel()
	o := newTestOrg(t)
	for _, object := range []string{
		objAccount, objProduct, objPricebook, objPricebookEntry, objLocation, objDeliveryMethod, objSalesChannel, objUser, objOrder,
		objOrderItem, objOrderDeliveryGroup, objOrderAdjGroup, objOrderItemAdjustment, objOrderItemTax, objOrderSummary,
		objOrderItemSummary, objDeliveryGroup, objAdjustmentGroup, objAdjustmentLine, objTaxLine, objItemChange,
		objOrderPaymentSummary, objAuthorization, objPayment, objRefund, objFulfillmentOrder, objFulfillmentLine, objShipment, objShipmentItem,
	} {
		if _, ok := o.catalog.Object(object); !ok {
			t.Errorf("no object %s", object)
		}
	}
}

func TestEveryWrittenFieldIsInTheCatalog(t *testing.T) {
	t.Parallel()
	o := newTestOrg(t)
	order := o.workedExample(func(n *NewOrder) {
		n.AdjustmentGroups = []NewAdjustmentGroup{{Name: "promo", Type: GroupHeader}}
		n.DeliveryGroups[0].Items[0].Adjustments = []NewAdjustment{{Name: "promo", Group: "promo", Amount: dec("-1"), Taxes: tax("-0.10")}}
		n.Payments = []NewPayment{{Method: "Visa", Type: "Credit Card", GatewayRefNumber: "w", Authorized: dec("9"), Captured: dec("9")}}
	})
	fo, _ := order.allocate("1")
	order.cancel(order.withShipping(0, "1"))
	o.write(func(tx *sandbox.Tx) error {
		_, err := o.Ship(tx, "", fo, "t")
		return err
	})
	tx := o.world.Read()
	defer tx.Abort()
	for _, object := range o.catalog.Objects() {
		for _, r := range o.records.Range(tx.Tx, "", object.KeyPrefix, object.KeyPrefix+"~", 0) {
			for _, fv := range r.Fields {
				f, ok := object.Field(fv.Name)
				if !ok || f.Name != fv.Name || f.Formula != nil || !fits(f, fv.Value) {
					t.Errorf("%s.%s = %v (%T) does not fit the metadata", object.Name, fv.Name, fv.Value, fv.Value)
				}
			}
		}
	}
}
