package b2c

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"time"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/sandbox"
	"github.com/somsim/somsim/simulator/store"
)

// Order is an order as commerce keeps it. Amounts are in the order's currency; times are UTC.
type Order struct {
	OrderNo, OrderToken, SiteID string
	// Revision counts the writes, so that every one of them changes the resource state.
	Revision uint64
	// ResourceState is the fingerprint of the order as it was last written; every write changes it.
	ResourceState              string
	Status                     Status
	ShippingStatus             ShippingStatus
	PaymentStatus              PaymentStatus
	ExportStatus               ExportStatus
	ConfirmationStatus         ConfirmationStatus
	ChannelType, CreatedBy     string
	CreationDate, LastModified time.Time
	Currency                   string
	Taxation                   Taxation
	CustomerID, CustomerNo     string
	CustomerName, Email        string
	Guest                      bool
	BillingAddress             OrderAddress
	Shipments                  []Shipment
	ProductItems               []ProductItem
	ShippingItems              []ShippingItem
	PaymentInstruments         []PaymentInstrument
	// PriceAdjustments are the discounts on the order as a whole. Each product bears its share of them, which is in its
	// PriceAfterOrderDiscount.
	PriceAdjustments []PriceAdjustment
	Coupons          []CouponItem
	// GiftCertificateItems are gift certificates that are bought.
	GiftCertificateItems []GiftCertificateItem
	SourceCode           string
	Totals               Totals
	// OrderSummaryID is the id that order management gave the order when it was exported.
	OrderSummaryID string
	// CurrentOrderNo is the newest order of the chain that a replaced order began; empty for every other order.
	CurrentOrderNo string
	// OriginalOrderNo is the first order of the chain, ReplacedOrderNo the one that this order took the place of,
	// ReplacementOrderNo the one that took its place.
	OriginalOrderNo, ReplacedOrderNo, ReplacementOrderNo string
	ReplaceCode, ReplaceDescription                      string
	// PlaceDate is when the order became binding; zero before, and for orders that presets made.
	PlaceDate                     time.Time
	InvoiceNo                     string
	CancelCode, CancelDescription string
	// ExternalOrderNo, ExternalOrderStatus and ExternalOrderText are what an external system calls the order and its state,
	// and what it remarks.
	ExternalOrderNo, ExternalOrderStatus, ExternalOrderText string
	// ExportProblem is why order management did not take the order over.
	ExportProblem string
	Notes         []Note
	Custom        Attributes
}

// Totals are the sums of an order or of one of its shipments.
type Totals struct {
	// ProductSubTotal is after item discounts, ProductTotal after order discounts as well.
	ProductSubTotal, ProductTotal decimal.Decimal
	// Taxes are on what discounts leave; the plain ones on what there was before.
	ShippingTotal, ShippingTax            decimal.Decimal
	MerchandizeTax, TaxTotal              decimal.Decimal
	PlainShippingTax, PlainMerchandizeTax decimal.Decimal
	// GiftCertificates is what is bought of gift certificates.
	GiftCertificates decimal.Decimal
	// OrderTotal is what is to be paid; for a shipment, its share.
	OrderTotal decimal.Decimal
}

// ProductItem is a line of products.
type ProductItem struct {
	ItemID, ProductID, ProductName string
	ShipmentID                     string
	Quantity                       decimal.Decimal
	// BasePrice is for one unit, Price for the line before discounts.
	BasePrice, Price        decimal.Decimal
	PriceAdjustments        []PriceAdjustment
	PriceAfterItemDiscount  decimal.Decimal
	PriceAfterOrderDiscount decimal.Decimal
	TaxRate                 decimal.Decimal
	TaxClassID              string
	// Tax is on Price, AdjustedTax on what is left after discounts.
	Tax, AdjustedTax decimal.Decimal
	Gift             bool
	GiftMessage      string
	// ParentItemID is the line that an option, or a part of a bundle, belongs to; OptionID and OptionValueID say what was
	// chosen. All three are empty for a product that is sold by itself, the latter two for a part of a bundle.
	ParentItemID, OptionID, OptionValueID string
	// Each is how many units of a part one unit of its bundle has; zero for everything else.
	Each decimal.Decimal
	// Bonus is the promotion that gives the line for nothing, BonusDiscountID the choice it was taken from, QualifierItemID
	// the line that it is given for.
	Bonus, BonusDiscountID, QualifierItemID string
	// InventoryListID is the list that the line is taken from; empty is the site's.
	InventoryListID string
	Custom          Attributes
}

