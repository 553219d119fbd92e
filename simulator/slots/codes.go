package slots

import "fmt"

// Code names a refusal, as it is answered.
type Code string

// The refusals of the slot service.
const (
	// SlotNotFound: there is no such slot.
	SlotNotFound Code = "SLOT_NOT_FOUND"
	// SlotFull: holds and bookings take all of the slot's capacity.
	SlotFull Code = "SLOT_FULL"
	// SlotClosed: the slot's cut-off has passed.
	SlotClosed Code = "SLOT_CLOSED"
	// HoldNotFound: there is no such hold.
	HoldNotFound Code = "HOLD_NOT_FOUND"
	// HoldExpired: the hold has lapsed or was given up.
	HoldExpired Code = "HOLD_EXPIRED"
	// HoldAlreadyUsed: the hold was confirmed for another order.
	HoldAlreadyUsed Code = "HOLD_ALREADY_USED"
	// BookingReleased: the booking has given its room back.
	BookingReleased Code = "BOOKING_RELEASED"
	// HasSuccessor: somebody else is about to take the booking over.
	HasSuccessor Code = "SUCCESSOR_HELD"
	// TypeMismatch: the other slot is not of the booking's type.
	TypeMismatch Code = "SLOT_TYPE_MISMATCH"
	// BookingNotFound: there is no such booking.
	BookingNotFound Code = "BOOKING_NOT_FOUND"
)

// Error is a refusal by a rule of the domain.
type Error struct {
	Code    Code
	Message string
	// Rule is the id of the rule in specs/slots/rules.yaml.
	Rule string
}

func (e *Error) Error() string { return string(e.Code) + ": " + e.Message }

// RuleID returns the id of the rule behind the refusal.
func (e *Error) RuleID() string { return e.Rule }

func refuse(code Code, rule, format string, args ...any) error {
	return &Error{Code: code, Rule: rule, Message: fmt.Sprintf(format, args...)}
}
