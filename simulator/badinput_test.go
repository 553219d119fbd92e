package simulator_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/somsim/somsim/simulator/simtest"
)

// partners are the systems around order management with something on the books of each: a captured payment, an
// authorised one, a reservation that lives and one that has expired, a hold that lives and one that has expired, and what
// the preset has of bookings, points and accounts.
type partners struct {
	*simtest.Simulator
	t                                 *testing.T
	authorised, captured, hold, stale string
	slot, account                     string
}

const (
	ociBase  = "/inventory/reservation/v1/organizations/f_ecom_zzte_053/"
	living   = "00000000-0000-4000-8000-00000000000a"
	lapsed   = "00000000-0000-4000-8000-00000000000b"
	never    = "00000000-0000-4000-8000-00000000000c"
	loyalty  = "/loyalty/v2/loyalty/"
	collect  = "/mp/collect?measurement_id=G-SOMSIM&api_secret="
	paying   = "/v2/somsim/payments"
	overflow = "99999999999999999999"
)

func openPartners(t *testing.T) *partners {
	t.Helper()
	p := &partners{Simulator: simtest.Start(t), t: t}
	for id, expiry := range map[string]string{living: "14400", lapsed: "60"} {
		p.must(ask{"POST", ociBase + "reservation-documents", `{"actionRequestId":"` + id + `","expirationSeconds":` + expiry +
			`,"createRecords":[{"stockKeepingUnit":"MUG","quantity":1,"locationIdentifier":"WH-WEST"}]}`, p.bearer()})
	}
	p.slot = p.text(p.must(ask{"GET", "/slots/v1/slots?type=delivery&from=2026-06-03T00:00:00Z&to=2026-06-05T00:00:00Z", "", p.bearer()}), "slots", "0", "slot_id")
	for _, into := range []struct {
		id  *string
		ttl string
	}{{&p.hold, "3600"}, {&p.stale, "60"}} {
		*into.id = p.text(p.must(ask{"POST", "/slots/v1/slots/" + p.slot + "/holds", `{"holder_ref":"h-` + into.ttl + `","ttl_seconds":` + into.ttl + `}`, p.bearer()}), "hold_id")
	}
	card := `"cardPaymentMethodSpecificInput":{"authorizationMode":"PRE_AUTHORIZATION","card":{"cardNumber":"4111111111111111","expiryDate":"1229"}}`
	pay := `{"order":{"amountOfMoney":{"amount":1000,"currencyCode":"EUR"},"references":{"merchantReference":"W-1"}},` + card + `}`
	p.authorised = p.text(p.must(ask{"POST", paying, pay, p.sign("first")}), "payment", "id")
	p.captured = p.text(p.must(ask{"POST", paying, pay, p.sign("")}), "payment", "id")
	p.must(ask{"POST", paying + "/" + p.captured + "/capture", `{"amount":1000}`, p.sign("")})
	found := p.must(ask{"POST", loyalty + "accounts/search", `{"limit":1}`, p.bearer()})
	p.account = p.text(found, "loyalty_accounts", "0", "id")
	p.must(ask{"POST", loyalty + "accounts/" + p.account + "/adjust", `{"idempotency_key":"first","adjust_points":{"points":5,"reason":"r"}}`, p.bearer()})
	if _, err := p.Default.Advance(t.Context(), 2*time.Minute); err != nil {
		t.Fatal(err)
	}
	return p
}

// ask is a request; prove adds what shows who asks.
type ask struct {
	method, path, body string
	prove              func(r *http.Request)
}

func (p *partners) bearer() func(*http.Request) {
	return func(r *http.Request) { r.Header.Set("Authorization", "Bearer somsim") }
}

