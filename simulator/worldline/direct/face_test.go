package direct_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/somsim/somsim/simulator/binding/facetest"
	"github.com/somsim/somsim/simulator/sandbox"
	"github.com/somsim/somsim/simulator/worldline"
	"github.com/somsim/somsim/simulator/worldline/direct"
)

const (
	base     = "/v2/somsim/payments/"
	open     = base + "3000000001_0" // 100.00 EUR authorised
	captured = base + "3000000002_0" // 50.00 EUR captured
)

// platform is the face over two equal sandboxes with the payments above.
type platform struct {
	*facetest.Bench
	domain *worldline.Worldline
}

func start(t *testing.T) platform {
	t.Helper()
	b, d := facetest.Start(t, worldline.Declare, direct.New, small)
	return platform{b, d}
}

func small(tx *sandbox.Tx, d *worldline.Worldline) error {
	d.AddMerchant(tx, worldline.Merchant{ID: "somsim"}, worldline.APIKey{ID: "somsim", Secret: "somsim"})
	d.AddMerchant(tx, worldline.Merchant{ID: "rival"}, worldline.APIKey{ID: "rival", Secret: "rival"})
	if _, err := d.Authorize(tx, worldline.NewPayment{
		Amount: 10000, Currency: "EUR", MerchantReference: "O-1",
		Card: worldline.Card{ProductID: 1, Number: "************1111", Expiry: "1229"},
	}); err != nil {
		return err
	}
	p, err := d.Authorize(tx, worldline.NewPayment{Amount: 5000, Currency: "EUR", MerchantReference: "O-2"})
	if err != nil {
		return err
	}
	_, err = d.Capture(tx, p.ID, 0, false)
	return err
}

// client signs requests the way the vendor's own client does: it sends a content type with every request and signs it
// with those that can carry a body.
type client struct {
	keyID, secret string
	// spoil alters the request after it was signed.
	spoil func(r *http.Request)
}

func honest() client { return client{keyID: "somsim", secret: "somsim"} }

func (c client) sign(r *http.Request) {
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Date", "Mon, 01 Jun 2026 08:00:00 GMT")
	r.Header.Set("X-GCS-ServerMetaInfo", "eyJ9")
	text := r.Method + "\n"
	if r.Method == "POST" || r.Method == "PUT" || r.Method == "DELETE" {
		text += "application/json"
	}
	text += "\nMon, 01 Jun 2026 08:00:00 GMT\n"
	var gcs []string
	for name := range r.Header {
		if strings.HasPrefix(strings.ToUpper(name), "X-GCS") {
			gcs = append(gcs, strings.ToLower(name)+":"+strings.TrimSpace(r.Header.Get(name))+"\n")
		}
	}
	slices.Sort(gcs)
	text += strings.Join(gcs, "") + r.RequestURI + "\n"
	mac := hmac.New(sha256.New, []byte(c.secret))
	mac.Write([]byte(text))
	r.Header.Set("Authorization", "GCS v1HMAC:"+c.keyID+":"+base64.StdEncoding.EncodeToString(mac.Sum(nil)))
	if c.spoil != nil {
		c.spoil(r)
	}
}

func (p platform) call(c client, method, path, body string, header ...string) *httptest.ResponseRecorder {
	p.T.Helper()
	r := httptest.NewRequestWithContext(p.T.Context(), method, path, strings.NewReader(body))
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	c.sign(r)
	return p.Serve(r)
}

// pass lets time go by.
func (p platform) pass(d time.Duration) {
	p.T.Helper()
	if _, err := p.World.Advance(p.T.Context(), d); err != nil {
		p.T.Fatal(err)
	}
}

func (p platform) read(path string) string {
	p.T.Helper()
	w := p.call(honest(), http.MethodGet, path, "")
	body, err := io.ReadAll(w.Body)
	if err != nil || w.Code != http.StatusOK {
		p.T.Fatalf("%d %s %v", w.Code, body, err)
	}
	return string(body)
}

const authorised = `{"id":"3000000001_0","status":"PENDING_CAPTURE","statusOutput":{"isAuthorized":true,"isCancellable":true,` +
	`"isRefundable":false,"statusCategory":"PENDING_MERCHANT","statusCode":5,"statusCodeChangeDateTime":"20260601080000"},` +
	`"paymentOutput":{"amountOfMoney":{"amount":10000,"currencyCode":"EUR"},"acquiredAmount":{"amount":0,"currencyCode":"EUR"},` +
	`"amountPaid":0,"references":{"merchantReference":"O-1"},"paymentMethod":"card","cardPaymentMethodSpecificOutput":` +
	`{"paymentProductId":1,"card":{"cardNumber":"************1111","expiryDate":"1229"}}}`

