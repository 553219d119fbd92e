package b2c

import (
	"time"

	"github.com/somsim/somsim/simulator/sandbox"
)

// Kinds of due work of baskets.
const (
	basketExpiry      = "b2c.basket-expiry"
	reservationExpiry = "b2c.basket-reservation-expiry"
)

// How long baskets live that nobody touches, unless a site says otherwise, and how long temporary ones live at all.
const (
	basketLife    = 7 * 24 * time.Hour
	temporaryLife = 15 * time.Minute
)

// basketRunners are the due work of baskets.
func (b *B2C) basketRunners() map[string]sandbox.Runner {
	return map[string]sandbox.Runner{basketExpiry: b.expireBasket, reservationExpiry: b.expireReservation}
}

func (b *B2C) expireBasket(tx *sandbox.Tx, d sandbox.Due) error {
	if basket, ok := b.baskets.Get(tx.Tx, d.Subject); ok {
		return b.closeBasket(tx, basket)
	}
	return nil
}

func (b *B2C) expireReservation(tx *sandbox.Tx, d sandbox.Due) error {
	basket, ok := b.baskets.Get(tx.Tx, d.Subject)
	if !ok {
		return nil
	}
	if err := b.unreserve(tx, &basket); err != nil {
		return err
	}
	_, err := b.putBasket(tx, basket)
	return err
}

// lives sets when a basket expires, from now; a temporary one from its beginning.
func (b *Basket) lives(site Site, now time.Time) {
	life := site.BasketLife
	if life == 0 {
		life = basketLife
	}
	b.ExpiresAt = now.Add(life)
	if b.Temporary {
		b.ExpiresAt = b.CreatedAt.Add(temporaryLife)
	}
}

// saveBasket stores a changed basket with its new revision, date and lifetime.
func (b *B2C) saveBasket(tx *sandbox.Tx, basket Basket, site Site) (Basket, error) {
	basket.LastModified = tx.Now()
	basket.lives(site, tx.Now())
	tx.Schedule(sandbox.Due{Kind: basketExpiry, Subject: basket.BasketID, At: basket.ExpiresAt})
	return b.putBasket(tx, basket)
}

func (b *B2C) putBasket(tx *sandbox.Tx, basket Basket) (Basket, error) {
	basket.Revision++
	basket, err := basket.fingerprinted()
	if err == nil {
		b.baskets.Put(tx.Tx, basket)
	}
	return basket, err
}
