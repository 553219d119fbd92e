package orderops

// ConfirmRequest is what a caller asks for: one of NewOrderNo and BasketID.
type ConfirmRequest struct {
	// NewOrderNo is the order that the shopper placed in checkout from the follow-up basket.
	NewOrderNo string `json:"new_order_no,omitempty"`
	// BasketID is the follow-up basket, to be ordered by the service.
	BasketID string `json:"basket_id,omitempty"`
	// ExpectedTotal is what the caller expects the new order to cost.
	ExpectedTotal *Amount `json:"expected_total,omitempty"`
	// SlotID is another slot, where the one that was held is lost.
	SlotID string `json:"slot_id,omitempty"`
}

// Confirmation is the answer of a confirm.
type Confirmation struct {
	OrderNo    string `json:"order_no"`
	NewOrderNo string `json:"new_order_no"`
	// AlreadyConfirmed says that the new order had taken the old one's place before.
	AlreadyConfirmed bool         `json:"already_confirmed"`
	Policy           ModifyPolicy `json:"policy"`
	// Before is what the old order was worth when it was given up, After what the new one costs, Difference what the shopper
	// pays more; it is negative when that is less.
	Before     Amount `json:"total_before"`
	After      Amount `json:"total_after"`
	Difference Amount `json:"price_difference"`
	Currency   string `json:"currency"`
	// Cancellation is what became of the old order; nil while that is open.
	Cancellation *CancelledOrder `json:"cancellation,omitempty"`
	Bookings     []string        `json:"booking_ids"`
	Effects      []Effect        `json:"effects"`
}

// CancelledOrder is what of the old order was cancelled.
type CancelledOrder struct {
	AlreadyCancelled bool   `json:"already_cancelled"`
	Whole            bool   `json:"whole"`
	Refund           Amount `json:"refund"`
	ChangeOrderID    string `json:"change_order_id,omitempty"`
}
