package som

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/somsim/somsim/simulator/sandbox"
)

func stock(lines ...string) []Stock {
	var out []Stock
	for _, l := range lines {
		f := strings.Fields(l)
		out = append(out, Stock{f[0], f[1], dec(f[2])})
	}
	return out
}

func TestRoutes(t *testing.T) {
	t.Parallel()
	spread := stock("a P-1 1", "b P-1 1", "b P-2 1", "c P-2 5", "d P-9 9")
	cases := []struct {
		name    string
		ordered []Stock
		stock   []Stock
		splits  int
		rule    string
		want    []string
	}{
		{"one location has it all", stock("- P-1 1", "- P-2 1"), spread, 3, "", []string{"b"}},
		{"two have it together", stock("- P-1 2", "- P-2 1"), spread, 3, "", []string{"a+b"}},
		{"in every combination", stock("- P-1 1", "- P-2 2"), spread, 3, "", []string{"a+c", "b+c"}},
		{"three at least", stock("- P-1 2", "- P-2 6"), spread, 3, "", []string{"a+b+c"}},
		{"too few splits", stock("- P-1 2"), spread, 0, "", nil},
		{"too little stock", stock("- P-1 3"), spread, 9, "", nil},
		{"a product ordered twice", stock("- P-2 3", "- P-2 3"), spread, 1, "", []string{"b+c"}},
		{"fewer splits than none", stock("- P-1 1"), spread, -1, "som.routing.splits", nil},
		{"nothing", nil, spread, 1, "som.routing.ordered-required", nil},
		{"none of it", stock("- P-1 0"), spread, 1, "som.routing.quantity-positive", nil},
	}
	for _, c := range cases {
		routes, err := Routes(c.ordered, c.stock, c.splits)
		var got []string
		for _, r := range routes {
			got = append(got, strings.Join(r, "+"))
		}
		if diff := cmp.Diff(c.want, got); diff != "" || refusedBy(err) != c.rule {
			t.Errorf("%s: refused by %q (-want +got):\n%s", c.name, refusedBy(err), diff)
		}
	}
}

func refusedBy(err error) string {
	if refusal, ok := err.(*Error); ok { //nolint:errorlint // these are never wrapped
		return refusal.Rule
	}
	return ""
}

func TestRoutesHaveLimits(t *testing.T) {
	t.Parallel()
	var many []Stock
	for i := range 400 {
		many = append(many, Stock{fmt.Sprintf("l%03d", i), "P-1", dec("1")})
	}
	routes, err := Routes(stock("- P-1 2"), many, 1)
	if err != nil || len(routes) != maxRoutesFound {
		t.Errorf("%d routes %v", len(routes), err)
	}
	if routes, _ := Routes(stock("- P-1 4"), many[:200], 2); routes != nil {
		t.Errorf("%d routes of three", len(routes))
	}
}

func TestRankByAverageDistance(t *testing.T) {
	t.Parallel()
	in := DistanceRanking{To: Place{CountryCode: "DE", PostalCode: "04109"}, Unit: "km", Sort: "ASC", Routes: [][]Place{
		{{"far", "DE", "80331"}}, {{"near", "DE", "04229"}, {"far", "DE", "80331"}}, {{"near", "DE", "04229"}}, {{"here too", "de", "04277"}}, {{"abroad", "FR", "04109"}},
	}}
	tell := func(in DistanceRanking) (out []string) {
		ranked, err := RankByAverageDistance(in)
		if err != nil {
			return []string{refusedBy(err)}
		}
		for _, r := range ranked {
			out = append(out, fmt.Sprintf("%d %s %s", r.Rank, r.Average, r.Locations[0].Identifier))
		}
		return out
	}
	if diff := cmp.Diff([]string{"1 1 near", "1 1 here too", "3 381.5 near", "4 762 far", "5 2000 abroad"}, tell(in)); diff != "" {
		t.Errorf("ranks (-want +got):\n%s", diff)
	}
	in.Unit, in.Sort, in.Routes = "mi", "DESC", in.Routes[:2]
	if diff := cmp.Diff([]string{"2 473.48 far", "1 237.05 near"}, tell(in)); diff != "" {
		t.Errorf("ranks in miles (-want +got):\n%s", diff)
	}
	for rule, edit := range map[string]func(*DistanceRanking){
		"som.routing.unit": func(r *DistanceRanking) { r.Unit = "ft" }, "som.routing.sort": func(r *DistanceRanking) { r.Sort = "" },
		"som.routing.targets-required": func(r *DistanceRanking) { r.Routes = [][]Place{{}} },
	} {
		bad := in
		edit(&bad)
		if got := tell(bad); len(got) != 1 || got[0] != rule {
			t.Errorf("refused by %q, not by %q", got, rule)
		}
	}
}

