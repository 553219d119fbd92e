package b2c

import (
	"slices"

	"github.com/somsim/somsim/simulator/store"
)

// catalog holds the tables of what a shop sells and for how much.
type catalog struct {
	products   store.Table[Product]
	books      store.Table[PriceBook]
	prices     store.Table[ProductPrice]
	lists      store.Table[InventoryList]
	inventory  store.Table[InventoryRecord]
	taxRates   store.Table[TaxRate]
	promotions store.Table[Promotion]
	// omnichannel keeps the stock of lists that have none of their own; nil in tests of commerce alone.
	omnichannel Omnichannel
}

func declareCatalog(s *store.Schema) catalog {
	return catalog{
		products: store.Add(s, store.Def[Product]{Name: "b2c.Product", Clone: Product.clone, Key: func(r *Product) string { return r.ID }}),
		books: store.Add(s, store.Def[PriceBook]{
			Name: "b2c.PriceBook", Key: func(r *PriceBook) string { return r.ID },
			Clone: func(p PriceBook) PriceBook { p.SiteIDs = slices.Clone(p.SiteIDs); return p },
		}),
		prices: store.Add(s, store.Def[ProductPrice]{
			Name: "b2c.ProductPrice", Key: func(r *ProductPrice) string { return priceKey(r.PriceBookID, r.ProductID) },
			Clone: func(p ProductPrice) ProductPrice { p.Tiers = slices.Clone(p.Tiers); return p },
		}),
		lists: store.Add(s, store.Def[InventoryList]{Name: "b2c.InventoryList", Key: func(r *InventoryList) string { return r.ID }}),
		inventory: store.Add(s, store.Def[InventoryRecord]{
			Name: "b2c.InventoryRecord", Key: func(r *InventoryRecord) string { return inventoryKey(r.ListID, r.ProductID) },
			Indexes: []store.Index[InventoryRecord]{{Name: "list", Values: func(r *InventoryRecord) []string { return []string{r.ListID} }}},
		}),
		taxRates: store.Add(s, store.Def[TaxRate]{Name: "b2c.TaxRate", Key: (*TaxRate).key}),
		promotions: store.Add(s, store.Def[Promotion]{
			Name: "b2c.Promotion", Clone: Promotion.clone, Key: func(r *Promotion) string { return r.ID },
		}),
	}
}

// selling holds the tables of how a shop sells it.
type selling struct {
	methods      store.Table[ShippingOffer]
	payments     store.Table[PaymentMethod]
	coupons      store.Table[Coupon]
	redemptions  store.Table[CouponRedemption]
	certificates store.Table[GiftCertificate]
	sources      store.Table[SourceCode]
	claims       store.Table[Claim]
	baskets      store.Table[Basket]
}

func declareSelling(s *store.Schema) selling {
	return selling{
		methods: store.Add(s, store.Def[ShippingOffer]{
			Name: "b2c.ShippingMethod", Clone: ShippingOffer.clone, Key: func(r *ShippingOffer) string { return r.ID },
		}),
		payments: store.Add(s, store.Def[PaymentMethod]{
			Name: "b2c.PaymentMethod", Clone: PaymentMethod.clone, Key: func(r *PaymentMethod) string { return r.ID },
		}),
		coupons: store.Add(s, store.Def[Coupon]{
			Name: "b2c.Coupon", Clone: Coupon.clone, Key: func(r *Coupon) string { return r.ID },
			Indexes: []store.Index[Coupon]{{Name: "code", Values: (*Coupon).codes}},
		}),
		redemptions: store.Add(s, store.Def[CouponRedemption]{
			Name: "b2c.CouponRedemption", Key: func(r *CouponRedemption) string { return r.OrderNo + "/" + foldCode(r.Code) },
			Indexes: []store.Index[CouponRedemption]{{Name: "coupon", Values: func(r *CouponRedemption) []string { return []string{r.CouponID} }}},
		}),
		certificates: store.Add(s, store.Def[GiftCertificate]{
			Name: "b2c.GiftCertificate", Internal: true, Key: func(r *GiftCertificate) string { return r.ID },
			Indexes: []store.Index[GiftCertificate]{{Name: "order", Values: func(r *GiftCertificate) []string { return []string{r.OrderNo} }}},
		}),
		sources: store.Add(s, store.Def[SourceCode]{Name: "b2c.SourceCode", Key: func(r *SourceCode) string { return r.Code }}),
		claims:  store.Add(s, store.Def[Claim]{Name: "b2c.Claim", Clone: Claim.clone, Key: func(r *Claim) string { return r.OrderNo }}),
		baskets: store.Add(s, store.Def[Basket]{
			Name: "b2c.Basket", Clone: Basket.clone, Key: func(r *Basket) string { return r.BasketID },
			Indexes: []store.Index[Basket]{{Name: "customer", Values: func(r *Basket) []string { return []string{r.CustomerID} }}},
		}),
	}
}
