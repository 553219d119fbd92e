package somrest_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
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

func TestEnsureFundsAndRefunds(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	invoice := s.read(s.do("POST", orders+"/"+s.ship("2")+"/actions/create-invoice", `{}`), http.StatusCreated, "invoiceId")
	async := strings.Replace(actions, "/actions/", "/async-actions/", 1)
	operation := s.read(s.do("POST", async+"ensure-funds-async", `{"invoiceId":"`+invoice+`"}`), http.StatusCreated, "backgroundOperationId")
	status := func() string {
		return s.soql("SELECT Status FROM BackgroundOperation WHERE Id = '" + operation + "'").Body.String()
	}
	if !strings.Contains(status(), `"Status":"New"`) {
		t.Errorf("before its time: %s", status())
	}
	w, _ := s.worlds.Get("default")
	if _, err := w.Advance(t.Context(), time.Minute); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(status(), `"Status":"Complete"`) {
		t.Errorf("afterwards: %s", status())
	}
	if body := s.soql("SELECT Balance FROM Invoice").Body.String(); !strings.Contains(body, `"Balance":0.0`) {
		t.Errorf("the invoice: %s", body)
	}
	s.wantOutput(s.do("POST", async+"ensure-refunds-async", `{}`), http.StatusBadRequest, "INVALID_API_INPUT", "Give creditMemoId, excessFundsAmount or both.")
	s.wantOutput(s.do("POST", strings.Replace(async, "v60.0", "v59.0", 1)+"ensure-funds-async", `{"invoiceId":"`+invoice+`","sequences":[]}`),
		http.StatusBadRequest, "JSON_PARSER_ERROR", `Unrecognized field "sequences"`)
	multiple := s.do("POST", base+"/commerce/order-management/order-summaries/async-actions/multiple-ensure-funds-async",
		`{"asyncInputs":[{"orderSummaryId":"`+orderID+`","invoiceId":"`+orderID+`"},{"orderSummaryId":"`+orderID+`","invoiceId":"`+invoice+`"}]}`)
	if !strings.Contains(multiple.Body.String(), `"backgroundOperationId":null`) || !strings.Contains(multiple.Body.String(), `"backgroundOperationId":"08P`) {
		t.Errorf("%d %s", multiple.Code, multiple.Body)
	}
}

func TestCancelAllInTheBackground(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	path := strings.Replace(strings.Replace(actions, "/actions/", "/async-actions/", 1), "v60.0", "v63.0", 1) + "cancel-all-async"
	s.wantOutput(s.do("POST", path, `{"reason":"Boredom"}`), http.StatusBadRequest, "INVALID_API_INPUT", `"Boredom" is not an active value`)
	s.read(s.do("POST", path, `{"reason":"Unknown"}`), http.StatusCreated, "backgroundOperationId")
	w, _ := s.worlds.Get("default")
	if _, err := w.Advance(t.Context(), time.Minute); err != nil {
		t.Fatal(err)
	}
	if got := s.row("OrderSummary", orderID, "GrandTotalAmount"); got != `{"GrandTotalAmount":0}` {
		t.Errorf("order %s", got)
	}
	s.wantError(s.do("POST", strings.Replace(path, "v63.0", "v62.0", 1), `{}`), http.StatusNotFound, "NOT_FOUND", "")
}
