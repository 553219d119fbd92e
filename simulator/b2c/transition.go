package b2c

import (
	"fmt"
	"slices"

	"github.com/somsim/somsim/simulator/sandbox"
)

// Action is what takes an order from one status to another.
type Action string

// The actions on an order, in the words of the Script API.
const (
	ActionCreate     Action = "createOrder"
	ActionPlace      Action = "placeOrder"
	ActionFail       Action = "failOrder"
	ActionUndoFail   Action = "undoFailOrder"
	ActionCancel     Action = "cancelOrder"
	ActionUndoCancel Action = "undoCancelOrder"
	ActionSetStatus  Action = "setStatus"
	ActionReplace    Action = "replaceOrder"
)

// Channel is where a wanted status comes from. Not every channel has every transition.
type Channel string

// The channels: the Shop API's PATCH of an order, the Data API's PUT of its status, and scripts, which have all.
const (
	ByShop   Channel = "shop"
	ByData   Channel = "data"
	ByScript Channel = "script"
)

// Transition is a status that may follow another.
type Transition struct {
	From, To Status
	Action   Action
	// Channels are those that have the transition; scripts have every one.
	Channels []Channel
}

// ID names the transition for coverage.
func (t Transition) ID() string { return fmt.Sprintf("b2c.Order.Status:%s>%s", t.From, t.To) }

// Transitions is the table of all that can happen to the status of an order (specs/b2c/SOURCES.md, order states). An
// order that does not exist yet has the status "".
func Transitions() []Transition {
	both, data := []Channel{ByShop, ByData}, []Channel{ByData}
	return []Transition{
		{"", Created, ActionCreate, nil},
		{Created, New, ActionPlace, data},
		{Created, Failed, ActionFail, both},
		{Failed, Created, ActionUndoFail, data},
		{New, Open, ActionSetStatus, both},
		{New, Completed, ActionSetStatus, both},
		{New, Cancelled, ActionCancel, both},
		{New, Replaced, ActionReplace, nil},
		{Open, New, ActionSetStatus, both},
		{Open, Completed, ActionSetStatus, both},
		{Open, Cancelled, ActionCancel, both},
		{Open, Replaced, ActionReplace, nil},
		{Completed, Open, ActionSetStatus, both},
		{Completed, Cancelled, ActionCancel, both},
		{Cancelled, New, ActionUndoCancel, both},
		{Cancelled, Open, ActionUndoCancel, both},
		{Cancelled, Completed, ActionUndoCancel, both},
	}
}

// transition finds how an order gets from one status to another by a channel. The same status again is no transition, so
// that a repeated call is harmless: then the action is empty.
func transition(from, to Status, by Channel) (Action, error) {
	if from == to {
		return "", nil
	}
	for _, t := range Transitions() {
		if t.From == from && t.To == to && (by == ByScript || slices.Contains(t.Channels, by)) {
			return t.Action, nil
		}
	}
	return "", transitionImpossible(from, to)
}

func transitionImpossible(from, to Status) *Error {
	return &Error{
		Code: StatusTransitionNotPossible, Rule: "b2c.order.transition",
		Message:   fmt.Sprintf("The order status transition from '%s' to '%s' is not possible.", from, to),
		Arguments: map[string]string{"statusFrom": string(from), "statusTo": string(to)},
	}
}

// transit takes an order to a status and does what goes with it; the caller stores the order. Errors have the code
// [StatusTransitionNotPossible], or those of [B2C.HoldClaim] when what the order had given back cannot be had again.
func (b *B2C) transit(tx *sandbox.Tx, o *Order, to Status, by Channel) error {
	action, err := transition(o.Status, to, by)
	if err != nil || action == "" {
		return err
	}
	switch action {
	case ActionPlace:
		b.placed(tx, o)
	case ActionFail:
		if err := b.ReleaseClaim(tx, o.OrderNo, Release{}); err != nil {
			return err
		}
	case ActionCancel:
		if err := b.ReleaseClaim(tx, o.OrderNo, Release{KeepPayments: true}); err != nil {
			return err
		}
		b.EnableGiftCertificates(tx, o.OrderNo, false)
		b.withholdExport(tx, o)
	case ActionUndoFail, ActionUndoCancel:
		if err := b.HoldClaim(tx, o.OrderNo); err != nil {
			return err
		}
		b.EnableGiftCertificates(tx, o.OrderNo, action == ActionUndoCancel)
		o.CancelCode, o.CancelDescription = "", ""
	case ActionReplace:
		if err := b.ReleaseClaim(tx, o.OrderNo, Release{KeepPayments: true}); err != nil {
			return err
		}
		b.withholdExport(tx, o)
	case ActionCreate, ActionSetStatus:
	}
	o.Status = to
	if action == ActionUndoCancel {
		b.scheduleExport(tx, o)
	}
	return nil
}

// reopen opens the basket of a failed order again and returns its id, empty when the customer has another.
func (b *B2C) reopen(tx *sandbox.Tx, orderNo string) (string, error) {
	basket, _, err := b.ReopenBasket(tx, orderNo)
	return basket.BasketID, err
}

// placed makes an order binding: it gets its invoice number, its shipments their numbers, and it is ready for order
// management where one is attached.
func (b *B2C) placed(tx *sandbox.Tx, o *Order) {
	o.PlaceDate, o.ConfirmationStatus = tx.Now(), Confirmed
	if o.InvoiceNo == "" {
		o.InvoiceNo = fmt.Sprintf("%08d", tx.Next("b2c.InvoiceNo"))
	}
	for i := range o.Shipments {
		if o.Shipments[i].ShipmentNo == "" {
			o.Shipments[i].ShipmentNo = fmt.Sprintf("%08d", tx.Next("b2c.ShipmentNo"))
		}
	}
	o.Status = New
	b.EnableGiftCertificates(tx, o.OrderNo, true)
	b.scheduleExport(tx, o)
}

// SetStatus takes an order to a status it may have next, as scripts may. Errors are those of a transition.
func (b *B2C) SetStatus(tx *sandbox.Tx, orderNo string, to Status) error {
	return b.update(tx, orderNo, func(o *Order) error { return b.transit(tx, o, to, ByScript) })
}

// Place makes an order that was created binding.
func (b *B2C) Place(tx *sandbox.Tx, orderNo string) error { return b.SetStatus(tx, orderNo, New) }

// Cancellation says why an order is cancelled; both may be empty.
type Cancellation struct{ Code, Description string }

// Cancel takes an order back: its stock and coupons return, what was paid does not.
func (b *B2C) Cancel(tx *sandbox.Tx, orderNo string, c Cancellation) error {
	return b.update(tx, orderNo, func(o *Order) error {
		if err := b.transit(tx, o, Cancelled, ByScript); err != nil {
			return err
		}
		o.CancelCode, o.CancelDescription = c.Code, c.Description
		return nil
	})
}

// Fail ends an order that was created and will not be paid. With reopen its basket is opened again, with payment data
// masked, unless the customer has another one; the id is empty when there is none.
func (b *B2C) Fail(tx *sandbox.Tx, orderNo string, reopen bool) (basketID string, err error) {
	err = b.update(tx, orderNo, func(o *Order) error {
		if o.Status == Failed {
			return transitionImpossible(Failed, Failed)
		}
		if err := b.transit(tx, o, Failed, ByScript); err != nil {
			return err
		}
		if reopen {
			basketID, err = b.reopen(tx, o.OrderNo)
		}
		return err
	})
	return basketID, err
}
