package b2c

import (
	"fmt"
	"slices"

	"github.com/somsim/somsim/simulator/sandbox"
)

// maxOrderNotes is how many notes an order can have; the vendor's quota is a thousand.
const maxOrderNotes = 1000

// AddNote adds a remark to an order. Errors have the codes [OrderNotFound] and [QuotaExceeded].
func (b *B2C) AddNote(tx *sandbox.Tx, r Reader, orderNo string, n Note) (Order, error) {
	return b.editNotes(tx, r, orderNo, func(o *Order) error {
		if len(o.Notes) >= maxOrderNotes {
			return &Error{
				Code: QuotaExceeded, Rule: "b2c.order.notes", Message: fmt.Sprintf("The order has %d notes already.", maxOrderNotes),
				Arguments: map[string]string{"msg": fmt.Sprintf("an order has at most %d notes", maxOrderNotes)},
			}
		}
		n.ID, n.CreatedAt = hexID(tx, "b2c.Note"), tx.Now()
		o.Notes = append(o.Notes, n)
		return nil
	})
}

// RemoveNote takes a remark off an order. Errors have the codes [OrderNotFound] and [NoteNotFound].
func (b *B2C) RemoveNote(tx *sandbox.Tx, r Reader, orderNo, noteID string) (Order, error) {
	return b.editNotes(tx, r, orderNo, func(o *Order) error {
		i := slices.IndexFunc(o.Notes, func(n Note) bool { return n.ID == noteID })
		if i < 0 {
			return &Error{
				Code: NoteNotFound, Rule: "b2c.order.note-known", Message: fmt.Sprintf("The order has no note '%s'.", noteID),
				Arguments: map[string]string{"noteId": noteID},
			}
		}
		o.Notes = slices.Delete(o.Notes, i, i+1)
		return nil
	})
}

func (b *B2C) editNotes(tx *sandbox.Tx, r Reader, orderNo string, work func(*Order) error) (Order, error) {
	o, err := b.Order(tx, r, orderNo)
	if err != nil {
		return Order{}, err
	}
	if err := work(&o); err != nil {
		return Order{}, err
	}
	return b.save(tx, o)
}
