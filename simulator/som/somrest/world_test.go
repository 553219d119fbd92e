package somrest_test

import (
	"encoding/json"
	"errors"
	"io/fs"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/binding"
	"github.com/somsim/somsim/simulator/choice"
	"github.com/somsim/somsim/simulator/clock"
	"github.com/somsim/somsim/simulator/journal"
	"github.com/somsim/somsim/simulator/sandbox"
	"github.com/somsim/somsim/simulator/som"
	"github.com/somsim/somsim/simulator/som/connect"
	"github.com/somsim/somsim/simulator/som/sobject"
	"github.com/somsim/somsim/simulator/som/somrest"
	"github.com/somsim/somsim/simulator/store"
	"github.com/somsim/somsim/specs"
)

// server is the face over two sandboxes, default and other, each with one order: two jackets at 50.00 with 10.00 tax,
// delivery 5.99 with 0.60 tax, captured by card.
type server struct {
	t      testing.TB
	router *binding.Router
	worlds *sandbox.Worlds
	domain *som.SOM
	token  string
}

// The ids of the order; the counters of a sandbox make them the same in every run.
const (
	orderID      = "1Os5i0000000001CAA"
	jacketID     = "10u5i0000000001AAA"
	deliveryID   = "10u5i0000000002AAA"
	groupID      = "0ag5i0000000001AAA"
	locationID   = "1315i0000000001AAA"
	feeProductID = "01t5i0000000002AAA"
	accountID    = "0015i0000000001AAA"
	devID        = "0055i0000000002AAA"
	robotID      = "0055i0000000001AAA"
	base         = "/services/data/v60.0"
)

func newServer(t testing.TB, choices ...choice.Values) *server {
	t.Helper()
	objects, err := fs.Sub(specs.FS, "som/sobjects")
	if err != nil {
		t.Fatal(err)
	}
	return serverOver(t, objects, choices...)
}

// serverOver is newServer with other objects.
func serverOver(t testing.TB, objects fs.FS, choices ...choice.Values) *server {
	t.Helper()
	catalog, err := sobject.Load(objects)
	if err != nil {
		t.Fatal(err)
	}
	schema := store.NewSchema()
	tables := sandbox.Declare(schema)
	domain := som.Declare(schema, catalog)
	worlds := sandbox.New(tables, sandbox.Config{
		Schema: schema, Machine: clock.Fixed(time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)), Log: slog.New(slog.DiscardHandler),
		Redactor: journal.NewRedactor(), Presets: map[string]sandbox.Preset{"test": preset(domain)}, Runners: domain.Runners(),
	})
	for _, name := range []string{"default", "other"} {
		if _, err := worlds.Create(name, sandbox.Options{From: "test", Mode: clock.ModeManual}); err != nil {
			t.Fatal(err)
		}
	}
	chosen := somrest.DefaultChoices()
	if len(choices) > 0 {
		chosen = somrest.Choose(choices[0])
		domain.Configure(som.Settings{Choices: choices[0]})
	}
	platform := somrest.New(domain, chosen)
	face, err := platform.Face()
	if err != nil {
		t.Fatal(err)
	}
	actions, err := connect.New(platform)
	if err != nil {
		t.Fatal(err)
	}
	sensitive, err := binding.Sensitive(face, actions)
	if err != nil {
		t.Fatal(err)
	}
	router, err := binding.NewRouter(binding.Options{Worlds: worlds, Redactor: journal.NewRedactor(sensitive...), Log: slog.New(slog.DiscardHandler)}, face, actions)
	if err != nil {
		t.Fatal(err)
	}
	s := &server{t: t, router: router, worlds: worlds, domain: domain}
	t.Cleanup(s.noBugs)
	s.token = s.login("somsim")
	return s
}

func preset(d *som.SOM) sandbox.Preset {
	dec := decimal.RequireFromString
	return func(tx *sandbox.Tx) error {
		if err := d.SetUp(tx); err != nil {
			return err
		}
		var errs [6]error
		account, err := d.Account(tx, som.NewAccount{Name: `Erika "Rike" Müller`, Number: "c-1"})
		errs[0] = err
		jacket, err := d.Product(tx, som.NewProduct{Code: "P-1", Name: "Jacket", Price: dec("50")})
		errs[1] = err
		shipping, err := d.Product(tx, som.NewProduct{Code: "shipping", Name: "Shipping"})
		errs[2] = err
		_, errs[3] = d.Location(tx, som.NewLocation{Name: "Warehouse", ExternalReference: "wh-1"})
		method, err := d.DeliveryMethod(tx, som.NewDeliveryMethod{Name: "Standard"})
		errs[4] = err
		tax := func(amount string) []som.NewTax {
			return []som.NewTax{{Name: "VAT", Rate: dec("10"), Amount: dec(amount)}}
		}
		_, errs[5] = d.ImportOrder(tx, som.NewOrder{
			OrderNumber: "00001001", AccountID: account, BillingAddress: som.Address{City: "Leipzig", CountryCode: "DE"},
			DeliveryGroups: []som.NewDeliveryGroup{{DeliveryMethodID: method, Name: "Erika", Items: []som.NewItem{
				{ProductID: jacket, Quantity: dec("2"), UnitPrice: dec("50"), Taxes: tax("10")},
				{ProductID: shipping, Type: som.TypeDelivery, UnitPrice: dec("5.99"), Taxes: tax("0.60")},
			}}},
			Payments: []som.NewPayment{{Method: "Visa", Type: "Credit Card", GatewayRefNumber: "w-1", Authorized: dec("116.59"), Captured: dec("116.59")}},
		})
		return errors.Join(errs[:]...)
	}
}

