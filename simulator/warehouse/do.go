package warehouse

import (
	"errors"
	"fmt"
	"slices"

	"github.com/somsim/somsim/simulator/b2c"
	"github.com/somsim/somsim/simulator/sandbox"
	"github.com/somsim/somsim/simulator/som"
)

// do does a task, unless its order is on hold or people have taken it over. What a domain refuses is left to people, with
// the reason, and nothing of the task stays.
func (w *Warehouse) do(tx *sandbox.Tx, s Settings, t task) error {
	summary, ok := w.get(tx, t.SummaryID)
	subject, known := w.get(tx, t.Subject)
	if !ok || !known {
		w.tasks.Delete(tx.Tx, t.Subject)
		return nil
	}
	if slices.Contains(s.HoldStatuses, summary.Text("Status")) {
		t.At = tx.Now().Add(s.lookEvery())
		w.tasks.Put(tx.Tx, t)
		return nil
	}
	w.tasks.Delete(tx.Tx, t.Subject)
	if w.idle(tx, subject) {
		return nil
	}
	if why := w.taken(tx, t, summary, subject); why != "" {
		w.leave(tx, t, "%s", why)
		return nil
	}
	mark := tx.Mark()
	err := w.step(tx, s, t, subject)
	var refused interface{ RuleID() string }
	if errors.As(err, &refused) {
		tx.RollbackTo(mark)
		w.leave(tx, t, "%s: %v", t.Stage, err)
		return nil
	}
	if err != nil {
		return fmt.Errorf("%s %s: %w", t.Stage, t.Subject, err)
	}
	return nil
}

// taken tells what people have done that keeps the warehouse from a task; empty when nothing does.
func (w *Warehouse) taken(tx *sandbox.Tx, t task, summary, subject *row) string {
	if t.Stage == allocate {
		order, err := w.B2C.Order(tx, b2c.Reader{}, summary.Text("OrderNumber"))
		if err == nil && (order.Status == b2c.Cancelled || order.Status == b2c.Replaced || order.Status == b2c.Failed) {
			return "the order is " + string(order.Status) + " in commerce"
		}
		return ""
	}
	if now := subject.Text("Status"); now != t.Seen {
		return fmt.Sprintf("its status is %s, the warehouse had left it at %s", now, t.Seen)
	}
	return ""
}

// idle reports whether there is nothing left to do: what was to be moved has been cancelled or allocated meanwhile.
func (w *Warehouse) idle(tx *sandbox.Tx, subject *row) bool {
	switch subject.Object {
	case "OrderSummary":
		return !w.free(tx, subject.ID)
	case "FulfillmentOrder":
		return len(w.goods(tx, subject.ID)) == 0
	default:
		return false
	}
}

func (w *Warehouse) step(tx *sandbox.Tx, s Settings, t task, subject *row) error {
	switch t.Stage {
	case allocate:
		return w.allocate(tx, s, t, subject)
	case assign:
		return w.move(tx, s, t, "Assigned")
	case pick:
		return w.pick(tx, s, t, subject)
	case pack:
		if w.isPickup(tx, subject.Text("DeliveryMethodId")) {
			return w.move(tx, s, t, "Ready for Pickup")
		}
		return w.move(tx, s, t, "Pack Complete")
	case ship:
		return w.ship(tx, s, t, subject)
	case collect:
		return w.handOver(tx, subject)
	case transit:
		return w.carry(tx, s, t, "In Transit")
	case deliver:
		return w.carry(tx, s, t, "Delivered")
	case left:
	}
	return fmt.Errorf("there is no stage %q", t.Stage)
}

// move sets the status of a fulfillment order and plans what follows.
func (w *Warehouse) move(tx *sandbox.Tx, s Settings, t task, status string) error {
	if err := w.SOM.SetFulfillmentOrderStatus(tx, som.IntegrationUserID(), t.Subject, status); err != nil {
		return err
	}
	fo, _ := w.get(tx, t.Subject)
	return w.follow(tx, s, t, fo)
}
