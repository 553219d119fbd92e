package specguard

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/somsim/somsim/orderops"
	"github.com/somsim/somsim/specs"
)

func guardOfOrderOps(t *testing.T) *Guard {
	t.Helper()
	text, err := specs.FS.ReadFile("orderops/openapi.yaml")
	if err != nil {
		t.Fatal(err)
	}
	g, err := New(text)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// routed is a request as the mux hands it on.
func routed(method, pattern, target string, header http.Header, values map[string]string) *http.Request {
	r := httptest.NewRequest(method, target, nil)
	r.Pattern = method + " " + pattern
	for name, value := range values {
		r.SetPathValue(name, value)
	}
	for name, list := range header {
		r.Header[name] = list
	}
	return r
}

func TestRequestsAgainstTheDocument(t *testing.T) {
	t.Parallel()
	g := guardOfOrderOps(t)
	order := map[string]string{"order_no": "1", "site": "RefArch", "version": "v23_2"}
	key := http.Header{"Idempotency-Key": {"k"}}
	const cancels, shop = "/order-ops/v1/orders/{order_no}/cancellations", "/s/{site}/dw/shop/{version}/orders/{order_no}"
	const shopOrders = "/s/{site}/dw/shop/{version}/customers/{customer_id}/orders"
	shopper := map[string]string{"customer_id": "c", "site": "RefArch", "version": "v23_2"}
	cases := []struct {
		name string
		r    *http.Request
		body string
		want orderops.Code
		says string
	}{
		{"as documented", routed("POST", cancels, "/", key, order), `{"items":[{"item_id":"a","quantity":1}]}`, "", ""},
		{"no body where none is needed", routed("POST", cancels, "/", key, order), "", "", ""},
		{"JSON under another name", routed("POST", cancels, "/", http.Header{"Idempotency-Key": {"k"}, "Content-Type": {"application/x-www-form-urlencoded"}}, order), `{}`, "", ""},
		{"no key", routed("POST", cancels, "/", nil, order), `{}`, orderops.IdempotencyKeyRequired, ""},
		{"a key that is none", routed("POST", cancels, "/", http.Header{"Idempotency-Key": {"a/b"}}, order), `{}`, orderops.IdempotencyKeyRequired, ""},
		{"a member that nobody knows", routed("POST", cancels, "/", key, order), `{"emial":"x@example.test"}`, orderops.InvalidRequest, "emial"},
		{"a number that is none", routed("POST", cancels, "/", key, order), `{"expected_refund":"lots"}`, orderops.InvalidRequest, "the body at /expected_refund: "},
		{"a number beyond all bounds", routed("POST", cancels, "/", key, order), `{"expected_refund":1e400}`, orderops.InvalidRequest, "the body at /expected_refund: number is out of range"},
		{"null for a list", routed("POST", cancels, "/", key, order), `{"items":null}`, orderops.InvalidRequest, "the body at /items: value must not be null"},
		{"a member twice", routed("POST", cancels, "/", key, order), `{"items":[{"item_id":"a","quantity":1}],"items":[]}`, orderops.InvalidRequest, "the body names /items twice"},
		{"a member of a member twice", routed("POST", cancels, "/", key, order), `{"items":[{"item_id":"a","quantity":1,"quantity":2}]}`, orderops.InvalidRequest, "the body names /items/0/quantity twice"},
		{"a long name twice", routed("POST", cancels, "/", key, order), `{"` + strings.Repeat("x", 999) + `":1,"` + strings.Repeat("x", 999) + `":1,"x@example.test":1}`, orderops.InvalidRequest, "…"},
		{"a page that is none of commerce's", routed("GET", shopOrders, "/?count=0", nil, shopper), "", orderops.InvalidRequest, "query parameter count: number must be at least 1"},
		{"a beginning that is no number", routed("GET", shopOrders, "/?start=abc", nil, shopper), "", orderops.InvalidRequest, "query parameter start"},
		{"no JSON", routed("POST", cancels, "/", key, order), `{`, orderops.InvalidRequest, "the body cannot be read"},
		{"a page that is too long", routed("GET", "/order-ops/v1/orders", "/?limit=51", nil, nil), "", orderops.InvalidRequest, "query parameter limit"},
		{"a version that is none", routed("GET", shop, "/", nil, map[string]string{"order_no": "1", "site": "RefArch", "version": "23"}), "", orderops.InvalidRequest, "path parameter version"},
		{"an operation that proves its sender first", routed("POST", "/order-ops/v1/events/som", "/", nil, nil), `{`, "", ""},
		{"a route without document", routed("POST", "/elsewhere", "/", nil, nil), `{`, "", ""},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			refusal, refused := orderops.AsRefusal(g.Request(tc.r, []byte(tc.body)))
			switch {
			case refused != (tc.want != ""):
				t.Errorf("refused %t: %v", refused, refusal)
			case refused && (refusal.Code != tc.want || !strings.Contains(refusal.Detail, tc.says)):
				t.Errorf("got %v, want %s that says %q", refusal, tc.want, tc.says)
			case refused && strings.Contains(refusal.Detail, "example.test"):
				t.Errorf("%v repeats what was sent", refusal)
			}
		})
	}
}

func TestAnswersAgainstTheDocument(t *testing.T) {
	t.Parallel()
	g := guardOfOrderOps(t)
	r := routed("GET", "/healthz", "/", nil, nil)
	plain := http.Header{"Content-Type": {"application/json"}}
	for body, fits := range map[string]bool{`{"status":"ok"}`: true, `{"status":"fine"}`: false, `{}`: false, `{"status":"ok","secret":"s3"}`: false, `{`: false} {
		err := g.Answer(r, http.StatusOK, plain, []byte(body))
		if (err == nil) != fits {
			t.Errorf("%s: %v", body, err)
		}
		if err != nil && strings.Contains(err.Error(), "s3") {
			t.Errorf("%v repeats the answer", err)
		}
	}
	if err := g.Answer(r, http.StatusTeapot, plain, []byte(`{"status":"ok"}`)); err == nil {
		t.Error("a status that is not documented passes")
	}
}
