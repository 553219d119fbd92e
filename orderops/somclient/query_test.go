package somclient

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/somsim/somsim/orderops/remote"
)

func TestOrderNumbersAreQuoted(t *testing.T) {
	t.Parallel()
	if got, want := inList([]string{"1", `O'Neil`, `a\b`}), `'1', 'O\'Neil', 'a\\b'`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// Fifty numbers must fit into the 4,000 characters of a WHERE and the query into a URL of 16,384 bytes.
func TestAFullPageStaysWithinTheLimits(t *testing.T) {
	t.Parallel()
	numbers := make([]string, MaxOrders)
	for i := range numbers {
		numbers[i] = strings.Repeat("9", 32)
	}
	in := inList(numbers)
	if len(in) > 3900 {
		t.Errorf("the list has %d characters", len(in))
	}
	sub := query(PartOrders, strings.Replace(orderQuery, "%s", in, 1))
	if len(sub.URL) > 16000 {
		t.Errorf("the sub-request's URL has %d bytes", len(sub.URL))
	}
}

func TestTimesOfTheVendor(t *testing.T) {
	t.Parallel()
	want := time.Date(2021, 3, 31, 15, 32, 31, 0, time.UTC)
	for text, expect := range map[string]time.Time{
		`"2021-03-31T15:32:31.000+0000"`: want, `"2021-03-31T17:32:31.000+0200"`: want, `"2021-03-31T15:32:31Z"`: want,
		`"2021-03-31"`: time.Date(2021, 3, 31, 0, 0, 0, 0, time.UTC), `null`: {},
	} {
		var got Time
		if err := json.Unmarshal([]byte(text), &got); err != nil || !got.Equal(expect) {
			t.Errorf("%s is %s, %v, want %s", text, got, err, expect)
		}
	}
	var bad Time
	if json.Unmarshal([]byte(`"yesterday"`), &bad) == nil {
		t.Error("yesterday is a time")
	}
}

// What does not fit into one answer is followed, of the orders and of their children.
func TestLocatorsAreFollowed(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/services/data/v60.0/composite":
			_, _ = w.Write([]byte(`{"compositeResponse":[{"referenceId":"orders","httpStatusCode":200,"body":{"done":false,"nextRecordsUrl":"/more/orders",
				"records":[{"Id":"1","OrderNumber":"A","OrderItemSummaries":{"done":false,"nextRecordsUrl":"/more/items","records":[{"Id":"i1"}]}}]}}]}`))
		case "/more/orders":
			_, _ = w.Write([]byte(`{"done":true,"records":[{"Id":"2","OrderNumber":"B","OrderItemSummaries":null}]}`))
		case "/more/items":
			_, _ = w.Write([]byte(`{"done":true,"records":[{"Id":"i2"}]}`))
		default:
			w.WriteHeader(http.StatusNotFound)
		}
	}))
	t.Cleanup(server.Close)
	c := New(remote.Caller{BaseURL: server.URL}, remote.StaticToken{Value: "t"})
	page, err := c.Orders(t.Context(), []string{"A", "B"})
	if err != nil || len(page.Orders) != 2 || len(page.Orders[0].Items.Records) != 2 {
		t.Errorf("got %+v, %v, want two orders and two items", page, err)
	}
}

// A 2xx answer may still say that nothing was done.
func TestSuccessIsNotTheStatus(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]remote.Class{
		`{"success":true,"errors":[],"changeOrderId":"801","changeBalances":{"grandTotalAmount":1.5}}`: "",
		`{"success":false,"errors":[{"errorCode":"X","message":"m"}]}`:                                 remote.Rejected,
		`{"success":false,"errors":[{"errorCode":"UNABLE_TO_LOCK_ROW","message":"m"}]}`:                remote.Conflict,
		`not json`: remote.Ambiguous,
	} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusCreated)
			_, _ = w.Write([]byte(body))
		}))
		c := New(remote.Caller{BaseURL: server.URL}, remote.StaticToken{Value: "t"})
		_, err := c.SubmitCancel(t.Context(), "1Os", nil)
		if got := remote.ClassOf(err); got != want {
			t.Errorf("%s is %q, want %q (%v)", body, got, want, err)
		}
		server.Close()
	}
}
