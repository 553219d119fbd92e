package som

import (
	"time"

	"github.com/shopspring/decimal"
)

// LifeCycle is the OrderLifeCycleType of an order summary, fixed at its creation.
type LifeCycle string

// Order Management keeps the quantities and money of managed order summaries only.
const (
	Managed   LifeCycle = "MANAGED"
	Unmanaged LifeCycle = "UNMANAGED"
)

// GroupType is the Type of an adjustment group: Header for order-level adjustments, SplitLine for others.
type GroupType string

// The vendor's adjustment group types.
const (
	GroupHeader    GroupType = "Header"
	GroupSplitLine GroupType = "SplitLine"
)

// Address is a postal address.
type Address struct {
	Street, City, State, PostalCode, Country string
	// StateCode and CountryCode are ISO codes, CountryCode of two letters.
	StateCode, CountryCode string
}

// into writes the address into the fields with that prefix.
func (a Address) into(v values, prefix string) {
	v[prefix+"Street"], v[prefix+"City"], v[prefix+"State"] = a.Street, a.City, a.State
	v[prefix+"PostalCode"], v[prefix+"Country"] = a.PostalCode, a.Country
	v[prefix+"StateCode"], v[prefix+"CountryCode"] = a.StateCode, a.CountryCode
}

// NewOrder is an order as a commerce system hands it over.
type NewOrder struct {
	// OrderNumber is the number the shopper knows; it becomes OrderSummary.OrderNumber and Order.OrderReferenceNumber.
	OrderNumber string
	AccountID   string
	// Currency is an ISO 4217 code; empty means EUR.
	Currency string
	// TaxLocale is Net or Gross; empty means Gross when no item has tax lines, else Net.
	TaxLocale string
	// OrderedAt is when the shopper ordered; the zero time means now.
	OrderedAt time.Time
	// Status is the first OrderSummary.Status; empty means the picklist's default.
	Status string
	// LifeCycle is empty for managed.
	LifeCycle LifeCycle
	// ExternalReference is the realmId_instanceId@siteId@orderNo of the commerce system, unique when given.
	ExternalReference string
	SalesChannelID    string
	BillingAddress    Address
	BillingEmail      string
	BillingPhone      string
	AdjustmentGroups  []NewAdjustmentGroup
	DeliveryGroups    []NewDeliveryGroup
	Payments          []NewPayment
	// User is the id of the user who imports; empty means the integration user.
	User string
}

// NewAdjustmentGroup names a promotion; items refer to it by name.
type NewAdjustmentGroup struct {
	Name, Description string
	Type              GroupType
}

// NewDeliveryGroup is what goes to one recipient by one delivery method.
type NewDeliveryGroup struct {
	DeliveryMethodID   string
	Name, Email, Phone string
	DeliverTo          Address
	// DesiredAt is when the shopper wants it; the zero time is none.
	DesiredAt time.Time
	Items     []NewItem
}

// NewItem is a line of an order: a product, a delivery charge or a fee.
type NewItem struct {
	ProductID string
	// Type is empty for a product.
	Type ItemType
	// Quantity is zero for one.
	Quantity  decimal.Decimal
	UnitPrice decimal.Decimal
	// GrossUnitPrice is zero for the unit price plus the taxes' share.
	GrossUnitPrice decimal.Decimal
	Taxes          []NewTax
	Adjustments    []NewAdjustment
	// Key names the item for others of the order; Main is the key of the one that this one belongs to, such as the bundle of
	// a part or the product that a bonus is given for. Both may be empty.
	Key, Main string
}

// NewTax is one tax on a line or on an adjustment.
type NewTax struct {
	Name string
	// Rate is in percent.
	Rate   decimal.Decimal
	Amount decimal.Decimal
}

// NewAdjustment is a discount (negative) or surcharge on a line.
type NewAdjustment struct {
	Name string
	// Group is the name of an adjustment group of the order; empty for none.
	Group  string
	Amount decimal.Decimal
	Taxes  []NewTax
}

// NewPayment is one payment method of an order with what was authorised and captured on it.
type NewPayment struct {
	// Method is what people read ("Visa - 1111"), Type the kind of method ("Credit Card").
	Method, Type string
	// GatewayRefNumber is the payment id at the payment provider.
	GatewayRefNumber string
	// Authorized is zero for a sale without authorisation.
	Authorized decimal.Decimal
	Captured   decimal.Decimal
	// GatewayID is the PaymentGateway through which Salesforce itself moves the money later; empty means that others do,
	// and that Salesforce only keeps the record (ProcessingMode External).
	GatewayID string
}

func (i NewItem) quantity() decimal.Decimal {
	if i.Quantity.IsZero() {
		return decimal.NewFromInt(1)
	}
	return i.Quantity
}

func (i NewItem) kind() ItemType {
	if i.Type == "" {
		return TypeProduct
	}
	return i.Type
}

// grossUnitPrice is the unit price with its share of the line's taxes, rounded to the currency.
func (i NewItem) grossUnitPrice(digits int32) decimal.Decimal {
	if !i.GrossUnitPrice.IsZero() {
		return i.GrossUnitPrice
	}
	return i.UnitPrice.Add(taxOf(i.Taxes).DivRound(i.quantity(), digits))
}

func (o NewOrder) currency() string {
	if o.Currency == "" {
		return "EUR"
	}
	return o.Currency
}

func (o NewOrder) taxLocale() string {
	if o.TaxLocale != "" {
		return o.TaxLocale
	}
	for _, g := range o.DeliveryGroups {
		for _, i := range g.Items {
			if len(i.Taxes) > 0 {
				return "Net"
			}
		}
	}
	return "Gross"
}

// isHeader tells whether the adjustment group of that name spreads over the whole order.
func (o NewOrder) isHeader(group string) bool {
	for _, g := range o.AdjustmentGroups {
		if g.Name == group {
			return g.Type == GroupHeader
		}
	}
	return false
}

// line is the price of the item without adjustments and tax.
func (i NewItem) line(digits int32) decimal.Decimal {
	return i.UnitPrice.Mul(i.quantity()).Round(digits)
}

// amounts is what an item of the order is worth.
func (o NewOrder) amounts(i NewItem) amounts {
	a := amounts{Line: i.line(currencyDigits(o.currency())), LineTax: taxOf(i.Taxes)}
	for _, n := range i.Adjustments {
		if o.isHeader(n.Group) {
			a.Dist, a.DistTax = a.Dist.Add(n.Amount), a.DistTax.Add(taxOf(n.Taxes))
		} else {
			a.Adjustment, a.AdjustmentTax = a.Adjustment.Add(n.Amount), a.AdjustmentTax.Add(taxOf(n.Taxes))
		}
	}
	return a
}

func taxOf(taxes []NewTax) decimal.Decimal {
	total := decimal.Zero
	for _, t := range taxes {
		total = total.Add(t.Amount)
	}
	return total
}

// totals adds up some of the order's delivery groups.
func (o NewOrder) totals(groups ...NewDeliveryGroup) totals {
	var t totals
	for _, g := range groups {
		for _, i := range g.Items {
			t.add(i.kind(), o.amounts(i))
		}
	}
	return t
}

// adjusted is what an adjustment group takes off the order, and the tax on it.
func (o NewOrder) adjusted(group string) (amount, tax decimal.Decimal) {
	for _, g := range o.DeliveryGroups {
		for _, i := range g.Items {
			for _, n := range i.Adjustments {
				if n.Group == group {
					amount, tax = amount.Add(n.Amount), tax.Add(taxOf(n.Taxes))
				}
			}
		}
	}
	return amount, tax
}
