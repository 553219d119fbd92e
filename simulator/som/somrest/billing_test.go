package somrest_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// read reads one property of an answer with that status.
func (s *server) read(w *httptest.ResponseRecorder, status int, property string) string {
	s.t.Helper()
	var out map[string]any
	if err := json.Unmarshal(w.Body.Bytes(), &out); err != nil || w.Code != status {
		s.t.Fatalf("%d %s", w.Code, w.Body)
	}
	text, _ := out[property].(string)
	return text
}

func TestBillingFromShipmentToCreditMemo(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	fulfillmentOrder := s.ship("2")
	invoice := s.read(s.do("POST", orders+"/"+fulfillmentOrder+"/actions/create-invoice", `{}`), http.StatusCreated, "invoiceId")
	w := s.soql("SELECT Balance, Status, (SELECT Type, LineAmount FROM InvoiceLines) FROM Invoice WHERE Id = '" + invoice + "'")
	if !strings.Contains(w.Body.String(), `"Balance":110.0,"Status":"Posted"`) || strings.Count(w.Body.String(), `"LineAmount"`) != 2 {
		t.Errorf("the invoice is %s", w.Body)
	}
	for _, path := range []string{base + "/commerce/fulfillment/actions", orders + "/actions"} {
		w := s.do("POST", path+"/create-multiple-invoices", `{"fulfillmentOrderIds":["`+fulfillmentOrder+`"]}`)
		s.wantOutput(w, http.StatusBadRequest, "INVALID_API_INPUT", "The fulfillment order "+fulfillmentOrder+" has the invoice")
	}
	fee := `,"changeItemFees":[{"amount":5.5,"amountType":"AmountWithTax","product2Id":"` + feeProductID + `"}]`
	w = s.do("POST", actions+"submit-return", cancelBody(jacketID, "1", "Unknown", fee))
	change, charged := s.read(w, http.StatusCreated, "changeOrderId"), s.read(w, http.StatusCreated, "feeChangeOrderId")
	memo := s.read(s.do("POST", actions+"create-credit-memo", `{"changeOrderIds":["`+change+`"]}`), http.StatusCreated, "creditMemoId")
	w = s.soql("SELECT Balance FROM CreditMemo WHERE Id = '" + memo + "'")
	if !strings.Contains(w.Body.String(), `"Balance":58.3`) {
		t.Errorf("the credit memo is %s", w.Body)
	}
	s.wantOutput(s.do("POST", actions+"create-credit-memo", `{"changeOrderIds":["`+change+`"]}`), http.StatusBadRequest, "INVALID_API_INPUT", "The change order "+change+" is in the document "+memo)
	entries := `{"invoicesFromChangeOrders":[{"orderSummaryId":"` + orderID + `","changeOrderIds":["` + change + `"]},{"orderSummaryId":"` + orderID + `","changeOrderIds":["` + charged + `"]}]}`
	w = s.do("POST", base+"/commerce/order-management/order-summaries/actions/create-multiple-change-invoices", entries)
	var out struct {
		Success  bool
		Invoices []struct {
			InvoiceID *string
			Success   bool
			Errors    []struct{ Message string }
		}
	}
	if err := json.Unmarshal(w.Body.Bytes(), &out); err != nil || len(out.Invoices) != 2 {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	if first, second := out.Invoices[0], out.Invoices[1]; out.Success || first.Success || first.InvoiceID != nil || !second.Success || second.InvoiceID == nil {
		t.Errorf("%s", w.Body)
	}
}
