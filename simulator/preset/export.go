package preset

import (
	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/som"
)

// export hands the order over to order management with the sums that commerce made.
func (s *shop) export(p *placed) (err error) {
	home := som.Address{
		Street: "12 Elm Street", City: "Boston", State: "Massachusetts", StateCode: "MA", PostalCode: "02110",
		Country: "United States", CountryCode: "US",
	}
	n := som.NewOrder{
		OrderNumber: p.number, AccountID: s.accounts[p.order.CustomerNo], Currency: currency, TaxLocale: "Net", Status: "Created",
		OrderedAt: p.order.CreationDate, ExternalReference: "zzte_053@" + p.shopSite() + "@" + p.number, SalesChannelID: som.SalesChannelID(),
		BillingEmail: p.order.Email, BillingAddress: home,
	}
	for _, id := range p.shipments() {
		group := som.NewDeliveryGroup{
			DeliveryMethodID: s.delivery, Name: p.order.CustomerName, Email: p.order.Email, DeliverTo: home, Items: s.exported(p, id),
		}
		if id == collected {
			group.DeliveryMethodID = s.pickup
		}
		n.DeliveryGroups = append(n.DeliveryGroups, group)
	}
	for i, payment := range p.payments {
		n.Payments = append(n.Payments, som.NewPayment{
			Method: "Visa - " + p.order.PaymentInstruments[i].Card.LastDigits, Type: "Credit Card", GatewayRefNumber: payment.id,
			Authorized: payment.authorized, Captured: payment.captured, GatewayID: som.PaymentGatewayID(),
		})
	}
	for _, instrument := range p.order.PaymentInstruments {
		if instrument.PaymentMethodID == giftMethod {
			n.Payments = append(n.Payments, som.NewPayment{
				Method: "Gift certificate - " + instrument.GiftCertificate, Type: "Gift Certificate", Captured: instrument.Amount,
			})
		}
	}
	if p.coupon != "" {
		n.AdjustmentGroups = []som.NewAdjustmentGroup{{Name: couponPromotion, Description: "Coupon " + p.coupon, Type: som.GroupHeader}}
	}
	if p.discount != "" {
		n.AdjustmentGroups = []som.NewAdjustmentGroup{{Name: "ten-off", Type: som.GroupHeader}}
	}
	for _, i := range p.order.ProductItems {
		if i.Bonus != "" {
			n.AdjustmentGroups = append(n.AdjustmentGroups, som.NewAdjustmentGroup{Name: i.Bonus, Description: "Bonus", Type: som.GroupSplitLine})
		}
	}
	if p.summaryID, err = s.SOM.ImportOrder(s.tx, n); err != nil {
		return err
	}
	return s.B2C.MarkExported(s.tx, p.number, p.summaryID)
}

// exported are the lines of one shipment, its delivery charge last.
func (s *shop) exported(p *placed, shipmentID string) []som.NewItem {
	var items []som.NewItem
	for _, i := range p.order.ProductItems {
		if i.ShipmentID != shipmentID {
			continue
		}
		item := som.NewItem{
			ProductID: s.products[soldAs(i)], Quantity: i.Quantity, UnitPrice: i.BasePrice, Taxes: tax(i.Tax),
			Key: i.ItemID, Main: i.ParentItemID + i.QualifierItemID,
		}
		for _, a := range i.PriceAdjustments {
			item.Adjustments = append(item.Adjustments, som.NewAdjustment{Name: a.ItemText, Group: a.PromotionID, Amount: a.Amount, Taxes: tax(i.AdjustedTax.Sub(i.Tax))})
		}
		if share := i.PriceAfterOrderDiscount.Sub(i.PriceAfterItemDiscount); !share.IsZero() {
			item.Adjustments = append(item.Adjustments, som.NewAdjustment{
				Name: "Coupon " + p.coupon, Group: couponPromotion, Amount: share, Taxes: tax(i.AdjustedTax.Sub(i.Tax)),
			})
		}
		items = append(items, item)
	}
	for _, i := range p.order.ShippingItems {
		if i.ShipmentID == shipmentID {
			items = append(items, som.NewItem{ProductID: s.products[shippingSKU], Type: som.TypeDelivery, UnitPrice: i.Price, Taxes: tax(i.Tax)})
		}
	}
	return items
}

func tax(amount decimal.Decimal) []som.NewTax {
	return []som.NewTax{{Name: "Sales tax", Rate: dec(taxRate).Shift(2), Amount: amount}}
}
