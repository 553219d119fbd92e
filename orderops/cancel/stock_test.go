package cancel

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/somsim/somsim/orderops"
	"github.com/somsim/somsim/orderops/command"
	"github.com/somsim/somsim/orderops/command/commandtest"
	"github.com/somsim/somsim/orderops/ociclient"
	"github.com/somsim/somsim/orderops/remote"
)

// TestStockIsReleasedByWhoHoldsIt cancels units of a line of three, of which a warehouse has been told to fulfil two.
func TestStockIsReleasedByWhoHoldsIt(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name    string
		request orderops.CancelRequest
		world   func(w *world)
		left    map[string]int64
		effect  orderops.EffectState
		calls   int
	}{
		{"the free unit: at the group", orderops.CancelRequest{Items: items(lineID, "1")}, nil, map[string]int64{warehouse: 2, group: 0}, "done", 1},
		{"two units: one at the group, one at the warehouse", orderops.CancelRequest{Items: items(lineID, "2")}, nil, map[string]int64{warehouse: 1, group: 0}, "done", 1},
		{"all", orderops.CancelRequest{}, nil, map[string]int64{warehouse: 0, group: 0}, "done", 1},
		{"not transferred yet: all at the group", orderops.CancelRequest{}, func(w *world) {
			w.reserved = map[string]int64{group: 3}
		}, map[string]int64{group: 0}, "done", 1},
		{"fulfilled in inventory already: nothing is given back", orderops.CancelRequest{}, func(w *world) {
			w.reserved = map[string]int64{}
		}, map[string]int64{}, "not_applicable", 0},
		{"less reserved than cancelled: only that", orderops.CancelRequest{}, func(w *world) {
			w.reserved = map[string]int64{warehouse: 1}
		}, map[string]int64{warehouse: 0}, "done", 1},
		{"a record fails for a moment: only that one is sent again", orderops.CancelRequest{}, func(w *world) {
			w.stubborn = 1
		}, map[string]int64{warehouse: 0, group: 0}, "done", 2},
		{"records fail twice: they are owed", orderops.CancelRequest{}, func(w *world) {
			w.stubborn = 4
		}, map[string]int64{warehouse: 0, group: 0}, "done", 3},
		{"units move between the look and the release", orderops.CancelRequest{}, func(w *world) {
			w.faults["oci.release#1"] = fault{happened: true, alsoDo: func(w *world) { w.reserved = map[string]int64{warehouse: 3} }}
		}, map[string]int64{warehouse: 0}, "done", 2},
		{"units are fulfilled between the look and the release", orderops.CancelRequest{}, func(w *world) {
			w.faults["oci.release#1"] = fault{happened: true, alsoDo: func(w *world) { w.reserved = map[string]int64{} }}
		}, map[string]int64{}, "not_applicable", 1},
		{"units move while the release is owed", orderops.CancelRequest{}, func(w *world) {
			w.faults["oci.release#1"] = fault{class: remote.Unavailable}
			w.faults["oci.release#2"] = fault{happened: true, alsoDo: func(w *world) { w.reserved = map[string]int64{warehouse: 3} }}
		}, map[string]int64{warehouse: 0}, "done", 3},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld()
			if tc.world != nil {
				tc.world(w)
			}
			c, row := w.cancels(), rowOf(t, tc.request)
			result, err := c.Run(context.Background(), commandtest.NewRun(), row, nil)
			if err != nil {
				t.Fatal(err)
			}
			commandtest.Settle(t, c, row, &result, nil)
			if diff := cmp.Diff(tc.left, w.reserved); diff != "" {
				t.Errorf("reserved (-want +got):\n%s", diff)
			}
			if got := stateOf(result, ociclient.System); got != tc.effect || w.counts["oci.release"] != tc.calls {
				t.Errorf("%s after %d releases, want %s after %d: %s", got, w.counts["oci.release"], tc.effect, tc.calls, outcome(result))
			}
		})
	}
}

func stateOf(r command.Result, system string) orderops.EffectState {
	for _, e := range *r.Answer.Effects() {
		if e.System == system {
			return e.State
		}
	}
	return ""
}
