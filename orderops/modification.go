package orderops

import "time"

// ModifyPolicy says when an order that is being modified is given up.
type ModifyPolicy string

// The policies.
const (
	// KeepUntilConfirm leaves the order on hold until the follow-up order is placed. Abandoning changes nothing.
	KeepUntilConfirm ModifyPolicy = "keep_until_confirm"
	// CancelFirst cancels the order at once. Who abandons the follow-up has no order.
	CancelFirst ModifyPolicy = "cancel_first"
)

// PricePolicy says what lines cost in a follow-up basket.
type PricePolicy string

// The policies.
const (
	// PricesOfToday has lines cost what they cost now.
	PricesOfToday PricePolicy = "today"
	// KeepOriginalPrice takes off what has become dearer since the order was placed; what has become cheaper is cheaper.
	KeepOriginalPrice PricePolicy = "keep_original_price"
)

// OnExistingBasket says what happens to a basket that the shopper has already.
type OnExistingBasket string

// The choices. Without one the modification is refused with the choices.
const (
	// MergeBasket takes what is in the basket into the follow-up basket.
	MergeBasket OnExistingBasket = "merge"
	// ReplaceBasket sets the basket aside; it comes back when the follow-up is ordered or given up.
	ReplaceBasket OnExistingBasket = "replace"
	// AbortOnBasket leaves everything as it is.
	AbortOnBasket OnExistingBasket = "abort"
)

// Channel is the kind of front end that a shopper goes on in.
type Channel string

// The channels.
const (
	ChannelSFRA Channel = "sfra"
	ChannelPWA  Channel = "pwa"
	ChannelApp  Channel = "app"
)

// TokenKind is what a shopper's token was issued by.
type TokenKind string

// The kinds of tokens.
const (
	TokenOCAPI TokenKind = "ocapi" // OCAPI's own JWT
	TokenSLAS  TokenKind = "slas"
)

// ModifyRequest is what a caller asks for.
type ModifyRequest struct {
	// Items are quantities that lines shall have in the follow-up basket; other lines are taken as they are, and a line of
	// quantity zero is left out.
	Items            []LineQuantity   `json:"items,omitempty"`
	OnExistingBasket OnExistingBasket `json:"on_existing_basket,omitempty"`
	// SlotID asks for nothing but another slot: there is no follow-up basket then.
	SlotID  string  `json:"slot_id,omitempty"`
	Channel Channel `json:"channel,omitempty"`
	// ExpectedTotal is what the shopper was told that the follow-up would cost: where it costs something else, nothing is
	// changed.
	ExpectedTotal *Amount `json:"expected_total,omitempty"`
}

// EditingState says where the editing of an order stands.
type EditingState string

// The states. Only an order in the state editing can be confirmed.
const (
	BeingEdited EditingState = "editing"
	Confirmed   EditingState = "confirmed"
	Expired     EditingState = "expired"
	SlotMoved   EditingState = "slot_moved" // nothing was to be edited
)

// EditingEnd says how the editing of an order ended.
type EditingEnd struct {
	State EditingState `json:"state"`
	// NewOrderNo is the order that took its place. Triggered says that nobody confirmed it: it was found.
	NewOrderNo string `json:"new_order_no,omitempty"`
	Triggered  bool   `json:"triggered,omitempty"`
}

// Modification is the answer of a modify.
type Modification struct {
	OrderNo string       `json:"order_no"`
	Policy  ModifyPolicy `json:"policy"`
	EditingEnd
	// Resumed says that the order was being edited already: the basket is that one.
	Resumed   bool       `json:"resumed"`
	BasketID  string     `json:"basket_id,omitempty"`
	ExpiresAt *time.Time `json:"expires_at,omitempty"`
	Currency  string     `json:"currency"`
	// Before is what the order cost, After what the basket costs today, Difference what the shopper pays more; negative when
	// that is less.
	Before           Amount            `json:"total_before"`
	After            Amount            `json:"total_after"`
	Difference       Amount            `json:"price_difference"`
	PriceDeltas      []PriceDelta      `json:"price_deltas"`
	UnavailableLines []UnavailableLine `json:"unavailable_lines"`
	Coupons          []FollowUpCoupon  `json:"coupons"`
	Slots            []KeptSlot        `json:"slots"`
	// SetAsideBasketID is the basket that the shopper had and that stepped back.
	SetAsideBasketID string    `json:"set_aside_basket_id,omitempty"`
	Redirect         *Redirect `json:"redirect,omitempty"`
	Warnings         []Warning `json:"warnings"`
	Effects          []Effect  `json:"effects"`
}

// PriceDelta is a line that costs another amount than in the order, after all discounts.
type PriceDelta struct {
	ItemID    string `json:"item_id"`
	ProductID string `json:"product_id"`
	Quantity  Amount `json:"quantity"`
	Before    Amount `json:"before"`
	After     Amount `json:"after"`
}

// UnavailableLine is what of a line is not in the follow-up basket.
type UnavailableLine struct {
	ItemID    string `json:"item_id"`
	ProductID string `json:"product_id"`
	Quantity  Amount `json:"quantity"`
	Reason    string `json:"reason"`
}

// Why a line is not in the follow-up basket.
const (
	LineGone       = "not_available"       // the product is offline or was removed
	LineMaster     = "master"              // it has become a product of which one has to choose a variant
	LineNoPrice    = "without_price"       // it has no price in the currency
	LineOption     = "option_gone"         // what was chosen with it is not offered any more
	LineNoStock    = "out_of_stock"        // none is left
	LineLittle     = "partly_out_of_stock" // fewer are left
	LineNotInSteps = "quantity_not_sold"   // it is not sold in that quantity any more
)

// FollowUpCoupon is a code in the follow-up basket.
type FollowUpCoupon struct {
	Code  string `json:"code"`
	Valid bool   `json:"valid"`
	// Status is commerce's word for it.
	Status string `json:"status"`
}

// KeptSlot is a booking of the order with the hold by which the follow-up order takes it over.
type KeptSlot struct {
	BookingID string `json:"booking_id"`
	SlotID    string `json:"slot_id"`
	Type      string `json:"type"`
	// HoldID is empty when the slot could not be kept.
	HoldID    string     `json:"hold_id,omitempty"`
	ExpiresAt *time.Time `json:"expires_at,omitempty"`
	// Code is the slot service's word for why it could not be kept.
	Code string `json:"code,omitempty"`
}

// Redirect is where the shopper goes on.
type Redirect struct {
	Channel Channel `json:"channel"`
	Target  string  `json:"target"`
	// Bridge is how the front end takes the session along, where the token is not of the channel's kind.
	Bridge *Bridge `json:"session_bridge,omitempty"`
}

// Bridge is a call that turns one kind of session into another.
type Bridge struct {
	From   TokenKind `json:"from"`
	To     string    `json:"to"`
	Method string    `json:"method"`
	Path   string    `json:"path"`
}

// Warning is something that the shopper should know before going on.
type Warning struct {
	Code string `json:"code"`
	Text string `json:"text"`
}
