package somrest_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/somsim/somsim/simulator/sandbox"
	"github.com/somsim/somsim/simulator/som"
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

// bank is a provider that declines the cards of a table, as the one of the simulator does.
type bank struct{ som.Gateway }

func (bank) Authorize(_ *sandbox.Tx, in som.GatewayPurchase) som.GatewayAnswer {
	if in.Card.Last == "0002" {
		return som.GatewayAnswer{Result: som.ResultDecline, Code: "DECLINED", Message: "The card was declined."}
	}
	return som.GatewayAnswer{Result: som.ResultSuccess, Code: "OK", Reference: "w-9_0", AuthCode: "000123", Token: "t-9"}
}

func (b bank) Sale(tx *sandbox.Tx, in som.GatewayPurchase) som.GatewayAnswer {
	return b.Authorize(tx, in)
}

func (bank) PostAuth(_ *sandbox.Tx, in som.GatewayPurchase) som.GatewayAnswer {
	return som.GatewayAnswer{Result: som.ResultSuccess, Code: "OK", Reference: in.Card.Token}
}

func (b bank) Tokenize(tx *sandbox.Tx, in som.GatewayCard) som.GatewayAnswer {
	return b.Authorize(tx, som.GatewayPurchase{Card: in})
}

// purchaseBody is a request with a card; a nil change leaves it.
func purchaseBody(changes map[string]any) string {
	body := map[string]any{
		"accountId": accountID, "amount": "20.50", "currencyIsoCode": "EUR", "effectiveDate": "2026-03-01", "paymentGatewayId": som.GatewayID(),
		"paymentMethod": map[string]any{"cardPaymentMethod": cardBody("4111111111111111"), "saveForFuture": "true"},
		"paymentGroup":  map[string]any{"createPaymentGroup": "true", "sourceObjectId": "8015i0000000001AAA", "currencyIsoCode": "EUR"},
		"ipAddress":     "202.95.77.70", "additionalData": map[string]any{"channel": "web"},
	}
	for name, value := range changes {
		body[name] = value
		if value == nil {
			delete(body, name)
		}
	}
	text, _ := json.Marshal(body)
	return string(text)
}

func cardBody(number string) map[string]any {
	return map[string]any{
		"cardCategory": "CreditCard", "cardHolderName": "Erika Muster", "cardNumber": number, "cardType": "Visa",
		"cvv": "737", "expiryMonth": "04", "expiryYear": "28",
	}
}

func TestPaymentsOfNewMoney(t *testing.T) {
	t.Parallel()
	declined := map[string]any{"paymentMethod": map[string]any{"cardPaymentMethod": cardBody("4000000000000002")}}
	token := map[string]any{"paymentMethod": map[string]any{"alternativePaymentMethod": map[string]any{"gatewayToken": "w-4_0"}}}
	tokenization := `{"address":{"city":"Leipzig","postalcode":"04109"},"paymentGatewayId":"` + som.GatewayID() + `","cardPaymentMethod":` + jsonText(cardBody("4111111111111111")) + `}`
	cases := []struct {
		name, path, body string
		status           int
		// want are texts of the answer.
		want []string
	}{
		{"an authorization", "authorizations", purchaseBody(nil), http.StatusCreated, []string{
			`"paymentAuthorization":{"id":"0Xc`, `"amount":20.5,`, `"status":"PROCESSED"`, `"isMultiCaptureSupported":true`, `"paymentMethod":{"id":"03O`, `"status":"ACTIVE"`,
			`"gatewayAuthorizationCode":"000123"`, `"salesforceResultCode":"Success"`, `"interactionStatus":"SUCCESS"`, `"sourceObjectId":"801`, `"error":null`,
		}},
		{"a declined authorization", "authorizations", purchaseBody(declined), http.StatusCreated, []string{
			`"status":"FAILED"`, `"salesforceResultCode":"Decline"`, `"interactionStatus":"FAILED"`, `"error":{"errorCode":"GATEWAY_ERROR","message":"The card was declined."}`,
		}},
		{"a sale", "sales", purchaseBody(map[string]any{"accountId": nil, "effectiveDate": nil}), http.StatusCreated, []string{`"payment":{"id":"0aQ`, `"paymentNumber":"`, `"error":null`}},
		{"a post authorization", "postAuths", purchaseBody(token), http.StatusCreated, []string{`"paymentAuthorization":{"id":"0Xc`, `"gatewayReferenceNumber":"w-4_0"`, `"paymentMethod":{"id":"8Z7`}},
		{"a tokenization", "payment-methods", tokenization, http.StatusCreated, []string{`"paymentMethod":{"id":"03O`, `"gatewayToken":"t-9"`, `"status":"ACTIVE"`, `"error":null`}},
		{"no amount", "authorizations", purchaseBody(map[string]any{"amount": nil}), http.StatusBadRequest, []string{`"Required: amount"`}},
		{"no account", "authorizations", purchaseBody(map[string]any{"accountId": nil}), http.StatusBadRequest, []string{`"Required: accountId"`}},
		{"no card number", "payment-methods", strings.Replace(tokenization, `"cardNumber":"4111111111111111",`, ``, 1), http.StatusBadRequest, []string{`"Required: cardPaymentMethod.cardNumber"`}},
		{"a property nobody knows", "sales", purchaseBody(map[string]any{"paymentGatewayID": "x"}), http.StatusBadRequest, []string{`Unrecognized field \"paymentGatewayID\"`}},
		{"a method of post authorizations", "sales", purchaseBody(token), http.StatusBadRequest, []string{`Unrecognized field \"alternativePaymentMethod\"`}},
		{"six pairs", "sales", purchaseBody(map[string]any{"additionalData": map[string]any{"a": "1", "b": "1", "c": "1", "d": "1", "e": "1", "f": "1"}}), http.StatusBadRequest, []string{`JSON_PARSER_ERROR`}},
		{"a date that is none", "sales", purchaseBody(map[string]any{"effectiveDate": "2026-02-30"}), http.StatusBadRequest, []string{`is no date`}},
		{"another currency than the order's", "sales", purchaseBody(map[string]any{"currencyIsoCode": "USD"}), http.StatusBadRequest, []string{`is in EUR, not in USD`}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := newServer(t)
			s.domain.UseGateway(bank{})
			w := s.do("POST", base+"/commerce/payments/"+c.path, c.body)
			if w.Code != c.status {
				t.Fatalf("%d %s", w.Code, w.Body)
			}
			for _, text := range c.want {
				if !strings.Contains(w.Body.String(), text) {
					t.Errorf("%s is not in %s", text, w.Body)
				}
			}
			entries := s.journal()
			for _, secret := range []string{"4111111111111111", "4000000000000002", "737", "Erika Muster"} {
				if strings.Contains(entries[len(entries)-1].RequestBody, secret) {
					t.Errorf("the journal tells %q: %s", secret, entries[len(entries)-1].RequestBody)
				}
			}
		})
	}
}

func jsonText(v any) string {
	text, _ := json.Marshal(v)
	return string(text)
}

func TestPaymentsAreAsOldAsTheirResources(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	for path, since := range map[string]int{"authorizations": 49, "sales": 54, "postAuths": 54, "payment-methods": 51} {
		at := func(version int) string {
			return strings.Replace(base, "v60.0", fmt.Sprintf("v%d.0", version), 1) + "/commerce/payments/" + path
		}
		s.wantError(s.do("POST", at(since-1), `{}`), http.StatusNotFound, "NOT_FOUND", "The requested resource does not exist")
		s.wantError(s.do("POST", at(since), `{}`), http.StatusBadRequest, "INVALID_API_INPUT", "Required: ")
	}
}
