package b2c

import (
	"fmt"
	"time"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/sandbox"
)

// BasketRef names a basket; ResourceState is the state the caller has seen, empty when it does not matter.
type BasketRef struct{ ID, ResourceState string }

// BasketEdit is a basket while it is worked on. Its methods are what can be done to it.
type BasketEdit struct {
	*Basket
	domain *B2C
	tx     *sandbox.Tx
	site   Site
	who    Editor
}

// EditBasket works on a basket, prices it anew and stores it. Errors have the codes [BasketNotFound] and
// [ResourceStateConflict], or those of the work.
func (b *B2C) EditBasket(tx *sandbox.Tx, who Editor, ref BasketRef, work func(*BasketEdit) error) (Basket, error) {
	basket, err := b.stored(tx, who.Reader, ref.ID)
	if err != nil {
		return Basket{}, err
	}
	if err := seen(ref.ResourceState, basket.ResourceState); err != nil {
		return Basket{}, err
	}
	site, err := b.Site(tx, basket.SiteID)
	if err != nil {
		return Basket{}, err
	}
	if err := work(&BasketEdit{&basket, b, tx, site, who}); err != nil {
		return Basket{}, err
	}
	b.calculate(tx, &basket, site)
	return b.saveBasket(tx, basket, site)
}

// SetCurrency changes the currency in which the basket is priced. The error has the code [UnsupportedCurrency].
func (e *BasketEdit) SetCurrency(currency string) error { return e.setCurrency(e.site, currency) }

// SetSourceCode notes which advertisement brought the shopper; empty forgets it. Errors have the codes
// [SourceCodeNotFound] and [SourceCodeInactive].
func (e *BasketEdit) SetSourceCode(code string) error {
	if code != "" {
		s, ok := e.domain.sources.Get(e.tx.Tx, code)
		if !ok || s.Inactive {
			refused := SourceCodeNotFound
			if ok {
				refused = SourceCodeInactive
			}
			return &Error{
				Code: refused, Rule: "b2c.basket.source-code", Message: fmt.Sprintf("The source code '%s' cannot be used.", code),
				Arguments: map[string]string{"sourceCode": code},
			}
		}
	}
	e.SourceCode = code
	return nil
}

// SetCustom sets custom attributes of the basket and removes those in unset.
func (e *BasketEdit) SetCustom(set Attributes, unset []string) { e.Custom = e.Custom.with(set, unset) }

// with returns the attributes with some set and some removed.
func (a Attributes) with(set Attributes, unset []string) Attributes {
	if len(set) == 0 && len(unset) == 0 {
		return a
	}
	out := a.clone()
	if out == nil {
		out = Attributes{}
	}
	for id, v := range set {
		out[id] = v
	}
	for _, id := range unset {
		delete(out, id)
	}
	return out
}

// SetBillingAddress sets the billing address, and with shipping the address of the first shipment too.
func (e *BasketEdit) SetBillingAddress(a OrderAddress, shipping bool) {
	e.BillingAddress = a
	if shipping {
		e.Shipments[0].Address = a
	}
}

// CustomerInfo is what is known of who orders.
type CustomerInfo struct{ CustomerID, CustomerNo, Email, Name string }

// SetCustomer sets email and name. An agent may give the basket to another customer, by id or number. The error has the
// code [InvalidCustomer].
func (e *BasketEdit) SetCustomer(info CustomerInfo) error {
	if info.CustomerID != "" && info.CustomerID != e.CustomerID || info.CustomerNo != "" && info.CustomerNo != e.CustomerNo {
		c, ok := e.domain.customerBy(e.tx, info)
		if !ok || !e.who.Agent {
			return customerInvalid(info.CustomerID + info.CustomerNo)
		}
		e.belongs(c)
	}
	if info.Email != "" {
		e.Email = info.Email
	}
	if info.Name != "" {
		e.CustomerName = info.Name
	}
	return nil
}

func (b *B2C) customerBy(tx *sandbox.Tx, info CustomerInfo) (found Customer, ok bool) {
	if info.CustomerID != "" {
		return b.customers.Get(tx.Tx, info.CustomerID)
	}
	b.customers.Scan(tx.Tx, func(c *Customer) bool {
		if c.CustomerNo == info.CustomerNo {
			found, ok = *c, true
		}
		return !ok
	})
	return found, ok
}

// SetPriceBooks bounds the prices to those of some price books; none stands for all of the site. The error has the code
// [Validation].
func (e *BasketEdit) SetPriceBooks(ids []string) error {
	for _, id := range ids {
		if _, ok := e.domain.books.Peek(e.tx.Tx, id); !ok {
			return invalidBasket("b2c.basket.price-book", "There is no price book '%s'.", id)
		}
	}
	e.PriceBooks = ids
	return nil
}

func invalidBasket(rule, format string, args ...any) *Error {
	return &Error{Code: Validation, Rule: rule, Message: fmt.Sprintf(format, args...)}
}

// MakeAgentBasket takes the basket over for an agent. Errors have the code [InvalidCustomer] for a shopper.
func (e *BasketEdit) MakeAgentBasket() error {
	if !e.who.Agent {
		return customerInvalid(e.CustomerID)
	}
	e.Agent, e.ChannelType = true, "callcenter"
	return nil
}

