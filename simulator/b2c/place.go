package b2c

import (
	"fmt"
	"slices"
	"time"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/sandbox"
)

// NewOrder is what an order is made of. Prices are per unit and, with gross taxation, include tax.
type NewOrder struct {
	// OrderNo is made up when empty.
	OrderNo, SiteID, CustomerID string
	// CreatedAt is the sandbox's present when zero.
	CreatedAt time.Time
	// Status is New when empty; an order that was just submitted and not placed yet is Created.
	Status Status
	// ChannelType is storefront when empty.
	ChannelType    string
	BillingAddress OrderAddress
	// Email and CustomerName are the customer's when empty; a guest has none of their own.
	Email, CustomerName string
	Items               []NewItem
	Shipments           []NewShipment
	Payments            []NewPaymentInstrument
	// Adjustments are discounts on the order as a whole; they are spread over its products. Coupons are the codes that
	// brought them about.
	Adjustments []PriceAdjustment
	Coupons     []string
	Notes       []Note
	Custom      Attributes
}

// NewItem is a line to order.
type NewItem struct {
	ProductID, ProductName string
	Quantity               decimal.Decimal
	BasePrice, TaxRate     decimal.Decimal
	// ShipmentID names one of the order's shipments; empty means its first.
	ShipmentID  string
	Adjustments []PriceAdjustment
	Custom      Attributes
	// Of is the position, from 1, of an earlier item that this one belongs to: its option with OptionID and OptionValueID,
	// what is given for it with the promotion Bonus, and a part of it otherwise. Zero is for what is sold by itself.
	Of                      int
	OptionID, OptionValueID string
	Bonus                   string
}

// NewShipment is a delivery to make. ShipmentID is "me" when empty.
type NewShipment struct {
	ShipmentID     string
	Method         ShippingMethod
	Address        OrderAddress
	Price, TaxRate decimal.Decimal
	Adjustments    []PriceAdjustment
	Custom         Attributes
}

// NewPaymentInstrument is a payment. A zero amount stands for what the others leave open.
type NewPaymentInstrument struct {
	PaymentMethodID, TransactionID string
	Amount                         decimal.Decimal
	Card                           PaymentCard
	// GiftCertificate is a masked code.
	GiftCertificate string
	Custom          Attributes
}

// PlaceOrder stores a new order with all its sums. Errors name what makes the order impossible.
func (b *B2C) PlaceOrder(tx *sandbox.Tx, n NewOrder) (Order, error) {
	site, err := b.Site(tx, n.SiteID)
	if err != nil {
		return Order{}, err
	}
	customer, err := b.Customer(tx, n.CustomerID)
	if err != nil {
		return Order{}, err
	}
	o := b.head(tx, n, site, customer)
	if _, taken := b.orders.Peek(tx.Tx, o.OrderNo); taken {
		return Order{}, invalidOrder("order number %s is taken", o.OrderNo)
	}
	if err := o.addShipments(tx, n.Shipments); err != nil {
		return Order{}, err
	}
	if err := o.addItems(tx, n.Items); err != nil {
		return Order{}, err
	}
	o.discount(tx, n)
	if err := o.calculate(site); err != nil {
		return Order{}, err
	}
	if err := o.addPayments(tx, n.Payments); err != nil {
		return Order{}, err
	}
	return b.put(tx, o)
}

func (b *B2C) head(tx *sandbox.Tx, n NewOrder, site Site, c Customer) Order {
	o := Order{
		OrderNo: n.OrderNo, OrderToken: tx.Token("b2c.OrderToken"), SiteID: site.ID, Revision: 1, Status: n.Status,
		ShippingStatus: NotShipped, PaymentStatus: NotPaid, ExportStatus: NotExported, ConfirmationStatus: Confirmed,
		ChannelType: n.ChannelType, CreationDate: n.CreatedAt, Currency: site.Currency, Taxation: site.Taxation,
		CustomerID: c.CustomerID, CustomerNo: c.CustomerNo, CustomerName: n.CustomerName, Email: n.Email, Guest: c.Guest,
		CreatedBy: "Customer", BillingAddress: n.BillingAddress, Notes: n.Notes, Custom: n.Custom.clone(),
	}
	if o.OrderNo == "" {
		o.OrderNo = fmt.Sprintf("%08d", tx.Next("b2c.OrderNo"))
	}
	if o.Status == "" {
		o.Status = New
	}
	if o.Status == Created {
		o.ConfirmationStatus = NotConfirmed
	}
	if o.ChannelType == "" {
		o.ChannelType = "storefront"
	}
	if o.CreationDate.IsZero() {
		o.CreationDate = tx.Now()
	}
	o.CreationDate = o.CreationDate.UTC()
	o.LastModified = o.CreationDate
	if o.Email == "" {
		o.Email = c.Email
	}
	if o.CustomerName == "" {
		o.CustomerName = c.Name()
	}
	return o
}