func TestCapacityOfALocation(t *testing.T) {
	t.Parallel()
	o := newTestOrg(t)
	o.write(func(tx *sandbox.Tx) error {
		r := tracked(o.parent(tx, objLocation, o.warehouse))
		r.put("ShouldTrackFoCapacity", true)
		r.put("FoCapacity", dec("2"))
		o.save(tx, "", r)
		return nil
	})
	var free string
	o.write(func(tx *sandbox.Tx) error {
		id, err := o.Location(tx, NewLocation{Name: "Endless", ExternalReference: "wh-9"})
		free = id
		return err
	})
	ask := func(ids ...string) (requests []CapacityRequest) {
		for _, id := range ids {
			requests = append(requests, CapacityRequest{id, o.warehouse})
		}
		return requests
	}
	type action = func(*SOM, *sandbox.Tx, []CapacityRequest, bool) []CapacityResult
	steps := []struct {
		name     string
		do       action
		requests []CapacityRequest
		all      bool
		want     []string
		assigned int64
		held     int64
	}{
		{"holds one", (*SOM).HoldCapacity, ask("a"), false, []string{""}, 0, 1},
		{"holds the same one once", (*SOM).HoldCapacity, ask("a"), false, []string{""}, 0, 1},
		{"holds all or nothing", (*SOM).HoldCapacity, ask("b", "c"), true, []string{"som.capacity.all-or-nothing", "som.capacity.free"}, 0, 1},
		{"holds what there is", (*SOM).HoldCapacity, ask("b", "c"), false, []string{"", "som.capacity.free"}, 0, 2},
		{"assigns", (*SOM).ConfirmCapacity, ask("a"), false, []string{""}, 1, 1},
		{"assigns once", (*SOM).ConfirmCapacity, ask("a"), false, []string{"som.capacity.held"}, 1, 1},
		{"releases", (*SOM).ReleaseCapacity, ask("b", "x"), false, []string{"", "som.capacity.held"}, 1, 0},
		{"has room again", (*SOM).HoldCapacity, ask("d"), false, []string{""}, 1, 1},
		{"needs an id", (*SOM).HoldCapacity, ask(""), false, []string{"som.capacity.request-id"}, 1, 1},
		{"needs a location", (*SOM).HoldCapacity, []CapacityRequest{{"e", "x"}}, false, []string{"som.capacity.location"}, 1, 1},
		{"counts only where it is wanted", (*SOM).HoldCapacity, []CapacityRequest{{"f", free}, {"g", free}, {"h", free}}, true, []string{"", "", ""}, 1, 1},
	}
	for _, s := range steps {
		o.write(func(tx *sandbox.Tx) error {
			var got []string
			for _, r := range s.do(o.SOM, tx, s.requests, s.all) {
				got = append(got, ruleIDOf(r.Refusal))
			}
			now := o.Capacities(tx, []string{o.warehouse})[0]
			if diff := cmp.Diff(s.want, got); diff != "" || now.Assigned != s.assigned || now.Held != s.held || now.Total != 2 {
				t.Errorf("%s: %+v (-want +got):\n%s", s.name, now, diff)
			}
			for _, rule := range got {
				if rule != "" && !o.rules[rule] {
					t.Errorf("rule %q is not listed", rule)
				}
			}
			return nil
		})
	}
}
