package simulator_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/somsim/somsim/simulator/simtest"
)

// shop is a merchant's server: it takes webhooks, and refuses those it was told to.
type shop struct {
	*httptest.Server
	t      *testing.T
	mu     sync.Mutex
	refuse int
	types  []string
}

func newShop(t *testing.T) *shop {
	t.Helper()
	s := &shop{t: t}
	s.Server = httptest.NewServer(http.HandlerFunc(s.take))
	t.Cleanup(s.Close)
	return s
}

func (s *shop) take(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		s.t.Error(err)
	}
	mac := hmac.New(sha256.New, []byte("whisper"))
	mac.Write(body)
	if want := base64.StdEncoding.EncodeToString(mac.Sum(nil)); r.Header.Get("X-GCS-Signature") != want || r.Header.Get("X-GCS-KeyId") != "key-1" {
		s.t.Errorf("signed %q by %q", r.Header.Get("X-GCS-Signature"), r.Header.Get("X-GCS-KeyId"))
	}
	if s.refuse > 0 {
		s.refuse--
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	var event struct{ APIVersion, Type, MerchantID string }
	if err := json.Unmarshal(body, &event); err != nil || event.APIVersion != "v1" || event.MerchantID != "somsim" {
		s.t.Errorf("%s: %v", body, err)
	}
	s.types = append(s.types, event.Type)
}

func (s *shop) got() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return strings.Join(s.types, " ")
}

// control calls the control plane and returns status and body.
func control(t *testing.T, s *simtest.Simulator, method, path, body string) (int, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, s.ControlURL+"/control/v1/sandboxes/default"+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	out, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(out)
}

// book changes the payments of the default sandbox, as the platform's API does.
func book(t *testing.T, s *simtest.Simulator, method, path, body string) string {
	t.Helper()
	const date = "Mon, 01 Jun 2026 13:00:00 GMT"
	req := httptest.NewRequestWithContext(t.Context(), method, path, strings.NewReader(body))
	req.Header.Set("Date", date)
	req.Header.Set("Content-Type", "application/json")
	text := method + "\n"
	if method != http.MethodGet {
		text += "application/json"
	}
	mac := hmac.New(sha256.New, []byte("somsim"))
	mac.Write([]byte(text + "\n" + date + "\n" + path + "\n"))
	req.Header.Set("Authorization", "GCS v1HMAC:somsim:"+base64.StdEncoding.EncodeToString(mac.Sum(nil)))
	w := httptest.NewRecorder()
	s.Handler.ServeHTTP(w, req)
	if w.Code >= http.StatusMultipleChoices {
		t.Fatalf("%s %s: %d %s", method, path, w.Code, w.Body)
	}
	return w.Body.String()
}

// story pays, captures, and gives the money back.
func story(t *testing.T, s *simtest.Simulator) {
	t.Helper()
	made := book(t, s, http.MethodPost, "/v2/somsim/payments", `{"order":{"amountOfMoney":{"amount":1000,"currencyCode":"EUR"},`+
		`"references":{"merchantReference":"W-1"}},"cardPaymentMethodSpecificInput":{"card":{"cardNumber":"4111111111111111","expiryDate":"1229"}}}`)
	var out struct{ Payment struct{ ID string } }
	if err := json.Unmarshal([]byte(made), &out); err != nil {
		t.Fatal(err)
	}
	path := "/v2/somsim/payments/" + out.Payment.ID
	book(t, s, http.MethodPost, path+"/capture", `{}`)
	control(t, s, http.MethodPost, "/clock/advance", `{"duration":"1m"}`)
	book(t, s, http.MethodPost, path+"/refund", `{"amountOfMoney":{"amount":1000,"currencyCode":"EUR"}}`)
}

func TestWebhooksTellOfPayments(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name, fault string
		refuse      int
		wait        string
		want        string
	}{
		{"in order", "", 0, "5m", "payment.pending_capture payment.capture_requested payment.captured refund.refund_requested payment.refunded"},
		{"again after ten minutes", "", 1, "20m", "payment.pending_capture payment.capture_requested payment.captured refund.refund_requested payment.refunded"},
		{
			"twice", `{"name":"f","match":{"system":"worldline","operation":"deliverWebhook","nth":2},"effect":{"kind":"duplicate"}}`, 0, "5m",
			"payment.pending_capture payment.capture_requested payment.capture_requested payment.captured refund.refund_requested payment.refunded",
		},
		{
			"out of order", `{"name":"f","match":{"system":"worldline","operation":"deliverWebhook","contains":"capture_requested"},"effect":{"kind":"reorder"}}`, 0, "30m",
			"payment.pending_capture payment.captured refund.refund_requested payment.refunded payment.capture_requested",
		},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			sim, merchant := simtest.Start(t), newShop(t)
			merchant.refuse = tc.refuse
			target := `{"line":"worldline.webhooks","url":"` + merchant.URL + `","key_id":"key-1","secret":"whisper"}`
			if status, body := control(t, sim, http.MethodPut, "/targets/shop", target); status != http.StatusOK || strings.Contains(body, "whisper") {
				t.Fatalf("%d %s", status, body)
			}
			if tc.fault != "" {
				if status, body := control(t, sim, http.MethodPost, "/faults", tc.fault); status >= http.StatusMultipleChoices {
					t.Fatalf("%d %s", status, body)
				}
			}
			story(t, sim)
			control(t, sim, http.MethodPost, "/clock/advance", `{"duration":"`+tc.wait+`"}`)
			if diff := cmp.Diff(tc.want, merchant.got()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestShopperPaysOnThePage(t *testing.T) {
	t.Parallel()
	sim := simtest.Start(t)
	made := book(t, sim, http.MethodPost, "/v2/somsim/hostedcheckouts", `{"order":{"amountOfMoney":{"amount":1250,"currencyCode":"EUR"},`+
		`"references":{"merchantReference":"W-2"}},"hostedCheckoutSpecificInput":{"returnUrl":"https://shop.test/back"}}`)
	var page struct{ RedirectURL, HostedCheckoutID, RETURNMAC string }
	if err := json.Unmarshal([]byte(made), &page); err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(page.RedirectURL)
	if err != nil {
		t.Fatal(err)
	}
	browse := func(form string) *httptest.ResponseRecorder {
		method := http.MethodPost
		if form == "" {
			method = http.MethodGet
		}
		req := httptest.NewRequestWithContext(t.Context(), method, u.Path, strings.NewReader(form))
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		w := httptest.NewRecorder()
		sim.Handler.ServeHTTP(w, req)
		return w
	}
	if w := browse(""); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), "12.50 EUR for W-2") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if w := browse("deed=pay&cardNumber=4000+0000+0000+0002&expiryDate=1229"); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), "The card was declined.") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if w := browse("deed=pay&cardNumber=4000000000003220&expiryDate=1229"); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), "Prove who you are") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	want := "https://shop.test/back?RETURNMAC=" + page.RETURNMAC + "&hostedCheckoutId=" + page.HostedCheckoutID
	if w := browse("deed=pay"); w.Code != http.StatusSeeOther || w.Header().Get("Location") != want {
		t.Errorf("%d %s, want %s", w.Code, w.Header().Get("Location"), want)
	}
	if w := browse(""); w.Code != http.StatusNotFound {
		t.Errorf("a page that was used: %d %s", w.Code, w.Body)
	}
	if got := book(t, sim, http.MethodGet, "/v2/somsim/hostedcheckouts/"+page.HostedCheckoutID, ""); !strings.Contains(got, `"status":"PAYMENT_CREATED"`) {
		t.Error(got)
	}
}