func (o *Order) addShipments(tx *sandbox.Tx, shipments []NewShipment) error {
	if len(shipments) == 0 {
		return invalidOrder("order %s has no shipment", o.OrderNo)
	}
	for _, n := range shipments {
		if n.ShipmentID == "" {
			n.ShipmentID = "me"
		}
		if o.shipment(n.ShipmentID) != nil {
			return invalidOrder("order %s has two shipments %s", o.OrderNo, n.ShipmentID)
		}
		o.Shipments = append(o.Shipments, Shipment{
			ShipmentID: n.ShipmentID, ShipmentNo: fmt.Sprintf("%08d", tx.Next("b2c.ShipmentNo")),
			Method: n.Method, Address: n.Address, ShippingStatus: NotShipped, Custom: n.Custom.clone(),
		})
		o.ShippingItems = append(o.ShippingItems, ShippingItem{
			ItemID: tx.UUID("b2c.Item"), ShipmentID: n.ShipmentID, ItemText: "Shipping",
			Price: n.Price, PriceAdjustments: identified(tx, n.Adjustments), TaxRate: n.TaxRate,
		})
	}
	return nil
}

func (o *Order) shipment(id string) *Shipment {
	i := slices.IndexFunc(o.Shipments, func(s Shipment) bool { return s.ShipmentID == id })
	if i < 0 {
		return nil
	}
	return &o.Shipments[i]
}

func (o *Order) addItems(tx *sandbox.Tx, items []NewItem) error {
	if len(items) == 0 {
		return invalidOrder("order %s has no product", o.OrderNo)
	}
	for _, n := range items {
		if n.ShipmentID == "" {
			n.ShipmentID = o.Shipments[0].ShipmentID
		}
		if n.ProductID == "" || !n.Quantity.IsPositive() || n.BasePrice.IsNegative() || o.shipment(n.ShipmentID) == nil {
			return invalidOrder("order %s: line of product %q, quantity %s, price %s, shipment %q",
				o.OrderNo, n.ProductID, n.Quantity, n.BasePrice, n.ShipmentID)
		}
		item := ProductItem{
			ItemID: tx.UUID("b2c.Item"), ProductID: n.ProductID, ProductName: n.ProductName, ShipmentID: n.ShipmentID,
			Quantity: n.Quantity, BasePrice: n.BasePrice, PriceAdjustments: identified(tx, n.Adjustments),
			TaxRate: n.TaxRate, TaxClassID: "standard", Custom: n.Custom.clone(),
		}
		if err := o.attach(&item, n); err != nil {
			return err
		}
		o.ProductItems = append(o.ProductItems, item)
	}
	return nil
}

// attach makes a line belong to an earlier one.
func (o *Order) attach(item *ProductItem, n NewItem) error {
	switch {
	case n.Of < 0 || n.Of > len(o.ProductItems):
		return invalidOrder("order %s: the line of product %q belongs to line %d", o.OrderNo, n.ProductID, n.Of)
	case n.Of == 0:
		return nil
	}
	main := o.ProductItems[n.Of-1]
	item.OptionID, item.OptionValueID = n.OptionID, n.OptionValueID
	switch {
	case n.Bonus != "":
		item.Bonus, item.QualifierItemID = n.Bonus, main.ItemID
	case n.OptionID == "":
		item.ParentItemID, item.Each = main.ItemID, n.Quantity.Div(main.Quantity)
	default:
		item.ParentItemID = main.ItemID
	}
	return nil
}

// addPayments pays the order in full: one instrument may leave its amount open, the sum has to be the order's total.
func (o *Order) addPayments(tx *sandbox.Tx, payments []NewPaymentInstrument) error {
	open := o.Totals.OrderTotal
	for _, n := range payments {
		open = open.Sub(n.Amount)
	}
	for _, n := range payments {
		if n.Amount.IsZero() {
			n.Amount, open = open, decimal.Zero
		}
		o.PaymentInstruments = append(o.PaymentInstruments, PaymentInstrument{
			ID: tx.UUID("b2c.PaymentInstrument"), PaymentMethodID: n.PaymentMethodID, Amount: n.Amount,
			TransactionID: n.TransactionID, Card: n.Card, GiftCertificate: n.GiftCertificate, Custom: n.Custom.clone(),
		})
	}
	if len(payments) > 0 && !open.IsZero() {
		return invalidOrder("the payments of order %s leave %s of its total %s open", o.OrderNo, open, o.Totals.OrderTotal)
	}
	return nil
}

func identified(tx *sandbox.Tx, adjustments []PriceAdjustment) []PriceAdjustment {
	out := slices.Clone(adjustments)
	for i := range out {
		if out[i].ID == "" {
			out[i].ID = tx.UUID("b2c.PriceAdjustment")
		}
	}
	return out
}
