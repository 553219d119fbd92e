package loyaltyclient

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/somsim/somsim/orderops/remote"
)

func serve(t *testing.T, handler http.HandlerFunc) *Client {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return New(remote.Caller{BaseURL: server.URL}, "token")
}

// Events come in pages, each with its content under the name of its type; an empty result has no list at all.
func TestEventsOfAnOrder(t *testing.T) {
	t.Parallel()
	c := serve(t, func(w http.ResponseWriter, r *http.Request) {
		var in eventSearch
		if err := json.NewDecoder(r.Body).Decode(&in); err != nil || in.Query.Filter.OrderFilter.OrderID != "A1" || in.Limit != 30 {
			t.Errorf("asked for %+v, %v", in, err)
		}
		switch in.Cursor {
		case "":
			_, _ = io.WriteString(w, `{"cursor":"2","events":[
				{"id":"e3","type":"ADJUST_POINTS","loyalty_account_id":"a","adjust_points":{"points":-5,"reverses":"e1"}},
				{"id":"e2","type":"CREATE_REWARD","loyalty_account_id":"a","create_reward":{"points":-10,"reward_id":"r"}}]}`)
		case "2":
			_, _ = io.WriteString(w, `{"events":[{"id":"e1","type":"ACCUMULATE_POINTS","loyalty_account_id":"a","accumulate_points":{"points":35,"order_id":"A1"}},
				{"id":"e0","type":"OTHER","loyalty_account_id":"a"}]}`)
		default:
			t.Errorf("cursor %q", in.Cursor)
		}
	})
	got, err := c.Events(t.Context(), "A1")
	want := []Event{
		{ID: "e3", Type: Adjusted, AccountID: "a", Points: -5, Reverses: "e1"},
		{ID: "e2", Type: RewardMade, AccountID: "a", Points: -10, RewardID: "r"},
		{ID: "e1", Type: Accumulated, AccountID: "a", Points: 35},
		{ID: "e0", Type: "OTHER", AccountID: "a"},
	}
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	empty := serve(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, `{}`) })
	if got, err := empty.Events(t.Context(), "A1"); err != nil || len(got) != 0 {
		t.Errorf("nothing found: %v, %v", got, err)
	}
}

// A search without an answer has changed nothing; an adjustment may have.
func TestClassesOfLostAnswers(t *testing.T) {
	t.Parallel()
	c := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusInternalServerError)
		_, _ = io.WriteString(w, `{"errors":[{"category":"API_ERROR","code":"INTERNAL_SERVER_ERROR","detail":"d"}]}`)
	})
	if _, err := c.Events(t.Context(), "A1"); remote.ClassOf(err) != remote.Unavailable {
		t.Errorf("search: %v", err)
	}
	_, err := c.Adjust(t.Context(), "a", Adjustment{Points: -1, Key: "k"})
	if e, ok := remote.AsError(err); !ok || e.Class != remote.Ambiguous || e.VendorCode != "INTERNAL_SERVER_ERROR" {
		t.Errorf("adjust: %v", err)
	}
}

func TestAdjustmentOnTheWire(t *testing.T) {
	t.Parallel()
	c := serve(t, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		want := `{"adjust_points":{"points":-7,"reason":"order cancelled","reverses":"e1"},"allow_negative_balance":true,"idempotency_key":"k"}`
		if string(body) != want || r.URL.Path != "/loyalty/v2/loyalty/accounts/a/adjust" || r.Header.Get("Authorization") != "Bearer token" {
			t.Errorf("sent %s to %s, want %s", body, r.URL, want)
		}
		_, _ = io.WriteString(w, `{"event":{"id":"e9","type":"ADJUST_POINTS"}}`)
	})
	id, err := c.Adjust(t.Context(), "a", Adjustment{Points: -7, Reason: "order cancelled", Reverses: "e1", AllowNegative: true, Key: "k"})
	if err != nil || id != "e9" {
		t.Errorf("%q, %v", id, err)
	}
}
