package b2c

import (
	"errors"
	"fmt"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/b2c/price"
	"github.com/somsim/somsim/simulator/sandbox"
)

// The refusals of orders that another system has made.
const (
	// InvalidOrderTotal: the parts of the order do not come to its total.
	InvalidOrderTotal Code = "InvalidOrderTotal"
	// InvalidTaxTotal: the taxes of the parts do not come to the order's.
	InvalidTaxTotal Code = "InvalidTaxTotal"
	// BadImport: an amount or the id of a shipment is one that an imported order may not have.
	BadImport Code = "BadRequest"
)

// Worth is an amount with and without its tax, as another system has worked it out.
type Worth struct{ Gross, Net, Tax decimal.Decimal }

func (w Worth) in(t Taxation) decimal.Decimal {
	if t == Net {
		return w.Net
	}
	return w.Gross
}

func (w Worth) plus(o Worth) Worth {
	return Worth{w.Gross.Add(o.Gross), w.Net.Add(o.Net), w.Tax.Add(o.Tax)}
}

// ImportedOrder is an order that another system has priced, taken the stock for and had paid. Nothing of it is worked out
// again; its sums have to be right.
type ImportedOrder struct {
	// OrderNo is made up when empty.
	OrderNo, SiteID, CustomerID   string
	ChannelType, Currency, Locale string
	BillingAddress                OrderAddress
	Payment                       PaymentStatus
	Items                         []ImportedItem
	Shipments                     []ImportedShipment
	Payments                      []PaymentInstrument
	Adjustments                   []ImportedAdjustment
	OrderTotal, TaxTotal          decimal.Decimal
	Custom                        Attributes
}

// ImportedItem is a line; BasePrice is for one unit, Worth for all of them before adjustments.
type ImportedItem struct {
	Worth
	ProductID, ProductName, ShipmentID string
	Quantity, BasePrice, TaxRate       decimal.Decimal
	Adjustments                        []ImportedAdjustment
	Custom                             Attributes
}

// ImportedShipment is a delivery. Price holds the tax on a gross site.
type ImportedShipment struct {
	ShipmentID, Method string
	Address            OrderAddress
	Price, Tax         decimal.Decimal
	Custom             Attributes
}

// ImportedAdjustment is a discount; its amounts are negative.
type ImportedAdjustment struct {
	Worth
	Text, ReasonCode string
}

// ImportOrder stores an order of another system and places it. Its first shipment becomes "me". Errors have the codes
// [UnknownSite], [UnsupportedCurrency], [OrderAlreadyExists], [BadImport], [ShipmentNotFound], [InvalidOrderTotal]
// and [InvalidTaxTotal].
func (b *B2C) ImportOrder(tx *sandbox.Tx, n ImportedOrder) (Order, error) {
	site, err := b.Site(tx, n.SiteID)
	if err != nil {
		return Order{}, err
	}
	customer, err := b.Customer(tx, n.CustomerID)
	if err != nil {
		return Order{}, err
	}
	if err := errors.Join(site.takes(n.Currency), b.numberFree(tx, n.OrderNo)); err != nil {
		return Order{}, err
	}
	o := b.head(tx, NewOrder{
		OrderNo: n.OrderNo, ChannelType: n.ChannelType, BillingAddress: n.BillingAddress, CustomerName: n.BillingAddress.FullName(), Custom: n.Custom,
		Status: Created,
	}, site, customer)
	o.Currency, o.CreatedBy = n.Currency, "System"
	setIf(&o.PaymentStatus, n.Payment)
	if err := o.imported(tx, n); err != nil {
		return Order{}, err
	}
	if err := o.checkImported(n); err != nil {
		return Order{}, err
	}
	b.placed(tx, &o)
	return b.put(tx, o)
}

// numberFree refuses the number of an order that is there. The error has the code [OrderAlreadyExists].
func (b *B2C) numberFree(tx *sandbox.Tx, orderNo string) error {
	if _, taken := b.orders.Peek(tx.Tx, orderNo); !taken {
		return nil
	}
	return &Error{
		Code: OrderAlreadyExists, Rule: "b2c.submit.number-free", Message: fmt.Sprintf("There is an order with the number '%s'.", orderNo),
		Arguments: map[string]string{"orderNo": orderNo},
	}
}

