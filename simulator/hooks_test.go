package simulator_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/somsim/somsim/simulator/journal"
	"github.com/somsim/somsim/simulator/simtest"
)

// told is what a hook is told.
type told struct {
	Hook          string                     `json:"hook"`
	API           string                     `json:"api"`
	SiteID        string                     `json:"site_id"`
	Version       string                     `json:"version"`
	ClientID      string                     `json:"client_id"`
	Caller        map[string]string          `json:"caller"`
	CorrelationID string                     `json:"correlation_id"`
	Sandbox       string                     `json:"sandbox"`
	Resource      map[string]string          `json:"resource"`
	Parameters    map[string]string          `json:"parameters"`
	Input         json.RawMessage            `json:"input"`
	Document      map[string]json.RawMessage `json:"document"`
	Custom        map[string]json.RawMessage `json:"custom"`
}

// cartridge takes calls at extension points and answers what it is told to, by point.
type cartridge struct {
	*httptest.Server
	t       *testing.T
	sim     *simtest.Simulator
	token   string
	mu      sync.Mutex
	calls   []told
	headers []http.Header
	answers map[string]func(w http.ResponseWriter, in told)
}

const shopURL = "/s/RefArch/dw/shop/v23_2"

func openCartridge(t *testing.T, points ...string) *cartridge {
	t.Helper()
	c := &cartridge{t: t, sim: simtest.Start(t), answers: map[string]func(http.ResponseWriter, told){}}
	c.token = shopperToken(t, c.sim)
	c.Server = httptest.NewServer(http.HandlerFunc(c.take))
	t.Cleanup(c.Close)
	c.attach(points...)
	return c
}

// attach has the cartridge called at these points and no others.
func (c *cartridge) attach(points ...string) {
	c.t.Helper()
	var lines []string
	for _, point := range points {
		lines = append(lines, fmt.Sprintf(`{"name":%q,"url":%q}`, point, c.URL+"/hooks"))
	}
	body := `{"secret":"whisper","timeout":"2s","hooks":[` + strings.Join(lines, ",") + `]}`
	if status, text := control(c.t, c.sim, http.MethodPut, "/b2c/hooks", body); status != http.StatusOK || strings.Contains(text, "whisper") {
		c.t.Fatalf("%d %s", status, text)
	}
}

func (c *cartridge) take(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		c.t.Error(err)
	}
	at, signature, _ := strings.Cut(strings.TrimPrefix(r.Header.Get("Order-Ops-Signature"), "t="), ",v1=")
	mac := hmac.New(sha256.New, []byte("whisper"))
	mac.Write([]byte(at + "." + string(body)))
	if hex.EncodeToString(mac.Sum(nil)) != signature || r.Header.Get("Baggage") != "sandbox=default" {
		c.t.Errorf("signed %v", r.Header)
	}
	var in told
	if err := json.Unmarshal(body, &in); err != nil {
		c.t.Errorf("%s: %v", body, err)
	}
	c.mu.Lock()
	c.calls, c.headers = append(c.calls, in), append(c.headers, r.Header)
	answer := c.answers[in.Hook]
	c.mu.Unlock()
	if answer != nil {
		answer(w, in)
	}
}

// says has the hooks of a point answer a text.
func (c *cartridge) says(point, text string) {
	c.answers[point] = func(w http.ResponseWriter, _ told) { _, _ = io.WriteString(w, text) }
}

// called lists the points at which the cartridge was called since it was last asked.
func (c *cartridge) called() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	names := make([]string, len(c.calls))
	for i, call := range c.calls {
		names[i] = call.Hook[strings.LastIndex(call.Hook, ".")+1:]
	}
	c.calls, c.headers = nil, nil
	return strings.Join(names, " ")
}

type document = map[string]json.RawMessage

