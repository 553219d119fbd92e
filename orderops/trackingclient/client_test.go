package trackingclient

import (
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/orderops/remote"
)

func TestRefundEventOnTheWire(t *testing.T) {
	t.Parallel()
	var sent []string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		sent = append(sent, r.URL.RequestURI()+" "+string(body))
		w.WriteHeader(http.StatusNoContent)
	}))
	t.Cleanup(server.Close)
	c := New(remote.Caller{BaseURL: server.URL}, Credentials{"G-1", "secret"})
	refund := Refund{
		EventID: "0000000a0000000b00000000000000ff", TransactionID: "A1", Value: decimal.RequireFromString("10.50"), Currency: "EUR",
		Items: []Item{{"SKU", decimal.NewFromInt(2)}},
	}
	for _, ctx := range []remote.Scope{{}, {Sandbox: "run", Forward: true}} {
		if err := c.Refund(remote.WithScope(t.Context(), ctx), refund); err != nil {
			t.Fatal(err)
		}
	}
	body := `{"client_id":"10.11","events":[{"name":"refund","params":{"transaction_id":"A1","value":10.5,"currency":"EUR",` +
		`"event_id":"0000000a0000000b00000000000000ff","items":[{"item_id":"SKU","quantity":2}]}}]}`
	want := []string{"/mp/collect?api_secret=secret&measurement_id=G-1 " + body, "/mp/collect?api_secret=secret~run&measurement_id=G-1 " + body}
	if diff := cmp.Diff(want, sent); diff != "" {
		t.Errorf("sent (-want +got):\n%s", diff)
	}
}
