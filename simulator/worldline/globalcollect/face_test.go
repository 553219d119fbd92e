package globalcollect_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/somsim/somsim/simulator/binding/facetest"
	"github.com/somsim/somsim/simulator/sandbox"
	"github.com/somsim/somsim/simulator/worldline"
	"github.com/somsim/somsim/simulator/worldline/direct"
	"github.com/somsim/somsim/simulator/worldline/globalcollect"
)

// platform is both generations over one domain.
type platform struct {
	*facetest.Bench
	domain *worldline.Worldline
}

func start(t *testing.T) platform {
	t.Helper()
	b, d := facetest.Start(t, worldline.Declare, globalcollect.New, func(tx *sandbox.Tx, d *worldline.Worldline) error {
		d.AddMerchant(tx, worldline.Merchant{ID: "somsim"}, worldline.APIKey{ID: "somsim", Secret: "somsim"})
		return nil
	}, direct.New)
	return platform{b, d}
}

// call signs a request and returns its status and body.
func (p platform) call(method, path, body string) (int, string) {
	p.T.Helper()
	const date = "Mon, 01 Jun 2026 08:00:00 GMT"
	r := httptest.NewRequestWithContext(p.T.Context(), method, path, strings.NewReader(body))
	r.Header.Set("Date", date)
	text := method + "\n"
	if method != http.MethodGet {
		r.Header.Set("Content-Type", "application/json")
		text += "application/json"
	}
	mac := hmac.New(sha256.New, []byte("somsim"))
	mac.Write([]byte(text + "\n" + date + "\n" + path + "\n"))
	r.Header.Set("Authorization", "GCS v1HMAC:somsim:"+base64.StdEncoding.EncodeToString(mac.Sum(nil)))
	w := p.Serve(r)
	return w.Code, w.Body.String()
}

func (p platform) pass(d time.Duration) {
	p.T.Helper()
	if _, err := p.World.Advance(p.T.Context(), d); err != nil {
		p.T.Fatal(err)
	}
}

const payments = "/v1/somsim/payments"

// charge is the body of a new payment; the rest belongs to the card input.
func charge(amount, number, rest string) string {
	return `{"order":{"amountOfMoney":{"amount":` + amount + `,"currencyCode":"EUR"},"references":{"merchantReference":"O-1"}},` +
		`"cardPaymentMethodSpecificInput":{"paymentProductId":1,"card":{"cardNumber":"` + number + `","expiryDate":"1229","cvv":"123"}` + rest + `}}`
}

// step is one call of a story; P stands for the path of the first payment.
type step struct {
	call, body string
	status     int
	want       string
	wait       time.Duration
}

const good = "4111111111111111"

