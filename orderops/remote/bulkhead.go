package remote

import (
	"context"
	"time"

	"github.com/failsafe-go/failsafe-go/bulkhead"
)

// bulkheadFull is the VendorCode of a call that found no place among those that were under way.
const bulkheadFull = "bulkhead_full"

// A call waits for a place for bulkheadWait, by the machine's clock like every time-out, and one of a patient scope for
// bulkheadPatience: what is read has something to show without it, what is to be changed has not. A caller who was turned
// away is told to come back after bulkheadPause.
const (
	bulkheadWait     = 250 * time.Millisecond
	bulkheadPatience = 30 * time.Second
	bulkheadPause    = time.Second
)

// Bulkhead bounds how many calls to one system are under way at once, so that a slow one does not take the connections,
// memory and patience of the whole service.
type Bulkhead struct{ places bulkhead.Bulkhead[any] }

// NewBulkhead makes room for a number of calls.
func NewBulkhead(places int) *Bulkhead {
	return &Bulkhead{bulkhead.New[any](uint(max(places, 1)))} //nolint:gosec // at least 1
}

// enter waits for a place; leave has to be called when ok.
func (b *Bulkhead) enter(ctx context.Context) (leave func(), ok bool) {
	if b == nil {
		return func() {}, true
	}
	wait := bulkheadWait
	if ScopeOf(ctx).Patient {
		wait = bulkheadPatience
	}
	if b.places.AcquirePermitWithMaxWait(ctx, wait) != nil {
		return nil, false
	}
	return b.places.ReleasePermit, true
}
