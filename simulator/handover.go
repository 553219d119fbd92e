package simulator

import (
	"fmt"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/b2c"
	"github.com/somsim/somsim/simulator/sandbox"
	"github.com/somsim/somsim/simulator/som"
	"github.com/somsim/somsim/simulator/worldline"
)

// handover takes orders of B2C Commerce over into Order Management, as the integration between the two does: account,
// delivery methods and charges are made when they are missing; products have to be there (specs/b2c/SOURCES.md, hand-over).
type handover struct {
	som       *som.SOM
	worldline *worldline.Worldline
}

// realm is the first part of the reference under which an order summary remembers its order.
const realm = "zzte_053"

// deliveryCharge is the product that delivery charges are booked on, boughtCertificate the one of gift certificates.
const (
	deliveryCharge    = "STANDARD-DELIVERY"
	boughtCertificate = "GIFT-CERTIFICATE"
)

// Ingest imports an order once: one that has a summary keeps it.
func (h handover) Ingest(tx *sandbox.Tx, o b2c.Order) (string, error) {
	reference := realm + "@" + o.SiteID + "@" + o.OrderNo
	for _, summary := range h.som.Rows(tx).Lookup("OrderSummary", "ExternalReferenceIdentifier", reference) {
		return summary.ID, nil
	}
	account, err := h.account(tx, o)
	if err != nil {
		return "", err
	}
	n := som.NewOrder{
		OrderNumber: o.OrderNo, AccountID: account, Currency: o.Currency, TaxLocale: taxLocale(o.Taxation), Status: "Created",
		OrderedAt: o.CreationDate, ExternalReference: reference, SalesChannelID: som.SalesChannelID(),
		BillingEmail: o.Email, BillingPhone: o.BillingAddress.Phone, BillingAddress: address(o.BillingAddress),
		AdjustmentGroups: adjustmentGroups(o), Payments: h.payments(tx, o),
	}
	for _, s := range o.Shipments {
		group, err := h.group(tx, o, s)
		if err != nil {
			return "", fmt.Errorf("shipment %s of order %s: %w", s.ShipmentID, o.OrderNo, err)
		}
		n.DeliveryGroups = append(n.DeliveryGroups, group)
	}
	return h.som.ImportOrder(tx, n)
}

func taxLocale(t b2c.Taxation) string {
	if t == b2c.Gross {
		return "Gross"
	}
	return "Net"
}

// account finds a customer by its number. A guest gets an account of its own with every order.
func (h handover) account(tx *sandbox.Tx, o b2c.Order) (string, error) {
	if o.CustomerNo != "" {
		for _, account := range h.som.Rows(tx).Lookup("Account", "AccountNumber", o.CustomerNo) {
			return account.ID, nil
		}
	}
	name := o.CustomerName
	if name == "" {
		name = o.BillingAddress.FullName()
	}
	if name == "" {
		name = o.Email
	}
	return h.som.Account(tx, som.NewAccount{
		Name: name, Number: o.CustomerNo, Phone: o.BillingAddress.Phone, Billing: address(o.BillingAddress),
	})
}

func address(a b2c.OrderAddress) som.Address {
	return som.Address{
		Street: strings.TrimSpace(a.Address1 + " " + a.Address2), City: a.City, PostalCode: a.PostalCode,
		StateCode: a.StateCode, State: a.StateCode, CountryCode: a.CountryCode, Country: a.CountryCode,
	}
}

// group maps a shipment to a delivery group with its lines, what it brings first and its delivery charge last.
func (h handover) group(tx *sandbox.Tx, o b2c.Order, s b2c.Shipment) (som.NewDeliveryGroup, error) {
	method, err := h.deliveryMethod(tx, s.Method)
	if err != nil {
		return som.NewDeliveryGroup{}, err
	}
	group := som.NewDeliveryGroup{
		DeliveryMethodID: method, Name: s.Address.FullName(), Email: o.Email, Phone: s.Address.Phone, DeliverTo: address(s.Address),
	}
	group.Items, err = h.items(tx, o, s.ShipmentID)
	return group, err
}

func (h handover) deliveryMethod(tx *sandbox.Tx, m b2c.ShippingMethod) (string, error) {
	for _, method := range h.som.Rows(tx).Lookup("OrderDeliveryMethod", "ReferenceNumber", m.ID) {
		return method.ID, nil
	}
	if m.ID == "" {
		return "", fmt.Errorf("there is no shipping method")
	}
	name := m.Name
	if name == "" {
		name = m.ID
	}
	return h.som.DeliveryMethod(tx, som.NewDeliveryMethod{Name: name, ReferenceNumber: m.ID})
}

// payments maps what pays the order. What is still held and what was taken of a payment at the platform goes over as it
// is there; a gift certificate is taken at once; an instrument that nobody has authorised brings no money.
func (h handover) payments(tx *sandbox.Tx, o b2c.Order) []som.NewPayment {
	var payments []som.NewPayment
	for _, p := range o.PaymentInstruments {
		switch {
		case p.PaymentMethodID == b2c.GiftCertificateMethod:
			payments = append(payments, som.NewPayment{
				Method: "Gift certificate - " + p.GiftCertificate, Type: "Gift Certificate", Captured: p.Amount,
			})
		case p.TransactionID == "":
			payments = append(payments, som.NewPayment{Method: p.PaymentMethodID, Type: p.PaymentMethodID})
		default:
			payments = append(payments, som.NewPayment{
				Method: methodName(p), Type: "Credit Card", GatewayRefNumber: p.TransactionID, Authorized: p.Amount,
				Captured: h.captured(tx, p.TransactionID, o.Currency), GatewayID: som.PaymentGatewayID(),
			})
		}
	}
	return payments
}

func methodName(p b2c.PaymentInstrument) string {
	if p.Card.CardType == "" {
		return p.PaymentMethodID
	}
	return p.Card.CardType + " - " + p.Card.LastDigits
}

// captured is what was taken of a payment before the order got here.
func (h handover) captured(tx *sandbox.Tx, id, currency string) decimal.Decimal {
	payment, err := h.worldline.Payment(tx, worldline.DefaultMerchant, id)
	if err != nil {
		return decimal.Zero
	}
	state := h.worldline.State(tx, payment)
	return decimal.New(state.Captured, -currencyDigits(currency))
}
