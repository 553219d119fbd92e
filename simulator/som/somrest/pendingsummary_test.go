package somrest_test

import (
	"net/http"
	"strings"
	"testing"
	"time"
)

const pendingPath = base + "/commerce/order-summaries"

// graphBody is an order with one jacket, delivered by the method that is there.
const graphBody = `{"orderSummaryGraphs":[{"orderSummaryGraphId":"graph@1",
	"purchaseSupportDetails":[
		{"referenceId":"jacket","attributes":{"attributes":{"type":"Product2"},"Name":"Jacket","ProductCode":"P-1"}},
		{"referenceId":"account","attributes":{"attributes":{"type":"Account"},"Name":"Frieda Test","isPersonAccount":true}}],
	"purchaseDetails":[
		{"referenceId":"order","attributes":{"attributes":{"type":"OrderSummary"},"OrderNumber":"N-1","AccountId":"@{account.id}","OrderedDate":"2026-02-28T10:00:00.000Z","ExternalReferenceIdentifier":"zzte_053@RefArch@N-1"}},
		{"referenceId":"group","attributes":{"attributes":{"type":"OrderDeliveryGroupSummary"},"DeliverToName":"Frieda Test","OrderDeliveryMethodId":"2Dm5i0000000001CAA","OrderSummaryId":"@{order.id}"}},
		{"referenceId":"item","attributes":{"attributes":{"type":"OrderItemSummary"},"Type":"Order Product","Quantity":1,"UnitPrice":50,"TotalLineAmount":"50","Product2Id":"@{jacket.id}","OrderSummaryId":"@{order.id}","OrderDeliveryGroupSummaryId":"@{group.id}"}},
		{"referenceId":"tax","attributes":{"attributes":{"type":"OrderItemTaxLineItemSummary"},"Name":"VAT","Type":"Estimated","Amount":5,"Rate":0.1,"TaxEffectiveDate":"2026-02-28T10:00:00.000Z","OrderItemSummaryId":"@{item.id}","OrderSummaryId":"@{order.id}"}}]}]}`

func (s *server) later() {
	s.t.Helper()
	w, ok := s.worlds.Get("default")
	if !ok {
		s.t.Fatal("no sandbox")
	}
	if _, err := w.Advance(s.t.Context(), time.Minute); err != nil {
		s.t.Fatal(err)
	}
}

func TestPendingOrderSummariesAreSeenUntilTheyAreOrderSummaries(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	pending := "SELECT OrderNumber, ShopperName, GrandTotalAmount, PayloadType FROM PendingOrderSummary"
	made := "SELECT Account.Name, GrandTotalAmount, Status FROM OrderSummary WHERE OrderNumber = 'N-1'"
	s.want(s.do("POST", pendingPath, graphBody), http.StatusCreated, `{"success":true,"error":null,"orderSummaryGraphsResults":[
		{"orderSummaryGraphId":"graph@1","success":true,"error":null,"httpHeaders":[{"name":"Location","value":"`+base+`/sobjects/PendingOrderSummary/29s5i0000000001AAA"}]}]}`)
	if w := s.soql(pending); !strings.Contains(w.Body.String(), `"OrderNumber":"N-1","ShopperName":"Frieda Test","GrandTotalAmount":55.0,"PayloadType":"OrderSummaryGraph"`) {
		t.Errorf("before: %s", w.Body)
	}
	if w := s.soql(made); !strings.Contains(w.Body.String(), `"totalSize":0`) {
		t.Errorf("before: %s", w.Body)
	}
	s.later()
	if w := s.soql(pending); !strings.Contains(w.Body.String(), `"totalSize":0`) {
		t.Errorf("after: %s", w.Body)
	}
	if w := s.soql(made); !strings.Contains(w.Body.String(), `"Name":"Frieda Test"},"GrandTotalAmount":55.0,"Status":"Created"`) {
		t.Errorf("after: %s", w.Body)
	}
	s.wantError(s.do("POST", base+"/sobjects/PendingOrderSummary", `{"OrderNumber":"N-2"}`), http.StatusBadRequest, "INVALID_TYPE_FOR_OPERATION", "")
}