func TestReads(t *testing.T) {
	t.Parallel()
	details := authorised + `,"Operations":[{"id":"3000000001_0","status":"PENDING_CAPTURE","statusOutput":{"isAuthorized":true,` +
		`"isCancellable":true,"isRefundable":false,"statusCategory":"PENDING_MERCHANT","statusCode":5,` +
		`"statusCodeChangeDateTime":"20260601080000"},"amountOfMoney":{"amount":10000,"currencyCode":"EUR"},"paymentMethod":"card",` +
		`"references":{"merchantReference":"O-1"}}]}`
	capture := `{"id":"3000000002_1","status":"CAPTURED","statusOutput":{"statusCode":9},"captureOutput":{"amountOfMoney":` +
		`{"amount":5000,"currencyCode":"EUR"},"paymentMethod":"card","references":{"merchantReference":"O-2"}}}`
	cases := []struct{ name, path, want string }{
		{"a payment", open, authorised + `}`},
		{"its operations", open + "/details", details},
		{"captures", captured + "/captures", `{"captures":[` + capture + `]}`},
		{"no refunds", captured + "/refunds", `{"refunds":[]}`},
	}
	p := start(t)
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			if diff := cmp.Diff(tc.want, p.read(tc.path)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestCancelGivesBackTheUncapturedShare(t *testing.T) {
	t.Parallel()
	p := start(t)
	w := p.call(honest(), http.MethodPost, open+"/cancel", `{"amountOfMoney":{"amount":4000,"currencyCode":"EUR"},"isFinal":false}`)
	if w.Code != http.StatusOK || !strings.Contains(w.Body.String(), `{"payment":{"id":"3000000001_0","status":"PENDING_CAPTURE"`) {
		t.Errorf("a part: %d %s", w.Code, w.Body)
	}
	w = p.call(honest(), http.MethodPost, open+"/cancel", "")
	if w.Code != http.StatusOK || !strings.Contains(w.Body.String(), `"status":"CANCELLED"`) || !strings.Contains(w.Body.String(), `"statusCode":6`) {
		t.Errorf("the rest: %d %s", w.Code, w.Body)
	}
	details := p.read(open + "/details")
	for _, want := range []string{`"id":"3000000001_1","status":"CANCELLED"`, `"amount":4000`, `"id":"3000000001_2"`, `"amount":6000`} {
		if !strings.Contains(details, want) {
			t.Errorf("%s is not in %s", want, details)
		}
	}
}

func TestRefundIsRequestedAndSettlesLater(t *testing.T) {
	t.Parallel()
	p := start(t)
	body := `{"amountOfMoney":{"amount":2000,"currencyCode":"EUR"},"captureId":"3000000002_1","operationReferences":{"merchantReference":"R-1"}}`
	w := p.call(honest(), http.MethodPost, captured+"/refund", body)
	want := `{"id":"3000000002_2","status":"REFUND_REQUESTED","statusOutput":{"isCancellable":false,"statusCategory":` +
		`"PENDING_CONNECT_OR_3RD_PARTY","statusCode":81,"statusCodeChangeDateTime":"20260601080000"},"refundOutput":{"amountOfMoney":` +
		`{"amount":2000,"currencyCode":"EUR"},"paymentMethod":"card","references":{"merchantReference":"O-2"},` +
		`"operationReferences":{"merchantReference":"R-1"}}}`
	if diff := cmp.Diff(want, w.Body.String()); w.Code != http.StatusCreated || diff != "" {
		t.Errorf("%d %s", w.Code, diff)
	}
	if _, err := p.World.Advance(t.Context(), 5*time.Minute); err != nil {
		t.Fatal(err)
	}
	if got := p.read(captured + "/refunds"); !strings.Contains(got, `"status":"REFUNDED"`) || !strings.Contains(got, `"statusCode":8,`) {
		t.Error(got)
	}
}

func TestCapture(t *testing.T) {
	t.Parallel()
	p := start(t)
	w := p.call(honest(), http.MethodPost, open+"/capture", `{"amount":3000,"isFinal":true}`)
	if w.Code != http.StatusCreated || !strings.Contains(w.Body.String(), `"id":"3000000001_1","status":"CAPTURE_REQUESTED"`) {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if got := p.read(open); !strings.Contains(got, `"isCancellable":false,"isRefundable":false`) || !strings.Contains(got, `"amountPaid":0`) {
		t.Error(got)
	}
	p.pass(time.Minute)
	if got := p.read(open); !strings.Contains(got, `"isCancellable":false,"isRefundable":true`) || !strings.Contains(got, `"amountPaid":3000`) {
		t.Error(got)
	}
}

func TestIdempotenceKeyGivesTheFirstAnswerAgain(t *testing.T) {
	t.Parallel()
	p := start(t)
	refund := func(amount int, key string) *httptest.ResponseRecorder {
		body := fmt.Sprintf(`{"amountOfMoney":{"amount":%d,"currencyCode":"EUR"}}`, amount)
		return p.call(honest(), http.MethodPost, captured+"/refund", body, "X-GCS-Idempotence-Key", key)
	}
	first, again, other := refund(1000, "k1"), refund(2000, "k1"), refund(2000, "k2")
	if diff := cmp.Diff(first.Body.String(), again.Body.String()); diff != "" || again.Code != first.Code {
		t.Errorf("%d %s", again.Code, diff)
	}
	const header = "X-GCS-Idempotence-Request-Timestamp"
	if first.Header().Get(header) != "" || again.Header().Get(header) != fmt.Sprint(facetest.Monday().UnixMilli()) || other.Header().Get(header) != "" {
		t.Errorf("first %q, again %q, other %q", first.Header().Get(header), again.Header().Get(header), other.Header().Get(header))
	}
	if got := p.read(captured + "/refunds"); strings.Count(got, "REFUND_REQUESTED") != 2 {
		t.Errorf("one key has one effect: %s", got)
	}
}

func TestRefusedRequestDoesNotSpendItsKey(t *testing.T) {
	t.Parallel()
	p := start(t)
	key := []string{"X-GCS-Idempotence-Key", "k1"}
	if w := p.call(honest(), http.MethodPost, open+"/refund", `{"amountOfMoney":{"amount":1,"currencyCode":"EUR"}}`, key...); w.Code != 400 {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	p.call(honest(), http.MethodPost, open+"/capture", `{}`)
	p.pass(time.Minute)
	if w := p.call(honest(), http.MethodPost, open+"/refund", `{"amountOfMoney":{"amount":1,"currencyCode":"EUR"}}`, key...); w.Code != 201 {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

func TestSignatureCoversPrefixQueryAndSandbox(t *testing.T) {
	t.Parallel()
	p := start(t)
	for name, path := range map[string]string{
		"a path with a sandbox": "/sandbox/other" + open, "a query": open + "?a=b%20c", "an escaped path": "/v2/somsim/payments/3000000001%5F0",
	} {
		if w := p.call(honest(), http.MethodGet, path, ""); w.Code != http.StatusOK {
			t.Errorf("%s: %d %s", name, w.Code, w.Body)
		}
	}
	p.call(client{keyID: "somsim~other", secret: "somsim"}, http.MethodPost, open+"/cancel", "")
	if got := p.read(open); !strings.Contains(got, "PENDING_CAPTURE") {
		t.Errorf("the default sandbox has changed: %s", got)
	}
}

func TestUnauthorisedCallsAreRefused(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name string
		c    client
		path string
		id   string
		code string
		rule string
	}{
		{"no authorisation", client{"somsim", "somsim", func(r *http.Request) { r.Header.Del("Authorization") }}, open, "MISSING_OR_INVALID_AUTHORIZATION", "9002", "worldline.auth.key"},
		{"an unknown key", client{"nobody", "somsim", nil}, open, "MISSING_OR_INVALID_AUTHORIZATION", "9002", "worldline.auth.key"},
		{"a wrong secret", client{"somsim", "wrong", nil}, open, "MISSING_OR_INVALID_AUTHORIZATION", "9002", "worldline.auth.signature"},
		{"no base64", client{"somsim", "somsim", func(r *http.Request) { r.Header.Set("Authorization", "GCS v1HMAC:somsim:%%") }}, open, "MISSING_OR_INVALID_AUTHORIZATION", "9002", "worldline.auth.signature"},
		{"another date than the signed one", client{"somsim", "somsim", func(r *http.Request) { r.Header.Set("Date", "Mon, 01 Jun 2026 08:00:01 GMT") }}, open, "MISSING_OR_INVALID_AUTHORIZATION", "9002", "worldline.auth.signature"},
		{"a date that is none", client{"somsim", "somsim", func(r *http.Request) { r.Header.Set("Date", "today") }}, open, "MISSING_OR_INVALID_AUTHORIZATION", "9002", "worldline.auth.date"},
		{"a header added afterwards", client{"somsim", "somsim", func(r *http.Request) { r.Header.Set("X-GCS-Idempotence-Key", "k") }}, open, "MISSING_OR_INVALID_AUTHORIZATION", "9002", "worldline.auth.signature"},
		{"another merchant", client{"rival", "rival", nil}, open, "ACCESS_TO_MERCHANT_NOT_ALLOWED", "9007", "worldline.auth.merchant"},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			p := start(t)
			w := p.call(tc.c, http.MethodPost, tc.path+"/cancel", "{}")
			p.refused(w, http.StatusForbidden, tc.id, tc.code, tc.rule)
		})
	}
}

// refused checks the vendor's error document, the rule behind it, and that nothing has changed.
func (p platform) refused(w *httptest.ResponseRecorder, status int, id, code, rule string) {
	p.T.Helper()
	var got struct {
		ErrorID string
		Errors  []struct {
			ErrorCode, Code, Category, ID, Message string
			HTTPStatusCode                         int
		}
	}
	if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil || len(got.Errors) != 1 {
		p.T.Fatalf("%s: %v", w.Body, err)
	}
	e, entry := got.Errors[0], p.Last()
	if w.Code != status || e.HTTPStatusCode != status || e.ID != id || code != "" && e.ErrorCode != code || e.Message == "" || len(got.ErrorID) != 36 {
		p.T.Errorf("want %d %s %s, got %d %s", status, id, code, w.Code, w.Body)
	}
	if entry.Rule != rule || len(entry.Changes) != 0 {
		p.T.Errorf("rule %q, changes %v", entry.Rule, entry.Changes)
	}
	if diff := cmp.Diff(authorised+"}", p.read(open)); diff != "" {
		p.T.Error(diff)
	}
}

func TestRefusalsNameARuleAndChangeNothing(t *testing.T) {
	t.Parallel()
	const invalid, impossible = "INVALID_PARAMETER_VALUE", "OPERATION_NOT_POSSIBLE"
	cases := []struct {
		name, method, path, body string
		status                   int
		id, rule                 string
	}{
		{"an unknown payment", "GET", base + "3000000009_0", "", 404, "UNKNOWN_PAYMENT_ID", "worldline.payment.known"},
		{"cancelling an unknown payment", "POST", base + "3000000009_0/cancel", "{}", 404, "UNKNOWN_PAYMENT_ID", "worldline.payment.known"},
		{"cancelling captured money", "POST", captured + "/cancel", "", 400, impossible, "worldline.cancel.uncaptured-only"},
		{"cancelling too much", "POST", open + "/cancel", `{"amountOfMoney":{"amount":10001,"currencyCode":"EUR"}}`, 400, impossible, "worldline.cancel.uncaptured-only"},
		{"cancelling in another currency", "POST", open + "/cancel", `{"amountOfMoney":{"amount":1,"currencyCode":"USD"}}`, 400, invalid, "worldline.amount.currency"},
		{"refunding too much", "POST", captured + "/refund", `{"amountOfMoney":{"amount":5001,"currencyCode":"EUR"}}`, 400, impossible, "worldline.refund.captured-only"},
		{"refunding what was not captured", "POST", open + "/refund", `{"amountOfMoney":{"amount":1,"currencyCode":"EUR"}}`, 400, impossible, "worldline.refund.captured-only"},
		{"refunding another payment's capture", "POST", open + "/refund", `{"amountOfMoney":{"amount":1,"currencyCode":"EUR"},"captureId":"3000000002_1"}`, 400, invalid, "worldline.refund.own-capture"},
		{"capturing too much", "POST", open + "/capture", `{"amount":10001}`, 400, impossible, "worldline.capture.authorized-only"},
		{"refunding nothing", "POST", captured + "/refund", `{"amountOfMoney":{"amount":0,"currencyCode":"EUR"}}`, 400, invalid, ""},
		{"refunding an amount in words", "POST", captured + "/refund", `{"amountOfMoney":{"amount":"ten","currencyCode":"EUR"}}`, 400, invalid, ""},
		{"refunding without an amount", "POST", captured + "/refund", `{}`, 400, "PARAMETER_NOT_FOUND_IN_REQUEST", ""},
		{"refunding without a body", "POST", captured + "/refund", "", 400, "PARAMETER_NOT_FOUND_IN_REQUEST", ""},
		{"bad JSON", "POST", open + "/cancel", `{"isFinal":`, 400, invalid, ""},
		{"an unknown path", "GET", open + "/nothing", "", 404, "UNKNOWN_PATH", ""},
		{"an unknown verb", "DELETE", open, "", 405, "METHOD_NOT_ALLOWED", ""},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			p := start(t)
			p.refused(p.call(honest(), tc.method, tc.path, tc.body), tc.status, tc.id, "", tc.rule)
		})
	}
}

func TestIdempotenceKeyHasAtMostFortyCharacters(t *testing.T) {
	t.Parallel()
	p := start(t)
	w := p.call(honest(), http.MethodPost, open+"/cancel", "{}", "X-GCS-Idempotence-Key", strings.Repeat("k", 41))
	p.refused(w, http.StatusBadRequest, "INVALID_PARAMETER_VALUE", "", "")
}