// imported gives the order its parts.
func (o *Order) imported(tx *sandbox.Tx, n ImportedOrder) error {
	names := map[string]string{}
	for i, s := range n.Shipments {
		if names[s.ShipmentID] != "" || s.ShipmentID == "me" {
			return badImport("A shipment cannot have the ID '%s'.", s.ShipmentID)
		}
		names[s.ShipmentID] = s.ShipmentID
		if i == 0 {
			names[s.ShipmentID] = "me"
		}
		o.Shipments = append(o.Shipments, Shipment{
			ShipmentID: names[s.ShipmentID], Method: ShippingMethod{ID: s.Method, Name: s.Method}, Address: s.Address, ShippingStatus: NotShipped, Custom: s.Custom,
		})
		o.ShippingItems = append(o.ShippingItems, ShippingItem{
			ItemID: tx.UUID("b2c.Item"), ShipmentID: names[s.ShipmentID], ItemText: "Shipping", Price: s.Price, PriceAfterItemDiscount: s.Price,
			Tax: s.Tax, AdjustedTax: s.Tax,
		})
	}
	for _, i := range n.Items {
		if names[i.ShipmentID] == "" {
			return &Error{
				Code: ShipmentNotFound, Rule: "b2c.order.shipment-known", Message: fmt.Sprintf("No shipment with ID '%s' could be found.", i.ShipmentID),
				Arguments: map[string]string{"shipmentId": i.ShipmentID},
			}
		}
		i.ShipmentID = names[i.ShipmentID]
		o.ProductItems = append(o.ProductItems, i.item(tx, o.Taxation))
	}
	for i := range n.Payments {
		n.Payments[i].ID = tx.UUID("b2c.PaymentInstrument")
	}
	o.PaymentInstruments = n.Payments
	o.bear(tx, n.Adjustments)
	o.addUp()
	return nil
}

func (i ImportedItem) item(tx *sandbox.Tx, t Taxation) ProductItem {
	adjustments, off := adjusted(tx, i.Adjustments, t)
	price := i.Worth.in(t)
	if !i.BasePrice.Mul(i.Quantity).Equal(price) && i.Quantity.IsPositive() { // order management multiplies
		i.BasePrice = price.DivRound(i.Quantity, 6)
	}
	left := price.Add(off.in(t))
	return ProductItem{
		ItemID: tx.UUID("b2c.Item"), ProductID: i.ProductID, ProductName: i.ProductName, ShipmentID: i.ShipmentID, Quantity: i.Quantity,
		BasePrice: i.BasePrice, Price: price, PriceAdjustments: adjustments, PriceAfterItemDiscount: left, PriceAfterOrderDiscount: left,
		TaxRate: i.TaxRate, TaxClassID: "standard", Tax: i.Tax, AdjustedTax: i.Tax.Add(off.Tax), Custom: i.Custom,
	}
}

// adjusted are discounts as orders keep them, and what they come to.
func adjusted(tx *sandbox.Tx, given []ImportedAdjustment, t Taxation) (out []PriceAdjustment, off Worth) {
	for _, a := range given {
		off = off.plus(a.Worth)
		out = append(out, PriceAdjustment{
			ID: tx.UUID("b2c.PriceAdjustment"), PromotionID: "AD_HOC_PRICE_ADJUSTMENT", ItemText: a.Text, Amount: a.Worth.in(t), Manual: true,
			Applied: AppliedDiscount{Type: "amount", Value: a.Worth.in(t).Neg()}, ReasonCode: a.ReasonCode, CreatedBy: "System", CreatedAt: tx.Now(),
		})
	}
	return out, off
}

// bear has the lines bear the discounts on the order, and their tax, by what they cost.
func (o *Order) bear(tx *sandbox.Tx, given []ImportedAdjustment) {
	adjustments, off := adjusted(tx, given, o.Taxation)
	o.PriceAdjustments = adjustments
	weights := make([]decimal.Decimal, len(o.ProductItems))
	for i := range o.ProductItems {
		weights[i] = o.ProductItems[i].PriceAfterItemDiscount
	}
	digits := price.Digits(o.Currency)
	taxes := price.Apportion(off.Tax, weights, digits)
	for i, share := range price.Apportion(off.in(o.Taxation), weights, digits) {
		o.ProductItems[i].PriceAfterOrderDiscount = o.ProductItems[i].PriceAfterItemDiscount.Add(share)
		o.ProductItems[i].AdjustedTax = o.ProductItems[i].AdjustedTax.Add(taxes[i])
	}
}

