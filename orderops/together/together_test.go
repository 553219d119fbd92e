package together_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/orderops/somclient"
	"github.com/somsim/somsim/orderops/together"
)

func n(i int64) decimal.Decimal { return decimal.NewFromInt(i) }

func line(id, main string, ordered, left, open int64) together.Line {
	return together.Line{ID: id, Main: main, Ordered: n(ordered), Left: n(left), Open: n(open)}
}

func TestALineKeepsItsShareOfWhatRemains(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		main, part  together.Line
		units, want int64
	}{
		"two bowls go with each set":           {line("set", "", 3, 3, 3), line("bowl", "set", 6, 6, 6), 2, 4},
		"a bonus for two goes with the last":   {line("scent", "", 2, 1, 1), line("gift", "scent", 1, 1, 1), 1, 1},
		"a bonus for two stays with the first": {line("scent", "", 2, 2, 2), line("gift", "scent", 1, 1, 1), 1, 0},
		"what is gone already does not go":     {line("set", "", 2, 2, 2), line("bowl", "set", 4, 1, 1), 2, 1},
		"nothing goes with nothing":            {line("set", "", 2, 2, 2), line("bowl", "set", 4, 4, 4), 0, 0},
		"a line of an unknown one stays":       {line("set", "", 2, 2, 2), line("bowl", "other", 4, 4, 4), 2, 0},
		"a line by itself stays":               {line("set", "", 2, 2, 2), line("mug", "", 4, 4, 4), 2, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := (together.Lines{tc.main, tc.part}).Due(tc.part, n(tc.units)); !got.Equal(n(tc.want)) {
				t.Errorf("%s go along, want %d", got, tc.want)
			}
		})
	}
}

func TestPartsThatCannotGoHoldTheirBundleBack(t *testing.T) {
	t.Parallel()
	set, bowl, gift := line("set", "", 3, 3, 3), line("bowl", "set", 6, 6, 3), line("gift", "set", 3, 3, 0)
	gift.Bonus = true
	order := together.Lines{set, bowl, gift}
	if got := order.Fits(set, n(3)); !got.Equal(n(1)) {
		t.Errorf("%s of three sets fit three bowls", got)
	}
	if diff := cmp.Diff([]string{"bowl"}, order.Stuck(set, n(2))); diff != "" {
		t.Error(diff)
	}
}

func TestABonusHasAPriceAndCostsNothing(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		main             string
		price, paid      int64
		want             bool
		quantity, worth1 int64
	}{
		"a bonus":                 {"scent", 24, 0, true, 2, 12},
		"a part of a bundle":      {"set", 0, 0, false, 2, 0},
		"an option":               {"watch", 15, 15, false, 1, 15},
		"a purchase for nothing":  {"", 24, 0, false, 2, 12},
		"of which none are there": {"scent", 0, 0, false, 0, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			item := somclient.OrderItemSummary{
				MainOrderItemSummaryID: tc.main, TotalLineAmountWithTax: n(tc.price), TotalAmtWithTax: n(tc.paid), Quantity: n(tc.quantity),
			}
			if got := together.IsBonus(item); got != tc.want {
				t.Errorf("it is a bonus: %t", got)
			}
			if got := together.Worth(item); !got.Equal(n(tc.worth1)) {
				t.Errorf("one is worth %s", got)
			}
		})
	}
}
