package orderops

import "time"

// ReturnRequest is what a caller asks to give back. No items means everything that can be returned.
type ReturnRequest struct {
	Items      []LineQuantity `json:"items,omitempty"`
	ReasonCode string         `json:"reason_code,omitempty"`
	// AllowPartial leaves out what cannot be returned instead of refusing the whole request for it.
	AllowPartial   bool    `json:"allow_partial,omitempty"`
	ExpectedRefund *Amount `json:"expected_refund,omitempty"`
}

// ReturnMode says how goods come back.
type ReturnMode string

// The modes of returns.
const (
	ReturnSimple ReturnMode = "simple" // they are taken back at once, and paid back
	ReturnRMA    ReturnMode = "rma"    // they are announced; what has arrived is paid back then
)

// ReturnedItem is one line of a return that happened, or would happen.
type ReturnedItem struct {
	OrderItemSummaryID string `json:"order_item_summary_id"`
	ProductCode        string `json:"product_code"`
	Quantity           Amount `json:"quantity"`
}

// NotReturned is a line that was asked for, or meant, and cannot be returned.
type NotReturned struct {
	OrderItemSummaryID string `json:"order_item_summary_id"`
	ProductCode        string `json:"product_code"`
	// Why is window_closed, not_returnable or nothing_to_return.
	Why string `json:"why"`
	// Reason is the policy's sentence about goods that are not taken back.
	Reason string `json:"reason,omitempty"`
	// ReturnBy is the last instant of the window, in the zone of the policy.
	ReturnBy *time.Time `json:"return_by,omitempty"`
}

// Return is the answer of a return.
type Return struct {
	OrderNo string         `json:"order_no"`
	Mode    ReturnMode     `json:"mode"`
	Items   []ReturnedItem `json:"items"`
	LeftOut []NotReturned  `json:"left_out"`
	// Refund is what the shopper gets for the units, taxes and delivery share included and the fee taken off. Of an RMA it
	// is what would be paid back if all of them arrived.
	Refund Amount `json:"refund"`
	// Fee is what is kept for taking them back.
	Fee           Amount   `json:"fee"`
	Currency      string   `json:"currency"`
	ReturnOrderID string   `json:"return_order_id,omitempty"`
	ChangeOrderID string   `json:"change_order_id,omitempty"`
	Effects       []Effect `json:"effects"`
}
