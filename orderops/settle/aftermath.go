package settle

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/orderops"
	"github.com/somsim/somsim/orderops/command"
	"github.com/somsim/somsim/orderops/remote"
	"github.com/somsim/somsim/orderops/somclient"
)

// The kinds of due work of which effects are made.
const (
	kindSettleMoney  = "worldline.settle"
	kindVoid         = "worldline.void"
	kindRefund       = "worldline.refund"
	kindRecord       = "som.record"
	kindFindStock    = "oci.read"
	kindReleaseStock = "oci.release"
	kindRelease      = "slots.release"
	kindFindPoints   = "loyalty.read"
	kindPoints       = "loyalty.adjust"
	kindForgive      = "loyalty.forgive"
	kindKeep         = "som.keep"
	kindMirror       = "b2c.mirror"
	kindTrack        = "tracking.refund"
	kindByHand       = "b2c.refund"
	// Where order management owns the money.
	kindReverse = "som.reverseAuthorization"
	kindCredit  = "som.createCreditMemo"
	kindEnsure  = "som.ensureRefunds"
)

// The codes of effects that need no call, or found nothing to do.
const (
	codeNotConfigured   = "not_configured"
	codeNothingReserved = "nothing_reserved"
	codeNoPoints        = "no_points"
	codeNoProvider      = "no_provider"
	codeTakenOver       = "taken_over"
)

// Change is what an action has taken off an order.
type Change struct {
	Currency string
	// Refund is what was taken off is worth, Grand what the order was worth right before, taxes and charges included, and
	// Ordered what it was worth when it was placed; zero when that is not known.
	Refund, Grand, Ordered decimal.Decimal
	// Kept is what was taken off beside Refund and is kept as a fee, Fees what Grand holds of earlier fees.
	Kept, Fees decimal.Decimal
	// GivenBack is what of Refund was kept as a fee before, and is no longer.
	GivenBack decimal.Decimal
	// Elsewhere is what of Grand was paid without the payment provider, such as by gift certificate.
	Elsewhere decimal.Decimal
	// Held is what the payments at the provider hold for the order, as order management knows it.
	Held decimal.Decimal
	// Payments are in SOM's order.
	Payments []Payment
	// Whole says that nothing of the order is left to be delivered.
	Whole bool
	Items []Item
	// SlotsTakenOver says that another order takes the bookings over.
	SlotsTakenOver bool
	// AllPoints says that nothing of the order stays with the shopper, whose points go as a whole then.
	AllPoints bool
	// Origin tells changes of one command apart that are settled one by one; empty where there is only one.
	Origin string
	// OrderSummaryID is the order in SOM; ChangeOrders are SOM's change orders of the change, and FeeOrders those of the fees
	// for it, as far as they are known. Fulfilled says that what was taken off had been handed over.
	OrderSummaryID          string
	ChangeOrders, FeeOrders []string
	Fulfilled               bool
}

// Item is a number of units of a product that were taken off.
type Item struct {
	ProductCode string
	Quantity    decimal.Decimal
}

// Payment is a payment at the provider with its rows in SOM.
type Payment struct {
	ID              string `json:"id"` // the provider's
	SummaryID       string `json:"summary_id"`
	AuthorizationID string `json:"authorization_id,omitempty"`
}

// Aftermath is everything that follows from one action that has happened. Its methods make effects, in the order they are
// called; an error is a fault of the service, never of a remote system.
type Aftermath struct {
	*Systems
	// Run hears for how long the systems behind the effects want to be left alone.
	Run *command.Listening
	Row command.Row
	// Now is the instant the action was accepted.
	Now    time.Time
	Change Change

	Effects   []orderops.Effect
	Due       []command.Due
	WorkItems []command.WorkItem

	// points are decided with the money where points that were spent are deducted from the refund, and owed with it while
	// that could not be decided.
	points                    []pointsStep
	pointsDecided, pointsOwed bool
	pointsStuck               *remote.Error

	// pause is for how long the system behind the next effect wants to be left alone, where it was asked for the effect before.
	pause time.Duration
}

// nothing is the value of a call that only succeeds or fails.
type nothing struct{}

// effect records an effect: it is owed when it is pending, and a person gets it when it failed.
func (a *Aftermath) effect(e orderops.Effect, kind string, payload any) error {
	index := len(a.Effects)
	a.Effects = append(a.Effects, e)
	pause := max(a.pause, a.Run.Pause())
	a.pause = 0
	switch e.State {
	case orderops.EffectPending:
		raw, err := json.Marshal(payload)
		if err != nil {
			return fmt.Errorf("encode due work %s: %w", kind, err)
		}
		a.Due = append(a.Due, command.Due{Effect: index, Kind: kind, Payload: raw, Wait: pause})
	case orderops.EffectFailed:
		raw, err := json.Marshal(payload)
		if err != nil {
			return fmt.Errorf("encode due work %s: %w", kind, err)
		}
		item := a.workItem(e.System+":"+e.Action+":"+e.Reference, "the effect failed: "+e.Code)
		item.Amount, item.Currency = e.Amount, e.Currency
		item.Retry = &command.Due{Effect: index, Kind: kind, Payload: raw}
		a.WorkItems = append(a.WorkItems, item)
	case orderops.EffectDone, orderops.EffectNotApplicable, orderops.EffectNotNeeded:
	}
	return nil
}

func (a *Aftermath) workItem(entity, reason string) command.WorkItem {
	amount := orderops.NewAmount(a.Change.Refund)
	return command.WorkItem{OrderNo: a.Row.OrderNo, Entity: entity, Amount: &amount, Currency: a.Change.Currency, Reason: reason}
}

// attempted is the state of an effect after an attempt, nil for one that succeeded. What is owed is not tried again before
// the system wants it to be.
func (a *Aftermath) attempted(e *orderops.Effect, failure *remote.Error) {
	if e.State, e.Code = StateAfter(failure); failure != nil {
		a.pause = min(failure.RetryAfter, command.LongestPause)
	}
}

// StateAfter is the state of an effect after an attempt: a passing failure leaves it pending, another one fails it.
func StateAfter(failure *remote.Error) (orderops.EffectState, string) {
	switch {
	case failure == nil:
		return orderops.EffectDone, ""
	case failure.Class.Passing(), failure.VendorCode == somclient.LockedRow:
		return orderops.EffectPending, failure.VendorCode
	default:
		return orderops.EffectFailed, failure.VendorCode
	}
}

// After is the result of an attempt at due work that ended with a failure.
func After(failure *remote.Error) command.EffectResult {
	if failure == nil {
		return command.EffectResult{State: orderops.EffectDone}
	}
	state, code := StateAfter(failure)
	return command.EffectResult{State: state, Code: code, RetryAfter: failure.RetryAfter}
}

// Direct runs steps at once and remembers nothing: for previews and for due work, whose calls may all be repeated.
type Direct struct{ Ctx context.Context }

// Step implements command.Run.
func (d Direct) Step(_ string, f func(context.Context) (json.RawMessage, error)) (json.RawMessage, error) {
	return f(d.Ctx)
}

// First implements command.Run.
func (Direct) First(context.Context, string) (bool, error) { return true, nil }
