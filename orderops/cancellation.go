package orderops

// Action is what a shopper may do with a placed order.
type Action string

// The actions.
const (
	ActionCancel  Action = "cancel"
	ActionModify  Action = "modify"
	ActionConfirm Action = "confirm"
	ActionReturn  Action = "return"
	// ActionAbandon ends a modification that nobody has gone on with. Only the service itself asks for it.
	ActionAbandon Action = "abandon"
)

// LineQuantity asks for a number of units of one line.
type LineQuantity struct {
	// ItemID is the line as the caller names it: an OrderItemSummary id or a commerce item_id.
	ItemID string `json:"item_id"`
	// ProductID is the product of the commerce line of that name; empty when ItemID is an OrderItemSummary id.
	ProductID string `json:"product_id,omitempty"`
	// Dependent says that the commerce line is an option, a part of a bundle or a bonus.
	Dependent bool   `json:"dependent,omitempty"`
	Quantity  Amount `json:"quantity"`
}

// CancelRequest is what a caller asks for. No items means the whole order.
type CancelRequest struct {
	Items      []LineQuantity `json:"items,omitempty"`
	ReasonCode string         `json:"reason_code,omitempty"`
	// AllowPartial accepts that only the open part of a partly fulfilled order is cancelled.
	AllowPartial   bool    `json:"allow_partial,omitempty"`
	ExpectedRefund *Amount `json:"expected_refund,omitempty"`
}

// CancelledItem is one line of a cancellation that happened, or would happen.
type CancelledItem struct {
	OrderItemSummaryID string `json:"order_item_summary_id"`
	ProductCode        string `json:"product_code"`
	Quantity           Amount `json:"quantity"`
}

// Cancellation is the answer of a cancel.
type Cancellation struct {
	OrderNo          string          `json:"order_no"`
	AlreadyCancelled bool            `json:"already_cancelled"`
	Whole            bool            `json:"whole"`
	Items            []CancelledItem `json:"items"`
	// Refund is what the cancelled units were worth, taxes and delivery share included. How much of it is voided and
	// how much is paid back is told by the effects.
	Refund        Amount `json:"refund"`
	Currency      string `json:"currency"`
	ChangeOrderID string `json:"change_order_id,omitempty"`
	// Coupons are the codes that the order was placed with.
	Coupons []CouponOutcome `json:"coupons,omitempty"`
	// Repriced is told where the goods that stay are priced anew, or where what was kept for that is given back.
	Repriced *Repriced `json:"repriced,omitempty"`
	Warnings []Warning `json:"warnings,omitempty"`
	Effects  []Effect  `json:"effects"`
}

// Repriced is what a cancel does about promotions and codes that the goods which stay lose by it. All amounts hold their tax.
type Repriced struct {
	// Worth is what the cancelled units were worth. The refund is that, less Kept, with GivenBack.
	Worth Amount `json:"worth"`
	// Kept is what is kept of it, GivenBack what earlier cancels had kept and is kept no longer. One of them is zero.
	Kept      Amount         `json:"kept"`
	GivenBack Amount         `json:"given_back"`
	Lines     []RepricedLine `json:"lines"`
}

// RepricedLine is what the units of a product that stay have lost of their discount by all cancels so far; negative where they
// have won.
type RepricedLine struct {
	ProductCode string `json:"product_code"`
	Quantity    Amount `json:"quantity"`
	Lost        Amount `json:"lost"`
}

// WarnPriceKept says that commerce could not price what stays, which keeps its price therefore.
const WarnPriceKept = "PRICE_KEPT"
