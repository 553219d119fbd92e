package courier_test

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/somsim/somsim/simulator/courier"
	"github.com/somsim/somsim/simulator/fault"
	"github.com/somsim/somsim/simulator/journal"
	"github.com/somsim/somsim/simulator/sandbox"
)

func TestMessagesArriveInOrderSignedAndOnce(t *testing.T) {
	t.Parallel()
	p := newPost(t)
	p.send("a", "b")
	p.send("c")
	p.wantGot("") // nothing is delivered before time is told to pass
	if done := p.advance(0); done.Ran != 3 || done.Rounds != 1 {
		t.Errorf("advanced %+v", done)
	}
	p.advance(time.Hour)
	p.wantGot("a b c")
	mac := hmac.New(sha256.New, []byte("s3cret"))
	mac.Write([]byte(fmt.Sprintf("%d.a", nine().Unix())))
	h := p.shop.headers[0]
	if got, want := h.Get("X-Signature"), fmt.Sprintf("t=%d,v1=%s", nine().Unix(), hex.EncodeToString(mac.Sum(nil))); got != want {
		t.Errorf("signature %s, want %s", got, want)
	}
	trace := strings.Split(h.Get("Traceparent"), "-")
	if h.Get("Baggage") != "sandbox=default" || h.Get("Content-Type") != "application/json" || h.Get("X-Somsim-Attempt") != "1" ||
		len(h.Get("X-Somsim-Delivery")) != 36 || len(trace) != 4 || len(trace[1]) != 32 || len(trace[2]) != 16 {
		t.Errorf("headers %v", h)
	}
	if got := p.target("shop"); got.Delivered != 3 || got.Waiting != 0 || got.GivenUp != 0 {
		t.Errorf("target %+v", got)
	}
	entries, _ := p.world.Journal(journal.Query{System: "paper", Operation: "deliverNews"})
	if len(entries) != 3 {
		t.Fatalf("the journal has %d deliveries", len(entries))
	}
	e := entries[0]
	if !e.Outbound || e.Method != "POST" || e.Path != p.shop.URL+"/in" || e.Query != "key=1" || e.RequestBody != "a" || e.Status != 204 || e.TraceID != trace[1] {
		t.Errorf("the journal has %+v", e)
	}
	if text := fmt.Sprintf("%+v", entries); strings.Contains(text, "s3cret") || strings.Contains(text, "v1=") {
		t.Errorf("the journal tells secrets: %s", text)
	}
}

func TestWhatIsNotTakenComesAgainBeforeWhatFollows(t *testing.T) {
	t.Parallel()
	p := newPost(t)
	p.shop.answers = []int{503, 302, 401}
	p.send("a", "b")
	p.advance(0)
	p.wantGot("a")
	if w := p.waiting(); len(w) != 2 || w[0].Attempts != 1 || w[0].LastStatus != 503 || w[0].LastError != "it answered 503" || !w[0].NextAt.Equal(nine().Add(time.Second)) {
		t.Errorf("waiting %+v", w)
	}
	p.advance(time.Second)
	p.wantGot("a a")
	p.advance(10 * time.Second)
	p.wantGot("a a a") // 302 leads nowhere
	p.advance(time.Minute)
	p.wantGot("a a a a b")
	if h := p.shop.headers; h[0].Get("X-Somsim-Delivery") != h[3].Get("X-Somsim-Delivery") || h[3].Get("X-Somsim-Attempt") != "4" || h[0].Get("X-Signature") == h[3].Get("X-Signature") {
		t.Errorf("the fourth attempt has %v", h[3])
	}
	if got := p.target("shop"); got.Delivered != 2 || got.Waiting != 0 {
		t.Errorf("target %+v", got)
	}
}

func TestATargetMaySayWhenToComeAgain(t *testing.T) {
	t.Parallel()
	p := newPost(t)
	p.shop.answers, p.shop.after = []int{429}, "30"
	p.send("a")
	p.advance(29 * time.Second)
	p.wantGot("a")
	p.advance(time.Second)
	p.wantGot("a a")
}

