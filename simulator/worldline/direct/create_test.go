package direct_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/somsim/somsim/simulator/fault"
	"github.com/somsim/somsim/simulator/journal"
	"github.com/somsim/somsim/simulator/sandbox"
	"github.com/somsim/somsim/simulator/worldline"
)

// made is what the tests look at in an answer about a payment.
type made struct {
	Status         int `json:"-"`
	CreationOutput struct {
		Token      string
		IsNewToken bool
	}
	MerchantAction struct {
		ActionType   string
		RedirectData struct{ RedirectURL, RETURNMAC string }
	}
	Payment struct {
		ID, Status   string
		StatusOutput struct {
			StatusCode                                int
			IsCancellable, IsRefundable, IsAuthorized bool
			Errors                                    []struct{ ID string }
		}
		PaymentOutput struct {
			Card struct {
				ThreeDS struct{ ECI string } `json:"threeDSecureResults"`
				Card    struct{ CardNumber string }
			} `json:"cardPaymentMethodSpecificOutput"`
		}
	}
	Errors        []struct{ ID, PropertyName string }
	PaymentResult *made
}

func (p platform) ask(path, body string, header ...string) made {
	p.T.Helper()
	w := p.call(honest(), http.MethodPost, path, body, header...)
	var out made
	if err := json.Unmarshal(w.Body.Bytes(), &out); err != nil {
		p.T.Fatalf("%s: %v", w.Body, err)
	}
	out.Status = w.Code
	return out
}

// payment is the body of a new payment; the rest belongs to the card input.
func payment(amount int, number, rest string) string {
	return fmt.Sprintf(`{"order":{"amountOfMoney":{"amount":%d,"currencyCode":"EUR"},"references":{"merchantReference":"O-9"}},`+
		`"cardPaymentMethodSpecificInput":{"card":{"cardNumber":%q,"expiryDate":"1229","cvv":"123"}%s}}`, amount, number, rest)
}

const (
	good = "4111111111111111"
	back = `,"threeDSecure":{"redirectionData":{"returnUrl":"https://shop.test/back?a=b"}}`
)

func TestCreatePayment(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name, body, status string
		code               int
		settled            string
	}{
		{"is authorised", payment(1000, good, ""), "PENDING_CAPTURE", 5, "PENDING_CAPTURE"},
		{"a sale is captured", payment(1000, good, `,"authorizationMode":"SALE"`), "CAPTURE_REQUESTED", 91, "CAPTURED"},
		{"a sale over a test amount is not", payment(1309, good, `,"authorizationMode":"SALE"`), "CAPTURE_REQUESTED", 91, "REJECTED_CAPTURE"},
		{"the acquirer takes its time", payment(1000, "4000000000000259", ""), "AUTHORIZATION_REQUESTED", 51, "PENDING_CAPTURE"},
		{"the acquirer takes its time and refuses", payment(1000, "4000000000000267", ""), "AUTHORIZATION_REQUESTED", 51, "REJECTED"},
		{"it may be fraud", payment(1000, "4000000000000101", ""), "PENDING_FRAUD_APPROVAL", 50, "PENDING_FRAUD_APPROVAL"},
		{"the merchant has to complete it", payment(1000, "4000000000000341", ""), "PENDING_COMPLETION", 50, "PENDING_COMPLETION"},
		{"the shopper has to prove who he is", payment(1000, "4000000000003220", back), "REDIRECTED", 46, "REDIRECTED"},
		{"the shopper does not come back", payment(1000, good, strings.Replace(back, `":{`, `":{"challengeIndicator":"challenge-required",`, 1)), "REDIRECTED", 46, "CANCELLED"},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			p := start(t)
			got := p.ask("/v2/somsim/payments", tc.body)
			if got.Status != http.StatusCreated || got.Payment.Status != tc.status || got.Payment.StatusOutput.StatusCode != tc.code {
				t.Errorf("%+v", got)
			}
			p.pass(5 * time.Minute)
			if tc.settled == "CANCELLED" {
				p.pass(25 * time.Minute)
			}
			if now := p.read(base + got.Payment.ID); !strings.Contains(now, `"status":"`+tc.settled+`"`) {
				t.Errorf("later: %s", now)
			}
		})
	}
}

