package oci

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/sandbox"
)

// Action changes what is reserved of a SKU at a place.
type Action struct {
	// ActionRequestID makes repetitions harmless; it is made up when empty.
	ActionRequestID string
	// ReservationID or ExternalRefID say whose reservation is meant; without them it is whoever reserved first.
	ReservationID, ExternalRefID string
	// Place is where it is reserved now; To is where a transfer takes it.
	Place, To Place
	SKU       string
	Quantity  decimal.Decimal
	// At is when it was fulfilled; zero means now.
	At time.Time
	// IgnoreAvailability lets a transfer reserve more than its destination has.
	IgnoreAvailability bool
}

// record is the action as it is compared with a repetition; the time may differ.
func (a Action) record(kind string) string {
	return strings.Join([]string{
		kind, a.ReservationID, a.ExternalRefID, a.Place.key(a.SKU), a.To.key(a.SKU), a.Quantity.String(), fmt.Sprint(a.IgnoreAvailability),
	}, "\x02")
}

// doneAction remembers an action that succeeded by its actionRequestId. One that was refused leaves no trace: its record
// may be sent again as it was.
type doneAction struct {
	ID, Record string
	// Result is that of a reservation.
	Result Result
}

// clone copies the lines; what they were refused for is never altered.
func (d doneAction) clone() doneAction {
	d.Result.Lines = slices.Clone(d.Result.Lines)
	return d
}

func (d *doneAction) same(record string) error {
	if d.Record == record {
		return nil
	}
	return refuse(DuplicateActionRequest, "oci.action.idempotent", "the actionRequestId %s was used for another record", d.ID)
}

// once does an action unless it was done before. A refused one leaves nothing changed.
func (o *OCI) once(tx *sandbox.Tx, kind string, a Action, do func(*sandbox.Tx, Action) error) error {
	if !a.Quantity.IsPositive() {
		return fmt.Errorf("%s %s units of %s at %s", kind, a.Quantity, a.SKU, a.Place)
	}
	if a.ActionRequestID == "" {
		a.ActionRequestID = tx.UUID("oci.Action")
	}
	if done, ok := o.actions.Peek(tx.Tx, a.ActionRequestID); ok {
		return done.same(a.record(kind))
	}
	mark := tx.Mark()
	if err := do(tx, a); err != nil {
		tx.RollbackTo(mark)
		return err
	}
	o.actions.Put(tx.Tx, doneAction{ID: a.ActionRequestID, Record: a.record(kind)})
	return nil
}

// Release gives reserved units back. Errors have the codes [LocationNotFound], [SKUNotFound], [ReservationNotFound],
// [ReservationExpired], [QuantityExceedsReserved] and [DuplicateActionRequest].
func (o *OCI) Release(tx *sandbox.Tx, a Action) error {
	return o.once(tx, "release", a, func(tx *sandbox.Tx, a Action) error {
		_, err := o.take(tx, a)
		return err
	})
}

// Fulfil ships reserved units from a location. They leave the units on hand too, unless those were counted later. Errors
// are those of [OCI.Release].
func (o *OCI) Fulfil(tx *sandbox.Tx, a Action) error {
	return o.once(tx, "fulfil", a, o.fulfil)
}

func (o *OCI) fulfil(tx *sandbox.Tx, a Action) error {
	if a.Place.Kind != AtLocation {
		return refuse(LocationNotFound, "oci.fulfil.location", "%s cannot ship: only a location can", a.Place)
	}
	if _, err := o.take(tx, a); err != nil {
		return err
	}
	if a.At.IsZero() {
		a.At = tx.Now()
	}
	r, _ := o.records.Get(tx.Tx, recordKey(a.Place.ID, a.SKU))
	if a.At.After(r.EffectiveDate) {
		r.OnHand = r.OnHand.Sub(a.Quantity)
		o.records.Put(tx.Tx, r)
	}
	return nil
}

// Transfer moves reserved units to another place: at routing from a group to the location that will ship them. Errors
// are those of [OCI.Release] and [InsufficientAvailability].
func (o *OCI) Transfer(tx *sandbox.Tx, a Action) error {
	return o.once(tx, "transfer", a, o.transfer)
}

