package orderops

import (
	"errors"
	"fmt"
	"time"
)

// Refusal is a definite "no" of the service, with everything a face needs to word it. It is stored as the answer of a
// command, so it holds no personal data.
type Refusal struct {
	Code      Code   `json:"code"`
	Detail    string `json:"detail,omitempty"`
	Retriable bool   `json:"retriable,omitempty"`
	// RetryAfter is the wait to announce in the Retry-After header; zero announces none.
	RetryAfter time.Duration `json:"retry_after,omitempty"`
	Extra      RefusalExtra  `json:"extra,omitzero"`
	// Effects are what had been done, or is still owed, when the action was refused.
	Effects []Effect `json:"effects,omitempty"`
}

// RefusalExtra holds the members that some codes add to the answer.
type RefusalExtra struct {
	Allowed        []Action   `json:"allowed,omitempty"`
	Items          []string   `json:"items,omitempty"`
	ReasonCodes    []string   `json:"reason_codes,omitempty"`
	CutoffAt       *time.Time `json:"cutoff_at,omitempty"`
	ReturnBy       *time.Time `json:"return_by,omitempty"`
	CurrentOrderNo string     `json:"current_order_no,omitempty"`
	ExpectedRefund *Amount    `json:"expected_refund,omitempty"`
	ActualRefund   *Amount    `json:"actual_refund,omitempty"`
	// Reason says more exactly what of an order forbids an action.
	Reason string `json:"reason,omitempty"`
	// BasketIDs are the baskets in the way, Choices what can be done about them.
	BasketIDs []string           `json:"basket_ids,omitempty"`
	Choices   []OnExistingBasket `json:"choices,omitempty"`
	// Quantities say in which quantities products are sold.
	Quantities       []QuantityRule    `json:"quantities,omitempty"`
	UnavailableLines []UnavailableLine `json:"unavailable_lines,omitempty"`
	// Alternatives are slots with room, where one is lost.
	Alternatives  []SlotOffer `json:"alternatives,omitempty"`
	NewOrderNo    string      `json:"new_order_no,omitempty"`
	ExpectedTotal *Amount     `json:"expected_total,omitempty"`
	ActualTotal   *Amount     `json:"actual_total,omitempty"`
	// Least is what has to be left of the order, Left what would be.
	Least *Amount `json:"least,omitempty"`
	Left  *Amount `json:"left,omitempty"`
	// NotReturned are lines that cannot be given back, each with why.
	NotReturned []NotReturned `json:"not_returned,omitempty"`
	// UpstreamCode is the vendor's own word for the refusal, for instance a Salesforce error code.
	UpstreamCode string `json:"upstream_code,omitempty"`
}

// QuantityRule says in which quantities the product of a line is sold.
type QuantityRule struct {
	ItemID string  `json:"item_id"`
	Min    Amount  `json:"min"`
	Max    *Amount `json:"max,omitempty"`
	Step   Amount  `json:"step"`
}

// SlotOffer is a slot that has room.
type SlotOffer struct {
	SlotID string    `json:"slot_id"`
	Type   string    `json:"type"`
	Start  time.Time `json:"start"`
	End    time.Time `json:"end"`
}

// Refuse makes a refusal that trying again will not change.
func Refuse(code Code, format string, args ...any) *Refusal {
	return &Refusal{Code: code, Detail: fmt.Sprintf(format, args...)}
}

// RefuseFor makes a refusal that is worth trying again after the given wait.
func RefuseFor(wait time.Duration, code Code, format string, args ...any) *Refusal {
	return &Refusal{Code: code, Detail: fmt.Sprintf(format, args...), Retriable: true, RetryAfter: wait}
}

// Error implements error.
func (r *Refusal) Error() string {
	if r.Detail == "" {
		return string(r.Code)
	}
	return string(r.Code) + ": " + r.Detail
}

// AsRefusal finds the refusal inside an error.
func AsRefusal(err error) (*Refusal, bool) {
	var r *Refusal
	ok := errors.As(err, &r)
	return r, ok
}