// Part says that the line is a part of a bundle.
func (i *ProductItem) Part() bool { return i.ParentItemID != "" && i.OptionID == "" }

// ShippingItem is the price of a shipment's delivery.
type ShippingItem struct {
	ItemID, ShipmentID, ItemText string
	Price                        decimal.Decimal
	PriceAdjustments             []PriceAdjustment
	PriceAfterItemDiscount       decimal.Decimal
	TaxRate, Tax, AdjustedTax    decimal.Decimal
	Custom                       Attributes
}

// PriceAdjustment is a discount; Amount is negative.
type PriceAdjustment struct {
	ID, PromotionID, ItemText, CouponCode string
	Amount                                decimal.Decimal
	// Applied is the discount that came to the amount; without a type where it is not known.
	Applied AppliedDiscount
	// Manual says that somebody entered it, for a reason.
	Manual                bool
	ReasonCode, CreatedBy string
	CreatedAt             time.Time
}

// AppliedDiscount is a discount in the vendor's words: percentage, amount, fixed_price, free or bonus, with its value.
type AppliedDiscount struct {
	Type  string
	Value decimal.Decimal
}

// CouponItem is a code that the shopper entered and that applied.
type CouponItem struct{ ID, Code string }

// Shipment is a group of lines that go to one place by one method.
type Shipment struct {
	ShipmentID, ShipmentNo string
	Method                 ShippingMethod
	Address                OrderAddress
	ShippingStatus         ShippingStatus
	TrackingNumber         string
	Gift                   bool
	GiftMessage            string
	Totals                 Totals
	Custom                 Attributes
}

// ShippingMethod is a way of delivery.
type ShippingMethod struct{ ID, Name, Description string }

// OrderAddress is an address of an order.
type OrderAddress struct {
	ID, Salutation, Title, FirstName, LastName, CompanyName      string
	SecondName, Suffix, JobTitle, Suite, PostBox                 string
	Address1, Address2, PostalCode, City, StateCode, CountryCode string
	Phone                                                        string
}

// FullName returns first and last name.
func (a OrderAddress) FullName() string {
	if a.FirstName == "" || a.LastName == "" {
		return a.FirstName + a.LastName
	}
	return a.FirstName + " " + a.LastName
}

// PaymentInstrument is a share of the order's payment.
type PaymentInstrument struct {
	ID, PaymentMethodID string
	Amount              decimal.Decimal
	// TransactionID is the payment provider's id of the payment.
	TransactionID string
	Card          PaymentCard
	// GiftCertificate is the masked code of the gift certificate that pays; empty for every other method.
	GiftCertificate string
	// GiftCertificateID is its id, where it is one that commerce has issued; no document shows it.
	GiftCertificateID string
	// Authorization is what the payment provider said when it was asked for the amount.
	Authorization Authorization
	Custom        Attributes
}

// Authorization is a payment provider's word about an amount. Without a code nobody has asked.
type Authorization struct {
	Given         bool
	Code, Message string
}

// PaymentCard is what commerce keeps of a card; there is none when the type is empty.
type PaymentCard struct {
	CardType, Holder, MaskedNumber, LastDigits, Token string
	ExpirationMonth, ExpirationYear                   int
}

