package preset

import (
	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/b2c"
	"github.com/somsim/somsim/simulator/b2c/price"
)

// priceBook holds the prices of the catalogue.
const priceBook = "usd-list-prices"

// The codes that shoppers of the presets can use: springCode as often as they like, onceCode a single time, bulkCode as often as
// they like for goods from bulkFrom on, and the gift certificate giftCode, which has giftWorth on it.
const (
	springCode, springOff = "SPRING15", "15.00"
	onceCode, onceOff     = "WELCOME10", "10"
	bulkCode, bulkOff     = "BULK20", "20"
	bulkFrom              = "60.00"
	giftCode, giftWorth   = "GIFT-SOMSIM-0001", "50.00"
)

// storefront lets shoppers fill baskets: products with prices and the stock of all locations, delivery and payment methods,
// promotions with their coupons, and a gift certificate.
func (s *shop) storefront() error {
	for _, step := range []func() error{s.shelves, s.counter, s.bargains} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

func (s *shop) shelves() error {
	if err := s.B2C.AddInventoryList(s.tx, b2c.InventoryList{ID: everywhere, Description: "All locations", Omnichannel: true}); err != nil {
		return err
	}
	if err := s.B2C.AddPriceBook(s.tx, b2c.PriceBook{ID: priceBook, Name: "List prices", Currency: currency}); err != nil {
		return err
	}
	for _, id := range []string{siteID, siteGlobal, siteOutlet} {
		s.B2C.SetTaxRate(s.tx, b2c.TaxRate{SiteID: id, Rate: dec(taxRate)})
	}
	for _, p := range catalogue() {
		if err := s.B2C.AddProduct(s.tx, b2c.Product{ID: p.sku, Name: p.name}); err != nil {
			return err
		}
		if err := s.B2C.SetPrice(s.tx, b2c.ProductPrice{PriceBookID: priceBook, ProductID: p.sku, Unit: dec(p.price)}); err != nil {
			return err
		}
	}
	return nil
}

// counter is how orders are delivered and paid, as those of the stories are.
func (s *shop) counter() error {
	free := []b2c.ShippingPrice{{Price: decimal.Zero}}
	for _, o := range []b2c.ShippingOffer{
		{ShippingMethod: b2c.ShippingMethod{ID: "delivery", Name: "Home delivery"}, Default: true, Prices: map[string][]b2c.ShippingPrice{currency: {{Price: dec("5.99")}}}},
		{ShippingMethod: b2c.ShippingMethod{ID: "pickup", Name: "Store pickup"}, Prices: map[string][]b2c.ShippingPrice{currency: free}},
	} {
		if err := s.B2C.AddShippingMethod(s.tx, o); err != nil {
			return err
		}
	}
	for _, m := range []b2c.PaymentMethod{
		{ID: "CREDIT_CARD", Name: "Card", Cards: []string{"Visa", "Master Card", "Amex"}}, {ID: giftMethod, Name: "Gift certificate"},
	} {
		if err := s.B2C.AddPaymentMethod(s.tx, m); err != nil {
			return err
		}
	}
	return nil
}

func (s *shop) bargains() error {
	for _, c := range []b2c.Coupon{{ID: "spring", Codes: []string{springCode}}, {ID: "welcome", Codes: []string{onceCode}, PerCode: 1}, {ID: "bulk", Codes: []string{bulkCode}}} {
		if err := s.B2C.AddCoupon(s.tx, c); err != nil {
			return err
		}
	}
	bulk := offOrder("bulk-twenty-percent", "bulk", price.Discount{Type: price.Percentage, Value: dec(bulkOff)})
	bulk.Tiers[0].MinAmount = dec(bulkFrom)
	for _, p := range []b2c.Promotion{
		bulk,
		offOrder(couponPromotion, "spring", price.Discount{Type: price.Amount, Value: dec(springOff)}),
		offOrder("welcome-ten-percent", "welcome", price.Discount{Type: price.Percentage, Value: dec(onceOff)}),
	} {
		if err := s.B2C.AddPromotion(s.tx, p); err != nil {
			return err
		}
	}
	_, err := s.B2C.AddGiftCertificate(s.tx, b2c.GiftCertificate{Code: giftCode, Currency: currency, Amount: dec(giftWorth)})
	return err
}

// offOrder is a promotion on the order that takes a coupon.
func offOrder(id, coupon string, d price.Discount) b2c.Promotion {
	return b2c.Promotion{
		CouponIDs: []string{coupon}, Promotion: price.Promotion{ID: id, Class: price.ClassOrder, Tiers: []price.Tier{{Discount: d}}},
	}
}
