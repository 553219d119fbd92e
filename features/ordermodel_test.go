package features

import (
	"fmt"

	"github.com/anishathalye/porcupine"
)

// orderModel is all that matters of one order of one line when its requests come one after the other: how many units were
// ordered, and what became of them; whether it is being edited; whether another order has taken its place.
type orderModel struct {
	ordered, cancelled, shipped, returned int
	editing, replaced                     bool
}

// open is how many units are neither cancelled nor shipped.
func (m orderModel) open() int { return m.ordered - m.cancelled - m.shipped }

// move is what somebody does with the order.
type move string

const (
	moveCancel  move = "cancel"
	moveModify  move = "modify"
	moveConfirm move = "confirm"
	moveReturn  move = "return"
	moveShip    move = "ship"
	moveLook    move = "look"
)

// asked is a move as it was asked for.
type asked struct {
	move  move
	units int // 0 cancels what is open
	// partial lets a cancel of everything leave out what has been shipped.
	partial bool
}

// heard is what came of a move.
type heard struct {
	code    string // of a refusal; empty when it was done
	units   int    // that were cancelled, shipped or returned
	already bool   // nothing was left to cancel
	resumed bool   // the order was being edited already
	whole   bool   // the confirmation cancelled all there was of the old order
	// seen are the units that are cancelled, shipped and returned.
	seen [3]int
}

// codeWarehouse is the warehouse's word for a fulfillment order that cannot be shipped.
const codeWarehouse = "NOT_SHIPPED"

// passing says that a refusal leaves everything as it is and may be met in any state: somebody else is at work on the order.
func (h heard) passing(of move) bool {
	switch h.code {
	case codeActionInProgress, codeWarehouse, "OMS_UNAVAILABLE":
		return true
	case "ORDER_CHANGED":
		return of != moveConfirm
	}
	return false
}

// after is the order after a move, and whether the move can have come to that.
func (m orderModel) after(a asked, h heard) (orderModel, bool) {
	if h.passing(a.move) {
		return m, true
	}
	return map[move]func(asked, heard) (orderModel, bool){
		moveCancel: m.cancel, moveModify: m.modify, moveConfirm: m.confirm, moveReturn: m.giveBack, moveShip: m.ship, moveLook: m.look,
	}[a.move](a, h)
}

func (m orderModel) cancel(a asked, h heard) (orderModel, bool) {
	want := a.units
	if want == 0 {
		want = m.open()
	}
	switch h.code {
	case "":
		if h.already {
			return m, m.cancelled == m.ordered
		}
		possible := h.units == want && want > 0 && want <= m.open() && (a.units > 0 || a.partial || m.shipped == 0)
		m.cancelled += h.units
		return m, possible
	case codeNotCancellable: // also when parcels left that the cancel had counted on, whatever is left beside them
		return m, m.cancelled < m.ordered && (want == 0 || want > m.open() || m.shipped > 0)
	case codePartlyFulfilled:
		return m, a.units == 0 && !a.partial && m.shipped > 0 && m.open() > 0
	case "CANCEL_QUANTITY_EXCEEDED":
		return m, m.cancelled < m.ordered && want > m.ordered-m.cancelled
	default:
		return m, false
	}
}

func (m orderModel) modify(_ asked, h heard) (orderModel, bool) {
	fixed := m.shipped > 0 || m.cancelled == m.ordered
	switch {
	case h.code == "" && h.resumed:
		return m, m.editing
	case h.code == "":
		possible := !m.editing && !m.replaced && !fixed
		m.editing = true
		return m, possible
	case h.code == codeReplaced:
		return m, m.replaced
	default:
		return m, h.code == "NOT_MODIFIABLE" && fixed
	}
}

func (m orderModel) confirm(_ asked, h heard) (orderModel, bool) {
	switch h.code {
	case "":
		possible := m.editing && m.open() > 0 && h.whole == (m.shipped == 0)
		m.cancelled, m.editing, m.replaced = m.ordered-m.shipped, false, true
		return m, possible
	case "ALREADY_CONFIRMED":
		return m, m.replaced
	case "NOT_EDITING":
		return m, !m.editing && !m.replaced
	case "ORDER_CHANGED":
		return m, m.editing && (m.shipped > 0 || m.cancelled == m.ordered)
	default:
		return m, false
	}
}

func (m orderModel) giveBack(a asked, h heard) (orderModel, bool) {
	switch h.code {
	case "":
		possible := h.units == a.units && h.units <= m.shipped-m.returned
		m.returned += h.units
		return m, possible
	case "RETURN_QUANTITY_EXCEEDED", "NOT_RETURNABLE":
		return m, a.units > m.shipped-m.returned
	default:
		return m, false
	}
}

func (m orderModel) ship(_ asked, h heard) (orderModel, bool) {
	possible := h.units > 0 && h.units <= m.open()
	m.shipped += h.units
	return m, possible
}

func (m orderModel) look(_ asked, h heard) (orderModel, bool) {
	return m, h.seen == [3]int{m.cancelled, m.shipped, m.returned}
}

// sequential is the model in porcupine's terms, of an order of that many units.
func sequential(ordered int) porcupine.Model {
	return porcupine.Model{
		Init: func() any { return orderModel{ordered: ordered} },
		Step: func(state, input, output any) (bool, any) {
			next, possible := state.(orderModel).after(input.(asked), output.(heard))
			return possible, next
		},
		DescribeOperation: func(input, output any) string { return fmt.Sprintf("%+v: %+v", input, output) },
		DescribeState:     func(state any) string { return fmt.Sprintf("%+v", state) },
	}
}
