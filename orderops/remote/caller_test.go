package remote

import (
	"context"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"
)

// stillClock is a clock that only the test moves.
type stillClock struct {
	now    time.Time
	waited time.Duration
}

func (c *stillClock) Now(context.Context) time.Time { return c.now }

func (c *stillClock) Wait(_ context.Context, d time.Duration) error {
	c.waited += d
	return nil
}

// system is a remote that answers a list of statuses, the last one for ever; 0 cuts the connection.
func system(t *testing.T, statuses ...int) (url string, calls *atomic.Int64) {
	t.Helper()
	calls = &atomic.Int64{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		n := int(calls.Add(1)) - 1
		status := statuses[min(n, len(statuses)-1)]
		if status == 0 {
			panic(http.ErrAbortHandler)
		}
		if status == http.StatusTooManyRequests {
			w.Header().Set("Retry-After", "1")
		}
		w.WriteHeader(status)
	}))
	t.Cleanup(server.Close)
	return server.URL, calls
}

func TestClassOfAFailure(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name   string
		status int
		read   Class
		write  Class
	}{
		{"bad request", 400, Rejected, Rejected},
		{"unauthorized", 401, Unauthorized, Unauthorized},
		{"forbidden", 403, Rejected, Rejected},
		{"not found", 404, NotFound, NotFound},
		{"gone", 410, NotFound, NotFound},
		{"conflict", 409, Conflict, Conflict},
		{"precondition", 412, Conflict, Conflict},
		{"throttled", 429, Throttled, Throttled},
		{"broken", 500, Unavailable, Ambiguous},
		{"bad gateway", 502, Unavailable, Ambiguous},
		{"closed", 503, Unavailable, Unavailable},
		{"gateway timeout", 504, Unavailable, Ambiguous},
		{"cut", 0, Unavailable, Ambiguous},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			for method, want := range map[string]Class{http.MethodGet: tc.read, http.MethodPost: tc.write} {
				url, _ := system(t, tc.status)
				c := Caller{System: "s", BaseURL: url}
				_, err := c.Do(t.Context(), Call{Operation: "o", Method: method, Path: "/"})
				if got := ClassOf(err); got != want {
					t.Errorf("%s: %s, want %s (%v)", method, got, want, err)
				}
			}
		})
	}
}

// A connection that was never made changed nothing, so even a write is not ambiguous.
func TestNobodyListensIsUnavailable(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.NotFoundHandler())
	server.Close()
	c := Caller{System: "s", BaseURL: server.URL}
	if _, err := c.Do(t.Context(), Call{Method: http.MethodPost, Path: "/"}); ClassOf(err) != Unavailable {
		t.Errorf("got %v, want unavailable", err)
	}
}

func TestTimeoutOfAWriteIsAmbiguous(t *testing.T) {
	t.Parallel()
	release := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-release }))
	t.Cleanup(server.Close)
	t.Cleanup(func() { close(release) })
	c := Caller{System: "s", BaseURL: server.URL, Timeout: 20 * time.Millisecond}
	if _, err := c.Do(t.Context(), Call{Method: http.MethodPost, Path: "/"}); ClassOf(err) != Ambiguous {
		t.Errorf("got %v, want ambiguous", err)
	}
}

func TestOnlyRepeatableCallsAreRepeated(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name     string
		call     Call
		statuses []int
		calls    int64
		fails    bool
	}{
		{"a read recovers", Call{Method: http.MethodGet}, []int{503, 503, 200}, 3, false},
		{"a read gives up", Call{Method: http.MethodGet}, []int{503}, 3, true},
		{"a write is sent once", Call{Method: http.MethodPost}, []int{503, 200}, 1, true},
		{"a repeatable write is repeated", Call{Method: http.MethodPost, Repeatable: true}, []int{0, 200}, 2, false},
		{"a refusal is not repeated", Call{Method: http.MethodGet}, []int{400, 200}, 1, true},
		{"throttling is waited for", Call{Method: http.MethodGet}, []int{429, 200}, 2, false},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			url, calls := system(t, tc.statuses...)
			tc.call.Path = "/"
			clock := &stillClock{}
			c := Caller{System: "s", BaseURL: url, Clock: clock}
			_, err := c.Do(t.Context(), tc.call)
			if calls.Load() != tc.calls || (err != nil) != tc.fails {
				t.Errorf("%d calls and %v, want %d and failure %t", calls.Load(), err, tc.calls, tc.fails)
			}
			if tc.statuses[0] == 429 && clock.waited < time.Second {
				t.Errorf("waited %s, want at least what Retry-After says", clock.waited)
			}
		})
	}
}

// The breaker opens after failures in a row, for its own sandbox only, and closes by the handed-in clock.
func TestBreakerFollowsTheClockOfItsSandbox(t *testing.T) {
	t.Parallel()
	url, calls := system(t, 503, 503, 503, 503, 503, 503, 503, 503, 200)
	clock := &stillClock{now: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)}
	c := Caller{System: "s", BaseURL: url, Breakers: NewBreakers(clock)}
	broken := WithScope(t.Context(), Scope{Sandbox: "broken"})
	get := Call{Method: http.MethodGet, Path: "/"}
	for range breakerFailures {
		_, _ = c.Do(broken, get) // their outcome is the test's set-up
	}
	if _, err := c.Do(broken, get); ClassOf(err) != Unavailable || calls.Load() != breakerFailures {
		t.Errorf("the open breaker let a call through: %v after %d calls", err, calls.Load())
	}
	if _, err := c.Do(WithScope(t.Context(), Scope{Sandbox: "other"}), get); err != nil {
		t.Errorf("another sandbox is stopped too: %v", err)
	}
	clock.now = clock.now.Add(breakerPause)
	if _, err := c.Do(broken, get); err != nil {
		t.Errorf("after the pause: %v", err)
	}
}

