package preset

import (
	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/b2c"
	"github.com/somsim/somsim/simulator/slots"
	"github.com/somsim/somsim/simulator/som"
	"github.com/somsim/somsim/simulator/som/sobject"
	"github.com/somsim/somsim/simulator/worldline"
)

type row = sobject.Record

// placed is an order with its ids in the systems around commerce.
type placed struct {
	story
	order     b2c.Order
	summaryID string
	paymentID string
}

// place lets a shopper order and then brings the order to its present, in every system.
func (s *shop) place(st story) error {
	p := placed{story: st}
	for _, step := range []func(*placed) error{s.order, s.pay, s.reserveWindow, s.export, s.allocate, s.ship, s.cancel} {
		if err := step(&p); err != nil {
			return err
		}
	}
	return nil
}

func (s *shop) order(p *placed) (err error) {
	who := shoppers()[p.shopper-1]
	home := b2c.OrderAddress{
		FirstName: who.first, LastName: who.last, Address1: "12 Elm Street", City: "Boston", StateCode: "MA", PostalCode: "02110", CountryCode: "US",
	}
	shipment := b2c.NewShipment{
		ShipmentID: "me", Address: home, TaxRate: dec(taxRate), Price: dec("5.99"),
		Method: b2c.ShippingMethod{ID: "delivery", Name: "Home delivery"},
	}
	if p.slot == slots.Pickup {
		shipment.Method, shipment.Price = b2c.ShippingMethod{ID: "pickup", Name: "Store pickup"}, decimal.Zero
	}
	p.order, err = s.B2C.PlaceOrder(s.tx, b2c.NewOrder{
		OrderNo: p.number, SiteID: siteID, CustomerID: customerID(p.shopper), Status: b2c.New, BillingAddress: home,
		Items: p.items(), Shipments: []b2c.NewShipment{shipment},
		Payments: []b2c.NewPaymentInstrument{{
			PaymentMethodID: "CREDIT_CARD",
			Card: b2c.PaymentCard{
				CardType: "Visa", Holder: who.first + " " + who.last, MaskedNumber: "************1111", LastDigits: "1111",
				ExpirationMonth: 12, ExpirationYear: s.tx.Now().Year() + 3,
			},
		}},
	})
	return err
}

func (p *placed) items() []b2c.NewItem {
	items := make([]b2c.NewItem, 0, len(p.lines))
	for i, l := range p.lines {
		item := b2c.NewItem{ProductID: l.sku, Quantity: decimal.NewFromInt(l.quantity), TaxRate: dec(taxRate)}
		for _, product := range catalogue() {
			if product.sku == l.sku {
				item.ProductName, item.BasePrice = product.name, dec(product.price)
			}
		}
		if i == 0 && p.discount != "" {
			item.Adjustments = []b2c.PriceAdjustment{{ID: "adj-" + p.number, PromotionID: "ten-off", ItemText: "Ten off", Amount: dec(p.discount).Neg()}}
		}
		items = append(items, item)
	}
	return items
}

func (s *shop) pay(p *placed) error {
	total := minor(p.order.Totals.OrderTotal)
	payment, err := s.Worldline.Authorize(s.tx, worldline.NewPayment{
		MerchantReference: p.number, Amount: total, Currency: currency,
		Card: worldline.Card{ProductID: 1, Number: "************1111", Expiry: "1229"},
	})
	if err != nil {
		return err
	}
	p.paymentID = payment.ID
	if captured := p.capturedAmount(); captured.IsPositive() {
		_, err = s.Worldline.Capture(s.tx, payment.ID, minor(captured), captured.Equal(p.order.Totals.OrderTotal))
	}
	return err
}

func (p *placed) capturedAmount() decimal.Decimal {
	switch p.captured {
	case "":
		return decimal.Zero
	case "all":
		return p.order.Totals.OrderTotal
	default:
		return dec(p.captured)
	}
}

func (s *shop) reserveWindow(p *placed) error {
	if p.slot == "" {
		return nil
	}
	_, err := s.Slots.Book(s.tx, slotID(p.slot, 2, 13), p.number)
	return err
}

// export hands the order over to order management with the sums that commerce made.
func (s *shop) export(p *placed) (err error) {
	total := p.order.Totals.OrderTotal
	payment := som.NewPayment{
		Method: "Visa - 1111", Type: "Credit Card", GatewayRefNumber: p.paymentID, Authorized: total, Captured: p.capturedAmount(),
	}
	group := som.NewDeliveryGroup{
		DeliveryMethodID: s.delivery, Name: p.order.CustomerName, Email: p.order.Email,
		DeliverTo: som.Address{Street: "12 Elm Street", City: "Boston", State: "Massachusetts", StateCode: "MA", PostalCode: "02110", Country: "United States", CountryCode: "US"},
		Items:     s.exported(p),
	}
	if p.slot == slots.Pickup {
		group.DeliveryMethodID = s.pickup
	}
	n := som.NewOrder{
		OrderNumber: p.number, AccountID: s.accounts[p.order.CustomerNo], Currency: currency, TaxLocale: "Net", Status: "Created",
		OrderedAt: p.order.CreationDate, ExternalReference: "zzte_053@" + siteID + "@" + p.number, SalesChannelID: som.SalesChannelID(),
		BillingEmail: p.order.Email, BillingAddress: group.DeliverTo, DeliveryGroups: []som.NewDeliveryGroup{group}, Payments: []som.NewPayment{payment},
	}
	if p.discount != "" {
		n.AdjustmentGroups = []som.NewAdjustmentGroup{{Name: "ten-off", Type: som.GroupHeader}}
	}
	if p.summaryID, err = s.SOM.ImportOrder(s.tx, n); err != nil {
		return err
	}
	return s.B2C.MarkExported(s.tx, p.number, p.summaryID)
}

func (s *shop) exported(p *placed) []som.NewItem {
	var items []som.NewItem
	for _, i := range p.order.ProductItems {
		item := som.NewItem{ProductID: s.products[i.ProductID], Quantity: i.Quantity, UnitPrice: i.BasePrice, Taxes: tax(i.Tax)}
		for _, a := range i.PriceAdjustments {
			item.Adjustments = append(item.Adjustments, som.NewAdjustment{Name: a.ItemText, Group: a.PromotionID, Amount: a.Amount, Taxes: tax(i.AdjustedTax.Sub(i.Tax))})
		}
		items = append(items, item)
	}
	for _, i := range p.order.ShippingItems {
		items = append(items, som.NewItem{ProductID: s.products[shippingSKU], Type: som.TypeDelivery, UnitPrice: i.Price, Taxes: tax(i.Tax)})
	}
	return items
}

func tax(amount decimal.Decimal) []som.NewTax {
	return []som.NewTax{{Name: "Sales tax", Rate: dec(taxRate).Shift(2), Amount: amount}}
}

// minor returns an amount in minor units, cents here.
func minor(amount decimal.Decimal) int64 { return amount.Shift(2).IntPart() }

// dec reads a number out of this package's own tables.
func dec(text string) decimal.Decimal { return decimal.RequireFromString(text) }
