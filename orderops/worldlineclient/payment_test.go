package worldlineclient

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/somsim/somsim/orderops/remote"
)

func TestPaymentOfAnOperation(t *testing.T) {
	t.Parallel()
	for id, want := range map[string]string{"3000_0": "3000_0", "3000_12": "3000_0", "pay1": "pay1", "a_b": "a_b", "3000_": "3000_"} {
		if got := PaymentID(id); got != want {
			t.Errorf("%s belongs to %s, want %s", id, got, want)
		}
	}
}

type stopped struct{}

func (stopped) Now(context.Context) time.Time                   { return time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC) }
func (stopped) Wait(ctx context.Context, _ time.Duration) error { return ctx.Err() }

// The key of a movement is its reference too, so that the operation is found again.
func TestOperationsAreFoundByTheirKey(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost {
			body, _ := io.ReadAll(r.Body)
			if !strings.Contains(string(body), `"operationReferences":{"merchantReference":"k1"}`) || r.Header.Get("X-GCS-Idempotence-Key") != "k1" {
				t.Errorf("sent %s", body)
			}
			_, _ = io.WriteString(w, `{"id":"3000_2","status":"REFUND_REQUESTED","statusOutput":{"statusCodeChangeDateTime":"20260302100000"}}`)
			return
		}
		_, _ = io.WriteString(w, `{"id":"3000_0","status":"CAPTURED","statusOutput":{"isCancellable":true},
			"paymentOutput":{"amountOfMoney":{"amount":1000,"currencyCode":"EUR"}},"Operations":[
			{"id":"3000_0","status":"PENDING_CAPTURE","amountOfMoney":{"amount":1000}},{"id":"3000_1","status":"CAPTURED","amountOfMoney":{"amount":700}},
			{"id":"3000_2","status":"REFUND_REQUESTED","amountOfMoney":{"amount":100},"operationReferences":{"merchantReference":"k1"},
			 "statusOutput":{"statusCodeChangeDateTime":"20260302100000"}},{"id":"3000_3","status":"CANCELLED","amountOfMoney":{"amount":50}}]}`)
	}))
	t.Cleanup(server.Close)
	c := New(remote.Caller{BaseURL: server.URL}, Credentials{"m", "k", "s"}, stopped{})
	p, err := c.Payment(t.Context(), "3000_0")
	if err != nil || p.Open() != 250 || p.Refundable() != 600 || len(p.Operations) != 4 {
		t.Fatalf("%+v, %v", p, err)
	}
	op, found := p.Operation("k1")
	if !found || op.ID != "3000_2" || op.Voided() || !op.At.Equal(stopped{}.Now(t.Context())) {
		t.Errorf("operation %+v, %t", op, found)
	}
	if _, found := p.Operation(""); found {
		t.Error("an operation without a reference is found by no key")
	}
	refund, err := c.Refund(t.Context(), "3000_0", Movement{Amount: 100, Currency: "EUR", Key: "k1"})
	if err != nil || refund != op {
		t.Errorf("the refund is %+v, %v, want %+v", refund, err, op)
	}
}

// What a refusal means is told by its status and, where that is not enough, by its id.
func TestRefusalsByClass(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name, id string
		status   int
		want     remote.Class
	}{
		{"an unknown key or a wrong signature", "MISSING_OR_INVALID_AUTHORIZATION", http.StatusForbidden, remote.Unauthorized},
		{"another merchant's key", "ACCESS_TO_MERCHANT_NOT_ALLOWED", http.StatusForbidden, remote.Unauthorized},
		{"a state that does not allow it", OperationNotPossible, http.StatusBadRequest, remote.Conflict},
		{"a wrong value", "INVALID_PARAMETER_VALUE", http.StatusBadRequest, remote.Rejected},
		{"an unknown payment", "UNKNOWN_PAYMENT_ID", http.StatusNotFound, remote.NotFound},
		{"a declined refund", "REFUND_DECLINED", http.StatusPaymentRequired, remote.Rejected},
		{"a key whose first use is running", "DUPLICATE_REQUEST", http.StatusConflict, remote.Unavailable},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.WriteHeader(c.status)
				_, _ = io.WriteString(w, `{"errorId":"e","errors":[{"id":"`+c.id+`","errorCode":"1","message":"m"}]}`)
			}))
			t.Cleanup(server.Close)
			_, err := New(remote.Caller{BaseURL: server.URL}, Credentials{"m", "k", "s"}, stopped{}).Payment(t.Context(), "3000_0")
			if failure, ok := remote.AsError(err); !ok || failure.Class != c.want || failure.VendorCode != c.id {
				t.Errorf("%v, want %s", err, c.want)
			}
		})
	}
}
