package courier_test

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/somsim/somsim/simulator/courier"
	"github.com/somsim/somsim/simulator/fault"
	"github.com/somsim/somsim/simulator/journal"
)

// ask asks the shop on behalf of an exchange.
func (p *post) ask(ctx context.Context, change func(*courier.Question)) courier.Reply {
	p.t.Helper()
	because := &journal.Entry{System: "paper", Operation: "subscribe"}
	p.world.Open(because)
	defer p.world.Close(because)
	q := courier.Question{
		System: "paper", Operation: "mayI", Asker: "desk", URL: p.shop.URL + "/in", Secret: "s3cret", Body: []byte("q"), Timeout: 5 * time.Second,
		TraceParent: "00-0123456789abcdef0123456789abcdef-0123456789abcdef-01", Correlation: "c-1",
	}
	if change != nil {
		change(&q)
	}
	return p.courier.Ask(ctx, p.world, because, q)
}

func TestAQuestionIsSignedAndRecordedWithItsExchange(t *testing.T) {
	t.Parallel()
	p := newPost(t)
	p.shop.answers, p.shop.after = []int{202}, "7"
	if got := p.ask(t.Context(), nil); got.Status != 202 || got.RetryAfter != 7*time.Second || got.Problem != "" {
		t.Errorf("got %+v", got)
	}
	mac := hmac.New(sha256.New, []byte("s3cret"))
	mac.Write([]byte(fmt.Sprintf("%d.q", nine().Unix())))
	h := p.shop.headers[0]
	if got, want := h.Get("Order-Ops-Signature"), fmt.Sprintf("t=%d,v1=%s", nine().Unix(), hex.EncodeToString(mac.Sum(nil))); got != want {
		t.Errorf("signature %s, want %s", got, want)
	}
	if trace := h.Get("Traceparent"); !strings.HasPrefix(trace, "00-0123456789abcdef0123456789abcdef-") || strings.Contains(trace, "-0123456789abcdef-") ||
		h.Get("Correlation-Id") != "c-1" || h.Get("Baggage") != "sandbox=default" {
		t.Errorf("headers %v", h)
	}
	entries, _ := p.world.Journal(journal.Query{})
	if len(entries) != 2 || entries[1].Parent != entries[0].Seq || !entries[1].Outbound || entries[1].Operation != "mayI" || entries[1].Caller != "desk" ||
		entries[1].TraceID != "0123456789abcdef0123456789abcdef" {
		t.Errorf("the journal has %+v", entries)
	}
	if strings.Contains(fmt.Sprintf("%+v", entries), "v1=") {
		t.Error("the journal tells a signature")
	}
	p.ask(t.Context(), func(q *courier.Question) { q.Secret, q.TraceParent = "", "" })
	if h := p.shop.headers[1]; h.Get("Order-Ops-Signature") != "" || len(h.Get("Traceparent")) != 55 {
		t.Errorf("headers %v", h)
	}
}

func TestQuestionsWithoutAnAnswer(t *testing.T) {
	t.Parallel()
	p := newPost(t)
	if got := p.ask(t.Context(), func(q *courier.Question) { q.URL = "http://example.com/" }); got.Status != 0 || got.Problem == "" || got.Late {
		t.Errorf("outside: %+v", got)
	}
	ended := make(chan struct{})
	t.Cleanup(func() { close(ended) })
	p.shop.meanwhile = func() { <-ended }
	if got := p.ask(t.Context(), func(q *courier.Question) { q.Timeout = 20 * time.Millisecond }); got.Status != 0 || !got.Late {
		t.Errorf("late: %+v", got)
	}
}

// Whoever caused a question may leave before it is answered.
func TestAQuestionOutlivesItsExchange(t *testing.T) {
	t.Parallel()
	p := newPost(t)
	ctx, leave := context.WithCancel(t.Context())
	p.shop.meanwhile = leave
	if got := p.ask(ctx, nil); got.Status != http.StatusNoContent {
		t.Errorf("got %+v", got)
	}
}

func TestFaultsStrikeQuestions(t *testing.T) {
	t.Parallel()
	for kind, want := range map[fault.Kind]courier.Reply{
		fault.Status:          {Status: 503},
		fault.LostBefore:      {Problem: "lost by the fault f"},
		fault.LostAfterCommit: {Problem: "lost by the fault f"},
	} {
		p := newPost(t)
		p.courier.Questions("paper", []string{"mayI"})
		rule := fault.Rule{Name: "f", Match: fault.Match{System: "paper", Operation: "mayI"}, Effect: fault.Effect{Kind: kind}}
		if kind == fault.Status {
			rule.Effect.HTTPStatus = 503
		}
		if err := rule.Check(p.courier.Knows); err != nil {
			t.Fatal(err)
		}
		if err := p.world.Arm(rule); err != nil {
			t.Fatal(err)
		}
		if got := p.ask(t.Context(), nil); got.Status != want.Status || got.Problem != want.Problem {
			t.Errorf("%s: %+v", kind, got)
		}
		if arrived := p.shop.got() != ""; arrived != (kind == fault.LostAfterCommit) {
			t.Errorf("%s: arrived %q", kind, p.shop.got())
		}
	}
}
