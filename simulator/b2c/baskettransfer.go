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

// HandBasket gives the storefront basket of one customer to another. Where the two are to be merged, the one that is handed
// over takes in what is in the other, and a basket that there is only one of is the answer; without any of them its id is
// empty. Errors have the codes [NoSourceBasket], [BasketTransferBasketAlreadyExists] and [CustomerNotFound].
func (b *B2C) HandBasket(tx *sandbox.Tx, h Handing) (Basket, error) {
	to, err := b.Customer(tx, h.To)
	if err != nil {
		return Basket{}, err
	}
	own, has := b.StorefrontBasket(tx, h.SiteID, h.To)
	source, ok := b.StorefrontBasket(tx, h.SiteID, h.From)
	if !ok || h.From == h.To {
		if h.OnExisting == MergeExisting {
			return own, nil
		}
		return Basket{}, noSource()
	}
	switch {
	case has && h.OnExisting != RefuseExisting:
		if err := b.closeBasket(tx, own); err != nil {
			return Basket{}, err
		}
	case has:
		return Basket{}, &Error{
			Code: BasketTransferBasketAlreadyExists, Rule: "b2c.basket.source", Message: fmt.Sprintf("The customer has the basket '%s'.", own.BasketID),
			Arguments: map[string]string{"basketId": own.BasketID},
		}
	}
	agent := Editor{Reader: Reader{SiteID: h.SiteID}, Agent: true}
	return b.EditBasket(tx, agent, BasketRef{ID: source.BasketID}, func(e *BasketEdit) error {
		e.belongs(to)
		if has && h.OnExisting == MergeExisting {
			e.merge(own)
		}
		return nil
	})
}

func noSource() *Error {
	return &Error{Code: NoSourceBasket, Rule: "b2c.basket.source", Message: "The customer has no basket that could be taken over."}
}

// MergeIntoCurrent merges the basket of one customer into that of another. Errors have the codes [NoSourceBasket] and
// [BasketMergeNoCurrentBasket].
func (b *B2C) MergeIntoCurrent(tx *sandbox.Tx, h Handing) (Basket, error) {
	if _, has := b.StorefrontBasket(tx, h.SiteID, h.To); !has {
		return Basket{}, &Error{Code: BasketMergeNoCurrentBasket, Rule: "b2c.basket.source", Message: "The customer has no basket to merge into."}
	}
	if _, has := b.StorefrontBasket(tx, h.SiteID, h.From); !has || h.From == h.To {
		return Basket{}, noSource()
	}
	merged, _, err := b.MergeBaskets(tx, h.SiteID, h.From, h.To)
	return merged, err
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