// MakeStorefrontBasket gives an agent's basket to its shopper. Where the shopper has one, it fails unless the two are
// exchanged: then the shopper's becomes the agent's. Errors have the codes [InvalidCustomer] and
// [CustomerBasketsQuotaExceeded].
func (e *BasketEdit) MakeStorefrontBasket(exchange bool) error {
	if !e.who.Agent {
		return customerInvalid(e.CustomerID)
	}
	for _, other := range e.domain.openBaskets(e.tx, Reader{SiteID: e.SiteID}, e.CustomerID) {
		if other.BasketID == e.BasketID || other.Agent || other.Temporary {
			continue
		}
		if !exchange {
			return &Error{
				Code: CustomerBasketsQuotaExceeded, Rule: "b2c.basket.quota", Message: fmt.Sprintf("The customer has the storefront basket '%s'.", other.BasketID),
				Arguments: map[string]string{"basketIds": other.BasketID},
			}
		}
		other.Agent, other.ChannelType = true, "callcenter"
		if _, err := e.domain.putBasket(e.tx, other); err != nil {
			return err
		}
	}
	e.Agent, e.ChannelType = false, "storefront"
	return nil
}

// maxNotes is how many notes a basket may have.
const maxNotes = 1000

// AddNote adds a remark. The error has the code [QuotaExceeded].
func (e *BasketEdit) AddNote(subject, text string) error {
	if len(e.Notes) >= maxNotes {
		return &Error{
			Code: QuotaExceeded, Rule: "b2c.basket.notes", Message: fmt.Sprintf("A basket has at most %d notes.", maxNotes),
			Arguments: map[string]string{"msg": "notes"},
		}
	}
	e.Notes = append(e.Notes, Note{ID: hexID(e.tx, "b2c.Note"), Subject: subject, Text: text, CreatedBy: e.who.Name, CreatedAt: e.tx.Now()})
	return nil
}

// RemoveNote removes a remark. The error has the code [NoteNotFound].
func (e *BasketEdit) RemoveNote(id string) error {
	for i, n := range e.Notes {
		if n.ID == id {
			e.Notes = append(e.Notes[:i:i], e.Notes[i+1:]...)
			return nil
		}
	}
	return &Error{
		Code: NoteNotFound, Rule: "b2c.basket.notes", Message: fmt.Sprintf("No note with ID '%s' could be found.", id),
		Arguments: map[string]string{"noteId": id},
	}
}

// How long stock is reserved for a basket, unless asked otherwise, and at most.
const (
	reservedFor     = 10 * time.Minute
	reservedAtMost  = 240 * time.Minute
	maxReservedMins = int(reservedAtMost / time.Minute)
)

// Reserve holds the basket's stock for some minutes, 0 for ten. It replaces what was reserved before. Lines that ask for
// more than there is are refused, or cut down, and removed when nothing is left, where remove says so. Errors have the
// codes [ProductItemNotAvailable] and [Validation].
func (e *BasketEdit) Reserve(minutes int, remove bool) error {
	length := time.Duration(minutes) * time.Minute
	switch {
	case minutes < 0 || minutes > maxReservedMins:
		return invalidBasket("b2c.basket.reservation", "Stock is reserved for 1 to %d minutes, not for %d.", maxReservedMins, minutes)
	case minutes == 0:
		length = reservedFor
	}
	if err := e.domain.unreserve(e.tx, e.Basket); err != nil {
		return err
	}
	if remove {
		e.cutToStock()
	}
	lines := stockLines(e.ProductItems, e.site.InventoryListID)
	if err := e.domain.checkStock(e.tx, lines); err != nil {
		return err
	}
	var err error
	if e.ReservationID, err = e.domain.reserveShared(e.tx, StockReservation{Reference: e.BasketID, Lines: lines, Life: length}); err != nil {
		return err
	}
	e.domain.move(e.tx, lines, func(r *InventoryRecord, quantity decimal.Decimal) { r.Reserved = r.Reserved.Add(quantity) })
	e.Reserved, e.ReservedUntil = lines, e.tx.Now().Add(length)
	e.tx.Schedule(sandbox.Due{Kind: reservationExpiry, Subject: e.BasketID, At: e.ReservedUntil})
	return nil
}

// cutToStock lowers lines to what there is, in their order, and removes those for which nothing is left.
func (e *BasketEdit) cutToStock() {
	taken := map[string]decimal.Decimal{}
	for _, item := range append([]ProductItem{}, e.ProductItems...) {
		lines := stockLines([]ProductItem{item}, e.site.InventoryListID)
		if len(lines) == 0 || item.ParentItemID != "" {
			continue
		}
		key := inventoryKey(lines[0].ListID, item.ProductID)
		ats, unlimited := e.domain.Available(e.tx, lines[0].ListID, item.ProductID)
		left := decimal.Max(decimal.Zero, ats.Sub(taken[key]))
		if !unlimited && item.Quantity.GreaterThan(left) {
			e.setQuantity(item.ItemID, left)
			item.Quantity = left
		}
		taken[key] = taken[key].Add(item.Quantity)
	}
}