func TestRefusedPaymentAnswers402WithTheRejectedPayment(t *testing.T) {
	t.Parallel()
	for id, body := range map[string]string{
		"DECLINED": payment(1000, "4000000000000002", ""), "INSUFFICIENT_FUNDS": payment(1000, "4000000000009995", ""),
		"ISSUER_UNAVAILABLE": payment(1000, "4000000000000119", `,"tokenize":true`),
	} {
		p := start(t)
		got := p.ask("/v2/somsim/payments", body, "X-GCS-Idempotence-Key", "k1")
		if got.Status != http.StatusPaymentRequired || len(got.Errors) != 1 || got.Errors[0].ID != id || got.PaymentResult == nil {
			t.Fatalf("%s: %+v", id, got)
		}
		paid := got.PaymentResult.Payment
		if paid.Status != "REJECTED" || paid.StatusOutput.StatusCode != 2 || paid.StatusOutput.IsCancellable || paid.StatusOutput.Errors[0].ID != id {
			t.Errorf("%s: %+v", id, paid)
		}
		if e := p.Last(); e.Rule != "worldline.test-card" || strings.Contains(e.RequestBody, "4000000000") || strings.Contains(e.RequestBody, `"123"`) {
			t.Errorf("journal: rule %q, body %s", e.Rule, e.RequestBody)
		}
		again := p.ask("/v2/somsim/payments", payment(1, good, ""), "X-GCS-Idempotence-Key", "k1")
		if again.Status != http.StatusPaymentRequired || again.PaymentResult == nil || again.PaymentResult.Payment.ID != paid.ID {
			t.Errorf("%s, again: %+v", id, again)
		}
		if w := p.call(honest(), http.MethodPost, base+paid.ID+"/capture", `{}`); w.Code != http.StatusBadRequest {
			t.Errorf("%s: captured a rejected payment: %d", id, w.Code)
		}
	}
}

func TestTestAmountOfAnAuthorisationIsRefused(t *testing.T) {
	t.Parallel()
	p := start(t)
	if got := p.ask("/v2/somsim/payments", payment(1304, good, "")); got.Status != http.StatusPaymentRequired || got.Errors[0].ID != "DECLINED" {
		t.Errorf("%+v", got)
	}
}

func TestTokenStandsForACard(t *testing.T) {
	t.Parallel()
	p := start(t)
	first := p.ask("/v2/somsim/payments", payment(1000, good, `,"tokenize":true`))
	if !first.CreationOutput.IsNewToken || first.CreationOutput.Token == "" {
		t.Fatalf("%+v", first)
	}
	body := `{"order":{"amountOfMoney":{"amount":500,"currencyCode":"EUR"}},"cardPaymentMethodSpecificInput":{"token":"` + first.CreationOutput.Token + `"}}`
	second := p.ask("/v2/somsim/payments", body)
	if second.Payment.Status != "PENDING_CAPTURE" || second.CreationOutput.IsNewToken || second.Payment.PaymentOutput.Card.Card.CardNumber != "************1111" {
		t.Errorf("%+v", second)
	}
}

func TestPaymentsThatCannotBeMade(t *testing.T) {
	t.Parallel()
	const all, invalid, missing = "/v2/somsim/payments", "INVALID_PARAMETER_VALUE", "PARAMETER_NOT_FOUND_IN_REQUEST"
	order := func(amount, currency string) string {
		return `{"order":{"amountOfMoney":{"amount":` + amount + `,"currencyCode":"` + currency + `"}},"cardPaymentMethodSpecificInput":{"card":{"cardNumber":"` + good + `","expiryDate":"1229"}}}`
	}
	checkout := `{"order":{"amountOfMoney":{"amount":1,"currencyCode":"ZZZ"}},"hostedCheckoutSpecificInput":{"returnUrl":"https://shop.test/"}}`
	cases := []struct{ name, path, body, id, rule string }{
		{"a negative amount", all, order("-1", "EUR"), invalid, ""},
		{"an amount that overflows", all, order("99999999999999999999", "EUR"), invalid, ""},
		{"an unknown currency", all, order("1", "ZZZ"), invalid, "worldline.amount.known-currency"},
		{"a mistyped card", all, payment(1, "4111111111111112", ""), "INVALID_CARD", "worldline.create.card"},
		{"an expired card", all, strings.Replace(payment(1, good, ""), "1229", "0526", 1), "INVALID_CARD", "worldline.create.card"},
		{"no card", all, `{"order":{"amountOfMoney":{"amount":1,"currencyCode":"EUR"}},"cardPaymentMethodSpecificInput":{}}`, missing, "worldline.create.card"},
		{"an unknown token", all, `{"order":{"amountOfMoney":{"amount":1,"currencyCode":"EUR"}},"cardPaymentMethodSpecificInput":{"token":"t"}}`, invalid, "worldline.create.token"},
		{"nowhere to return to", all, payment(1, "4000000000003220", ""), missing, "worldline.create.return-url"},
		{"no order", all, `{"cardPaymentMethodSpecificInput":{}}`, missing, ""},
		{"completing what is complete", open + "/complete", `{}`, "OPERATION_NOT_POSSIBLE", "worldline.complete.pending-only"},
		{"a page in an unknown currency", "/v2/somsim/hostedcheckouts", checkout, invalid, "worldline.amount.known-currency"},
		{"a page without a way back", "/v2/somsim/hostedcheckouts", `{"order":{"amountOfMoney":{"amount":1,"currencyCode":"EUR"}},"hostedCheckoutSpecificInput":{}}`, missing, ""},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			p := start(t)
			p.refused(p.call(honest(), http.MethodPost, tc.path, tc.body), http.StatusBadRequest, tc.id, "", tc.rule)
		})
	}
}