func TestWhatIsTooOldIsGivenUp(t *testing.T) {
	t.Parallel()
	p := newPost(t)
	p.shop.Close()
	p.send("a", "b")
	if done := p.advance(24 * time.Hour); done.Rounds < 5 || done.Rounds > 20 {
		t.Errorf("advanced %+v", done)
	}
	if got := p.target("shop"); got.GivenUp != 2 || got.Waiting != 0 || got.Delivered != 0 {
		t.Errorf("target %+v", got)
	}
}

func TestAQueueThatNobodyEmptiesOverflows(t *testing.T) {
	t.Parallel()
	p := newPost(t)
	bodies := make([]string, 10_003)
	for i := range bodies {
		bodies[i] = fmt.Sprint(i)
	}
	p.send(bodies...)
	if got, w := p.target("shop"), p.waiting(); got.Waiting != 10_000 || got.GivenUp != 3 || len(w) != 10_000 || w[0].Body != "3" {
		t.Errorf("target %+v, %d waiting, first %s", got, len(w), w[0].Body)
	}
	if _, err := p.world.Advance(t.Context(), 0); !errors.Is(err, sandbox.ErrSpin) {
		t.Errorf("got %v", err)
	}
}

func TestFaultsOfDeliveries(t *testing.T) {
	t.Parallel()
	first := func(r *fault.Rule) { r.Match.Nth = 1 }
	for _, tc := range []struct {
		kind   fault.Kind
		change func(*fault.Rule)
		want   string
		// lost is how many exchanges in the journal had no answer.
		lost int
	}{
		{fault.Duplicate, first, "a a b c", 0},
		{fault.Reorder, first, "b c a", 0},
		{fault.Reorder, nil, "a b c", 0}, // all are put off alike
		{fault.LostBefore, first, "a b c", 1},
		{fault.LostAfterCommit, first, "a a b c", 1},
		{fault.Reset, first, "a b c", 1},
		{fault.Status, func(r *fault.Rule) { first(r); r.Effect.HTTPStatus = 500 }, "a b c", 0},
		{fault.Status, func(r *fault.Rule) { first(r); r.Effect.HTTPStatus, r.Effect.Phase = 500, fault.After }, "a a b c", 0},
		{fault.Delay, func(r *fault.Rule) { first(r); r.Effect.Delay = time.Millisecond }, "a b c", 0},
		{fault.LostBefore, func(r *fault.Rule) { r.Match.Contains = "b" }, "a c", 12},
	} {
		t.Run(fmt.Sprint(tc.kind, tc.want), func(t *testing.T) {
			t.Parallel()
			p := newPost(t)
			p.arm(tc.kind, tc.change)
			p.send("a", "b", "c")
			p.advance(time.Hour)
			p.wantGot(tc.want)
			if rule := p.world.Faults()[0]; rule.Fired == 0 {
				t.Error("the fault did not strike")
			}
			lost, struck := 0, 0
			entries, _ := p.world.Journal(journal.Query{})
			for _, e := range entries {
				if e.Lost {
					lost++
				}
				struck += len(e.Fault)
			}
			if lost != tc.lost {
				t.Errorf("%d exchanges are lost, want %d", lost, tc.lost)
			}
			if struck == 0 && tc.kind != fault.Reorder && tc.kind != fault.Duplicate {
				t.Error("no exchange tells of the fault")
			}
		})
	}
}

func TestAFaultOfAWholeSystemIsForCalls(t *testing.T) {
	t.Parallel()
	p := newPost(t)
	p.arm(fault.LostBefore, func(r *fault.Rule) { r.Match.Operation = "" })
	p.send("a")
	p.advance(0)
	p.wantGot("a")
}

func TestADeliveryThatIsHeldGoesOnWhenItIsLetGo(t *testing.T) {
	t.Parallel()
	p := newPost(t)
	p.arm(fault.Hold, nil)
	p.send("a")
	ended := make(chan error, 1)
	go func() {
		_, err := p.world.Advance(context.WithoutCancel(t.Context()), 0)
		ended <- err
	}()
	if _, err := p.world.Await(t.Context(), journal.Query{Fault: "hold"}, 1, true); err != nil {
		t.Fatal(err)
	}
	p.wantGot("")
	if err := p.world.Disarm("hold"); err != nil {
		t.Fatal(err)
	}
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
	p.wantGot("a")
}

