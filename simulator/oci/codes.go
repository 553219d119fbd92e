package oci

import "fmt"

// Code names a refusal. The vendor's own strings are not public; these are ours (specs/oci/SOURCES.md, errors).
type Code string

// The refusals of Omnichannel Inventory.
const (
	// InsufficientAvailability: less can be promised at the place than is asked for.
	InsufficientAvailability Code = "INSUFFICIENT_AVAILABILITY"
	// ReservationNotFound: nothing was ever reserved there under that reservation or reference.
	ReservationNotFound Code = "RESERVATION_NOT_FOUND"
	// ReservationExpired: the reservation lapsed and its quantity is available again.
	ReservationExpired Code = "RESERVATION_EXPIRED"
	// QuantityExceedsReserved: less is reserved there than the record wants to move, release or fulfil.
	QuantityExceedsReserved Code = "QUANTITY_EXCEEDS_RESERVED"
	// LocationNotFound: there is no such location or location group.
	LocationNotFound Code = "LOCATION_NOT_FOUND"
	// SKUNotFound: the place has no inventory record of the SKU.
	SKUNotFound Code = "SKU_NOT_FOUND"
	// DuplicateActionRequest: the actionRequestId was used for another record.
	DuplicateActionRequest Code = "DUPLICATE_ACTION_REQUEST"
	// TransferCancelled: another record of an all-or-nothing transfer failed.
	TransferCancelled Code = "TRANSFER_CANCELLED"
	// InvalidRecord: an inventory record says what cannot be.
	InvalidRecord Code = "INVALID_RECORD"
	// UploadNotFound: there is no such upload job.
	UploadNotFound Code = "UPLOAD_NOT_FOUND"
	// ImportNotWaiting: the file of the import was sent already, or its link has expired.
	ImportNotWaiting Code = "IMPORT_NOT_WAITING"
	// ImportNotEnded: the import has no results yet.
	ImportNotEnded Code = "IMPORT_NOT_ENDED"
)

// Error is a refusal by a rule of the domain.
type Error struct {
	Code    Code
	Message string
	// Rule is the id of the rule in specs/oci/rules.yaml.
	Rule string
}

func (e *Error) Error() string { return string(e.Code) + ": " + e.Message }

// RuleID returns the id of the rule behind the refusal.
func (e *Error) RuleID() string { return e.Rule }

func refuse(code Code, rule, format string, args ...any) *Error {
	return &Error{Code: code, Rule: rule, Message: fmt.Sprintf(format, args...)}
}
