package simulator

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/somsim/somsim/simulator/b2c"
	"github.com/somsim/somsim/simulator/sandbox"
)

// A part names its bundle, an option its product and a bonus what it is given for, in the basket's own words.
func TestOrderManagementLearnsWhichLinesBelongTogether(t *testing.T) {
	t.Parallel()
	tl := openTill(t)
	who := b2c.Editor{Reader: b2c.Reader{SiteID: "RefArch", CustomerID: "abcustomer000000000000000001"}}
	n := basket("RefArch")
	tl.do(func(tx *sandbox.Tx) error {
		opened, err := tl.B2C.OpenBasket(tx, who, b2c.NewBasket{})
		if err != nil {
			return err
		}
		filled, err := tl.B2C.EditBasket(tx, who, b2c.BasketRef{ID: opened.BasketID}, func(e *b2c.BasketEdit) error {
			return e.AddItems([]b2c.NewBasketItem{
				{ProductID: "MUG"},
				{ProductID: "TEA-SET", Quantity: num("2")},
				{ProductID: "WATCH", Options: []b2c.ChosenOption{{OptionID: "engraving", ValueID: "initials"}}},
				{ProductID: "PERFUME"},
			})
		})
		n.Items = nil
		position := map[string]int{}
		for i, item := range filled.ProductItems {
			position[item.ItemID] = i + 1
			of := position[item.ParentItemID]
			if item.Bonus != "" {
				of = position[item.QualifierItemID]
			}
			n.Items = append(n.Items, b2c.NewItem{
				ProductID: item.ProductID, ProductName: item.ProductName, Quantity: item.Quantity, BasePrice: item.BasePrice, TaxRate: item.TaxRate,
				Adjustments: item.PriceAdjustments, Of: of, OptionID: item.OptionID, OptionValueID: item.OptionValueID, Bonus: item.Bonus,
			})
		}
		return err
	})
	n.Shipments = n.Shipments[:1]
	o := tl.submit(n)
	tl.do(func(tx *sandbox.Tx) error { return tl.B2C.Place(tx, o.OrderNo) })
	if _, err := tl.Advance(t.Context(), b2c.DefaultDelay); err != nil {
		t.Fatal(err)
	}
	tx := tl.Read()
	defer tx.Abort()
	rows := tl.SOM.Rows(tx).Lookup("OrderItemSummary", "OrderSummaryId", tl.summary(o.OrderNo).ID)
	code := map[string]string{}
	for _, r := range rows {
		code[r.ID] = r.Text("ProductCode")
	}
	got := map[string]string{}
	for _, r := range rows {
		got[r.Text("ProductCode")] = code[r.Text("MainOrderItemSummaryId")]
		if r.Text("ProductCode") == "SAMPLE" && (tl.value(r, "TotalAmtWithTax") != "0.00" || tl.value(r, "TotalLineAmount") != "12.00") {
			t.Errorf("the sample is worth %s of %s", tl.value(r, "TotalAmtWithTax"), tl.value(r, "TotalLineAmount"))
		}
	}
	want := map[string]string{
		"MUG": "", "TEA-SET": "", "TEAPOT": "TEA-SET", "BOWL": "TEA-SET", "WATCH": "", "engraving-initials": "WATCH", "PERFUME": "",
		"SAMPLE": "PERFUME", "STANDARD-DELIVERY": "",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
