package frontdesk

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/somsim/somsim/orderops"
	"github.com/somsim/somsim/orderops/b2cclient"
)

func TestCommerceLinesAreKnownByTheirProductsInOrderManagement(t *testing.T) {
	t.Parallel()
	doc := b2cclient.Document{Order: b2cclient.Order{ProductItems: []b2cclient.ProductItem{
		{ItemID: "1", ProductID: "TEA-SET", BundledItems: []b2cclient.BundledItem{{ItemID: "2", ProductID: "BOWL"}}},
		{ItemID: "3", ProductID: "WATCH", OptionItems: []b2cclient.OptionItem{{ItemID: "4", OptionID: "engraving", OptionValueID: "initials"}}},
		{ItemID: "5", ProductID: "SAMPLE", Bonus: true},
	}}}
	var asked []orderops.LineQuantity
	for _, id := range []string{"1", "2", "3", "4", "5", "6"} {
		asked = append(asked, orderops.LineQuantity{ItemID: id})
	}
	want := []orderops.LineQuantity{
		{ItemID: "1", ProductID: "TEA-SET"},
		{ItemID: "2", ProductID: "BOWL", Dependent: true},
		{ItemID: "3", ProductID: "WATCH"},
		{ItemID: "4", ProductID: "engraving-initials", Dependent: true},
		{ItemID: "5", ProductID: "SAMPLE", Dependent: true},
		{ItemID: "6"},
	}
	if diff := cmp.Diff(want, withProducts(doc, asked)); diff != "" {
		t.Error(diff)
	}
}
