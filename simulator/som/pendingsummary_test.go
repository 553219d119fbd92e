package som

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/somsim/somsim/simulator/sandbox"
	"github.com/somsim/somsim/simulator/som/sobject"
)

// node is a row of a graph, with names and values of its fields by turns.
func node(reference, object string, fields ...any) GraphNode {
	n := GraphNode{Reference: reference, Object: object}
	for i := 0; i < len(fields); i += 2 {
		n.Fields = append(n.Fields, field(fields[i].(string), fields[i+1]))
	}
	return n
}

// waitingOrder is a graph of an order: a jacket at 100.00 with a tax of 10.00 and an order-level discount of 20.00 with one of
// 2.00, delivery at 5.00, authorised by card.
func waitingOrder(edit ...func(*OrderGraph)) OrderGraph {
	g := OrderGraph{
		ID: "graph@1", Payload: `{"orderSummaryGraphId":"graph@1"}`,
		Support: []GraphNode{
			node("entry", objPricebookEntry, "Pricebook2Id", standardPricebookID(), "Product2Id", "@{jacket.id}", "UnitPrice", dec("100"), "IsActive", true, "CurrencyIsoCode", "EUR"),
			node("jacket", objProduct, "Name", "Torpedo jacket", "ProductCode", "T-1", "StockKeepingUnit", "T-1", "IsActive", true),
			node("shipping", objProduct, "Name", "Shipping", "ProductCode", "shipping", "IsActive", true),
			node("account", objAccount, "Name", "Frieda Test", "FirstName", "Frieda", "isPersonAccount", true, "Phone", "111"),
			node("channel", objSalesChannel, "SalesChannelName", "Shop"),
			node("promotion", objPromotion, "Name", "20 off", "IsActive", true),
			node("store", objWebStore, "Name", "Shop", "ExternalReference", "shop", "Type", "B2C"),
			node("method", objDeliveryMethod, "Name", "Overnight", "ReferenceNumber", "standard", "IsActive", true),
		},
		Purchase: []GraphNode{
			node("tax", objTaxLine, "Name", "VAT", "Type", "Estimated", "Amount", dec("10"), "TaxEffectiveDate", "2026-03-01", "OrderItemSummaryId", "@{item.id}", "OrderSummaryId", "@{order.id}"),
			node("order", objOrderSummary, "OrderNumber", "N-1", "OrderLifeCycleType", "MANAGED", "BillingEmailAddress", "frieda@example.com", "AccountId", "@{account.id}",
				"SalesChannelId", "@{channel.id}", "SalesStoreId", "@{store.id}", "ExternalReferenceIdentifier", "zzte_053@RefArch@N-1", "GrandTotalAmount", dec("93"), "CurrencyIsoCode", "EUR"),
			node("group", objDeliveryGroup, "DeliverToName", "Frieda Test", "DeliverToCity", "Halle", "OrderDeliveryMethodId", "@{method.id}", "OrderSummaryId", "@{order.id}"),
			node("item", objOrderItemSummary, "Description", "Torpedo jacket", "Type", "Order Product", "Quantity", dec("1"), "UnitPrice", dec("100"), "TotalLineAmount", dec("100"),
				"Product2Id", "@{jacket.id}", "PricebookEntryId", "@{entry.id}", "OrderSummaryId", "@{order.id}", "OrderDeliveryGroupSummaryId", "@{group.id}"),
			node("delivery", objOrderItemSummary, "Type", "Delivery Charge", "Quantity", dec("1"), "UnitPrice", dec("5"), "TotalLineAmount", dec("5"),
				"Product2Id", "@{shipping.id}", "OrderSummaryId", "@{order.id}", "OrderDeliveryGroupSummaryId", "@{group.id}"),
			node("promo", objAdjustmentGroup, "Name", "20 off", "Type", "Header", "OrderSummaryId", "@{order.id}", "AdjustmentCauseId", "@{promotion.id}"),
			node("off", objAdjustmentLine, "Name", "20 off", "Amount", dec("-20"), "OrderItemSummaryId", "@{item.id}", "OrderAdjustmentGroupSummaryId", "@{promo.id}", "OrderSummaryId", "@{order.id}"),
			node("offtax", objTaxLine, "Name", "VAT", "Type", "Estimated", "Amount", dec("-2"), "TaxEffectiveDate", "2026-03-01", "OrderItemSummaryId", "@{item.id}",
				"OrderItemAdjustmentLineSummaryId", "@{off.id}", "OrderSummaryId", "@{order.id}"),
			node("purse", objOrderPaymentSummary, "OrderSummaryId", "@{order.id}"),
			node("authorization", objAuthorization, "Amount", dec("93"), "ProcessingMode", "External", "Status", "Processed", "GatewayRefNumber", "0000010112",
				"AccountId", "@{account.id}", "PaymentMethodId", "@{card.id}", "OrderPaymentSummaryId", "@{purse.id}"),
			node("card", "CardPaymentMethod", "ProcessingMode", "External", "Status", "Active", "CardType", "Visa", "AccountId", "@{account.id}"),
			node("log", objGatewayLog, "InteractionStatus", "Success", "InteractionType", "Authorization", "ReferencedEntityId", "@{authorization.id}"),
		},
	}
	for _, e := range edit {
		e(&g)
	}
	return g
}