func TestCompleteAuthorisesWhatWaitsForIt(t *testing.T) {
	t.Parallel()
	p := start(t)
	waiting := p.ask("/v2/somsim/payments", payment(1000, "4000000000000341", ""))
	done := p.ask(base+waiting.Payment.ID+"/complete", `{}`)
	if done.Status != http.StatusCreated || done.Payment.Status != "PENDING_CAPTURE" || !done.Payment.StatusOutput.IsAuthorized {
		t.Errorf("%+v", done)
	}
}

func TestCancelWhileTheAcquirerThinks(t *testing.T) {
	t.Parallel()
	p := start(t)
	waiting := p.ask("/v2/somsim/payments", payment(1000, "4000000000000259", ""))
	path := base + waiting.Payment.ID + "/cancel"
	if !waiting.Payment.StatusOutput.IsCancellable {
		t.Errorf("%+v", waiting)
	}
	if got := p.ask(path, `{"amountOfMoney":{"amount":1,"currencyCode":"EUR"}}`); got.Status != http.StatusBadRequest {
		t.Errorf("a part: %+v", got)
	}
	if got := p.ask(path, ``); got.Payment.Status != "CANCELLED" {
		t.Errorf("%+v", got)
	}
	p.pass(time.Hour)
	if now := p.read(base + waiting.Payment.ID); !strings.Contains(now, `"status":"CANCELLED"`) {
		t.Errorf("the acquirer's answer came nevertheless: %s", now)
	}
}

func TestSecondUseOfAKeyIsRefusedWhileTheFirstIsRunning(t *testing.T) {
	t.Parallel()
	p := start(t)
	rule := fault.Rule{Name: "park", Match: fault.Match{Operation: "refundPayment", Nth: 1}, Effect: fault.Effect{Kind: fault.Hold, Phase: fault.Before}}
	if err := p.World.Arm(rule); err != nil {
		t.Fatal(err)
	}
	first := make(chan int)
	body := `{"amountOfMoney":{"amount":100,"currencyCode":"EUR"}}`
	key := []string{"X-GCS-Idempotence-Key", "k1"}
	go func() { first <- p.call(honest(), http.MethodPost, captured+"/refund", body, key...).Code }()
	if _, err := p.World.Await(t.Context(), journal.Query{Fault: "park"}, 1, true); err != nil {
		t.Fatal(err)
	}
	if got := p.ask(captured+"/refund", body, key...); got.Status != http.StatusConflict || got.Errors[0].ID != "DUPLICATE_REQUEST_IN_PROGRESS" {
		t.Errorf("while it runs: %+v", got)
	}
	if got := p.call(honest(), http.MethodPost, captured+"/refund", body, "X-GCS-Idempotence-Key", "k2"); got.Code != http.StatusCreated {
		t.Errorf("another key: %d", got.Code)
	}
	if err := p.World.Disarm("park"); err != nil {
		t.Fatal(err)
	}
	if code := <-first; code != http.StatusCreated {
		t.Errorf("the first: %d", code)
	}
	if got := p.call(honest(), http.MethodPost, captured+"/refund", body, key...); got.Code != http.StatusCreated {
		t.Errorf("afterwards: %d %s", got.Code, got.Body)
	}
	if got := p.read(captured + "/refunds"); strings.Count(got, "REFUND_REQUESTED") != 2 {
		t.Errorf("one key has one effect: %s", got)
	}
}