// sign signs for the payment platform, with an idempotence key unless it is empty.
func (p *partners) sign(key string) func(*http.Request) {
	return func(r *http.Request) {
		const date = "Mon, 01 Jun 2026 13:00:00 GMT"
		r.Header.Set("Date", date)
		text := r.Method + "\n" + r.Header.Get("Content-Type") + "\n" + date + "\n"
		if key != "" {
			r.Header.Set("X-Gcs-Idempotence-Key", key)
			text += "x-gcs-idempotence-key:" + key + "\n"
		}
		mac := hmac.New(sha256.New, []byte("somsim"))
		mac.Write([]byte(text + r.URL.RequestURI() + "\n"))
		r.Header.Set("Authorization", "GCS v1HMAC:somsim:"+base64.StdEncoding.EncodeToString(mac.Sum(nil)))
	}
}

func (p *partners) do(a ask) (int, string) {
	p.t.Helper()
	r := httptest.NewRequestWithContext(p.t.Context(), a.method, a.path, strings.NewReader(a.body))
	if a.body != "" {
		r.Header.Set("Content-Type", "application/json")
		if strings.HasPrefix(a.path, "/accounts.") {
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		}
	}
	if a.prove != nil {
		a.prove(r)
	}
	w := httptest.NewRecorder()
	p.Handler.ServeHTTP(w, r)
	return w.Code, w.Body.String()
}

func (p *partners) must(a ask) string {
	p.t.Helper()
	code, body := p.do(a)
	if code >= http.StatusMultipleChoices {
		p.t.Fatalf("%s %s: %d %s", a.method, a.path, code, body)
	}
	return body
}

// text is a text in a document, by its path; "0" is the first of a list.
func (p *partners) text(document string, path ...string) string {
	p.t.Helper()
	var at any
	if err := json.Unmarshal([]byte(document), &at); err != nil {
		p.t.Fatal(err)
	}
	for _, step := range path {
		switch v := at.(type) {
		case map[string]any:
			at = v[step]
		case []any:
			if len(v) == 0 {
				p.t.Fatalf("%s has nothing at %v", document, path)
			}
			at = v[0]
		}
	}
	text, _ := at.(string)
	if text == "" {
		p.t.Fatalf("%s has no text at %v", document, path)
	}
	return text
}

// books is everything that the partners tell about themselves.
func (p *partners) books() map[string]string {
	p.t.Helper()
	out := map[string]string{}
	for name, a := range map[string]ask{
		"stock":       {"POST", "/inventory/availability/v1/organizations/f_ecom_zzte_053/availability-records/actions/get-availability", `{"locationIdentifiers":["WH-WEST","WH-EAST"]}`, p.bearer()},
		"reservation": {"GET", ociBase + "reservation-documents/" + living, "", p.bearer()},
		"slots":       {"GET", "/slots/v1/slots?type=delivery&from=2026-06-01T00:00:00Z&to=2026-06-09T00:00:00Z", "", p.bearer()},
		"bookings":    {"GET", "/slots/v1/bookings?order_no=00000101", "", p.bearer()},
		"authorised":  {"GET", paying + "/" + p.authorised + "/details", "", p.sign("")},
		"captured":    {"GET", paying + "/" + p.captured + "/details", "", p.sign("")},
		"points":      {"POST", loyalty + "events/search", `{"limit":30}`, p.bearer()},
		"account":     {"GET", loyalty + "accounts/" + p.account, "", p.bearer()},
		"identities":  {"POST", "/accounts.search", "apiKey=somsim&userKey=somsim&secret=somsim&query=" + url.QueryEscape("SELECT * FROM accounts"), nil},
	} {
		body := p.must(a)
		if name == "identities" { // callId tells calls apart
			_, body, _ = strings.Cut(body, `"results":`)
		}
		out[name] = body
	}
	_, out["tracked"] = control(p.t, p.Simulator, http.MethodGet, "/tracked-events?status=accepted", "")
	return out
}

