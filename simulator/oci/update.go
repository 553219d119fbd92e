package oci

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/sandbox"
)

// Update changes how many units a living reservation holds.
type Update struct {
	// ActionRequestID makes repetitions harmless; it is made up when empty.
	ActionRequestID string
	// ReservationID or ExternalRefID say which reservation; of several with the reference it is the oldest that lives.
	ReservationID, ExternalRefID string
	// At is when it is changed; zero means now. It is told, and changes nothing.
	At time.Time
	// AllowPartial takes what there is where there is not enough; AllOrNothing undoes every line when one is refused.
	AllowPartial, AllOrNothing bool
	// Lines are what the reservation is to hold at each place from now on; zero gives all of it back.
	Lines []Line
}

// record is the update as it is compared with a repetition; the time may differ.
func (u Update) record() string {
	parts := []string{"update", u.ReservationID, u.ExternalRefID, fmt.Sprint(u.AllowPartial), fmt.Sprint(u.AllOrNothing)}
	for _, l := range u.Lines {
		parts = append(parts, l.Place.key(l.SKU), l.Quantity.String())
	}
	return strings.Join(parts, "\x02")
}

// UpdateReservation sets what a reservation holds, line by line. The lines of the result tell what each holds now and
// why not what was asked for; the same update again answers what the first did. The error is nil when a line was changed
// or nothing had to be; its codes are [ReservationNotFound], [ReservationExpired], [DuplicateActionRequest] and, when no
// line could be changed, that of the first.
func (o *OCI) UpdateReservation(tx *sandbox.Tx, u Update) (Result, error) {
	if err := u.check(); err != nil {
		return Result{}, err
	}
	if u.ActionRequestID == "" {
		u.ActionRequestID = tx.UUID("oci.Action")
	}
	if done, ok := o.actions.Get(tx.Tx, u.ActionRequestID); ok {
		return done.Result, done.same(u.record())
	}
	r, err := o.living(tx, u)
	if err != nil {
		return Result{}, err
	}
	mark := tx.Mark()
	result, changed, first := o.update(tx, r, u)
	if first != nil && (u.AllOrNothing || !changed) {
		tx.RollbackTo(mark)
		return o.undone(tx, result), first
	}
	o.actions.Put(tx.Tx, doneAction{ID: u.ActionRequestID, Record: u.record(), Result: result})
	return result, nil
}

func (u Update) check() error {
	if len(u.Lines) == 0 {
		return fmt.Errorf("update reservation %s: it has no lines", u.ReservationID)
	}
	for _, l := range u.Lines {
		if l.Quantity.IsNegative() {
			return fmt.Errorf("update reservation %s: %s units of %s", u.ReservationID, l.Quantity, l.SKU)
		}
	}
	return nil
}

// living finds the reservation that an update is about.
func (o *OCI) living(tx *sandbox.Tx, u Update) (Reservation, error) {
	candidates := o.Reservations(tx, u.ExternalRefID)
	if u.ReservationID != "" {
		r, err := o.Reservation(tx, u.ReservationID)
		if err != nil {
			return Reservation{}, err
		}
		candidates = []Reservation{r}
	}
	for _, r := range candidates {
		if r.EndedAs == "" {
			return r, nil
		}
	}
	if len(candidates) > 0 && candidates[0].EndedAs == Expired {
		return Reservation{}, refuse(ReservationExpired, "oci.reservation.expiry", "reservation %s expired at %s",
			candidates[0].ID, candidates[0].ExpiresAt.Format(time.RFC3339))
	}
	return Reservation{}, refuse(ReservationNotFound, "oci.reservation.known", "there is no living reservation %s%s", u.ReservationID, u.ExternalRefID)
}

func (o *OCI) update(tx *sandbox.Tx, r Reservation, u Update) (result Result, changed bool, first error) {
	result.Reservation = r
	for _, l := range u.Lines {
		line := o.updateLine(tx, r, l, u.AllowPartial)
		if line.Refused != nil && first == nil {
			first = line.Refused
		}
		changed = changed || line.Refused == nil || u.AllowPartial && line.Refused.Code == InsufficientAvailability
		result.Lines = append(result.Lines, line)
	}
	return result, changed, first
}

// updateLine lets a reservation hold as much as a line says; more than there is only as far as a partial one may.
func (o *OCI) updateLine(tx *sandbox.Tx, r Reservation, l Line, allowPartial bool) LineResult {
	if err := o.known(tx, l.Place, l.SKU); err != nil {
		return LineResult{Line: l, Refused: err}
	}
	h := Holding{ReservationID: r.ID, Place: l.Place, SKU: l.SKU, ReservedAt: r.ReservedAt}
	if held, ok := o.holdings.Get(tx.Tx, h.key()); ok {
		h = held
	}
	out := LineResult{Line: l, Reserved: l.Quantity}
	if more := l.Quantity.Sub(h.Quantity); more.IsPositive() {
		open := decimal.Max(decimal.Zero, o.open(tx, l.Place, l.SKU))
		if open.LessThan(more) {
			out.Refused, out.Reserved = short(l.Place, l.SKU, more, open), h.Quantity
			if allowPartial {
				out.Reserved = h.Quantity.Add(open)
			}
		}
	}
	h.Quantity = out.Reserved
	o.write(tx, h)
	return out
}

// undone is the result of an update that was taken back: every line holds what it held before.
func (o *OCI) undone(tx *sandbox.Tx, r Result) Result {
	r.Lines = slices.Clone(r.Lines)
	for i, l := range r.Lines {
		held, _ := o.holdings.Get(tx.Tx, (&Holding{ReservationID: r.Reservation.ID, Place: l.Place, SKU: l.SKU}).key())
		r.Lines[i].Reserved = held.Quantity
	}
	return r
}
