package oci

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/sandbox"
)

// MaxExpiration is the longest a reservation that expires may last.
const MaxExpiration = 14400 * time.Second

// Status is where a reservation stands.
type Status string

// The statuses of a reservation. They are ours: the vendor has no read of reservations.
const (
	// Active reservations hold something.
	Active Status = "ACTIVE"
	// Closed ones were released or fulfilled to the last unit.
	Closed    Status = "CLOSED"
	Cancelled Status = "CANCELLED"
	Expired   Status = "EXPIRED"
)

// Reservation is a promise to an order. What it holds, and where, are its holdings.
type Reservation struct {
	// ID is the actionRequestId it was made with.
	ID string
	// ExternalRefID is the maker's own name for it: the order number.
	ExternalRefID string
	ReservedAt    time.Time
	// ExpiresAt is the last instant at which it counts; zero means it does not expire.
	ExpiresAt time.Time
	// EndedAs is empty until it is cancelled or expires.
	EndedAs Status
}

func (r *Reservation) references() []string {
	if r.ExternalRefID == "" {
		return nil
	}
	return []string{r.ExternalRefID}
}

// Holding is what a reservation has of a SKU at a place now. It moves with transfers and is never negative.
type Holding struct {
	ReservationID string
	Place         Place
	SKU           string
	Quantity      decimal.Decimal
	ReservedAt    time.Time
}

func (h *Holding) key() string { return h.ReservationID + "\x01" + h.Place.key(h.SKU) }

// placeSum is what all reservations have of a SKU at a place, so that a promise costs the same however many there are.
type placeSum struct {
	Place    string // with the SKU
	Quantity decimal.Decimal
}

// Line asks for units of a SKU at a place.
type Line struct {
	Place    Place
	SKU      string
	Quantity decimal.Decimal
}

// Request asks for a reservation.
type Request struct {
	// ActionRequestID becomes the reservation's id; it is made up when empty.
	ActionRequestID, ExternalRefID string
	// At is when it is reserved; zero means now.
	At time.Time
	// Expiration is counted from At; zero means never.
	Expiration time.Duration
	// AllowPartial takes what there is where there is not enough.
	AllowPartial bool
	Lines        []Line
}

// record is the request as it is compared with a repetition; the time may differ.
func (r Request) record() string {
	parts := []string{"reserve", r.ExternalRefID, r.Expiration.String(), fmt.Sprint(r.AllowPartial)}
	for _, l := range r.Lines {
		parts = append(parts, l.Place.key(l.SKU), l.Quantity.String())
	}
	return strings.Join(parts, "\x02")
}

// LineResult is what became of a line.
type LineResult struct {
	Line
	Reserved decimal.Decimal
	// Refused is nil when the whole line was reserved.
	Refused *Error
}

// Result is what became of a request.
type Result struct {
	// Reservation has an empty id when nothing was reserved.
	Reservation Reservation
	Lines       []LineResult
}

// Reserve promises stock to an order: all lines or, unless partial reservations are allowed, nothing. The same request
// again answers what the first did. Errors have the codes [DuplicateActionRequest], and without partial reservations
// that of the first line that fails; then the result tells of every line.
func (o *OCI) Reserve(tx *sandbox.Tx, r Request) (Result, error) {
	if err := r.check(); err != nil {
		return Result{}, err
	}
	if r.ActionRequestID == "" {
		r.ActionRequestID = tx.UUID("oci.Action")
	}
	if r.At.IsZero() {
		r.At = tx.Now()
	}
	if done, ok := o.actions.Get(tx.Tx, r.ActionRequestID); ok {
		return done.Result, done.same(r.record())
	}
	mark := tx.Mark()
	result, refused := o.reserve(tx, r)
	if refused != nil && !r.AllowPartial || result.Reservation.ID == "" {
		tx.RollbackTo(mark)
		return result.nothing(), refused
	}
	o.actions.Put(tx.Tx, doneAction{ID: r.ActionRequestID, Record: r.record(), Result: result})
	return result, nil
}

// nothing is the result of a request of which nothing was reserved in the end.
func (r Result) nothing() Result {
	r.Reservation = Reservation{}
	for i := range r.Lines {
		r.Lines[i].Reserved = decimal.Zero
	}
	return r
}

func (r Request) check() error {
	if len(r.Lines) == 0 || r.Expiration < 0 || r.Expiration > MaxExpiration {
		return fmt.Errorf("reserve for %q: %d lines, expiring after %s", r.ExternalRefID, len(r.Lines), r.Expiration)
	}
	for _, l := range r.Lines {
		if !l.Quantity.IsPositive() {
			return fmt.Errorf("reserve for %q: %s units of %s", r.ExternalRefID, l.Quantity, l.SKU)
		}
	}
	return nil
}

