package b2c

import (
	"fmt"
	"slices"
	"strings"

	"github.com/somsim/somsim/simulator/sandbox"
)

// How many baskets one customer may have open: of a shopper's own, of those that agents make, and of temporary ones.
const (
	shopperBaskets   = 1
	agentBaskets     = 4
	temporaryBaskets = 4
)

// Editor is who works on a basket: a shopper on own ones, or an agent (or system) on everybody's.
type Editor struct {
	Reader
	Agent bool
	// Name is what notes and adjustments name as their author.
	Name string
}

// NewBasket is what a basket begins with.
type NewBasket struct {
	// CustomerID is whose basket it is: for an agent the customer, a new guest when empty; a shopper's is its own.
	CustomerID string
	// Currency is the site's when empty.
	Currency  string
	Temporary bool
}

// OpenBasket makes an empty basket with one shipment. Errors have the codes [UnknownSite], [InvalidCustomer],
// [UnsupportedCurrency], [CustomerBasketsQuotaExceeded] and [CustomerTemporaryBasketsQuotaExceeded].
func (b *B2C) OpenBasket(tx *sandbox.Tx, who Editor, n NewBasket) (Basket, error) {
	site, err := b.Site(tx, who.SiteID)
	if err != nil {
		return Basket{}, err
	}
	customer, err := b.basketCustomer(tx, who, n.CustomerID)
	if err != nil {
		return Basket{}, err
	}
	if err := b.checkQuota(tx, who, customer, n.Temporary); err != nil {
		return Basket{}, err
	}
	basket := Basket{
		BasketID: hexID(tx, "b2c.Basket"), SiteID: site.ID, Agent: who.Agent, Temporary: n.Temporary, ChannelType: "storefront",
		Currency: site.Currency, Taxation: site.Taxation, CreatedAt: tx.Now(),
	}
	if who.Agent {
		basket.ChannelType = "callcenter"
	}
	basket.belongs(customer)
	if n.Currency != "" {
		if err := basket.setCurrency(site, n.Currency); err != nil {
			return Basket{}, err
		}
	}
	basket.addShipment(tx, Shipment{ShipmentID: DefaultShipment})
	b.calculate(tx, &basket, site)
	return b.saveBasket(tx, basket, site)
}

// hexID makes an id in the vendor's shape: 26 hexadecimal digits.
func hexID(tx *sandbox.Tx, kind string) string {
	return strings.ReplaceAll(tx.UUID(kind), "-", "")[:26]
}

func (b *B2C) basketCustomer(tx *sandbox.Tx, who Editor, customerID string) (Customer, error) {
	switch {
	case !who.Agent || customerID == "" && who.CustomerID != "":
		customerID = who.CustomerID
	case customerID == "":
		return b.AddGuest(tx), nil
	case who.CustomerID != "" && who.CustomerID != customerID: // an agent acts for one customer
		return Customer{}, customerInvalid(customerID)
	}
	c, ok := b.customers.Get(tx.Tx, customerID)
	if !ok {
		return Customer{}, customerInvalid(customerID)
	}
	return c, nil
}

func customerInvalid(id string) *Error {
	return &Error{
		Code: InvalidCustomer, Rule: "b2c.basket.customer", Message: fmt.Sprintf("The customer '%s' cannot have the basket.", id),
		Arguments: map[string]string{"customerId": id},
	}
}

func (b *Basket) belongs(c Customer) {
	b.CustomerID, b.CustomerNo, b.CustomerName, b.Email, b.Guest = c.CustomerID, c.CustomerNo, c.Name(), c.Email, c.Guest
}

// checkQuota refuses a basket to a customer who has as many of its kind as allowed.
func (b *B2C) checkQuota(tx *sandbox.Tx, who Editor, c Customer, temporary bool) error {
	code, allowed := CustomerBasketsQuotaExceeded, shopperBaskets
	switch {
	case temporary:
		code, allowed = CustomerTemporaryBasketsQuotaExceeded, temporaryBaskets
	case who.Agent:
		allowed = agentBaskets
	}
	var ids []string
	for _, open := range b.openBaskets(tx, Reader{SiteID: who.SiteID}, c.CustomerID) {
		if open.Temporary == temporary && open.Agent == who.Agent {
			ids = append(ids, open.BasketID)
		}
	}
	if len(ids) < allowed {
		return nil
	}
	list := strings.Join(ids, ", ")
	return &Error{
		Code: code, Rule: "b2c.basket.quota",
		Message:   fmt.Sprintf("The maximum number of baskets per customer was exceeded. Please reuse or delete one of the existing baskets (%s).", list),
		Arguments: map[string]string{"basketIds": list},
	}
}

// setCurrency changes the currency. Gift certificates that were put in keep their amounts only in their own currency, so
// they are taken out. The error has the code [UnsupportedCurrency].
func (b *Basket) setCurrency(site Site, currency string) error {
	if err := site.takes(currency); err != nil {
		return err
	}
	if b.Currency != currency {
		b.GiftCertificateItems = nil
	}
	b.Currency = currency
	return nil
}

// takes refuses a currency in which the site does not sell. The error has the code [UnsupportedCurrency].
func (s Site) takes(currency string) error {
	if currency == s.Currency || slices.Contains(s.Currencies, currency) {
		return nil
	}
	return &Error{
		Code: UnsupportedCurrency, Rule: "b2c.basket.currency", Message: fmt.Sprintf("The site '%s' does not support the currency '%s'.", s.ID, currency),
		Arguments: map[string]string{"currency": currency},
	}
}

// BasketReference names a basket of an anonymous customer.
type BasketReference struct{ BasketID, CustomerID string }

// CopyBasket opens a basket for a shopper with what is in an anonymous customer's: all but payments and coupons. The
// error has the code [BasketNotFound] when the basket is not that customer's, or those of [B2C.OpenBasket].
func (b *B2C) CopyBasket(tx *sandbox.Tx, who Editor, ref BasketReference) (Basket, error) {
	source, err := b.Basket(tx, Reader{SiteID: who.SiteID}, ref.BasketID)
	if err != nil {
		return Basket{}, err
	}
	if source.CustomerID != ref.CustomerID || !source.Guest || source.EditsOrderNo != "" {
		return Basket{}, BasketUnknown(ref.BasketID)
	}
	opened, err := b.OpenBasket(tx, who, NewBasket{Currency: source.Currency})
	if err != nil {
		return Basket{}, err
	}
	return b.EditBasket(tx, who, BasketRef{ID: opened.BasketID}, func(e *BasketEdit) error {
		e.SourceCode, e.Custom, e.PriceBooks = source.SourceCode, source.Custom, source.PriceBooks
		e.takeOver(source)
		return nil
	})
}

// takeOver replaces shipments and lines by another basket's, with new ids of the lines.
func (e *BasketEdit) takeOver(source Basket) {
	e.BillingAddress, e.Shipments, e.ShippingItems = source.BillingAddress, source.Shipments, source.ShippingItems
	e.ProductItems, e.GiftCertificateItems = source.ProductItems, source.GiftCertificateItems
	renamed := map[string]string{}
	for i := range e.ProductItems {
		item := &e.ProductItems[i]
		renamed[item.ItemID] = hexID(e.tx, "b2c.BasketItem")
		item.ItemID = renamed[item.ItemID]
	}
	for i := range e.ProductItems {
		e.ProductItems[i].ParentItemID = renamed[e.ProductItems[i].ParentItemID]
	}
	for i := range e.ShippingItems {
		e.ShippingItems[i].ItemID = hexID(e.tx, "b2c.BasketItem")
	}
}
