package ocapi_test

import (
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/b2c"
	"github.com/somsim/somsim/simulator/b2c/ocapi"
	"github.com/somsim/somsim/simulator/binding/facetest"
	"github.com/somsim/somsim/simulator/sandbox"
)

const (
	base   = "/s/RefArch/dw/shop/v23_2"
	order  = base + "/orders/O-1"
	client = b2c.DefaultClientID
)

// shop is the face over two equal sandboxes with the customers ada (orders O-1, O-2 and O-3) and bob (none).
type shop struct {
	*facetest.Bench
	domain *b2c.B2C
}

func open(t *testing.T) *shop {
	t.Helper()
	bench, domain := facetest.Start(t, b2c.Declare, ocapi.New, small, ocapi.NewCustomers)
	bench.Watch = answered.note
	return &shop{bench, domain}
}

func small(tx *sandbox.Tx, d *b2c.B2C) error {
	d.AddClient(tx, b2c.APIClient{ID: client, Secret: b2c.DefaultClientSecret})
	d.AddClient(tx, b2c.APIClient{ID: strings.Repeat("b", 30), Secret: "bee"})
	if err := d.AddSite(tx, b2c.Site{ID: "RefArch", Currency: "EUR", TimeZone: "UTC"}); err != nil {
		return err
	}
	for _, name := range []string{"ada", "bob"} {
		_, err := d.AddCustomer(tx, b2c.NewCustomer{
			CustomerID: name, CustomerNo: "no-" + name, Email: name + "@somsim.test", Password: "somsim", FirstName: name, LastName: "X",
		})
		if err != nil {
			return err
		}
	}
	for i, no := range []string{"O-1", "O-2", "O-3"} {
		if _, err := d.PlaceOrder(tx, oneMug(no, facetest.Monday().Add(-time.Duration(i)*24*time.Hour))); err != nil {
			return err
		}
	}
	return d.MarkExported(tx, "O-1", "1OsSummary")
}

func oneMug(no string, at time.Time) b2c.NewOrder {
	address := b2c.OrderAddress{FirstName: "Ada", LastName: "X", Address1: "Way 1", City: "Town", PostalCode: "12345", CountryCode: "DE"}
	return b2c.NewOrder{
		OrderNo: no, SiteID: "RefArch", CustomerID: "ada", CreatedAt: at, BillingAddress: address,
		Items: []b2c.NewItem{{
			ProductID: "mug", ProductName: "Mug", Quantity: decimal.NewFromInt(2), BasePrice: decimal.New(1190, -2), TaxRate: decimal.New(19, -2),
			Adjustments: []b2c.PriceAdjustment{{ID: "adj", PromotionID: "one-off", ItemText: "One off", Amount: decimal.New(-100, -2)}},
		}},
		Shipments: []b2c.NewShipment{{
			Method: b2c.ShippingMethod{ID: "001", Name: "Ground"}, Address: address, Custom: b2c.Attributes{"slotBookingId": b2c.Text("booking-1")},
		}},
		Payments: []b2c.NewPaymentInstrument{{
			PaymentMethodID: "CREDIT_CARD", Card: b2c.PaymentCard{CardType: "Visa", MaskedNumber: "************1111", ExpirationYear: 2029},
		}},
	}
}

// send makes a request with header pairs and checks that the simulator kept its own rules.
func (s *shop) send(method, path, body string, header ...string) *httptest.ResponseRecorder {
	s.T.Helper()
	r := httptest.NewRequestWithContext(s.T.Context(), method, path, strings.NewReader(body))
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	return s.Serve(r)
}

func basic(t *testing.T, user, password string) string {
	t.Helper()
	r := http.Request{Header: http.Header{}}
	r.SetBasicAuth(user, password)
	return r.Header.Get("Authorization")
}

// login returns the headers of a shopper; those of a guest when the name is empty.
func (s *shop) login(name string) []string {
	s.T.Helper()
	kind, header := `{"type":"guest"}`, []string{"x-dw-client-id", client}
	if name != "" {
		kind = `{"type":"credentials"}`
		header = append(header, "Authorization", basic(s.T, name+"@somsim.test", "somsim"))
	}
	w := s.send(http.MethodPost, base+"/customers/auth", kind, header...)
	if w.Code != http.StatusOK {
		s.T.Fatalf("%d %s", w.Code, w.Body)
	}
	return []string{"x-dw-client-id", client, "Authorization", w.Header().Get("Authorization")}
}

// system returns the headers of a system.
func (s *shop) system() []string {
	s.T.Helper()
	w := s.send(http.MethodPost, "/dwsso/oauth2/access_token", "grant_type=client_credentials",
		"Content-Type", "application/x-www-form-urlencoded", "Authorization", basic(s.T, client, b2c.DefaultClientSecret))
	var answer struct {
		Token     string `json:"access_token"`
		ExpiresIn int    `json:"expires_in"`
	}
	if err := json.Unmarshal(w.Body.Bytes(), &answer); err != nil || w.Code != http.StatusOK || answer.ExpiresIn != 1799 {
		s.T.Fatalf("%d %s", w.Code, w.Body)
	}
	return []string{"Authorization", "Bearer " + answer.Token}
}

// document reads an answer that has to be a success.
func (s *shop) document(w *httptest.ResponseRecorder) map[string]any {
	s.T.Helper()
	doc := map[string]any{}
	if err := json.Unmarshal(w.Body.Bytes(), &doc); err != nil || w.Code != http.StatusOK {
		s.T.Fatalf("%d %s %v", w.Code, w.Body, err)
	}
	return doc
}

func (s *shop) orderAsSystem() map[string]any {
	s.T.Helper()
	return s.document(s.send(http.MethodGet, order, "", s.system()...))
}

// refused checks the fault document, the rule behind it and that nothing has changed.
func (s *shop) refused(w *httptest.ResponseRecorder, status int, kind, rule string) map[string]string {
	s.T.Helper()
	var got struct {
		Version string `json:"_v"`
		Fault   struct {
			Type, Message string
			Arguments     map[string]string
		}
	}
	if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil {
		s.T.Fatalf("%s: %v", w.Body, err)
	}
	if w.Code != status || got.Fault.Type != kind || got.Fault.Message == "" || got.Version == "" {
		s.T.Errorf("want %d %s, got %d %s", status, kind, w.Code, w.Body)
	}
	if e := s.Last(); e.Rule != rule || len(e.Changes) != 0 {
		s.T.Errorf("rule %q, want %q, changes %v", e.Rule, rule, e.Changes)
	}
	s.arguments(kind, got.Fault.Arguments)
	return got.Fault.Arguments
}

// arguments checks that a fault has the arguments that the table has for it, and no others.
func (s *shop) arguments(kind string, got map[string]string) {
	s.T.Helper()
	name := strings.TrimSuffix(kind, "Exception")
	if name == "Sandbox" { // the simulator's own
		return
	}
	at := slices.IndexFunc(ocapi.FaultTypes(), func(f ocapi.FaultType) bool { return f.Name == name })
	if at < 0 {
		s.T.Errorf("%s is no fault of the table", kind)
		return
	}
	want := slices.Sorted(slices.Values(ocapi.FaultTypes()[at].Arguments))
	if have := slices.Sorted(maps.Keys(got)); !slices.Equal(want, have) {
		s.T.Errorf("%s has the arguments %v, want %v", kind, have, want)
	}
}

func equal(t *testing.T, want, got any) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
