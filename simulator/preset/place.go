package preset

import (
	"slices"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/b2c"
	"github.com/somsim/somsim/simulator/loyalty"
	"github.com/somsim/somsim/simulator/slots"
	"github.com/somsim/somsim/simulator/som/sobject"
	"github.com/somsim/somsim/simulator/worldline"
)

type row = sobject.Record

// placed is an order with its ids in the systems around commerce.
type placed struct {
	story
	order     b2c.Order
	summaryID string
	// payments are the cards the order is paid with.
	payments []paid
	// reservationID is what inventory keeps the order's stock under.
	reservationID string
}

// paid is a payment at the platform. Amounts are in the order's currency.
type paid struct {
	id                   string
	authorized, captured decimal.Decimal
}

// place lets a shopper order and then brings the order to its present, in every system.
func (s *shop) place(st story) error {
	p := placed{story: st}
	steps := []func(*placed) error{
		s.order, s.pay, s.tellPurchase, s.movePoints, s.reserveStock, s.reserveWindow, s.export, s.cancelUnits, s.allocate, s.ship, s.arrive, s.cancel, s.takeBack,
	}
	switch {
	case st.unplaced != "":
		steps = []func(*placed) error{s.order, s.fail}
	case st.onItsWay:
		steps = []func(*placed) error{s.order, s.pay, s.tellPurchase, s.movePoints, s.reserveStock, s.reserveWindow}
	case st.replacedBy != "":
		steps = []func(*placed) error{s.order, s.pay, s.replace}
	}
	for _, step := range steps {
		if err := step(&p); err != nil {
			return err
		}
	}
	return nil
}

// shopSite is the site that the order was placed on.
func (p *placed) shopSite() string {
	if p.site == "" {
		return siteID
	}
	return p.site
}

// The shipments of an order: what is delivered, and what is collected in the store.
const delivered, collected = "me", "pickup"

// shipment returns the shipment that a line belongs to.
func (p *placed) shipment(line int) string {
	if p.slot == slots.Pickup || slices.Contains(p.collected, line) {
		return collected
	}
	return delivered
}

