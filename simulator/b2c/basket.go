package b2c

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"time"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/b2c/price"
	"github.com/somsim/somsim/simulator/sandbox"
	"github.com/somsim/somsim/simulator/store"
)

// Basket is what a customer is about to order. Amounts are in the basket's currency; times are UTC. It is open until it is
// submitted, deleted, or has expired.
type Basket struct {
	BasketID, SiteID string
	// Revision counts the writes, so that every one of them changes the resource state.
	Revision uint64
	// ResourceState is the fingerprint of the basket as it was last written.
	ResourceState          string
	CustomerID, CustomerNo string
	CustomerName, Email    string
	Guest                  bool
	// Agent says that somebody else than the customer made the basket and works on it, Temporary that it lives for minutes.
	Agent, Temporary        bool
	ChannelType, SourceCode string
	Currency                string
	Taxation                Taxation
	CreatedAt, LastModified time.Time
	// ExpiresAt is when the basket is gone if nobody touches it.
	ExpiresAt time.Time
	// PriceBooks are the only ones that count; empty means all of the site.
	PriceBooks           []string
	BillingAddress       OrderAddress
	Shipments            []Shipment
	ProductItems         []ProductItem
	ShippingItems        []ShippingItem
	GiftCertificateItems []GiftCertificateItem
	Coupons              []BasketCoupon
	// Manual are the adjustments that an agent entered; PriceAdjustments are all discounts of the order as a whole.
	Manual             []ManualAdjustment
	PriceAdjustments   []PriceAdjustment
	BonusDiscounts     []BonusDiscount
	PaymentInstruments []PaymentInstrument
	Notes              []Note
	// Reserved is the stock that the basket holds until ReservedUntil.
	Reserved      []StockLine
	ReservedUntil time.Time
	// ReservationID is the promise of omnichannel inventory behind it.
	ReservationID string
	// EditsOrderNo is the order that is replaced when the basket is submitted.
	EditsOrderNo string
	Totals       Totals
	// Flashes are what keeps the basket from being submitted, Approaching the discounts that are near.
	Flashes     []Flash
	Approaching []price.Approaching
	Custom      Attributes
}

// BasketCoupon is a code in a basket.
type BasketCoupon struct {
	ID, Code, CouponID string
	Status             CouponStatus
}

// usable reports whether the code may bring about promotions.
func (c BasketCoupon) usable() bool {
	return c.Status == CouponApplied || c.Status == CouponNotApplicable
}

// ManualAdjustment is a discount that an agent entered. Target is a line or a shipment, empty for the order.
type ManualAdjustment struct {
	ID, PromotionID, ItemText, ReasonCode, CreatedBy string
	Level                                            price.Level
	Target                                           string
	Discount                                         AppliedDiscount
	CreatedAt                                        time.Time
}

// BonusDiscount are products of which some can be chosen for nothing.
type BonusDiscount struct {
	ID, PromotionID, CouponCode string
	Products                    []string
	// Max is how many units at most.
	Max decimal.Decimal
}

// Note is a remark that somebody made.
type Note struct {
	ID, Subject, Text, CreatedBy string
	CreatedAt                    time.Time
}

// Flash is something that keeps a basket from being submitted. Its type is the vendor's.
type Flash struct {
	Type, Message, Path string
	Details             map[string]string
}

func (b Basket) clone() Basket {
	o := Order{
		Custom: b.Custom, Shipments: b.Shipments, ProductItems: b.ProductItems, ShippingItems: b.ShippingItems,
		PaymentInstruments: b.PaymentInstruments, PriceAdjustments: b.PriceAdjustments, GiftCertificateItems: b.GiftCertificateItems,
	}.clone()
	b.Custom, b.Shipments, b.ProductItems, b.ShippingItems = o.Custom, o.Shipments, o.ProductItems, o.ShippingItems
	b.PaymentInstruments, b.PriceAdjustments, b.GiftCertificateItems = o.PaymentInstruments, o.PriceAdjustments, o.GiftCertificateItems
	b.PriceBooks, b.Coupons, b.Manual, b.Notes = slices.Clone(b.PriceBooks), slices.Clone(b.Coupons), slices.Clone(b.Manual), slices.Clone(b.Notes)
	b.BonusDiscounts = slices.Clone(b.BonusDiscounts)
	for i := range b.BonusDiscounts {
		b.BonusDiscounts[i].Products = slices.Clone(b.BonusDiscounts[i].Products)
	}
	b.Reserved, b.Flashes, b.Approaching = slices.Clone(b.Reserved), slices.Clone(b.Flashes), slices.Clone(b.Approaching)
	return b
}

func (b Basket) fingerprinted() (Basket, error) {
	b.ResourceState = ""
	text, err := store.Encode(b)
	if err != nil {
		return Basket{}, fmt.Errorf("resource state of basket %s: %w", b.BasketID, err)
	}
	sum := sha256.Sum256([]byte(text))
	b.ResourceState = hex.EncodeToString(sum[:])
	return b, nil
}

