package binding_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/somsim/somsim/simulator/binding"
	"github.com/somsim/somsim/simulator/journal"
	"github.com/somsim/somsim/simulator/sandbox"
)

type counterID struct {
	ID string `path:"id"`
}

// above answers when the counter is above zero, or after an hour. It leaves a mark before it waits.
func (s toy) above(c *binding.Call, in counterID) (counterOut, error) {
	row, _ := s.counters.Get(c.Tx.Tx, in.ID)
	if row.Value > 0 || c.Waited != nil {
		return counterOut{row.Value}, nil
	}
	s.counters.Put(c.Tx.Tx, toyCounter{ID: "waiting", Value: 1})
	return counterOut{}, &binding.Later{Until: c.Arrived().Add(time.Hour), Ready: func(tx *sandbox.Tx) bool {
		row, _ := s.counters.Get(tx.Tx, in.ID)
		return row.Value > 0
	}}
}

func (s toy) twice(c *binding.Call, _ counterID) (counterOut, error) {
	return counterOut{}, &binding.Later{Until: c.Arrived(), Ready: func(*sandbox.Tx) bool { return true }}
}

// poll calls in the background and returns once the call waits.
func (b *bench) poll(line string) <-chan reply {
	b.t.Helper()
	answered := make(chan reply, 1)
	go func() { answered <- b.call(line, "") }()
	waiting := func(tx *sandbox.Tx) bool {
		_, ok := b.toy.counters.Get(tx.Tx, "waiting")
		return ok
	}
	if err := b.world("default").AwaitState(b.t.Context(), time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC), waiting); err != nil {
		b.t.Fatal(err)
	}
	return answered
}

func TestAnAnswerThatComesLater(t *testing.T) {
	t.Parallel()
	const line = "POST /toy/counters/a/above-zero"
	tests := []struct {
		name string
		// happens is what happens while the call waits.
		happens func(t *testing.T, b *bench)
		want    string
	}{
		{"what it waits for happens", func(t *testing.T, b *bench) {
			t.Helper()
			b.call("POST /toy/counters/other", `{"by":1}`)
			b.call("POST /toy/counters/a", `{"by":7}`)
		}, `{"value":7}`},
		{"the sandbox's clock reaches the end", func(t *testing.T, b *bench) {
			t.Helper()
			if _, err := b.world("default").Advance(t.Context(), time.Hour); err != nil {
				t.Fatal(err)
			}
		}, `{"value":0}`},
		{"the sandbox is deleted", func(t *testing.T, b *bench) {
			t.Helper()
			if err := b.worlds.Delete("default"); err != nil {
				t.Fatal(err)
			}
		}, `{"value":0}`},
		{"the simulator stops", func(t *testing.T, b *bench) {
			t.Helper()
			b.worlds.Stop()
			b.worlds.Stop() // stopping is done once
		}, `{"value":0}`},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			answered := b.poll(line)
			select {
			case got := <-answered:
				t.Fatalf("answered before anything happened: %s", got)
			default:
			}
			tc.happens(t, b)
			if got := <-answered; got.status != http.StatusOK || got.body != tc.want {
				t.Errorf("got %s, want %s", got, tc.want)
			}
		})
	}
}

func TestAnAnswerThatIsThereDoesNotWait(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.call("POST /toy/counters/a", `{"by":7}`)
	if got := b.call("POST /toy/counters/a/above-zero", ""); got.body != `{"value":7}` {
		t.Errorf("got %s", got)
	}
}

func TestWhatIsDoneBeforeWaitingIsInTheJournal(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	answered := b.poll("POST /toy/counters/a/above-zero")
	b.call("POST /toy/counters/a", `{"by":7}`)
	<-answered
	entries, _ := b.world("default").Journal(journal.Query{Operation: "awaitCounter"})
	if len(entries) != 1 || len(entries[0].Changes) != 1 || entries[0].Changes[0].Key != "waiting" || entries[0].Status != http.StatusOK {
		t.Errorf("the journal has %+v", entries)
	}
}

func TestACallerWhoLeavesIsNotAnswered(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	ctx, leave := context.WithCancel(t.Context())
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, b.server.URL+"/toy/counters/a/above-zero", strings.NewReader(""))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer me")
	failed := make(chan error, 1)
	go func() {
		resp, err := b.server.Client().Do(req)
		if err == nil {
			_ = resp.Body.Close()
		}
		failed <- err
	}()
	w := b.world("default")
	if _, err := w.Await(t.Context(), journal.Query{Operation: "awaitCounter"}, 1, true); err != nil {
		t.Fatal(err)
	}
	leave()
	if err := <-failed; err == nil {
		t.Error("answered")
	}
	if _, err := w.Await(t.Context(), journal.Query{Operation: "awaitCounter"}, 1, false); err != nil {
		t.Fatal(err)
	}
	if got := b.last("default"); !got.Lost {
		t.Errorf("the journal has %+v", got)
	}
}

func TestAHandlerThatAsksForTimeTwiceIsABug(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	if got := b.call("GET /toy/counters/a/above-zero", ""); got.status != http.StatusInternalServerError {
		t.Errorf("got %s", got)
	}
	if got := b.last("default"); !strings.Contains(got.Bug, "asks for time twice") {
		t.Errorf("the journal says %q", got.Bug)
	}
}