// reserve takes what there is, line by line, and returns the first refusal beside the result.
func (o *OCI) reserve(tx *sandbox.Tx, r Request) (result Result, first error) {
	res := Reservation{ID: r.ActionRequestID, ExternalRefID: r.ExternalRefID, ReservedAt: r.At.UTC()}
	for _, l := range r.Lines {
		line := o.reserveLine(tx, res, l)
		if line.Refused != nil && first == nil {
			first = line.Refused
		}
		if line.Reserved.IsPositive() {
			result.Reservation = res
		}
		result.Lines = append(result.Lines, line)
	}
	if result.Reservation.ID == "" {
		return result, first
	}
	if r.Expiration > 0 {
		result.Reservation.ExpiresAt = res.ReservedAt.Add(r.Expiration)
		// At its last instant a reservation still counts, so it lapses a moment later.
		tx.Schedule(sandbox.Due{Kind: reservationExpiry, Subject: res.ID, At: result.Reservation.ExpiresAt.Add(time.Millisecond)})
	}
	o.reservations.Put(tx.Tx, result.Reservation)
	return result, first
}

func (o *OCI) reserveLine(tx *sandbox.Tx, r Reservation, l Line) LineResult {
	out := LineResult{Line: l, Reserved: l.Quantity}
	if err := o.known(tx, l.Place, l.SKU); err != nil {
		out.Reserved, out.Refused = decimal.Zero, err
		return out
	}
	if open := o.open(tx, l.Place, l.SKU); open.LessThan(l.Quantity) {
		out.Reserved, out.Refused = decimal.Max(decimal.Zero, open), short(l.Place, l.SKU, l.Quantity, open)
	}
	if out.Reserved.IsPositive() {
		o.hold(tx, Holding{ReservationID: r.ID, Place: l.Place, SKU: l.SKU, Quantity: out.Reserved, ReservedAt: r.ReservedAt})
	}
	return out
}

func short(p Place, sku string, wanted, open decimal.Decimal) *Error {
	return refuse(InsufficientAvailability, "oci.reserve.availability", "%s of %s were asked for at %s, %s can be promised", wanted, sku, p, open)
}

// hold adds to what a reservation has at a place.
func (o *OCI) hold(tx *sandbox.Tx, h Holding) {
	if old, ok := o.holdings.Get(tx.Tx, h.key()); ok {
		h.Quantity = h.Quantity.Add(old.Quantity)
	}
	o.write(tx, h)
}

// write stores what a reservation has at a place, and keeps the sum of the place.
func (o *OCI) write(tx *sandbox.Tx, h Holding) {
	place := h.Place.key(h.SKU)
	sum, _ := o.sums.Get(tx.Tx, place)
	before, _ := o.holdings.Get(tx.Tx, h.key())
	o.sums.Put(tx.Tx, placeSum{Place: place, Quantity: sum.Quantity.Add(h.Quantity).Sub(before.Quantity)})
	o.holdings.Put(tx.Tx, h)
}

// Reservation returns the reservation of that id. The error has the code [ReservationNotFound].
func (o *OCI) Reservation(tx *sandbox.Tx, id string) (Reservation, error) {
	r, ok := o.reservations.Get(tx.Tx, id)
	if !ok {
		return Reservation{}, refuse(ReservationNotFound, "oci.reservation.known", "there is no reservation %s", id)
	}
	return r, nil
}

// Reservations returns the reservations with that external reference, the oldest first.
func (o *OCI) Reservations(tx *sandbox.Tx, externalRefID string) []Reservation {
	found := o.reservations.List(tx.Tx, "reference", externalRefID)
	slices.SortStableFunc(found, func(a, b Reservation) int { return a.ReservedAt.Compare(b.ReservedAt) })
	return found
}

// Active returns the reservations that hold something, by id.
func (o *OCI) Active(tx *sandbox.Tx) []Reservation {
	var found []Reservation
	for _, r := range o.reservations.Range(tx.Tx, "", "", "", 0) {
		if o.Status(tx, r) == Active {
			found = append(found, r)
		}
	}
	return found
}

// Holdings returns what a reservation still holds, and where.
func (o *OCI) Holdings(tx *sandbox.Tx, reservationID string) []Holding {
	held := o.holdings.List(tx.Tx, "reservation", reservationID)
	return slices.DeleteFunc(held, func(h Holding) bool { return !h.Quantity.IsPositive() })
}

// Status tells where a reservation stands.
func (o *OCI) Status(tx *sandbox.Tx, r Reservation) Status {
	switch {
	case r.EndedAs != "":
		return r.EndedAs
	case len(o.Holdings(tx, r.ID)) == 0:
		return Closed
	}
	return Active
}

// Cancel gives everything back that a reservation still holds, wherever that is by now, once: cancelling again changes
// nothing. The error has the code [ReservationNotFound].
func (o *OCI) Cancel(tx *sandbox.Tx, reservationID string) error {
	r, err := o.Reservation(tx, reservationID)
	if err != nil {
		return err
	}
	tx.Unschedule(reservationExpiry, r.ID)
	o.end(tx, r, Cancelled)
	return nil
}

// end gives back what a reservation holds; one that holds nothing stays as it is.
func (o *OCI) end(tx *sandbox.Tx, r Reservation, as Status) {
	held := o.Holdings(tx, r.ID)
	for _, h := range held {
		h.Quantity = decimal.Zero
		o.write(tx, h)
	}
	if len(held) > 0 {
		r.EndedAs = as
		o.reservations.Put(tx.Tx, r)
	}
}

func (o *OCI) expire(tx *sandbox.Tx, d sandbox.Due) error {
	if r, ok := o.reservations.Get(tx.Tx, d.Subject); ok {
		o.end(tx, r, Expired)
	}
	return nil
}
