package modify

import (
	"context"
	"slices"
	"time"

	"github.com/somsim/somsim/orderops"
	"github.com/somsim/somsim/orderops/b2cclient"
	"github.com/somsim/somsim/orderops/ociclient"
)

// actionTakeOver is the effect of units of the order that have gone over to its follow-up basket.
const actionTakeOver = "take_over"

// Keeper is what it takes to have the units of a basket kept for it.
type Keeper interface {
	ReserveBasket(ctx context.Context, shop b2cclient.Shop, basketID string, length time.Duration) error
}

// ToKeep says for how long the units of a follow-up basket have to be kept once more, because they went over from the order
// and nothing keeps them: to order a basket uses its reservation up, and when the order fails, a declined payment for one,
// commerce opens the basket again without it. 0 where there is nothing to do.
func ToKeep(m *orderops.Modification, basket Arrival, now time.Time) time.Duration {
	tookOver := slices.ContainsFunc(m.Effects, func(e orderops.Effect) bool {
		return e.System == ociclient.System && e.Action == actionTakeOver
	})
	if !tookOver || m.ExpiresAt == nil || basket.BasketID == "" || basket.KeptUntil.After(now) {
		return 0
	}
	left := m.ExpiresAt.Sub(now)
	if left <= 0 {
		return 0 // the order gets its units back
	}
	return left.Truncate(time.Minute) + ReservedBeyond
}

// keepAgain keeps the units of a basket that was opened again. Where somebody else has them by now it is tried again with the
// next look: they may be given back.
func (m *Modifies) keepAgain(ctx context.Context, shop b2cclient.Shop, answer *orderops.Modification, basket Arrival, now time.Time) error {
	length := ToKeep(answer, basket, now)
	if length == 0 {
		return nil
	}
	return m.Commerce.ReserveBasket(ctx, shop, basket.BasketID, length)
}