func (o *OCI) transfer(tx *sandbox.Tx, a Action) error {
	if err := o.known(tx, a.To, a.SKU); err != nil {
		return err
	}
	taken, err := o.take(tx, a)
	if err != nil {
		return err
	}
	if open := o.open(tx, a.To, a.SKU); open.LessThan(a.Quantity) && !a.IgnoreAvailability {
		return short(a.To, a.SKU, a.Quantity, open)
	}
	for _, h := range taken {
		h.Place = a.To
		o.hold(tx, h)
	}
	return nil
}

// TransferEach makes each transfer that it can, and returns an error for each, nil where it was made.
func (o *OCI) TransferEach(tx *sandbox.Tx, actions []Action) []error {
	errs := make([]error, len(actions))
	for i, a := range actions {
		errs[i] = o.Transfer(tx, a)
	}
	return errs
}

// TransferAll makes all transfers or none; it returns an error for each of them, nil where it was made.
func (o *OCI) TransferAll(tx *sandbox.Tx, actions []Action) []error {
	mark := tx.Mark()
	errs := o.TransferEach(tx, actions)
	if !slices.ContainsFunc(errs, func(err error) bool { return err != nil }) {
		return errs
	}
	tx.RollbackTo(mark)
	for i := range errs {
		if errs[i] == nil {
			errs[i] = refuse(TransferCancelled, "oci.transfer.all-or-nothing", "another record of the transfer failed")
		}
	}
	return errs
}

// take lowers what is reserved at a place and returns what was taken from whom.
func (o *OCI) take(tx *sandbox.Tx, a Action) ([]Holding, error) {
	if err := o.known(tx, a.Place, a.SKU); err != nil {
		return nil, err
	}
	holdings, err := o.meant(tx, a)
	if err != nil {
		return nil, err
	}
	rest := a.Quantity
	var taken []Holding
	for _, h := range holdings {
		part := decimal.Min(rest, h.Quantity)
		if !part.IsPositive() {
			continue
		}
		rest, h.Quantity = rest.Sub(part), h.Quantity.Sub(part)
		o.write(tx, h)
		h.Quantity = part
		taken = append(taken, h)
	}
	if rest.IsPositive() {
		return nil, refuse(QuantityExceedsReserved, "oci.action.quantity", "%s of %s are not reserved at %s: %s are",
			a.Quantity, a.SKU, a.Place, a.Quantity.Sub(rest))
	}
	return taken, nil
}

// meant returns the holdings at a place that an action is about, the oldest first.
func (o *OCI) meant(tx *sandbox.Tx, a Action) ([]Holding, error) {
	whose, err := o.whose(tx, a)
	if err != nil {
		return nil, err
	}
	var found []Holding
	if whose == nil {
		found = o.holdings.List(tx.Tx, "place", a.Place.key(a.SKU))
	}
	slices.Sort(whose) // of those made at one instant the first in the alphabet gives up first
	for _, id := range whose {
		if h, ok := o.holdings.Get(tx.Tx, (&Holding{ReservationID: id, Place: a.Place, SKU: a.SKU}).key()); ok {
			found = append(found, h)
		}
	}
	if len(found) == 0 {
		return nil, refuse(ReservationNotFound, "oci.reservation.known", "nothing of %s was reserved there at %s", a.SKU, a.Place)
	}
	slices.SortStableFunc(found, func(x, y Holding) int { return x.ReservedAt.Compare(y.ReservedAt) })
	return found, nil
}

// whose returns the ids of the reservations that an action may draw on; nil means any.
func (o *OCI) whose(tx *sandbox.Tx, a Action) ([]string, error) {
	var candidates []Reservation
	switch {
	case a.ReservationID != "":
		r, err := o.Reservation(tx, a.ReservationID)
		if err != nil {
			return nil, err
		}
		candidates = []Reservation{r}
	case a.ExternalRefID != "":
		if candidates = o.Reservations(tx, a.ExternalRefID); len(candidates) == 0 {
			return nil, refuse(ReservationNotFound, "oci.reservation.known", "there is no reservation for %s", a.ExternalRefID)
		}
	default:
		return nil, nil
	}
	var ids []string
	for _, r := range candidates {
		if r.EndedAs != Expired {
			ids = append(ids, r.ID)
		}
	}
	if ids == nil {
		return nil, refuse(ReservationExpired, "oci.reservation.expiry", "reservation %s expired at %s",
			candidates[0].ID, candidates[0].ExpiresAt.Format(time.RFC3339))
	}
	return ids, nil
}