func TestHostedCheckout(t *testing.T) {
	t.Parallel()
	p := start(t)
	body := `{"order":{"amountOfMoney":{"amount":2500,"currencyCode":"EUR"},"references":{"merchantReference":"O-7"}},` +
		`"hostedCheckoutSpecificInput":{"returnUrl":"https://shop.test/back","allowedNumberOfPaymentAttempts":2,"sessionTimeout":60}}`
	w := p.call(honest(), http.MethodPost, "/v2/somsim/hostedcheckouts", body)
	var page struct{ HostedCheckoutID, RedirectURL, PartialRedirectURL, RETURNMAC string }
	if err := json.Unmarshal(w.Body.Bytes(), &page); err != nil || w.Code != http.StatusCreated {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	if page.RedirectURL != "http://"+page.PartialRedirectURL || !strings.HasSuffix(page.RedirectURL, "/payer/"+page.HostedCheckoutID) {
		t.Errorf("%+v", page)
	}
	path := "/v2/somsim/hostedcheckouts/" + page.HostedCheckoutID
	if got := p.read(path); got != `{"status":"IN_PROGRESS"}` {
		t.Error(got)
	}
	for _, number := range []string{"4000000000000002", good} {
		p.act(page.HostedCheckoutID, worldline.Pay, number)
	}
	got := p.read(path)
	for _, want := range []string{`"status":"PAYMENT_CREATED"`, `"paymentStatusCategory":"SUCCESSFUL"`, `"hostedCheckoutId":"` + page.HostedCheckoutID, `"merchantReference":"O-7"`} {
		if !strings.Contains(got, want) {
			t.Errorf("%s is not in %s", want, got)
		}
	}
	p.pass(2 * time.Hour)
	if later := p.read(path); !strings.Contains(later, "PAYMENT_CREATED") {
		t.Error("a page that was used does not expire")
	}
}

func TestHostedCheckoutExpires(t *testing.T) {
	t.Parallel()
	p := start(t)
	p.call(honest(), http.MethodPost, "/v2/somsim/hostedcheckouts", `{"order":{"amountOfMoney":{"amount":1,"currencyCode":"EUR"}},"hostedCheckoutSpecificInput":{"returnUrl":"https://shop.test/"}}`)
	p.pass(3*time.Hour + time.Second)
	p.refused(p.call(honest(), http.MethodGet, "/v2/somsim/hostedcheckouts/4000000001", ""), http.StatusNotFound, "UNKNOWN_HOSTED_CHECKOUT_ID", "1002", "worldline.checkout.known")
}

// act does what a shopper does.
func (p platform) act(id string, deed worldline.Deed, number string) (done worldline.Done) {
	p.T.Helper()
	err := p.World.Update(func(tx *sandbox.Tx) (err error) {
		done, err = p.domain.Act(tx, id, deed, worldline.PlainCard{Number: number, Expiry: "1229"})
		return err
	})
	if err != nil {
		p.T.Fatal(err)
	}
	return done
}

func TestThreeDSecure(t *testing.T) {
	t.Parallel()
	for deed, want := range map[worldline.Deed]struct{ status, eci string }{
		worldline.Pay: {"PENDING_CAPTURE", "5"}, worldline.Fail: {"REJECTED", "7"}, worldline.Leave: {"CANCELLED", "7"},
	} {
		p := start(t)
		got := p.ask("/v2/somsim/payments", payment(1000, "4000000000003220", back))
		if got.MerchantAction.ActionType != "REDIRECT" || !strings.HasSuffix(got.MerchantAction.RedirectData.RedirectURL, "/payer/"+got.Payment.ID) {
			t.Fatalf("%+v", got)
		}
		done := p.act(got.Payment.ID, deed, "")
		url := "https://shop.test/back?RETURNMAC=" + got.MerchantAction.RedirectData.RETURNMAC + "&a=b&paymentId=" + got.Payment.ID
		if done.Next != url || done.Status != want.status {
			t.Errorf("%s: %+v, want %s", deed, done, url)
		}
		now := p.read(base + got.Payment.ID)
		if !strings.Contains(now, `"status":"`+want.status) || !strings.Contains(now, `"eci":"`+want.eci) {
			t.Errorf("%s: %s", deed, now)
		}
	}
}
