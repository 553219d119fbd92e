package somrest_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
)

func TestPaymentsTellWhatTheProviderSaid(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	payments := base + "/commerce/payments/"
	w := s.do("POST", payments+"payments/"+paymentID+"/refunds", `{"amount":10.5}`)
	var out struct {
		Refund struct {
			ID, Status, RefundNumber string
			Amount                   json.Number
		}
		GatewayResponse    struct{ SalesforceResultCode, GatewayMessage string }
		PaymentGatewayLogs []struct{ InteractionStatus string }
		Error              *struct{ Message string }
	}
	if err := json.Unmarshal(w.Body.Bytes(), &out); err != nil || w.Code != http.StatusCreated {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	// The order's money is External: there is no provider to ask, which is an outcome and not an error of the call.
	if out.Refund.Status != "FAILED" || out.Refund.Amount != "10.5" || out.Refund.RefundNumber == "" || out.GatewayResponse.SalesforceResultCode != "PermanentFail" ||
		len(out.PaymentGatewayLogs) != 1 || out.PaymentGatewayLogs[0].InteractionStatus != "FAILED" || out.Error == nil || out.Error.Message != out.GatewayResponse.GatewayMessage {
		t.Errorf("%s", w.Body)
	}
	const key = "sfdc-Payments-Idempotency-Key"
	first := s.do("POST", payments+"payments/"+paymentID+"/refunds", `{"amount":1}`, key, "k")
	if again := s.do("POST", payments+"payments/"+paymentID+"/refunds", `{"amount":1,"idempotencyKey":"k"}`); again.Body.String() != first.Body.String() {
		t.Errorf("one key, two answers:\n%s\n%s", first.Body, again.Body)
	}
	s.wantError(s.do("POST", payments+"payments/"+paymentID+"/refunds", `{"amount":1,"idempotencyKey":"k"}`, key, "k"), http.StatusBadRequest, "INVALID_API_INPUT", "Give the idempotency key")
	s.wantError(s.do("POST", payments+"authorizations/"+authorizationID+"/captures", `{"amount":1}`), http.StatusBadRequest, "INVALID_API_INPUT", "Of "+authorizationID+", 0 is left to capture.")
	s.wantError(s.do("POST", payments+"authorizations/"+paymentID+"/reversals", `{"amount":1}`), http.StatusNotFound, "NOT_FOUND", "")
	s.wantError(s.do("POST", strings.Replace(payments, "v60.0", "v50.0", 1)+"authorizations/"+authorizationID+"/reversals", `{"amount":1}`), http.StatusNotFound, "NOT_FOUND", "")
	s.wantError(s.do("POST", payments+"authorizations/"+authorizationID+"/reversals", `{}`), http.StatusBadRequest, "INVALID_API_INPUT", "Required: amount")
}