func TestGraphsAreTakenOneByOne(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	before := s.state()
	for name, tc := range map[string]struct{ old, new, code, message string }{
		"an unknown property":   {`"orderSummaryGraphId"`, `"graph":1,"orderSummaryGraphId"`, "JSON_PARSER_ERROR", `Unrecognized field "graph" in orderSummaryGraphs.0`},
		"no graph id":           {`"orderSummaryGraphId":"graph@1",`, ``, "INVALID_API_INPUT", "Required: orderSummaryGraphs.0.orderSummaryGraphId"},
		"no reference id":       {`"referenceId":"tax",`, ``, "INVALID_API_INPUT", "Required: orderSummaryGraphs.0.purchaseDetails.3.referenceId"},
		"no type":               {`"attributes":{"type":"Product2"},`, ``, "INVALID_API_INPUT", "Required: orderSummaryGraphs.0.purchaseSupportDetails.0.attributes.attributes"},
		"a misspelled envelope": {`orderSummaryGraphs`, `graphs`, "JSON_PARSER_ERROR", ""},
	} {
		t.Run(name, func(*testing.T) {
			s.wantOutput(s.do("POST", pendingPath, strings.Replace(graphBody, tc.old, tc.new, 1)), http.StatusBadRequest, tc.code, tc.message)
		})
	}
	for name, tc := range map[string]struct{ old, new, message string }{
		"a kind nobody knows":     {`"type":"Product2"`, `"type":"Gadget"`, `A row of type \"Gadget\" does not belong there.`},
		"a kind of another place": {`"type":"Product2"`, `"type":"Invoice"`, `A row of type \"Invoice\" does not belong there.`},
		"no order summary":        {`"type":"OrderSummary"`, `"type":"CardPaymentMethod"`, `A graph holds one OrderSummary, this one 0.`},
		"a text for a number":     {`"UnitPrice":50`, `"UnitPrice":"cheap"`, `Cannot deserialize instance of currency`},
		"a reference twice":       {`"referenceId":"tax"`, `"referenceId":"item"`, `The referenceId \"item\" is missing or given twice.`},
	} {
		w := s.do("POST", pendingPath, strings.Replace(graphBody, tc.old, tc.new, 1))
		if w.Code != http.StatusCreated || !strings.Contains(w.Body.String(), `"success":false`) || !strings.Contains(w.Body.String(), tc.message) || strings.Contains(w.Body.String(), "Location") {
			t.Errorf("%s: %d %s", name, w.Code, w.Body)
		}
	}
	s.later()
	if after := s.state(); after != before {
		t.Errorf("it changed something:\n%s\n%s", before, after)
	}
	if w := s.soql("SELECT Id FROM PendingOrderSummary"); !strings.Contains(w.Body.String(), `"totalSize":0`) {
		t.Errorf("%s", w.Body)
	}
	one := graphBody[strings.Index(graphBody, "[")+1 : len(graphBody)-2]
	two := `{"orderSummaryGraphs":[` + one + `,` + one + `,` + strings.ReplaceAll(one, "1", "2") + `]}`
	w := s.do("POST", pendingPath, two)
	if !strings.Contains(w.Body.String(), `"orderSummaryGraphId":"graph@1","success":true`) || !strings.Contains(w.Body.String(), "The orderSummaryGraphId graph@1 is given twice.") ||
		!strings.Contains(w.Body.String(), `"orderSummaryGraphId":"graph@2","success":true`) || !strings.HasPrefix(w.Body.String(), `{"success":false,"error":null`) {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	s.wantError(s.do("POST", strings.Replace(pendingPath, "v60.0", "v56.0", 1), graphBody), http.StatusNotFound, "NOT_FOUND", "")
}