func TestTokenIsFetchedOnceAndAgainWhenRefused(t *testing.T) {
	t.Parallel()
	logins := 0
	cache := NewTokenCache(func(context.Context) (Token, error) {
		logins++
		return Token{Value: string(rune('a' + logins))}, nil
	})
	use := func(token Token) (string, error) {
		if token.Value == "b" && logins == 1 {
			return "", &Error{Class: Unauthorized}
		}
		return token.Value, nil
	}
	for range 2 {
		if got, err := Authorized(t.Context(), cache, use); err != nil || got != "c" {
			t.Errorf("got %q, %v, want the second token", got, err)
		}
	}
	if logins != 2 {
		t.Errorf("%d log-ins, want 2", logins)
	}
	other := WithScope(t.Context(), Scope{Sandbox: "other"})
	if token, err := cache.Token(other); err != nil || token.Value != "d" {
		t.Errorf("another sandbox got %q, %v, want a token of its own", token.Value, err)
	}
}

// A log-in that gets no answer says nothing about the call that was never sent.
func TestFailedLoginIsNeverAmbiguous(t *testing.T) {
	t.Parallel()
	for class, want := range map[Class]Class{Ambiguous: Unavailable, Rejected: Unauthorized, Unavailable: Unavailable} {
		cache := NewTokenCache(func(context.Context) (Token, error) { return Token{}, &Error{Class: class} })
		_, err := cache.Token(t.Context())
		if e, ok := AsError(err); !ok || e.Class != want || e.Own != (want == Unauthorized) {
			t.Errorf("%s became %+v, want %s", class, err, want)
		}
	}
}

// Whoever asked can do nothing about a token of order-ops' own that is not accepted, not even a fresh one.
func TestARefusedTokenOfOurOwnIsMarked(t *testing.T) {
	t.Parallel()
	for class, want := range map[Class]bool{Unauthorized: true, Rejected: false} {
		_, err := Authorized(t.Context(), StaticToken{Value: "t"}, func(Token) (string, error) { return "", &Error{Class: class} })
		if e, ok := AsError(err); !ok || e.Class != class || e.Own != want {
			t.Errorf("%s became %+v", class, err)
		}
	}
}

// A slow system takes the places of its own bulkhead, and no more: who finds none is told to come back.
func TestBulkheadTurnsAwayWhatFindsNoPlace(t *testing.T) {
	t.Parallel()
	entered, release := make(chan struct{}), make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		entered <- struct{}{}
		<-release
	}))
	t.Cleanup(server.Close)
	clock := &stillClock{}
	c := Caller{System: "s", BaseURL: server.URL, Bulkhead: NewBulkhead(1), Clock: clock}
	first := make(chan error)
	go func() {
		_, err := c.Do(t.Context(), Call{Operation: "slow", Method: http.MethodPost, Path: "/"})
		first <- err
	}()
	<-entered
	_, err := c.Do(t.Context(), Call{Operation: "turned away", Method: http.MethodGet, Path: "/"})
	if e, ok := AsError(err); !ok || e.Class != Unavailable || e.VendorCode != bulkheadFull || e.RetryAfter != bulkheadPause || clock.waited != 0 {
		t.Errorf("got %+v after waiting %s, want it turned away at once", err, clock.waited)
	}
	close(release)
	if err := <-first; err != nil {
		t.Errorf("the call that was under way: %v", err)
	}
	go func() { <-entered }()
	if _, err := c.Do(t.Context(), Call{Operation: "later", Method: http.MethodGet, Path: "/"}); err != nil {
		t.Errorf("the place was not given back: %v", err)
	}
}

// Whoever changes something waits until a place is free.
func TestBulkheadLetsThePatientWait(t *testing.T) {
	t.Parallel()
	entered, release := make(chan struct{}), make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		entered <- struct{}{}
		<-release
	}))
	t.Cleanup(server.Close)
	c := Caller{System: "s", BaseURL: server.URL, Bulkhead: NewBulkhead(1), Clock: &stillClock{}}
	ends := make(chan error, 2)
	call := func(ctx context.Context) {
		_, err := c.Do(ctx, Call{Operation: "slow", Method: http.MethodPost, Path: "/"})
		ends <- err
	}
	go call(t.Context())
	<-entered
	go call(WithScope(t.Context(), Scope{Patient: true}))
	// Somebody who is not patient is turned away only after a while, which the patient one waits through.
	if _, err := c.Do(t.Context(), Call{Operation: "turned away", Method: http.MethodGet, Path: "/"}); ClassOf(err) != Unavailable {
		t.Errorf("got %v, want it turned away", err)
	}
	close(release)
	<-entered
	for range 2 {
		if err := <-ends; err != nil {
			t.Error(err)
		}
	}
}

// Pauses are spread, so that callers that failed together do not come back together, and never shortened.
func TestPausesAreSpread(t *testing.T) {
	t.Parallel()
	waits := map[time.Duration]bool{}
	for _, chance := range []float64{0, 0.5, 1} {
		url, _ := system(t, 429, 200)
		clock := &stillClock{}
		c := Caller{System: "s", BaseURL: url, Clock: clock, Jitter: func() float64 { return chance }}
		if _, err := c.Do(t.Context(), Call{Method: http.MethodGet, Path: "/"}); err != nil {
			t.Fatal(err)
		}
		if clock.waited < time.Second || clock.waited > 1500*time.Millisecond {
			t.Errorf("waited %s for an announced second", clock.waited)
		}
		waits[clock.waited] = true
	}
	if len(waits) != 3 {
		t.Errorf("three callers waited %v", waits)
	}
}
