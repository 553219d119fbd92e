package preset

import "testing"

// The shop must not run out of anything before the last stranger has ordered: then the preset crowd could not be built,
// which takes too long to try in every run of the tests.
func TestThereIsEnoughForTheCrowd(t *testing.T) {
	t.Parallel()
	const locations = 4
	wanted := map[string]int64{}
	for _, story := range append(omnichannel(), strangers(crowd)...) {
		for _, l := range story.lines {
			wanted[l.sku] += l.quantity
		}
	}
	if len(wanted) < len(catalogue()) {
		t.Errorf("%d of %d products are ordered", len(wanted), len(catalogue()))
	}
	for sku, units := range wanted {
		if units > counted*locations {
			t.Errorf("%d of %s are ordered, and there are %d", units, sku, counted*locations)
		}
	}
}
