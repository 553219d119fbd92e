package direct_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/somsim/somsim/simulator/sandbox"
)

const tokens = "/v2/somsim/tokens"

func cardToKeep(number, expiry string) string {
	return `{"paymentProductId":1,"card":{"data":{"card":{"cardNumber":"` + number + `","expiryDate":"` + expiry + `","cvv":"123","cardholderName":"Ada"}}}}`
}

// keep has a card kept and returns its token.
func (p platform) keep(number string) string {
	p.T.Helper()
	w := p.call(honest(), http.MethodPost, tokens, cardToKeep(number, "1229"))
	var got struct {
		Token      string
		IsNewToken bool
		Card       struct{ CardNumber string }
	}
	if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil || w.Code != http.StatusOK || got.Token == "" || !got.IsNewToken || !strings.HasPrefix(got.Card.CardNumber, "****") {
		p.T.Fatalf("%d %s %v", w.Code, w.Body, err)
	}
	return got.Token
}

// answers holds an answer against its status and words that are in it.
func (p platform) answers(method, path, body string, status int, words ...string) {
	p.T.Helper()
	w := p.call(honest(), method, path, body)
	for _, word := range words {
		if !strings.Contains(w.Body.String(), word) {
			p.T.Errorf("%s %s answers %s, without %s", method, path, w.Body, word)
		}
	}
	if w.Code != status {
		p.T.Errorf("%s %s answers %d %s, want %d", method, path, w.Code, w.Body, status)
	}
}

func TestACardIsKeptChargedAndForgotten(t *testing.T) {
	t.Parallel()
	p := start(t)
	token := p.keep(" 4111 1111 1111 1111 ")
	p.answers(http.MethodGet, tokens+"/"+token, "", 200, `"id":"`+token+`"`, `"paymentProductId":1`, `"cardNumber":"************1111"`, `"expiryDate":"1229"`)
	body := `{"order":{"amountOfMoney":{"amount":500,"currencyCode":"EUR"}},"cardPaymentMethodSpecificInput":{"token":"` + token + `"}}`
	if got := p.ask("/v2/somsim/payments", body); got.Payment.Status != "PENDING_CAPTURE" || got.CreationOutput.IsNewToken {
		t.Errorf("%+v", got)
	}
	if strings.Contains(p.call(honest(), http.MethodGet, tokens+"/"+token, "").Body.String(), "411111") {
		t.Error("the answer holds the beginning of the card's number")
	}
	p.answers(http.MethodDelete, tokens+"/"+token, "", 204)
	for _, again := range []string{http.MethodGet, http.MethodDelete} {
		p.answers(again, tokens+"/"+token, "", 404, "UNKNOWN_TOKEN_ID")
	}
	p.answers(http.MethodPost, "/v2/somsim/payments", body, 400, "INVALID_PARAMETER_VALUE", "cardPaymentMethodSpecificInput.token")
	for name, bad := range map[string]string{
		"a number that does not add up": cardToKeep("4111111111111112", "1229"), "a card that has ended": cardToKeep(good, "0120"), "no number": cardToKeep("", "1229"), "no card": `{}`,
	} {
		t.Run(name, func(*testing.T) { p.answers(http.MethodPost, tokens, bad, 400) })
	}
}

// A test card that is declined is declined by its token too.
func TestATokenKeepsTheTemperOfItsCard(t *testing.T) {
	t.Parallel()
	p := start(t)
	body := `{"order":{"amountOfMoney":{"amount":500,"currencyCode":"EUR"}},"cardPaymentMethodSpecificInput":{"token":"` + p.keep("4000000000000002") + `"}}`
	if got := p.ask("/v2/somsim/payments", body); got.Status != 402 || got.PaymentResult == nil || got.PaymentResult.Payment.Status != "REJECTED" {
		t.Errorf("%+v", got)
	}
}

func TestASubsequentPaymentIsChargedToTheKeptCard(t *testing.T) {
	t.Parallel()
	p := start(t)
	first := p.ask("/v2/somsim/payments", payment(1000, good, `,"tokenize":true`))
	again := `{"order":{"amountOfMoney":{"amount":700,"currencyCode":"EUR"},"references":{"merchantReference":"O-10"}},"subsequentcardPaymentMethodSpecificInput":{"subsequentType":"Recurring"}}`
	path := func(id string) string { return "/v2/somsim/payments/" + id + "/subsequent" }
	second := p.ask(path(first.Payment.ID), again, "X-GCS-Idempotence-Key", "k-1")
	if second.Status != 201 || second.Payment.Status != "PENDING_CAPTURE" || second.Payment.ID == first.Payment.ID || second.Payment.PaymentOutput.Card.Card.CardNumber != "************1111" {
		t.Fatalf("%+v", second)
	}
	if repeated := p.ask(path(first.Payment.ID), again, "X-GCS-Idempotence-Key", "k-1"); repeated.Payment.ID != second.Payment.ID {
		t.Errorf("the same key made %s and %s", second.Payment.ID, repeated.Payment.ID)
	}
	if third := p.ask(path(second.Payment.ID), again); third.Status != 201 {
		t.Errorf("a subsequent payment cannot be followed by another: %+v", third)
	}
	if refused := p.ask(path(first.Payment.ID), strings.Replace(again, "700", "1304", 1)); refused.Status != 402 || refused.PaymentResult == nil || refused.PaymentResult.Payment.Status != "REJECTED" {
		t.Errorf("the amount that is always refused: %+v", refused)
	}
	unkept := p.ask("/v2/somsim/payments", payment(1000, good, ""))
	p.answers(http.MethodPost, path(unkept.Payment.ID), again, 400, "OPERATION_NOT_POSSIBLE", "was not kept")
	rejected := p.ask("/v2/somsim/payments", payment(1000, "4000000000000002", `,"tokenize":true`))
	p.answers(http.MethodPost, path(rejected.PaymentResult.Payment.ID), again, 400, "OPERATION_NOT_POSSIBLE", "never authorised")
	p.answers(http.MethodPost, path("9_0"), again, 404, "UNKNOWN_PAYMENT_ID")
	p.answers(http.MethodPost, path(first.Payment.ID), `{}`, 400)
	p.answers(http.MethodPost, path(first.Payment.ID), strings.Replace(again, "EUR", "XXQ", 1), 400)
	p.answers(http.MethodDelete, tokens+"/"+first.CreationOutput.Token, "", 204)
	p.pass(time.Minute)
	p.answers(http.MethodPost, path(first.Payment.ID), again, 400, "OPERATION_NOT_POSSIBLE", "not kept any more")
}

func TestKeysOfWebhooksAreValidated(t *testing.T) {
	t.Parallel()
	p := start(t)
	const path = "/v2/somsim/webhooks/validateCredentials"
	p.answers(http.MethodPost, path, `{"key":"k","secret":"s"}`, 200, `{"result":"Invalid"}`)
	p.domain.Recognize(func(_ *sandbox.Tx, keyID, secret string) bool { return keyID == "k" && secret == "s" })
	p.answers(http.MethodPost, path, `{"key":"k","secret":"s"}`, 200, `{"result":"Valid"}`)
	p.answers(http.MethodPost, path, `{"key":"k","secret":"x"}`, 200, `{"result":"Invalid"}`)
	p.answers(http.MethodPost, path, `{"key":"k"}`, 400)
}