// drop leaves fields of a node out.
func drop(reference string, names ...string) func(*OrderGraph) {
	return func(g *OrderGraph) {
		for i, n := range g.Purchase {
			if n.Reference == reference {
				var kept []sobject.FieldValue
				for _, fv := range n.Fields {
					if !slices.Contains(names, fv.Name) {
						kept = append(kept, fv)
					}
				}
				g.Purchase[i].Fields = kept
			}
		}
	}
}

func with(reference string, fields ...any) func(*OrderGraph) {
	return func(g *OrderGraph) {
		for i, n := range g.Purchase {
			if n.Reference == reference {
				g.Purchase[i].Fields = append(g.Purchase[i].Fields, node("", "", fields...).Fields...)
			}
		}
	}
}

func (o *testOrg) pend(g OrderGraph) (id, rule string) {
	o.t.Helper()
	rule = o.try(func(tx *sandbox.Tx) (err error) {
		id, err = o.CreatePendingOrderSummary(tx, "", g)
		return err
	})
	return id, rule
}

func (o *testOrg) advance(d time.Duration) {
	o.t.Helper()
	if _, err := o.world.Advance(o.t.Context(), d); err != nil {
		o.t.Fatal(err)
	}
}

// told lists the events of a name as their fields.
func (o *testOrg) told(name string) (events []map[string]sobject.Value) {
	tx := o.world.Read()
	defer tx.Abort()
	for _, e := range o.Events(tx, EventQuery{}) {
		if e.Name == name {
			fields := map[string]sobject.Value{}
			for _, fv := range e.Fields {
				fields[fv.Name] = fv.Value
			}
			events = append(events, fields)
		}
	}
	return events
}

func (o *testOrg) all() testOrder { return testOrder{testOrg: o} }

func TestAPendingOrderSummaryBecomesAnOrderSummary(t *testing.T) {
	t.Parallel()
	o := newTestOrg(t)
	pendingID, rule := o.pend(waitingOrder())
	if rule != "" {
		t.Fatal(rule)
	}
	want := []string{"N-1 zzte_053@RefArch@N-1 frieda@example.com 93 Frieda Test EUR"}
	waiting := func() []string {
		return o.all().rows(objPending, "OrderNumber", "ExternalReferenceIdentifier", "BillingEmailAddress", "GrandTotalAmount", "ShopperName", "CurrencyIsoCode")
	}
	if diff := cmp.Diff(want, waiting()); diff != "" || o.all().count(objOrderSummary) != 0 {
		t.Errorf("while it waits (-want +got):\n%s", diff)
	}
	o.advance(time.Minute)
	if got := waiting(); len(got) != 0 {
		t.Errorf("still waiting: %q", got)
	}
	order := testOrder{o, makeID("1Os", 1)}
	order.checkInvariants()
	order.expect(-1, map[string]string{
		"OrderNumber": "N-1", "GrandTotalAmount": "93", "TotalAmount": "85", "Status": "Created", "OrderLifeCycleType": "MANAGED", "BusinessModel": "B2C",
		"ExternalReferenceIdentifier": "zzte_053@RefArch@N-1", "BillingEmailAddress": "frieda@example.com", "TotalAdjDistAmount": "-20",
	})
	order.expect(0, map[string]string{"TotalPrice": "80", "TotalTaxAmount": "8", "ProductCode": "T-1", "Status": "ORDERED", "QuantityOrdered": "1"})
	order.expect(1, map[string]string{"Type": "Delivery Charge", "TotalPrice": "5"})
	if diff := cmp.Diff([]string{"Visa Card Payment Method 93 93"}, order.rows(objOrderPaymentSummary, "Method", "Type", "AuthorizationAmount", "AvailableToCaptureAmount")); diff != "" {
		t.Errorf("payments (-want +got):\n%s", diff)
	}
	events := o.told(EventPendingOrdSumProc)
	wantEvent := []map[string]sobject.Value{{"ExternalReferenceIdentifier": "zzte_053@RefArch@N-1", "IsSuccess": true, "OrderSummaryId": order.id}}
	if diff := cmp.Diff(wantEvent, events); diff != "" {
		t.Errorf("events of %s (-want +got):\n%s", pendingID, diff)
	}
	// It behaves like any other.
	if _, rule := order.cancel(order.withShipping(0, "1")); rule != "" {
		t.Errorf("it cannot be cancelled: %q", rule)
	}
	order.expect(-1, map[string]string{"GrandTotalAmount": "0"})
}