func TestControlPlaneActsAsThePayer(t *testing.T) {
	t.Parallel()
	sim := simtest.Start(t)
	pay := func(number string) string {
		made := book(t, sim, http.MethodPost, "/v2/somsim/payments", `{"order":{"amountOfMoney":{"amount":1000,"currencyCode":"EUR"}},"cardPaymentMethodSpecificInput":`+
			`{"returnUrl":"https://shop.test/","card":{"cardNumber":"`+number+`","expiryDate":"1229"}}}`)
		var out struct{ Payment struct{ ID string } }
		if err := json.Unmarshal([]byte(made), &out); err != nil {
			t.Fatal(err)
		}
		return out.Payment.ID
	}
	steps := []struct {
		name, id, body string
		status         int
		want           string
	}{
		{"fraud is stopped", pay("4000000000000101"), `{"deed":"reject"}`, 200, `"REJECTED"`},
		{"it was none", pay("4000000000000101"), `{"deed":"accept"}`, 200, `"PENDING_CAPTURE"`},
		{"he is who he is", pay("4000000000003220"), `{"deed":"pay"}`, 200, `"next":"https://shop.test/?RETURNMAC=`},
		{"nobody waits", pay("4111111111111111"), `{"deed":"pay"}`, 404, "is PENDING_CAPTURE"},
		{"no such payment", "3999999999_0", `{"deed":"pay"}`, 404, "neither a payment nor a hosted checkout"},
		{"no such deed", "3999999999_0", `{"deed":"dance"}`, 400, "deed"},
	}
	for _, s := range steps {
		if status, body := control(t, sim, http.MethodPost, "/payers/"+s.id, s.body); status != s.status || !strings.Contains(body, s.want) {
			t.Errorf("%s: %d %s", s.name, status, body)
		}
	}
}

func TestSettingsOfThePaymentPlatform(t *testing.T) {
	t.Parallel()
	sim := simtest.Start(t)
	status, body := control(t, sim, http.MethodPut, "/payments", `{"capture_delay":"0s","date_window":"1h"}`)
	want := `{"authorization_delay":"5m0s","capture_delay":"0s","refund_delay":"5m0s","authorization_life":"168h0m0s","date_window":"1h0m0s","refuse_refunds":false}`
	if status != http.StatusOK || body != want {
		t.Errorf("%d %s", status, body)
	}
	if got := book(t, sim, http.MethodPost, "/v2/somsim/payments", `{"order":{"amountOfMoney":{"amount":1000,"currencyCode":"EUR"}},"cardPaymentMethodSpecificInput":`+
		`{"authorizationMode":"SALE","card":{"cardNumber":"4111111111111111","expiryDate":"1229"}}}`); !strings.Contains(got, `"CAPTURED"`) {
		t.Error(got)
	}
	for _, bad := range []string{`{"capture_delay":"soon"}`, `{"authorization_life":"0s"}`, `{"refund_delay":"-1s"}`, `{"life":"1s"}`} {
		if status, body := control(t, sim, http.MethodPut, "/payments", bad); status != http.StatusBadRequest {
			t.Errorf("%s: %d %s", bad, status, body)
		}
	}
	control(t, sim, http.MethodPost, "/clock/advance", `{"duration":"2h"}`)
	req := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/v2/somsim/payments/1_0", nil)
	req.Header.Set("Date", "Mon, 01 Jun 2026 13:00:00 GMT")
	req.Header.Set("Authorization", "GCS v1HMAC:somsim:AAAA")
	w := httptest.NewRecorder()
	sim.Handler.ServeHTTP(w, req)
	if w.Code != http.StatusForbidden || !strings.Contains(w.Body.String(), "2h0m0s away from 2026-06-01T15:00:00Z") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}