func (b *Basket) shipment(id string) *Shipment {
	i := slices.IndexFunc(b.Shipments, func(s Shipment) bool { return s.ShipmentID == id })
	if i < 0 {
		return nil
	}
	return &b.Shipments[i]
}

func (b *Basket) item(id string) *ProductItem {
	i := slices.IndexFunc(b.ProductItems, func(item ProductItem) bool { return item.ItemID == id })
	if i < 0 {
		return nil
	}
	return &b.ProductItems[i]
}

// worth is what the products of a shipment cost, before the discounts of the order.
func (b *Basket) worth(shipmentID string) decimal.Decimal {
	total := decimal.Zero
	for _, item := range b.ProductItems {
		if item.ShipmentID == shipmentID {
			total = total.Add(item.PriceAfterItemDiscount)
		}
	}
	return total
}

func (b *Basket) expired(now time.Time) bool {
	return !b.ExpiresAt.IsZero() && !now.Before(b.ExpiresAt)
}

// BasketUnknown is the refusal of a basket that does not exist or is not the caller's; the two are not told apart.
func BasketUnknown(id string) *Error {
	return &Error{
		Code: BasketNotFound, Rule: "b2c.basket.own", Message: fmt.Sprintf("No basket with ID '%s' could be found.", id),
		Arguments: map[string]string{"basketId": id},
	}
}

func (r Reader) seesBasket(b *Basket) bool {
	return (r.SiteID == "" || b.SiteID == r.SiteID) && (r.CustomerID == "" || b.CustomerID == r.CustomerID && (b.EditsOrderNo == "" || r.Agent))
}

// Basket returns the open basket of that id, with the flashes of now. A basket that edits an order is not shown to its
// customer. The error has the code [BasketNotFound].
func (b *B2C) Basket(tx *sandbox.Tx, r Reader, id string) (Basket, error) {
	basket, err := b.stored(tx, r, id)
	if err != nil {
		return Basket{}, err
	}
	return b.refreshed(tx, basket)
}

// refreshed is a basket with what keeps it from being submitted now; its prices are those of its last change.
func (b *B2C) refreshed(tx *sandbox.Tx, basket Basket) (Basket, error) {
	site, err := b.Site(tx, basket.SiteID)
	if err == nil {
		basket.Flashes = b.flashes(tx, &basket, site)
	}
	return basket, err
}

// stored is a basket as it was last written.
func (b *B2C) stored(tx *sandbox.Tx, r Reader, id string) (Basket, error) {
	basket, ok := b.baskets.Get(tx.Tx, id)
	if !ok || !r.seesBasket(&basket) || basket.expired(tx.Now()) {
		return Basket{}, BasketUnknown(id)
	}
	return basket, nil
}

// CustomerBaskets lists the open baskets of a customer that the reader sees, the oldest first. The error has the code
// [CustomerNotFound].
func (b *B2C) CustomerBaskets(tx *sandbox.Tx, r Reader, customerID string) ([]Basket, error) {
	if r.CustomerID != "" && r.CustomerID != customerID {
		return nil, CustomerUnknown(customerID)
	}
	if _, err := b.Customer(tx, customerID); err != nil {
		return nil, err
	}
	open := b.openBaskets(tx, r, customerID)
	for i := range open {
		var err error
		if open[i], err = b.refreshed(tx, open[i]); err != nil {
			return nil, err
		}
	}
	return open, nil
}

func (b *B2C) openBaskets(tx *sandbox.Tx, r Reader, customerID string) []Basket {
	var open []Basket
	for _, basket := range b.baskets.PeekList(tx.Tx, "customer", customerID) {
		if r.seesBasket(basket) && !basket.expired(tx.Now()) {
			open = append(open, basket.clone())
		}
	}
	slices.SortStableFunc(open, func(x, y Basket) int { return x.CreatedAt.Compare(y.CreatedAt) })
	return open
}

// DeleteBasket closes a basket and gives back what it had reserved. Errors have the codes [BasketNotFound] and
// [ResourceStateConflict].
func (b *B2C) DeleteBasket(tx *sandbox.Tx, r Reader, id, resourceState string) error {
	basket, err := b.stored(tx, r, id)
	if err != nil {
		return err
	}
	if err := seen(resourceState, basket.ResourceState); err != nil {
		return err
	}
	return b.closeBasket(tx, basket)
}

func (b *B2C) closeBasket(tx *sandbox.Tx, basket Basket) error {
	b.baskets.Delete(tx.Tx, basket.BasketID)
	tx.Unschedule(basketExpiry, basket.BasketID)
	tx.Unschedule(reservationExpiry, basket.BasketID)
	return b.unreserve(tx, &basket)
}

func (b *B2C) unreserve(tx *sandbox.Tx, basket *Basket) error {
	b.move(tx, basket.Reserved, func(r *InventoryRecord, quantity decimal.Decimal) { r.Reserved = r.Reserved.Sub(quantity) })
	promise := basket.ReservationID
	basket.Reserved, basket.ReservedUntil, basket.ReservationID = nil, time.Time{}, ""
	return b.cancelShared(tx, promise)
}