func (o Order) clone() Order {
	o.Custom = o.Custom.clone()
	o.Shipments = slices.Clone(o.Shipments)
	for i := range o.Shipments {
		o.Shipments[i].Custom = o.Shipments[i].Custom.clone()
	}
	o.ProductItems = slices.Clone(o.ProductItems)
	for i := range o.ProductItems {
		o.ProductItems[i].PriceAdjustments = slices.Clone(o.ProductItems[i].PriceAdjustments)
		o.ProductItems[i].Custom = o.ProductItems[i].Custom.clone()
	}
	o.ShippingItems = slices.Clone(o.ShippingItems)
	for i := range o.ShippingItems {
		o.ShippingItems[i].PriceAdjustments = slices.Clone(o.ShippingItems[i].PriceAdjustments)
		o.ShippingItems[i].Custom = o.ShippingItems[i].Custom.clone()
	}
	o.PriceAdjustments, o.Coupons = slices.Clone(o.PriceAdjustments), slices.Clone(o.Coupons)
	o.GiftCertificateItems, o.Notes = slices.Clone(o.GiftCertificateItems), slices.Clone(o.Notes)
	o.PaymentInstruments = slices.Clone(o.PaymentInstruments)
	for i := range o.PaymentInstruments {
		o.PaymentInstruments[i].Custom = o.PaymentInstruments[i].Custom.clone()
	}
	return o
}

// fingerprinted returns the order with the fingerprint of what it now holds, 64 hex digits.
func (o Order) fingerprinted() (Order, error) {
	o.ResourceState = ""
	text, err := store.Encode(o)
	if err != nil {
		return Order{}, fmt.Errorf("resource state of order %s: %w", o.OrderNo, err)
	}
	sum := sha256.Sum256([]byte(text))
	o.ResourceState = hex.EncodeToString(sum[:])
	return o, nil
}

// OrderUnknown is the refusal of an order that does not exist or is not the caller's; the two are not told apart.
func OrderUnknown(orderNo string) *Error {
	return &Error{
		Code: OrderNotFound, Rule: "b2c.order.own", Message: fmt.Sprintf("No order with order number '%s' could be found.", orderNo),
		Arguments: map[string]string{"orderNo": orderNo},
	}
}

// Reader says whose orders may be seen: those of one customer, or, when CustomerID is empty, all of the site; and of all
// sites when SiteID is empty.
type Reader struct {
	SiteID, CustomerID string
	// Agent says that somebody of the shop reads for the customer: then baskets that agents work on are seen too.
	Agent bool
}

func (r Reader) sees(o *Order) bool {
	return (r.SiteID == "" || o.SiteID == r.SiteID) && (r.CustomerID == "" || o.CustomerID == r.CustomerID)
}

// Order returns the order of that number. The error has the code [OrderNotFound].
func (b *B2C) Order(tx *sandbox.Tx, r Reader, orderNo string) (Order, error) {
	o, ok := b.orders.Get(tx.Tx, orderNo)
	if !ok || !r.sees(&o) {
		return Order{}, OrderUnknown(orderNo)
	}
	return o, nil
}

// OrderFilter selects orders of a customer's history.
type OrderFilter struct {
	// Statuses may be empty: all.
	Statuses []Status
	// From and Until bound the creation date, both included; zero means no bound.
	From, Until time.Time
}

func (f OrderFilter) fits(o *Order) bool {
	return (len(f.Statuses) == 0 || slices.Contains(f.Statuses, o.Status)) &&
		(f.From.IsZero() || !o.CreationDate.Before(f.From)) &&
		(f.Until.IsZero() || !o.CreationDate.After(f.Until))
}

// CustomerOrders returns a customer's orders on the reader's site, newest first. They are the stored ones: nobody may alter
// them. The error has the code [CustomerNotFound].
func (b *B2C) CustomerOrders(tx *sandbox.Tx, r Reader, customerID string, f OrderFilter) ([]*Order, error) {
	if r.CustomerID != "" && r.CustomerID != customerID {
		return nil, CustomerUnknown(customerID)
	}
	if _, err := b.Customer(tx, customerID); err != nil {
		return nil, err
	}
	var found []*Order
	for _, o := range b.orders.PeekList(tx.Tx, "customer", customerID) {
		if r.sees(o) && f.fits(o) {
			found = append(found, o)
		}
	}
	slices.SortStableFunc(found, func(x, y *Order) int { return y.CreationDate.Compare(x.CreationDate) })
	return found, nil
}
