package preset

import (
	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/b2c"
	"github.com/somsim/somsim/simulator/b2c/price"
	"github.com/somsim/somsim/simulator/oci"
	"github.com/somsim/somsim/simulator/som"
)

// Goods that belong together: a bundle of a teapot and two bowls, a watch that can be engraved, and a sample that comes with
// every perfume for nothing.
const (
	teaSet                       = "TEA-SET"
	watch, engraving             = "WATCH", "engraving"
	plain, initials              = "none", "initials"
	engraved                     = engraving + "-" + initials
	perfume, sample, givenSample = "PERFUME", "SAMPLE", "perfume-sample"
)

// together are those of the goods that lie on a shelf.
func together() []product {
	return []product{
		{teaSet, "Tea set", "85.00"},
		{watch, "Wrist watch", "120.00"},
		{perfume, "Perfume", "70.00"},
		{sample, "Travel size of the perfume", "12.00"},
	}
}

// assortment is everything that stories sell, work on goods included.
func assortment() []product {
	return append(append(catalogue(), together()...), product{engraved, "Engraving: Initials", "15.00"})
}

// sets are the orders of goods that belong together. They come after all others, so that nothing of those moves.
func sets() []story {
	everything := []line{{teaSet, 1}, {"TEAPOT", 1}, {"BOWL", 2}, {watch, 1}, {engraved, 1}, {perfume, 1}, {sample, 1}}
	belongs := map[int]int{1: 0, 2: 0, 4: 3, 6: 5}
	return []story{
		{
			number: "00000155", about: "two tea sets of a teapot and two bowls each, and a lamp, nothing allocated", shopper: 1,
			lines: []line{{teaSet, 2}, {"TEAPOT", 2}, {"BOWL", 4}, {"LAMP", 1}}, of: map[int]int{1: 0, 2: 0},
		},
		{
			number: "00000156", about: "two watches with engraved initials, and a perfume with its sample for nothing, nothing allocated", shopper: 1,
			lines: []line{{watch, 2}, {engraved, 2}, {perfume, 1}, {sample, 1}}, of: map[int]int{1: 0, 3: 2},
		},
		{
			number: "00000157", about: "a tea set and a perfume with its sample, all allocated to the warehouse", shopper: 1,
			lines: []line{{teaSet, 1}, {"TEAPOT", 1}, {"BOWL", 2}, {perfume, 1}, {sample, 1}}, of: map[int]int{1: 0, 2: 0, 4: 3},
			allocated: []int64{1, 1, 2, 1, 1},
		},
		{
			number: "00000158", about: "the sample and a bowl have shipped, the perfume and the rest of the tea set have not", shopper: 1,
			lines: []line{{teaSet, 1}, {"TEAPOT", 1}, {"BOWL", 2}, {perfume, 1}, {sample, 1}}, of: map[int]int{1: 0, 2: 0, 4: 3},
			shipped: []int64{0, 0, 1, 0, 1},
		},
		{
			number: "00000159", about: "a tea set, an engraved watch and a perfume with its sample, delivered and paid", shopper: 1,
			lines: everything, of: belongs, shipped: []int64{1, 1, 2, 1, 1, 1, 1}, captured: "all", arrived: true,
		},
	}
}

// togetherGoods puts these goods on the shelves of every system, and has the perfume bring its sample.
func (s *shop) togetherGoods() (err error) {
	for _, p := range together() {
		if s.products[p.sku], err = s.SOM.Product(s.tx, som.NewProduct{Code: p.sku, Name: p.name, Price: dec(p.price)}); err != nil {
			return err
		}
		if err := s.shelve(p); err != nil {
			return err
		}
	}
	s.products[engraved], err = s.SOM.Product(s.tx, som.NewProduct{Code: engraved, Name: "Engraving: Initials", Price: dec("15.00"), Work: true})
	if err != nil {
		return err
	}
	return s.B2C.AddPromotion(s.tx, b2c.Promotion{Promotion: price.Promotion{
		ID: givenSample, Class: price.ClassProduct, Qualifying: price.Products{IDs: []string{perfume}},
		Tiers: []price.Tier{{Discount: price.Discount{Type: price.Bonus, Value: decimal.NewFromInt(1), Products: []string{sample}}}},
	}})
}

func (s *shop) shelve(p product) error {
	sold := b2c.Product{ID: p.sku, Name: p.name}
	switch p.sku {
	case teaSet:
		sold.Bundled = []b2c.BundledProduct{{ProductID: "TEAPOT", Quantity: decimal.NewFromInt(1)}, {ProductID: "BOWL", Quantity: decimal.NewFromInt(2)}}
	case watch:
		sold.Options = []b2c.ProductOption{{ID: engraving, Name: "Engraving", Values: []b2c.OptionValue{
			{ID: plain, Name: "None"}, {ID: initials, Name: "Initials", Prices: map[string]decimal.Decimal{currency: dec("15.00")}},
		}}}
	}
	if err := s.B2C.AddProduct(s.tx, sold); err != nil {
		return err
	}
	if err := s.B2C.SetPrice(s.tx, b2c.ProductPrice{PriceBookID: priceBook, ProductID: p.sku, Unit: dec(p.price)}); err != nil {
		return err
	}
	for _, location := range []string{warehouse, warehouse2, soho, harlem} {
		record := oci.Record{LocationID: location, SKU: p.sku, OnHand: decimal.NewFromInt(counted), EffectiveDate: s.tx.Now().AddDate(0, 0, -30)}
		if err := s.OCI.SetStock(s.tx, record); err != nil {
			return err
		}
	}
	return nil
}

// worked says that a line is work on goods, of which there is no stock.
func (p *placed) worked(line int) bool { return p.lines[line].sku == engraved }

// belong makes an item belong to that of another line.
func (p *placed) belong(item *b2c.NewItem, l line, main int) {
	item.Of = main + 1
	switch {
	case l.sku == engraved:
		item.ProductID, item.OptionID, item.OptionValueID = p.lines[main].sku, engraving, initials
	case l.sku == sample:
		item.Bonus = givenSample
		item.Adjustments = []b2c.PriceAdjustment{{
			PromotionID: givenSample, ItemText: "Sample for nothing", Amount: item.BasePrice.Mul(item.Quantity).Neg(),
			Applied: b2c.AppliedDiscount{Type: string(price.Bonus), Value: item.Quantity},
		}}
	default: // a part costs what its bundle does
		item.BasePrice = decimal.Zero
	}
}

// soldAs is the product that order management books a line on.
func soldAs(i b2c.ProductItem) string {
	if i.OptionID != "" {
		return i.OptionID + "-" + i.OptionValueID
	}
	return i.ProductID
}
