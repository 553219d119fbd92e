package history

import (
	"context"
	"time"

	"github.com/somsim/somsim/orderops"
)

// Snapshots keep what order management last said of orders.
type Snapshots interface {
	Keep(ctx context.Context, orderNo string, order *SOMOrder, now time.Time) error
	// Recall finds what was kept of orders and still lives, by order number.
	Recall(ctx context.Context, orderNos []string, now time.Time) (map[string]*SOMOrder, error)
}

// snapshots keeps what order management said, or puts in what it said last while it is away. That offers no action: nobody
// knows what the order is like now. A store that does not work costs nobody the page.
func (h *History) snapshots(ctx context.Context, entries []Entry, away bool, now time.Time) {
	if h.Snapshots == nil {
		return
	}
	if !away {
		for _, e := range entries {
			if e.SOMOrder == nil || len(e.Errors) > 0 {
				continue // a part is missing: what was kept before says more
			}
			if err := h.Snapshots.Keep(ctx, e.Document.Order.OrderNo, e.SOMOrder, now); err != nil {
				h.Log.WarnContext(ctx, "snapshot not kept", "error", err.Error())
				return
			}
		}
		return
	}
	numbers := make([]string, len(entries))
	for i, e := range entries {
		numbers[i] = e.Document.Order.OrderNo
	}
	kept, err := h.Snapshots.Recall(ctx, numbers, now)
	if err != nil {
		h.Log.WarnContext(ctx, "snapshots not read", "error", err.Error())
		return
	}
	for i := range entries {
		e := &entries[i]
		if last, ok := kept[e.Document.Order.OrderNo]; ok && e.SOMOrder == nil {
			last.Stale, last.AllowedActions = true, []orderops.Action{}
			e.SOMOrder, e.Source = last, FromSOM
			e.Status = unify(e.Document.Order, last)
		}
	}
}
