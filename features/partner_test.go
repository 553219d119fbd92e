package features

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/somsim/somsim/simulator/simtest"
)

// The simulator checks what it is to do when something goes wrong: that there is such an operation, and that what is to happen
// can happen to it.
func TestEveryMishapCanHappenToEverythingThatASystemIsAskedFor(t *testing.T) {
	t.Parallel()
	sim := simtest.Start(t)
	ctx := t.Context()
	w := newWorld(environment{control: sim.ControlURL, http: http.DefaultClient, patience: time.Minute, reach: &reach{}})
	if err := w.control.create(ctx, opening(), 1); err != nil {
		t.Fatal(err)
	}
	w.orderNo = "00000101"
	for system, p := range w.partners() {
		armed := 0
		arm := func(what string, err error) {
			if armed++; err != nil {
				t.Errorf("%s, %s: %v", system, what, err)
			}
		}
		arm("down", w.isDown(ctx, system))
		arm("left alone", w.wantsPeace(ctx, system, 30, ""))
		for what, a := range p.acts {
			for how := range troubles() {
				if _, mute := p.refusing(a); how != "refuses" || mute == nil {
					arm(how, w.inTrouble(ctx, system, how, what, ""))
				}
			}
			for _, how := range []string{"gets lost", "is long on its way"} {
				arm(how, w.answerAstray(ctx, system, what, how))
			}
			arm("held up", w.hold(ctx, system, what))
			arm("lost", w.requestLost(ctx, what, system))
			arm("left alone", w.wantsPeace(ctx, system, 30, what))
		}
		inForce := 0
		for _, rank := range []string{holdUp, failure} {
			names, err := w.armed(ctx, rank+system+": ")
			if err != nil {
				t.Fatal(err)
			}
			inForce += len(names)
		}
		if inForce != armed {
			t.Errorf("of %d mishaps of %s %d are in force", armed, system, inForce)
		}
	}
}

func TestWhatCannotHappenToASystemIsSaid(t *testing.T) {
	t.Parallel()
	sim := simtest.Start(t)
	w := newWorld(environment{control: sim.ControlURL, http: http.DefaultClient, patience: time.Minute, reach: &reach{}})
	if err := w.control.create(t.Context(), opening(), 1); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name string
		run  func(context.Context) error
		want string
	}{
		{
			"what another system is asked for", func(ctx context.Context) error { return w.hold(ctx, "inventory", "the cancel") },
			"inventory is never asked for the cancel, but for the release of the goods, the reservation of the goods",
		},
		{
			"how often, of what another system is asked for", func(ctx context.Context) error { return w.wasAsked(ctx, "the shop", "the refund", "once", "") },
			"the shop is never asked for the refund, but for",
		},
		{
			"a refusal of who never refuses", func(ctx context.Context) error {
				return w.inTrouble(ctx, "web analytics", "refuses", "the refund event", "")
			},
			"it never refuses",
		},
		{"an end of nothing", func(ctx context.Context) error { return w.worksAgain(ctx, "the shop") }, "nothing is wrong with the shop"},
		{"an end of taking time over nothing", func(ctx context.Context) error { return w.letGo(ctx, "inventory") }, "inventory takes its time over nothing"},
		{"an end of what never struck", func(ctx context.Context) error {
			if err := w.isDown(ctx, "inventory"); err != nil {
				return err
			}
			return w.worksAgain(ctx, "inventory")
		}, `the fault "2 inventory: is down" was armed and never struck`},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			if err := tc.run(t.Context()); err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("got %v, want %q", err, tc.want)
			}
		})
	}
}

func TestHowOftenASystemWasAsked(t *testing.T) {
	t.Parallel()
	tests := map[string][2]int{"once": {1, 1}, "twice": {2, 2}, "3 times": {3, 3}, "at most 10 times": {1, 10}}
	for words, want := range tests {
		if least, most := timesAsked(words); least != want[0] || most != want[1] {
			t.Errorf("%s is from %d to %d times", words, least, most)
		}
	}
	if least, most := timesAsked("again and again"); least != 2 || most < 1000 {
		t.Errorf("again and again is from %d to %d times", least, most)
	}
}

// A caller whose login has ended comes again at once: that counts once. Who does not come again has asked.
func TestARequestThatIsRepeatedAfterALoginCountsOnce(t *testing.T) {
	t.Parallel()
	calls := func(statuses ...int) (j journal) {
		for _, s := range statuses {
			j = append(j, exchange{Status: s})
		}
		return j
	}
	tests := []struct {
		name string
		in   journal
		want int
	}{
		{"no login ended", calls(503, 200), 2},
		{"it ended, and the caller came again", calls(401, 200), 1},
		{"it ended, and nobody came again", calls(200, 401), 2},
		{"twice in a row", calls(401, 401, 200), 2},
	}
	for _, tc := range tests {
		if got := len(tc.in.askedAnew()); got != tc.want {
			t.Errorf("%s: %d requests, want %d", tc.name, got, tc.want)
		}
	}
}