// do calls commerce as a shopper.
func (c *cartridge) do(method, path, body string, headers ...string) (int, document) {
	c.t.Helper()
	req, err := http.NewRequestWithContext(c.t.Context(), method, c.sim.URL+path, strings.NewReader(body))
	if err != nil {
		c.t.Fatal(err)
	}
	req.Header.Set("Authorization", c.token)
	req.Header.Set("x-dw-client-id", strings.Repeat("a", 30))
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	for _, h := range headers {
		name, value, _ := strings.Cut(h, ": ")
		req.Header.Set(name, value)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		c.t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	var out document
	if err := json.NewDecoder(resp.Body).Decode(&out); err != nil && resp.StatusCode != http.StatusNoContent {
		c.t.Fatal(err)
	}
	return resp.StatusCode, out
}

// faulted is the fault of an answer: its type and arguments.
func (c *cartridge) faulted(doc document) (kind string, arguments document) {
	c.t.Helper()
	var fault struct {
		Type      string   `json:"type"`
		Arguments document `json:"arguments"`
	}
	if err := json.Unmarshal(doc["fault"], &fault); err != nil {
		c.t.Fatalf("%s: %v", doc, err)
	}
	return fault.Type, fault.Arguments
}

const (
	hookedOrder    = shopURL + "/orders/00000101"
	beforePATCH    = "dw.ocapi.shop.order.beforePATCH"
	afterPATCH     = "dw.ocapi.shop.order.afterPATCH"
	modifyPATCH    = "dw.ocapi.shop.order.modifyPATCHResponse"
	modifyGET      = "dw.ocapi.shop.order.modifyGETResponse"
	modifyCustomer = "dw.ocapi.shop.customer.orders.modifyGETResponse_v2"
)

func TestHooksTakePartInAPatch(t *testing.T) {
	t.Parallel()
	c := openCartridge(t, beforePATCH, afterPATCH, modifyPATCH, modifyGET)
	c.says(afterPATCH, `{"status":"OK","changes":{"c_action":null,"c_seen":"yes"},"custom":{"operation":"7"}}`)
	c.answers[modifyPATCH] = func(w http.ResponseWriter, in told) {
		_, _ = fmt.Fprintf(w, `{"status":"OK","document":{"order_no":"other","c_somOrder":{"operation":%s},"product_items":[{"c_left":1},{}]}}`, in.Custom["operation"])
	}
	_, was := c.do(http.MethodGet, hookedOrder, "")
	if got := c.called(); got != "modifyGETResponse" {
		t.Errorf("a GET calls %s", got)
	}
	body := `{"c_action":"cancel","_resource_state":` + string(was["_resource_state"]) + `}`
	status, doc := c.do(http.MethodPatch, hookedOrder+"?c_why=test", body, "correlation-id: abc",
		"Traceparent: 00-0123456789abcdef0123456789abcdef-0123456789abcdef-01")
	if status != http.StatusOK || string(doc["c_somOrder"]) != `{"operation":"7"}` || string(doc["c_seen"]) != `"yes"` || doc["c_action"] != nil ||
		string(doc["order_no"]) != `"00000101"` || !strings.Contains(string(doc["product_items"]), `"c_left":1`) {
		t.Errorf("the PATCH answers %d %s", status, doc)
	}
	calls, headers := c.calls, c.headers
	if got := c.called(); got != "beforePATCH afterPATCH modifyPATCHResponse" {
		t.Fatalf("a PATCH calls %s", got)
	}
	before, after, modify := calls[0], calls[1], calls[2]
	if before.Document["c_action"] != nil || string(after.Document["c_action"]) != `"cancel"` || string(modify.Document["c_seen"]) != `"yes"` {
		t.Errorf("the hooks see %s, %s and %s", before.Document["c_action"], after.Document["c_action"], modify.Document["c_seen"])
	}
	after.Document = nil
	want := told{
		Hook: afterPATCH, API: "ocapi", SiteID: "RefArch", Version: "23.2", ClientID: strings.Repeat("a", 30), CorrelationID: "abc", Sandbox: "default",
		Caller:   map[string]string{"type": "registered", "customer_id": "abcustomer000000000000000001"},
		Resource: map[string]string{"order_no": "00000101"}, Parameters: map[string]string{"c_why": "test"},
		Input: json.RawMessage(body), Custom: document{},
	}
	if diff := cmp.Diff(want, after); diff != "" {
		t.Errorf("the hook is told (-want +got)\n%s", diff)
	}
	if h := headers[1]; h.Get("Correlation-Id") != "abc" || !strings.HasPrefix(h.Get("Traceparent"), "00-0123456789abcdef0123456789abcdef-") {
		t.Errorf("headers %v", h)
	}
	c.journalLinks()
}

// journalLinks holds the journal's hook calls against the exchanges they were part of.
func (c *cartridge) journalLinks() {
	c.t.Helper()
	entries, _ := c.sim.Default.Journal(journal.Query{})
	parents := map[string]string{}
	for _, e := range entries {
		if e.Outbound {
			parents[e.Operation] = entries[e.Parent-1].Operation
		}
		if strings.Contains(fmt.Sprintf("%+v", e), "v1=") {
			c.t.Errorf("the journal tells a signature: %+v", e)
		}
	}
	want := map[string]string{beforePATCH: "patchOrder", afterPATCH: "patchOrder", modifyPATCH: "patchOrder", modifyGET: "getOrder"}
	if diff := cmp.Diff(want, parents); diff != "" {
		c.t.Errorf("the journal links (-want +got)\n%s", diff)
	}
	if _, text := control(c.t, c.sim, http.MethodGet, "/journal", ""); !strings.Contains(text, `"parent":2`) {
		c.t.Error("the control plane shows no parent")
	}
}

func TestAHookThatRefusesUndoesTheRequest(t *testing.T) {
	t.Parallel()
	c := openCartridge(t, beforePATCH, afterPATCH, modifyPATCH)
	_, was := c.do(http.MethodGet, hookedOrder, "")
	refusal := `{"status":"ERROR","code":"NOT_CANCELLABLE","message":"It is gone.","details":{"retriable":false},"changes":{"c_x":"1"}}`
	for _, point := range []string{beforePATCH, afterPATCH} {
		c.says(beforePATCH, "")
		c.says(point, refusal)
		status, doc := c.do(http.MethodPatch, hookedOrder, `{"c_action":"cancel"}`)
		kind, arguments := c.faulted(doc)
		want := document{
			"extensionPoint": json.RawMessage(`"` + point + `"`), "statusCode": json.RawMessage(`"NOT_CANCELLABLE"`),
			"statusMsg": json.RawMessage(`"It is gone."`), "statusDetails": json.RawMessage(`{"retriable":false}`),
		}
		if diff := cmp.Diff(want, arguments); status != http.StatusBadRequest || kind != "HookStatusException" || diff != "" {
			t.Errorf("%s: %d %s (-want +got)\n%s", point, status, kind, diff)
		}
	}
	c.called()
	_, is := c.do(http.MethodGet, hookedOrder, "")
	if diff := cmp.Diff(was, is); diff != "" {
		t.Errorf("the order changed (-was +is)\n%s", diff)
	}
	// A hook for the answer comes when all is done.
	c.says(beforePATCH, "")
	c.says(afterPATCH, "")
	c.says(modifyPATCH, refusal)
	if status, doc := c.do(http.MethodPatch, hookedOrder, `{"c_note":"kept"}`); status != http.StatusBadRequest {
		t.Errorf("%d %s", status, doc)
	}
	if _, doc := c.do(http.MethodGet, hookedOrder, ""); string(doc["c_note"]) != `"kept"` {
		t.Errorf("the order is %s", doc)
	}
}

// Whoever is called has questions of its own, and changes things: no transaction stands in its way.
func TestAHookMayWorkInTheSandboxMeanwhile(t *testing.T) {
	t.Parallel()
	c := openCartridge(t, afterPATCH)
	c.answers[afterPATCH] = func(w http.ResponseWriter, in told) {
		if strings.Contains(string(in.Input), "c_inner") {
			return
		}
		if status, doc := c.do(http.MethodPatch, hookedOrder, `{"c_inner":"1"}`); status != http.StatusOK {
			c.t.Errorf("inside of the hook: %d %s", status, doc)
		}
		_, _ = io.WriteString(w, `{"status":"OK"}`)
	}
	_, was := c.do(http.MethodGet, hookedOrder, "")
	status, doc := c.do(http.MethodPatch, hookedOrder, `{"c_outer":"2","_resource_state":`+string(was["_resource_state"])+`}`)
	if status != http.StatusOK || string(doc["c_inner"]) != `"1"` || string(doc["c_outer"]) != `"2"` {
		t.Errorf("answered %d %s", status, doc)
	}
	// Who has seen an old state is refused, and no hook hears of it.
	c.called()
	if status, _ := c.do(http.MethodPatch, hookedOrder, `{"c_outer":"3","_resource_state":`+string(was["_resource_state"])+`}`); status != http.StatusConflict || c.called() != "" {
		t.Errorf("answered %d", status)
	}
	if status, _ := c.do(http.MethodPatch, shopURL+"/orders/none", `{"c_outer":"3"}`); status != http.StatusNotFound || c.called() != "" {
		t.Errorf("answered %d", status)
	}
}

func TestHooksThatFail(t *testing.T) {
	t.Parallel()
	c := openCartridge(t, afterPATCH)
	answers := func(status int, text string) func(http.ResponseWriter, told) {
		return func(w http.ResponseWriter, _ told) {
			w.WriteHeader(status)
			_, _ = io.WriteString(w, text)
		}
	}
	tests := []struct {
		name   string
		answer func(http.ResponseWriter, told)
		status int
		kind   string
	}{
		{"it throws", answers(500, ""), 500, "HookInternalServerErrorException"},
		{"it talks nonsense", answers(200, "fine"), 500, "HookInternalServerErrorException"},
		{"it has a status of its own", answers(200, `{"status":"MAYBE"}`), 500, "HookInternalServerErrorException"},
		{"it lets nobody in", answers(401, `{"title":"no"}`), 500, "HookInternalServerErrorException"},
		{"it cannot work", answers(503, `{"status":"ERROR","code":"OMS_UNAVAILABLE"}`), 503, "HookCircuitBreakerException"},
		{"it has too much to do", answers(429, ""), 429, "TooManyRequestsException"},
		{"it writes what cannot be written", answers(200, `{"status":"OK","changes":{"c_x":{"a":1}}}`), 500, "HookInternalServerErrorException"},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			c.answers[afterPATCH] = tc.answer
			status, doc := c.do(http.MethodPatch, hookedOrder, `{"c_x":"1"}`)
			if kind, _ := c.faulted(doc); status != tc.status || kind != tc.kind {
				t.Errorf("answered %d %s", status, doc)
			}
		})
	}
	c.Close()
	status, doc := c.do(http.MethodPatch, hookedOrder, `{"c_x":"1"}`)
	if kind, _ := c.faulted(doc); status != http.StatusInternalServerError || kind != "HookInternalServerErrorException" {
		t.Errorf("unreachable: %d %s", status, doc)
	}
}

// A hook that does not end is waited for as long as was said; SCAPI calls that by its name.
func TestHooksThatTakeTooLong(t *testing.T) {
	t.Parallel()
	c := openCartridge(t)
	ended := make(chan struct{})
	t.Cleanup(func() { close(ended) })
	c.answers[modifyGET] = func(http.ResponseWriter, told) { <-ended }
	body := fmt.Sprintf(`{"secret":"whisper","timeout":"30ms","hooks":[{"name":%q,"url":%q}]}`, modifyGET, c.URL)
	if status, text := control(t, c.sim, http.MethodPut, "/b2c/hooks", body); status != http.StatusOK {
		t.Fatalf("%d %s", status, text)
	}
	status, doc := c.do(http.MethodGet, hookedOrder, "")
	if kind, _ := c.faulted(doc); status != http.StatusInternalServerError || kind != "HookInternalServerErrorException" {
		t.Errorf("OCAPI answers %d %s", status, doc)
	}
	c.token = c.slasToken()
	if status, doc := c.do(http.MethodGet, scapiOrder, ""); status != http.StatusGatewayTimeout || !strings.HasSuffix(string(doc["type"]), `/gateway-timeout"`) {
		t.Errorf("SCAPI answers %d %s", status, doc)
	}
}