// shipments are those that have lines, the delivery first.
func (p *placed) shipments() []string {
	var ids []string
	for i := range p.lines {
		if id := p.shipment(i); !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return ids
}

func (s *shop) order(p *placed) (err error) {
	who := shoppers()[p.shopper-1]
	home := b2c.OrderAddress{
		FirstName: who.first, LastName: who.last, Address1: "12 Elm Street", City: "Boston", StateCode: "MA", PostalCode: "02110", CountryCode: "US",
	}
	n := b2c.NewOrder{
		OrderNo: p.number, SiteID: p.shopSite(), CustomerID: customerID(p.shopper), Status: b2c.New, BillingAddress: home,
		Items: p.items(), Payments: p.cards(who, s.tx.Now().Year()),
	}
	if p.unplaced != "" {
		n.Status = b2c.Created
	}
	if p.coupon != "" {
		n.Coupons = []string{p.coupon}
		n.Adjustments = []b2c.PriceAdjustment{{PromotionID: couponPromotion, ItemText: "Coupon " + p.coupon, CouponCode: p.coupon, Amount: dec(p.couponOff).Neg()}}
	}
	for _, id := range p.shipments() {
		shipment := b2c.NewShipment{
			ShipmentID: id, Address: home, TaxRate: dec(taxRate), Price: dec("5.99"),
			Method: b2c.ShippingMethod{ID: "delivery", Name: "Home delivery"},
		}
		if id == collected {
			shipment.Method, shipment.Price = b2c.ShippingMethod{ID: "pickup", Name: "Store pickup"}, decimal.Zero
		}
		n.Shipments = append(n.Shipments, shipment)
	}
	p.order, err = s.B2C.PlaceOrder(s.tx, n)
	return err
}

func (p *placed) items() []b2c.NewItem {
	items := make([]b2c.NewItem, 0, len(p.lines))
	for i, l := range p.lines {
		item := b2c.NewItem{ProductID: l.sku, Quantity: decimal.NewFromInt(l.quantity), TaxRate: dec(taxRate), ShipmentID: p.shipment(i)}
		for _, product := range assortment() {
			if product.sku == l.sku {
				item.ProductName, item.BasePrice = product.name, dec(product.price)
			}
		}
		if main, belongs := p.of[i]; belongs {
			p.belong(&item, l, main)
		}
		if i == 0 && p.discount != "" {
			item.Adjustments = []b2c.PriceAdjustment{{ID: "adj-" + p.number, PromotionID: "ten-off", ItemText: "Ten off", Amount: dec(p.discount).Neg()}}
		}
		items = append(items, item)
	}
	return items
}

// couponPromotion is the promotion that coupons bring about.
const couponPromotion = "coupon-fifteen"

// cards are the payment instruments of the order: one card, or two of which the second pays a given amount, or one with a
// gift certificate.
func (p *placed) cards(who shopper, year int) []b2c.NewPaymentInstrument {
	card := b2c.PaymentCard{
		CardType: "Visa", Holder: who.first + " " + who.last, MaskedNumber: "************1111", LastDigits: "1111",
		ExpirationMonth: 12, ExpirationYear: year + 3,
	}
	cards := []b2c.NewPaymentInstrument{{PaymentMethodID: "CREDIT_CARD", Card: card}}
	if p.secondCard != "" {
		card.MaskedNumber, card.LastDigits = "************4444", "4444"
		cards = append(cards, b2c.NewPaymentInstrument{PaymentMethodID: "CREDIT_CARD", Card: card, Amount: dec(p.secondCard)})
	}
	if p.giftCertificate != "" {
		cards = append(cards, b2c.NewPaymentInstrument{
			PaymentMethodID: giftMethod, GiftCertificate: "************" + p.number[4:], Amount: dec(p.giftCertificate),
		})
	}
	return cards
}

// giftMethod is the payment method of gift certificates, which commerce itself redeems: no platform knows of them.
const giftMethod = "GIFT_CERTIFICATE"

// pay authorises what each card pays, and takes what the story says of the first.
func (s *shop) pay(p *placed) error {
	for i, instrument := range p.order.PaymentInstruments {
		if instrument.PaymentMethodID == giftMethod {
			continue
		}
		payment, err := s.Worldline.Authorize(s.tx, worldline.NewPayment{
			MerchantReference: p.number, Amount: minor(instrument.Amount), Currency: currency,
			Card: worldline.Card{ProductID: 1, Number: instrument.Card.MaskedNumber, Expiry: "1229"},
		})
		if err != nil {
			return err
		}
		taken := paid{id: payment.ID, authorized: instrument.Amount}
		if taken.captured = p.taken(instrument.Amount); i == 0 && taken.captured.IsPositive() {
			if _, err := s.Worldline.Capture(s.tx, payment.ID, minor(taken.captured), taken.captured.Equal(instrument.Amount)); err != nil {
				return err
			}
		}
		p.payments = append(p.payments, taken)
	}
	return nil
}

// movePoints takes the points that the discount costs, and gives those that the order brings.
func (s *shop) movePoints(p *placed) error {
	account := membership(shoppers()[p.shopper-1])
	if p.burned > 0 {
		if _, err := s.Loyalty.Burn(s.tx, loyalty.Movement{AccountID: account, OrderID: p.number, Points: p.burned}); err != nil {
			return err
		}
	}
	if p.earned > 0 {
		if _, err := s.Loyalty.Earn(s.tx, loyalty.Movement{AccountID: account, OrderID: p.number, Points: p.earned}); err != nil {
			return err
		}
	}
	return nil
}

// taken is what is captured of an authorisation.
func (p *placed) taken(authorized decimal.Decimal) decimal.Decimal {
	switch p.captured {
	case "":
		return decimal.Zero
	case "all":
		return authorized
	default:
		return dec(p.captured)
	}
}

// reserveWindow books a slot for each shipment of an order that has one.
func (s *shop) reserveWindow(p *placed) error {
	if p.slot == "" {
		return nil
	}
	for _, id := range p.shipments() {
		kind := slots.Delivery
		if id == collected {
			kind = slots.Pickup
		}
		day, hour := window(p.number)
		if _, err := s.Slots.Book(s.tx, slotID(kind, day, hour), p.number); err != nil {
			return err
		}
	}
	return nil
}

// window spreads the orders over the slots of the second and third day.
func window(number string) (day, hour int) {
	if number <= "00000112" {
		return 2, 13
	}
	free := [][2]int{{2, 9}, {2, 17}, {3, 9}, {3, 13}, {3, 17}}
	chosen := free[int(number[len(number)-1])%len(free)]
	return chosen[0], chosen[1]
}

// minor returns an amount in minor units, cents here.
func minor(amount decimal.Decimal) int64 { return amount.Shift(2).IntPart() }

// dec reads a number out of this package's own tables.
func dec(text string) decimal.Decimal { return decimal.RequireFromString(text) }
