package b2c

import (
	"fmt"

	"github.com/somsim/somsim/simulator/sandbox"
)

// The refusals of baskets that change hands.
const (
	// NoSourceBasket: the customer whose basket is to be taken over has none.
	NoSourceBasket Code = "NoSourceBasket"
	// BasketTransferBasketAlreadyExists: the customer who takes a basket over has one.
	BasketTransferBasketAlreadyExists Code = "BasketTransferBasketAlreadyExists"
	// BasketMergeNoCurrentBasket: the customer has no basket to merge another into.
	BasketMergeNoCurrentBasket Code = "BasketMergeNoCurrentBasket"
	// BasketNotPromotable: the basket is not temporary, or the customer has another.
	BasketNotPromotable Code = "BasketNotPromotable"
)

// OnExisting says what happens when a basket is to become a customer's who has one.
type OnExisting string

// Without a word it is refused; the two can be merged into the customer's, or the customer's is given up.
const (
	RefuseExisting   OnExisting = ""
	MergeExisting    OnExisting = "merge"
	OverrideExisting OnExisting = "override"
)

// Handing is a basket that changes hands: from one customer to another, of the same site.
type Handing struct {
	SiteID, From, To string
	OnExisting       OnExisting
}

// HandBasket gives the storefront basket of one customer to another. Errors have the codes [NoSourceBasket],
// [BasketTransferBasketAlreadyExists] and [CustomerNotFound].
func (b *B2C) HandBasket(tx *sandbox.Tx, h Handing) (Basket, error) {
	to, err := b.Customer(tx, h.To)
	if err != nil {
		return Basket{}, err
	}
	source, ok := b.StorefrontBasket(tx, h.SiteID, h.From)
	if !ok || h.From == h.To {
		return Basket{}, &Error{Code: NoSourceBasket, Rule: "b2c.basket.source", Message: "The customer has no basket that could be taken over."}
	}
	own, has := b.StorefrontBasket(tx, h.SiteID, h.To)
	switch {
	case has && h.OnExisting == MergeExisting:
		merged, _, err := b.MergeBaskets(tx, h.SiteID, h.From, h.To)
		return merged, err
	case has && h.OnExisting == OverrideExisting:
		if err := b.closeBasket(tx, own); err != nil {
			return Basket{}, err
		}
	case has:
		return Basket{}, &Error{
			Code: BasketTransferBasketAlreadyExists, Rule: "b2c.basket.source", Message: fmt.Sprintf("The customer has the basket '%s'.", own.BasketID),
			Arguments: map[string]string{"basketId": own.BasketID},
		}
	}
	basket, _, err := b.TransferBasket(tx, source, to)
	return basket, err
}

// MergeIntoCurrent merges the basket of one customer into that of another. Errors have the codes [NoSourceBasket] and
// [BasketMergeNoCurrentBasket].
func (b *B2C) MergeIntoCurrent(tx *sandbox.Tx, h Handing) (Basket, error) {
	if _, has := b.StorefrontBasket(tx, h.SiteID, h.To); !has {
		return Basket{}, &Error{Code: BasketMergeNoCurrentBasket, Rule: "b2c.basket.source", Message: "The customer has no basket to merge into."}
	}
	h.OnExisting = MergeExisting
	return b.HandBasket(tx, h)
}

// PromoteBasket makes a temporary basket the storefront basket of its customer. Where the customer has one, the promoted
// one takes its place, or takes its lines in. Errors have the codes [BasketNotFound] and [BasketNotPromotable].
func (b *B2C) PromoteBasket(tx *sandbox.Tx, who Editor, id string, on OnExisting) (Basket, error) {
	basket, err := b.Basket(tx, who.Reader, id)
	if err != nil {
		return Basket{}, err
	}
	own, has := b.StorefrontBasket(tx, basket.SiteID, basket.CustomerID)
	if !basket.Temporary || has && on == RefuseExisting {
		return Basket{}, &Error{
			Code: BasketNotPromotable, Rule: "b2c.basket.promotable", Message: fmt.Sprintf("The basket '%s' cannot become the storefront's.", id),
			Arguments: map[string]string{"basketId": id},
		}
	}
	if has {
		if err := b.closeBasket(tx, own); err != nil {
			return Basket{}, err
		}
	}
	return b.EditBasket(tx, Editor{Reader: Reader{SiteID: basket.SiteID}, Agent: true}, BasketRef{ID: id}, func(e *BasketEdit) error {
		e.Temporary = false
		if has && on == MergeExisting {
			e.merge(own)
		}
		return nil
	})
}