func TestBadInputIsRefusedInTheVendorsWordsAndChangesNothing(t *testing.T) {
	t.Parallel()
	p := openPartners(t)
	wrongly := func(r *http.Request) {
		p.sign("")(r)
		r.Header.Set("Authorization", "GCS v1HMAC:somsim:"+base64.StdEncoding.EncodeToString([]byte("a guess")))
	}
	release := func(id, reservation, fields string) string {
		return `{"releaseRecords":[{"actionRequestId":"` + id + `","reservationId":"` + reservation + `",` + fields + `}]}`
	}
	reserve := func(id, fields string) string {
		return `{"actionRequestId":"` + id + `","createRecords":[{` + fields + `}]}`
	}
	capture, refund := paying+"/"+p.authorised+"/capture", paying+"/"+p.captured+"/refund"
	accumulate, adjust := loyalty+"accounts/"+p.account+"/accumulate", loyalty+"accounts/"+p.account+"/adjust"
	hit := func(params string) string {
		return `{"client_id":"1.2","events":[{"name":"refund","params":{` + params + `}}]}`
	}
	cases := []struct {
		name string
		ask
		status int
		says   string
	}{
		{"inventory: a wrong token", ask{"POST", ociBase + "releases", release(never, living, `"stockKeepingUnit":"MUG","quantity":1,"locationIdentifier":"WH-WEST"`), nil}, 401, "invalid-access-token"},
		{"inventory: an unknown SKU", ask{"POST", ociBase + "reservation-documents", reserve(never, `"stockKeepingUnit":"NONE","quantity":1,"locationIdentifier":"WH-WEST"`), p.bearer()}, 200, `"errorCode":"SKU_NOT_FOUND"`},
		{"inventory: an unknown location", ask{"POST", ociBase + "reservation-documents", reserve(never, `"stockKeepingUnit":"MUG","quantity":1,"locationIdentifier":"MARS"`), p.bearer()}, 200, `"errorCode":"LOCATION_NOT_FOUND"`},
		{"inventory: a negative quantity", ask{"POST", ociBase + "reservation-documents", reserve(never, `"stockKeepingUnit":"MUG","quantity":-1,"locationIdentifier":"WH-WEST"`), p.bearer()}, 400, "constraint-violation"},
		{"inventory: a quantity without end", ask{"POST", ociBase + "releases", release(never, living, `"stockKeepingUnit":"MUG","quantity":`+overflow+`,"locationIdentifier":"WH-WEST"`), p.bearer()}, 400, "constraint-violation"},
		{"inventory: more than there is", ask{"POST", ociBase + "reservation-documents", reserve(never, `"stockKeepingUnit":"MUG","quantity":9999999,"locationIdentifier":"WH-WEST"`), p.bearer()}, 200, `"errorCode":"INSUFFICIENT_AVAILABILITY"`},
		{"inventory: a key with another body", ask{"POST", ociBase + "reservation-documents", reserve(living, `"stockKeepingUnit":"MUG","quantity":7,"locationIdentifier":"WH-EAST"`), p.bearer()}, 200, `"errorCode":"DUPLICATE_ACTION_REQUEST"`},
		{"inventory: an expired reservation", ask{"POST", ociBase + "releases", release(never, lapsed, `"stockKeepingUnit":"MUG","quantity":1,"locationIdentifier":"WH-WEST"`), p.bearer()}, 200, `"errorCode":"RESERVATION_EXPIRED"`},
		{"inventory: a count below zero", ask{"POST", "/inventory/availability/v1/organizations/f_ecom_zzte_053/availability-records/actions/batch-update", `{"records":[{"actionRequestId":"` + never + `","locationIdentifier":"WH-WEST","stockKeepingUnit":"MUG","onHand":-1}]}`, p.bearer()}, 200, `"errorCode":"INVALID_RECORD"`},

		{"slots: a wrong key", ask{"POST", "/slots/v1/slots/" + p.slot + "/holds", `{"holder_ref":"x"}`, nil}, 401, "UNAUTHENTICATED"},
		{"slots: an unknown slot", ask{"POST", "/slots/v1/slots/none/holds", `{"holder_ref":"x"}`, p.bearer()}, 404, "SLOT_NOT_FOUND"},
		{"slots: a life below zero", ask{"POST", "/slots/v1/slots/" + p.slot + "/holds", `{"holder_ref":"x","ttl_seconds":-1}`, p.bearer()}, 400, "INVALID_REQUEST"},
		{"slots: a life without end", ask{"POST", "/slots/v1/slots/" + p.slot + "/holds", `{"holder_ref":"x","ttl_seconds":` + overflow + `}`, p.bearer()}, 400, "INVALID_REQUEST"},
		{"slots: an expired hold", ask{"POST", "/slots/v1/holds/" + p.stale + "/confirm", `{"order_no":"O-9"}`, p.bearer()}, 410, "HOLD_EXPIRED"},
		{"slots: an unknown hold", ask{"POST", "/slots/v1/holds/none/confirm", `{"order_no":"O-9"}`, p.bearer()}, 404, "HOLD_NOT_FOUND"},
		{"slots: an unknown booking", ask{"POST", "/slots/v1/bookings/none/move", `{"slot_id":"` + p.slot + `"}`, p.bearer()}, 404, "BOOKING_NOT_FOUND"},

		{"payments: a wrong signature", ask{"POST", capture, `{"amount":1}`, wrongly}, 403, "MISSING_OR_INVALID_AUTHORIZATION"},
		{"payments: a wrong signature on Connect", ask{"POST", "/v1/somsim/payments/" + p.authorised + "/capture", `{"amount":1}`, wrongly}, 403, `"category":"CONNECT_PLATFORM_ERROR"`},
		{"payments: a negative amount", ask{"POST", capture, `{"amount":-1}`, p.sign("")}, 400, "INVALID_PARAMETER_VALUE"},
		{"payments: an amount without end", ask{"POST", capture, `{"amount":` + overflow + `}`, p.sign("")}, 400, "INVALID_PARAMETER_VALUE"},
		{"payments: an amount that no sum can hold", ask{"POST", paying, `{"order":{"amountOfMoney":{"amount":9223372036854775807,"currencyCode":"EUR"},"references":{"merchantReference":"W-9"}},"cardPaymentMethodSpecificInput":{"card":{"cardNumber":"4111111111111111","expiryDate":"1229"}}}`, p.sign("")}, 400, "INVALID_PARAMETER_VALUE"},
		{"payments: more than was authorised", ask{"POST", capture, `{"amount":1001}`, p.sign("")}, 400, "OPERATION_NOT_POSSIBLE"},
		{"payments: more than was captured", ask{"POST", refund, `{"amountOfMoney":{"amount":1001,"currencyCode":"EUR"}}`, p.sign("")}, 400, "OPERATION_NOT_POSSIBLE"},
		{"payments: another currency", ask{"POST", refund, `{"amountOfMoney":{"amount":1,"currencyCode":"USD"}}`, p.sign("")}, 400, "INVALID_PARAMETER_VALUE"},
		{"payments: an unknown currency", ask{"POST", paying, `{"order":{"amountOfMoney":{"amount":1000,"currencyCode":"XXZ"},"references":{"merchantReference":"W-9"}},"cardPaymentMethodSpecificInput":{"card":{"cardNumber":"4111111111111111","expiryDate":"1229"}}}`, p.sign("")}, 400, "INVALID_PARAMETER_VALUE"},
		{"payments: a key with another body", ask{"POST", paying, `{"order":{"amountOfMoney":{"amount":1,"currencyCode":"EUR"},"references":{"merchantReference":"W-9"}},"cardPaymentMethodSpecificInput":{"card":{"cardNumber":"4111111111111111","expiryDate":"1229"}}}`, p.sign("first")}, 201, `"amount":1000`},
		{"payments: an unknown payment", ask{"POST", paying + "/9_0/capture", `{"amount":1}`, p.sign("")}, 404, "UNKNOWN_PAYMENT_ID"},

		{"loyalty: a wrong token", ask{"POST", adjust, `{"idempotency_key":"k-1","adjust_points":{"points":1,"reason":"r"}}`, nil}, 401, "AUTHENTICATION_ERROR"},
		{"loyalty: points below zero", ask{"POST", accumulate, `{"idempotency_key":"k-2","location_id":"L","accumulate_points":{"points":-1}}`, p.bearer()}, 400, "INVALID_REQUEST_ERROR"},
		{"loyalty: points without end", ask{"POST", adjust, `{"idempotency_key":"k-3","adjust_points":{"points":` + overflow + `,"reason":"r"}}`, p.bearer()}, 400, "INVALID_REQUEST_ERROR"},
		{"loyalty: points that a balance cannot hold", ask{"POST", adjust, `{"idempotency_key":"k-6","adjust_points":{"points":9223372036854775807,"reason":"r"}}`, p.bearer()}, 400, "INVALID_REQUEST_ERROR"},
		{"loyalty: more points than there are", ask{"POST", adjust, `{"idempotency_key":"k-4","adjust_points":{"points":-1000000,"reason":"r"}}`, p.bearer()}, 400, "INVALID_REQUEST_ERROR"},
		{"loyalty: a key with another body", ask{"POST", adjust, `{"idempotency_key":"first","adjust_points":{"points":6,"reason":"r"}}`, p.bearer()}, 400, "IDEMPOTENCY_KEY_REUSED"},
		{"loyalty: an unknown account", ask{"POST", loyalty + "accounts/none/adjust", `{"idempotency_key":"k-5","adjust_points":{"points":1,"reason":"r"}}`, p.bearer()}, 404, "NOT_FOUND"},

		{"identity: a wrong secret", ask{"POST", "/accounts.setAccountInfo", "apiKey=somsim&secret=guess&UID=x&isActive=false", nil}, 200, `"errorCode":403005`},
		{"identity: a wrong signature", ask{"POST", "/accounts.setAccountInfo", "apiKey=somsim&userKey=somsim&UID=x&isActive=false&nonce=1&timestamp=1780318800&sig=guess", nil}, 200, `"errorCode":403003`},
		{"identity: an unknown account", ask{"POST", "/accounts.setAccountInfo", "apiKey=somsim&secret=somsim&UID=none&isActive=false", nil}, 200, `"errorCode":403047`},
		{"identity: an unknown site", ask{"POST", "/accounts.setAccountInfo", "apiKey=none&secret=somsim&UID=x", nil}, 200, `"errorCode":400093`},

		{"tracking: a wrong secret", ask{"POST", collect + "guess", hit(`"transaction_id":"T-1","value":1,"currency":"EUR"`), nil}, 204, ""},
		{"tracking: an unknown currency", ask{"POST", collect + "somsim", hit(`"transaction_id":"T-2","value":1,"currency":"EURO"`), nil}, 204, ""},
		{"tracking: a currency that there is not", ask{"POST", collect + "somsim", hit(`"transaction_id":"T-4","value":1,"currency":"XQQ"`), nil}, 204, ""},
		{"tracking: less than nothing", ask{"POST", collect + "somsim", hit(`"transaction_id":"T-5","value":-1,"currency":"EUR"`), nil}, 204, ""},
		{"tracking: no transaction", ask{"POST", collect + "somsim", hit(`"value":1,"currency":"EUR"`), nil}, 204, ""},
		{"tracking: a value that is no number", ask{"POST", collect + "somsim", hit(`"transaction_id":"T-3","value":"much","currency":"EUR"`), nil}, 204, ""},
	}
	before := p.books()
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			code, body := p.do(tc.ask)
			if code != tc.status || !strings.Contains(body, tc.says) {
				t.Errorf("%d %s, want %d with %s", code, body, tc.status, tc.says)
			}
			if diff := cmp.Diff(before, p.books()); diff != "" {
				t.Errorf("something has changed (-before +after):\n%s", diff)
			}
		})
	}
}