func TestAPendingOrderSummaryIsWorthUnitsTimesPrice(t *testing.T) {
	t.Parallel()
	o := newTestOrg(t)
	_, rule := o.pend(waitingOrder(func(g *OrderGraph) {
		for i, n := range g.Purchase {
			g.Purchase[i].Fields = slices.DeleteFunc(n.Fields, func(fv sobject.FieldValue) bool {
				return fv.Name == "TotalLineAmount" || fv.Name == "GrandTotalAmount"
			})
		}
	}))
	if rule != "" {
		t.Fatal(rule)
	}
	if diff := cmp.Diff([]string{"93"}, o.all().rows(objPending, "GrandTotalAmount")); diff != "" {
		t.Errorf("while it waits (-want +got):\n%s", diff)
	}
	o.advance(time.Minute)
	testOrder{o, makeID("1Os", 1)}.expect(-1, map[string]string{"GrandTotalAmount": "93"})
}

func TestRowsThatOrdersShareAreMadeOnce(t *testing.T) {
	t.Parallel()
	o := newTestOrg(t)
	for n := range 3 {
		_, rule := o.pend(waitingOrder(func(g *OrderGraph) {
			g.ID = fmt.Sprint("graph@", n)
			for i := range g.Purchase[1].Fields {
				if f := &g.Purchase[1].Fields[i]; f.Name == "ExternalReferenceIdentifier" {
					f.Value = fmt.Sprint("ref-", n)
				}
			}
		}))
		if rule != "" {
			t.Fatal(rule)
		}
	}
	o.advance(time.Minute)
	if got := o.all().count(objOrderSummary); got != 3 {
		t.Fatalf("%d order summaries: %v", got, o.told(EventPendingOrdSumProc))
	}
	// The org began with three products, a delivery method and a sales channel.
	for object, want := range map[string]int{objProduct: 4, objDeliveryMethod: 1, objSalesChannel: 2, objPromotion: 1, objWebStore: 1} {
		if got := o.all().count(object); got != want {
			t.Errorf("%d rows of %s, want %d", got, object, want)
		}
	}
	var times []time.Time
	tx := o.world.Read()
	defer tx.Abort()
	for _, e := range o.Events(tx, EventQuery{}) {
		if e.Name == EventPendingOrdSumProc {
			times = append(times, e.At)
		}
	}
	if len(times) != 3 || times[1].Sub(times[0]) != pendingPace || times[2].Sub(times[1]) != pendingPace {
		t.Errorf("processed at %v", times)
	}
}

func TestAPendingOrderSummaryThatFailsStaysAndCanBeTriedAgain(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		edit  func(*OrderGraph)
		code  string
		words string
	}{
		"an unknown field":            {with("order", "Colour", "blue"), "INVALID_FIELD", "No such column 'Colour' on sobject of type OrderSummary"},
		"a missing field":             {drop("item", "Product2Id", "PricebookEntryId"), "REQUIRED_FIELD_MISSING", "Required fields are missing"},
		"a reference to nothing":      {with("item", "ReservedAtLocationId", "@{nowhere.id}"), "MALFORMED_ID", ""},
		"a wrong id prefix":           {with("order", "BillToContactId", makeID("001", 1)), "FIELD_INTEGRITY_EXCEPTION", ""},
		"no delivery group":           {func(g *OrderGraph) { g.Purchase = append(g.Purchase[:2:2], g.Purchase[3:]...) }, "MALFORMED_ID", ""},
		"a life cycle that is none":   {with("order", "OrderLifeCycleType", "WILD"), "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", ""},
		"nothing that can be bought":  {func(g *OrderGraph) { g.Purchase = g.Purchase[1:3] }, "FAILED_ACTIVATION", ""},
		"a tax without an amount":     {drop("tax", "Amount"), "REQUIRED_FIELD_MISSING", "Required fields are missing: [Amount]"},
		"an authorization of nothing": {drop("authorization", "Amount"), "REQUIRED_FIELD_MISSING", "Required fields are missing: [Amount]"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := newTestOrg(t)
			products := o.all().count(objProduct)
			pendingID, rule := o.pend(waitingOrder(tc.edit))
			if rule != "" {
				t.Fatalf("refused at once by %q", rule)
			}
			o.advance(time.Minute)
			events := o.told(EventPendingOrdSumProc)
			if len(events) != 1 || events[0]["IsSuccess"] != false || events[0]["ErrorCode"] != tc.code || events[0]["OrderSummaryId"] != nil {
				t.Fatalf("events %v", events)
			}
			if text, _ := events[0]["ErrorMessage"].(string); tc.words != "" && !strings.HasPrefix(text, tc.words) {
				t.Errorf("message %q", text)
			}
			exceptions := o.told(EventProcessException)
			if len(exceptions) != 1 || exceptions[0]["ExceptionType"] != "Place Order Failed" || exceptions[0]["AttachedToId"] != pendingID {
				t.Errorf("exceptions %v", exceptions)
			}
			for object, want := range map[string]int{objPending: 1, objOrder: 0, objOrderSummary: 0, objProduct: products} {
				if got := o.all().count(object); got != want {
					t.Errorf("%d rows of %s, want %d", got, object, want)
				}
			}
			if _, rule := o.pend(waitingOrder()); rule != "" {
				t.Fatalf("the second try is refused by %q", rule)
			}
			o.advance(time.Minute)
			if pending, made := o.all().count(objPending), o.all().count(objOrderSummary); pending != 0 || made != 1 {
				t.Errorf("after the second try %d wait and %d are made: %v", pending, made, o.told(EventPendingOrdSumProc))
			}
		})
	}
}