func TestATargetMayWorkInTheSandboxWhileItIsCalled(t *testing.T) {
	t.Parallel()
	p := newPost(t)
	once := sync.Once{}
	p.shop.meanwhile = func() { once.Do(func() { p.send("because of a") }) }
	p.send("a")
	p.advance(0)
	p.wantGot("a because of a")
}

func TestRoundsAtOnceDeliverNothingTwice(t *testing.T) {
	t.Parallel()
	p := newPost(t)
	want := make([]string, 40)
	for i := range want {
		want[i] = fmt.Sprint(i)
	}
	p.send(want...)
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			if _, _, err := p.worlds.Deliver(t.Context(), p.world); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	p.wantGot(strings.Join(want, " "))
}

func TestTargetsThatAreRefused(t *testing.T) {
	t.Parallel()
	p := newPost(t)
	good := courier.Target{Name: "x", Line: "news", URL: p.shop.URL, Secret: "s"}
	for _, tc := range []struct {
		name   string
		change func(*courier.Target)
		want   string
	}{
		{"a name with a slash", func(t *courier.Target) { t.Name = "a/b" }, "name"},
		{"an unknown line", func(t *courier.Target) { t.Line = "gossip" }, `there is no "gossip"; there are news`},
		{"another machine", func(t *courier.Target) { t.URL = "http://example.com/x" }, "far away"},
		{"no address", func(t *courier.Target) { t.URL = "shop" }, "it is not like http://"},
		{"another scheme", func(t *courier.Target) { t.URL = "ftp://127.0.0.1/x" }, "it is not like http://"},
		{"a password in the address", func(t *courier.Target) { t.URL = "http://u:p@127.0.0.1/" }, "holds a user"},
		{"no secret", func(t *courier.Target) { t.Secret = "" }, "secret: it is required"},
	} {
		bad := good
		tc.change(&bad)
		if err := p.put(bad); !errors.Is(err, courier.ErrTarget) || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s: %v", tc.name, err)
		}
	}
}

func TestATargetIsReplacedWithItsQueueAndDroppedWithIt(t *testing.T) {
	t.Parallel()
	p := newPost(t)
	p.send("a")
	p.register("shop")
	if got := p.target("shop"); got.Waiting != 1 {
		t.Errorf("target %+v", got)
	}
	drop := func(name string) error {
		return p.world.Update(func(tx *sandbox.Tx) error { return p.courier.Drop(tx, name) })
	}
	if err := drop("shop"); err != nil {
		t.Fatal(err)
	}
	if err := drop("shop"); !errors.Is(err, courier.ErrNoTarget) {
		t.Errorf("got %v", err)
	}
	p.send("b")
	p.advance(time.Hour)
	p.wantGot("")
	if w := p.waiting(); len(w) != 0 {
		t.Errorf("waiting %+v", w)
	}
}

func TestStandingTargetsAreInEverySandbox(t *testing.T) {
	t.Parallel()
	p := newPost(t)
	p.send("a")
	before := p.sandbox("before", "default")
	if err := p.courier.Stand(courier.Target{Name: "all", Line: "news", URL: "http://[::1]:1/", Secret: "s"}); err != nil {
		t.Fatal(err)
	}
	for _, w := range []*sandbox.World{p.world, before, p.sandbox("built", "old news"), p.sandbox("forked", "before")} {
		tx := w.Read()
		names := ""
		for _, target := range p.courier.Targets(tx) {
			names += fmt.Sprintf("%s %d ", target.Name, target.Waiting)
		}
		tx.Abort()
		want := map[bool]string{true: "all 0 ", false: "all 0 shop 1 "}[w.Name() == "built"]
		if names != want {
			t.Errorf("%s has %q, want %q", w.Name(), names, want)
		}
	}
	// What waits when a sandbox is forked arrives from both.
	p.advance(0)
	if _, err := before.Advance(t.Context(), 0); err != nil {
		t.Fatal(err)
	}
	p.wantGot("a a")
	if got := p.shop.headers[1].Get("Baggage"); got != "sandbox=before" {
		t.Errorf("baggage %s", got)
	}
	if err := p.courier.Stand(courier.Target{Name: "all", Line: "gossip"}); !errors.Is(err, courier.ErrTarget) {
		t.Errorf("got %v", err)
	}
}