// noBugs fails the test when any answer broke the specification.
func (s *server) noBugs() {
	for _, w := range s.worlds.All() {
		entries, _ := w.Journal(journal.Query{})
		for _, e := range entries {
			if e.Bug != "" {
				s.t.Errorf("%s %s: %s", e.Method, e.Path, e.Bug)
			}
			for _, child := range e.Children {
				if child.Bug != "" {
					s.t.Errorf("in %s: %s %s: %s", e.Path, child.Method, child.Path, child.Bug)
				}
			}
		}
	}
}

// journal lists the exchanges of the default sandbox.
func (s *server) journal() []journal.Entry {
	w, _ := s.worlds.Get("default")
	entries, _ := w.Journal(journal.Query{})
	return entries
}

// lastRule is the rule of the latest refusal in the default sandbox.
func (s *server) lastRule() string {
	entries := s.journal()
	return entries[len(entries)-1].Rule
}

func (s *server) do(method, path, body string, header ...string) *httptest.ResponseRecorder {
	s.t.Helper()
	r := httptest.NewRequestWithContext(s.t.Context(), method, path, strings.NewReader(body))
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	if s.token != "" {
		r.Header.Set("Authorization", "Bearer "+s.token)
	}
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	s.router.ServeHTTP(w, r)
	return w
}

func (s *server) form(values ...string) *httptest.ResponseRecorder {
	s.t.Helper()
	form := url.Values{}
	for i := 0; i < len(values); i += 2 {
		form.Set(values[i], values[i+1])
	}
	return s.do("POST", "/services/oauth2/token", form.Encode(), "Content-Type", "application/x-www-form-urlencoded", "Authorization", "")
}

func (s *server) login(clientID string) string {
	s.t.Helper()
	w := s.form("grant_type", "client_credentials", "client_id", clientID, "client_secret", "somsim")
	var out struct {
		AccessToken string `json:"access_token"`
	}
	if err := json.Unmarshal(w.Body.Bytes(), &out); err != nil || out.AccessToken == "" {
		s.t.Fatalf("%d %s", w.Code, w.Body)
	}
	return out.AccessToken
}

func (s *server) soql(text string) *httptest.ResponseRecorder {
	s.t.Helper()
	return s.do("GET", base+"/query?q="+url.QueryEscape(text), "")
}

// want compares status and JSON body.
func (s *server) want(w *httptest.ResponseRecorder, status int, body string) {
	s.t.Helper()
	if w.Code != status {
		s.t.Fatalf("status %d: %s", w.Code, w.Body)
	}
	var got, want any
	if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil {
		s.t.Fatalf("%v: %s", err, w.Body)
	}
	if err := json.Unmarshal([]byte(body), &want); err != nil {
		s.t.Fatalf("the test's own JSON: %v", err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		s.t.Errorf("answer (-want +got):\n%s", diff)
	}
}

// wantError compares status, code and the beginning of the message of an answer in the data API's form.
func (s *server) wantError(w *httptest.ResponseRecorder, status int, code, message string) {
	s.t.Helper()
	var list []struct{ ErrorCode, Message string }
	if err := json.Unmarshal(w.Body.Bytes(), &list); err != nil || len(list) != 1 {
		s.t.Fatalf("%d %s", w.Code, w.Body)
	}
	if w.Code != status || list[0].ErrorCode != code || !strings.HasPrefix(list[0].Message, message) {
		s.t.Errorf("got %d %s %q\nwant %d %s %q…", w.Code, list[0].ErrorCode, list[0].Message, status, code, message)
	}
}

// state is what a query sees of the order, to prove that nothing changed.
func (s *server) state() string {
	s.t.Helper()
	w := s.soql("SELECT GrandTotalAmount, ChangeOrderId, Status, (SELECT Quantity, QuantityAllocated, QuantityFulfilled, Status FROM OrderItemSummaries), " +
		"(SELECT Id FROM OrderSummaries), (SELECT Id, Status FROM FulfillmentOrders) FROM OrderSummary")
	if w.Code != http.StatusOK {
		s.t.Fatalf("%d %s", w.Code, w.Body)
	}
	return w.Body.String()
}