func TestAnOrderThatIsThereIsNotMadeAgain(t *testing.T) {
	t.Parallel()
	o := newTestOrg(t)
	if _, rule := o.pend(waitingOrder()); rule != "" {
		t.Fatal(rule)
	}
	if _, rule := o.pend(waitingOrder()); rule != "som.pending.external-reference" {
		t.Errorf("while the first waits: refused by %q", rule)
	}
	o.advance(time.Minute)
	if _, rule := o.pend(waitingOrder()); rule != "" {
		t.Errorf("later: refused by %q", rule)
	}
	o.advance(time.Minute)
	if got := o.all().count(objOrderSummary); got != 1 {
		t.Errorf("%d order summaries", got)
	}
	for n, event := range o.told(EventPendingOrdSumProc) {
		if event["IsSuccess"] != true || event["OrderSummaryId"] != makeID("1Os", 1) {
			t.Errorf("event %d: %v", n, event)
		}
	}
}

func TestPendingOrderSummaryRefusals(t *testing.T) {
	t.Parallel()
	o := newTestOrg(t)
	lines := func(n int) func(*OrderGraph) {
		return func(g *OrderGraph) {
			for i := range n {
				g.Purchase = append(g.Purchase, node(fmt.Sprint("more", i), objOrderItemSummary))
			}
		}
	}
	for name, tc := range map[string]struct {
		rule string
		edit func(*OrderGraph)
	}{
		"no order summary":                  {"som.pending.one-summary", func(g *OrderGraph) { g.Purchase = g.Purchase[2:] }},
		"two order summaries":               {"som.pending.one-summary", func(g *OrderGraph) { g.Purchase = append(g.Purchase, node("second", objOrderSummary)) }},
		"a row that does not belong":        {"som.pending.node-type", func(g *OrderGraph) { g.Purchase = append(g.Purchase, node("x", objInvoice)) }},
		"a row of the order among supports": {"som.pending.node-type", func(g *OrderGraph) { g.Support = append(g.Support, node("x", objOrderItemSummary)) }},
		"a reference twice":                 {"som.pending.reference-unique", func(g *OrderGraph) { g.Support = append(g.Support, node("order", objProduct)) }},
		"a row without a reference":         {"som.pending.reference-unique", func(g *OrderGraph) { g.Support = append(g.Support, node("", objProduct)) }},
		"2,001 lines":                       {"som.pending.lines", lines(1999)},
	} {
		if _, rule := o.pend(waitingOrder(tc.edit)); rule != tc.rule {
			t.Errorf("%s: refused by %q, not by %q", name, rule, tc.rule)
		}
	}
	if got := o.all().count(objPending); got != 0 {
		t.Errorf("%d wait", got)
	}
	if _, rule := o.pend(waitingOrder(lines(1998))); rule != "" {
		t.Errorf("2,000 lines: refused by %q", rule)
	}
}

func TestAMinuteTakesSoManyOrders(t *testing.T) {
	t.Parallel()
	o := newTestOrg(t)
	o.Configure(Settings{PendingPerMinute: 2})
	take := func(n int) string {
		_, rule := o.pend(waitingOrder(drop("order", "ExternalReferenceIdentifier"), func(g *OrderGraph) { g.ID = fmt.Sprint(n) }))
		return rule
	}
	for n, want := range []string{"", "", "som.pending.minute-limit"} {
		if rule := take(n); rule != want {
			t.Errorf("order %d: refused by %q, not by %q", n+1, rule, want)
		}
	}
	o.advance(time.Minute)
	if rule := take(4); rule != "" {
		t.Errorf("a minute later: refused by %q", rule)
	}
}
