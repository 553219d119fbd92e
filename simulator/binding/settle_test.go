package binding_test

import (
	"strings"
	"testing"

	"github.com/somsim/somsim/simulator/fault"
)

func TestExchangesOfKnownCallersAreBooked(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	tests := []struct {
		name    string
		request string
		body    string
		headers []string
		booked  string
	}{
		{"an answer", "GET /toy/counters/a", "", nil, "1"},
		{"a refusal", "POST /toy/counters/a", `{"by":0}`, nil, "2"},
		{"a request that breaks the document", "POST /toy/counters/a", `{}`, nil, "3"},
		{"a caller who is known and not let in", "GET /toy/counters/a", "", []string{"Authorization: Bearer throttled"}, "4"},
		{"a batch is one exchange", "POST /toy/batch", `[{"method":"GET","url":"/toy/counters/a"},{"method":"GET","url":"/toy/counters/a"}]`, nil, "5"},
		{"a caller nobody knows", "GET /toy/counters/a", "", []string{"Authorization: "}, ""},
		{"an operation that asks for no credentials", "GET /toy/example", "", nil, ""},
		{"an unknown path", "GET /toy/nothing", "", nil, ""},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			got := b.call(tc.request, tc.body, tc.headers...)
			if got.header.Get("X-Booked") != tc.booked {
				t.Errorf("booked %q, want %q: %s", got.header.Get("X-Booked"), tc.booked, got)
			}
			if recorded := b.last("default").ResponseHeader.Values()["X-Booked"]; strings.Join(recorded, "") != tc.booked {
				t.Errorf("the journal has %q, want %q", recorded, tc.booked)
			}
		})
	}
	if got := b.booked(); got != 5 {
		t.Errorf("the sandbox counts %d", got)
	}
}

func TestAnAnswerThatIsLostIsBookedUnlessTheRequestWasLost(t *testing.T) {
	t.Parallel()
	for kind, want := range map[fault.Kind]int{fault.LostBefore: 0, fault.LostAfterCommit: 1} {
		b := newBench(t)
		if err := b.world("default").Arm(fault.Rule{Name: "lost", Match: fault.Match{System: "toy"}, Effect: fault.Effect{Kind: kind}}); err != nil {
			t.Fatal(err)
		}
		if got := b.call("GET /toy/counters/a", ""); got.err == nil {
			t.Fatalf("%s: an answer: %s", kind, got)
		}
		if got := b.booked(); got != want {
			t.Errorf("%s: booked %d, want %d", kind, got, want)
		}
	}
}

func TestAnOperationYoungerThanTheVersionAskedForIsUnknown(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	// The toy's version is the number of digits.
	for path, want := range map[string]int{"/toy/11/young": 404, "/toy/111/young": 200, "/toy/1111/young": 200} {
		if got := b.call("GET "+path, ""); got.status != want {
			t.Errorf("%s: got %s, want %d", path, got, want)
		}
		got := b.call("POST /toy/batch", `[{"method":"GET","url":"`+path+`"}]`)
		if wantBatch := map[int]string{200: "[200]", 404: "[404]"}[want]; got.body != wantBatch {
			t.Errorf("%s in a batch: got %s, want %s", path, got, wantBatch)
		}
	}
}