// addUp works the sums of the order and of its shipments out, from the prices and taxes of its parts.
func (o *Order) addUp() {
	o.Totals = Totals{}
	for i := range o.Shipments {
		s := &o.Shipments[i]
		s.Totals = Totals{}
		for _, item := range o.ProductItems {
			if item.ShipmentID == s.ShipmentID {
				s.Totals = s.Totals.plus(Totals{
					ProductSubTotal: item.PriceAfterItemDiscount, ProductTotal: item.PriceAfterOrderDiscount, PlainMerchandizeTax: item.Tax,
					MerchandizeTax: item.AdjustedTax, TaxTotal: item.AdjustedTax, OrderTotal: item.PriceAfterOrderDiscount,
				})
			}
		}
		for _, item := range o.ShippingItems {
			if item.ShipmentID == s.ShipmentID {
				s.Totals = s.Totals.plus(Totals{
					ShippingTotal: item.PriceAfterItemDiscount, PlainShippingTax: item.Tax, ShippingTax: item.AdjustedTax, TaxTotal: item.AdjustedTax,
					OrderTotal: item.PriceAfterItemDiscount,
				})
			}
		}
		if o.Taxation == Net {
			s.Totals.OrderTotal = s.Totals.OrderTotal.Add(s.Totals.TaxTotal)
		}
		o.Totals = o.Totals.plus(s.Totals)
	}
}

func (t Totals) plus(o Totals) Totals {
	return Totals{
		ProductSubTotal: t.ProductSubTotal.Add(o.ProductSubTotal), ProductTotal: t.ProductTotal.Add(o.ProductTotal),
		ShippingTotal: t.ShippingTotal.Add(o.ShippingTotal), ShippingTax: t.ShippingTax.Add(o.ShippingTax),
		MerchandizeTax: t.MerchandizeTax.Add(o.MerchandizeTax), TaxTotal: t.TaxTotal.Add(o.TaxTotal),
		PlainShippingTax: t.PlainShippingTax.Add(o.PlainShippingTax), PlainMerchandizeTax: t.PlainMerchandizeTax.Add(o.PlainMerchandizeTax),
		GiftCertificates: t.GiftCertificates.Add(o.GiftCertificates), OrderTotal: t.OrderTotal.Add(o.OrderTotal),
	}
}

func badImport(format string, args ...any) error {
	return &Error{Code: BadImport, Rule: "b2c.import.order", Message: fmt.Sprintf(format, args...)}
}

// checkImported refuses amounts that the currency does not have, prices below nothing, and sums that are not those of the
// parts.
func (o *Order) checkImported(n ImportedOrder) error {
	digits := price.Digits(o.Currency)
	var amounts []decimal.Decimal
	for _, item := range o.ProductItems {
		amounts = append(amounts, item.Price, item.Tax, item.PriceAfterItemDiscount, item.PriceAfterOrderDiscount, item.AdjustedTax)
	}
	for _, item := range o.ShippingItems {
		amounts = append(amounts, item.Price, item.Tax)
	}
	for _, amount := range amounts {
		if amount.IsNegative() || !amount.Equal(amount.Round(digits)) {
			return badImport("%s is no amount of %s that something costs.", amount, o.Currency)
		}
	}
	wrong := func(code Code, what string, passed, calculated decimal.Decimal) error {
		return &Error{
			Code: code, Rule: "b2c.import.totals", Message: fmt.Sprintf("The passed %s '%s' does not match the calculated %s '%s'.", what, passed, what, calculated),
		}
	}
	if !n.OrderTotal.Equal(o.Totals.OrderTotal) {
		return wrong(InvalidOrderTotal, "order total", n.OrderTotal, o.Totals.OrderTotal)
	}
	if !n.TaxTotal.Equal(o.Totals.TaxTotal) {
		return wrong(InvalidTaxTotal, "tax total", n.TaxTotal, o.Totals.TaxTotal)
	}
	return nil
}