func TestStories(t *testing.T) {
	t.Parallel()
	const preauth = `,"authorizationMode":"PRE_AUTHORIZATION"`
	cases := []struct {
		name  string
		steps []step
	}{
		{"approved, taken and given back", []step{
			{"POST " + payments, charge("1000", good, ""), 201, `"status":"PENDING_APPROVAL","statusOutput":{"isAuthorized":true`, 0},
			{"POST P/capture", `{}`, 400, `"category":"PAYMENT_PLATFORM_ERROR","code":"2015","httpStatusCode":400,"id":"OPERATION_NOT_POSSIBLE"`, 0},
			{"POST P/approve", `{"amount":900}`, 200, `"status":"CAPTURE_REQUESTED"`, 0},
			{"POST P/approve", `{}`, 400, "OPERATION_NOT_POSSIBLE", time.Minute},
			{"GET P", "", 200, `"statusCode":900`, 0},
			{"POST P/refund", `{"amountOfMoney":{"amount":500,"currencyCode":"EUR"},"refundReferences":{"merchantReference":"R-1"}}`, 201, `"status":"REFUND_REQUESTED"`, 5 * time.Minute},
			{"GET P/refunds", "", 200, `"statusCode":1800`, 0},
			{"GET /v1/somsim/refunds/3000000001_3", "", 200, `"merchantReference":"R-1"`, 0},
			{"POST /v1/somsim/refunds/3000000001_3/cancel", "", 400, "OPERATION_NOT_POSSIBLE", 0},
			{"GET /v2/somsim/payments/3000000001_0", "", 200, `"status":"CAPTURED"`, 0},
		}},
		{"approval called off", []step{
			{"POST " + payments, charge("1000", good, ""), 201, "PENDING_APPROVAL", 0},
			{"POST P/cancelapproval", "", 400, "OPERATION_NOT_POSSIBLE", 0},
			{"POST P/approve", `{}`, 200, "CAPTURE_REQUESTED", 0},
			{"POST P/cancelapproval", "", 200, `"status":"PENDING_APPROVAL"`, time.Hour},
			{"GET P", "", 200, `"status":"PENDING_APPROVAL"`, 0},
			{"POST P/cancel", "", 200, `"status":"CANCELLED"`, 0},
		}},
		{"captured in parts", []step{
			{"POST " + payments, charge("1000", good, preauth), 201, `"status":"PENDING_CAPTURE"`, 0},
			{"POST P/approve", `{}`, 400, "OPERATION_NOT_POSSIBLE", 0},
			{"POST P/capture", `{"amount":300}`, 200, `"status":"CAPTURE_REQUESTED","statusOutput":{"statusCode":800}`, 0},
			{"POST P/capture", `{"amount":400}`, 200, "CAPTURE_REQUESTED", time.Minute},
			{"GET P/captures", "", 200, `"amountPaid":400`, 0},
			{"GET /v1/somsim/captures/3000000001_1", "", 200, `"status":"CAPTURED"`, 0},
			{"POST P/cancel", "", 200, `"isCancellable":false`, 0},
			{"POST /v1/somsim/captures/3000000001_1/refund", `{"amountOfMoney":{"amount":301,"currencyCode":"EUR"}}`, 400, "OPERATION_NOT_POSSIBLE", 0},
			{"POST /v1/somsim/captures/3000000001_1/refund", `{"amountOfMoney":{"amount":300,"currencyCode":"EUR"}}`, 201, "REFUND_REQUESTED", 0},
			{"POST /v1/somsim/refunds/3000000001_4/cancel", "", 204, "", time.Hour},
			{"GET P/refunds", "", 200, `"status":"CANCELLED"`, 0},
			{"GET P", "", 200, `"amountPaid":700`, 0},
		}},
		{"a sale", []step{
			{"POST " + payments, charge("1000", good, `,"requiresApproval":false`), 201, `"status":"CAPTURE_REQUESTED"`, time.Minute},
			{"GET P", "", 200, `"status":"CAPTURED"`, 0},
		}},
		{"refused", []step{
			{"POST " + payments, charge("1000", "4000000000009995", ""), 402, `"paymentResult":{"creationOutput"`, 0},
			{"GET P", "", 200, `"id":"INSUFFICIENT_FUNDS"`, 0},
		}},
		{"challenged as fraud", []step{
			{"POST " + payments, charge("1000", "4000000000000101", ""), 201, `"status":"PENDING_FRAUD_APPROVAL"`, 0},
			{"POST P/processchallenged", "", 200, `"status":"PENDING_APPROVAL"`, 0},
		}},
		{"completed", []step{
			{"POST " + payments, charge("1000", "4000000000000341", ""), 201, `"status":"PENDING_COMPLETION"`, 0},
			{"POST P/complete", `{}`, 201, `"status":"PENDING_APPROVAL"`, 0},
		}},
		{"bad requests", []step{
			{"POST " + payments, charge("-1", good, ""), 400, `"category":"CONNECT_PLATFORM_ERROR","code":"21000020"`, 0},
			{"POST " + payments, strings.Replace(charge("1", good, ""), "EUR", "ZZZ", 1), 400, "INVALID_PARAMETER_VALUE", 0},
			{"GET " + payments + "/3000000009_0", "", 404, "UNKNOWN_PAYMENT_ID", 0},
			{"GET /v1/somsim/refunds/3000000009_0", "", 404, "UNKNOWN_REFUND_ID", 0},
			{"GET /v1/somsim/captures/3000000009_0", "", 404, "UNKNOWN_CAPTURE_ID", 0},
			{"GET /v1/somsim/nothing", "", 404, "UNKNOWN_PATH", 0},
			{"GET /v1/other/payments/3000000009_0", "", 403, "ACCESS_TO_MERCHANT_NOT_ALLOWED", 0},
		}},
		{"hosted checkout, closed", []step{
			{"POST /v1/somsim/hostedcheckouts", `{"order":{"amountOfMoney":{"amount":1,"currencyCode":"EUR"}},"hostedCheckoutSpecificInput":{"returnUrl":"https://shop.test/"}}`, 201, `"partialRedirectUrl":"`, 0},
			{"GET /v1/somsim/hostedcheckouts/4000000001", "", 200, `{"status":"IN_PROGRESS"}`, 0},
			{"DELETE /v1/somsim/hostedcheckouts/4000000001", "", 204, "", 0},
			{"GET /v1/somsim/hostedcheckouts/4000000001", "", 404, "UNKNOWN_HOSTED_CHECKOUT_ID", 0},
		}},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			p := start(t)
			for _, s := range tc.steps {
				method, path, _ := strings.Cut(s.call, " ")
				status, body := p.call(method, strings.Replace(path, "P", payments+"/3000000001_0", 1), s.body)
				if status != s.status || !strings.Contains(body, s.want) {
					t.Fatalf("%s: %d %s", s.call, status, body)
				}
				p.pass(s.wait)
			}
		})
	}
}

func TestHostedCheckoutIsPaid(t *testing.T) {
	t.Parallel()
	p := start(t)
	p.call(http.MethodPost, "/v1/somsim/hostedcheckouts", `{"order":{"amountOfMoney":{"amount":1,"currencyCode":"EUR"}},"hostedCheckoutSpecificInput":{"returnUrl":"https://shop.test/"}}`)
	err := p.World.Update(func(tx *sandbox.Tx) error {
		_, err := p.domain.Act(tx, "4000000001", worldline.Pay, worldline.PlainCard{})
		return err
	})
	if status, body := p.call(http.MethodGet, "/v1/somsim/hostedcheckouts/4000000001", ""); err != nil || status != http.StatusOK ||
		!strings.Contains(body, `"status":"PENDING_APPROVAL"`) || !strings.Contains(body, `"paymentStatusCategory":"SUCCESSFUL"`) {
		t.Errorf("%v %d %s", err, status, body)
	}
	if status, body := p.call(http.MethodDelete, "/v1/somsim/hostedcheckouts/4000000001", ""); status != http.StatusBadRequest {
		t.Errorf("%d %s", status, body)
	}
}
