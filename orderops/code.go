package orderops

import (
	"maps"
	"net/http"
	"slices"
)

// Code is the machine-readable name of an outcome that the service tells its callers. The same word is the `code` of
// a problem document on the REST face and the `statusCode` of a HookStatusException on the OCAPI face.
type Code string

// The codes of first light. What raises each is written in specs/orderops/rules.yaml.
const (
	OrderNotFound          Code = "ORDER_NOT_FOUND"
	OrderNotPlaced         Code = "ORDER_NOT_PLACED"
	OrderReplaced          Code = "ORDER_REPLACED"
	OrderNotYetInOMS       Code = "ORDER_NOT_YET_IN_OMS"
	OrderChanged           Code = "ORDER_CHANGED"
	OrderActionInProgress  Code = "ORDER_ACTION_IN_PROGRESS"
	NotCancellable         Code = "NOT_CANCELLABLE"
	PartiallyFulfilled     Code = "PARTIALLY_FULFILLED"
	CutoffPassed           Code = "CUTOFF_PASSED"
	AmountChanged          Code = "AMOUNT_CHANGED"
	NotReturnable          Code = "NOT_RETURNABLE"
	ReturnWindowClosed     Code = "RETURN_WINDOW_CLOSED"
	ReturnQuantityExceeded Code = "RETURN_QUANTITY_EXCEEDED"
	UseOMS                 Code = "USE_OMS"
	OMSUnavailable         Code = "OMS_UNAVAILABLE"
	OutcomeUnknown         Code = "OUTCOME_UNKNOWN"
	InProgress             Code = "IN_PROGRESS"
	UnknownItems           Code = "UNKNOWN_ITEMS"
	InvalidQuantity        Code = "INVALID_QUANTITY"
	CancelQuantityExceeded Code = "CANCEL_QUANTITY_EXCEEDED"
	InvalidReasonCode      Code = "INVALID_REASON_CODE"
	InvalidRequest         Code = "INVALID_REQUEST"
	IdempotencyKeyRequired Code = "IDEMPOTENCY_KEY_REQUIRED"
	IdempotencyKeyReused   Code = "IDEMPOTENCY_KEY_REUSED"
	ActionNotAvailable     Code = "ACTION_NOT_AVAILABLE"
	OperationNotFound      Code = "OPERATION_NOT_FOUND"
	SandboxConflict        Code = "SANDBOX_CONFLICT"
	Unauthenticated        Code = "UNAUTHENTICATED"
	Forbidden              Code = "FORBIDDEN"
	RateLimited            Code = "RATE_LIMITED"
	UpstreamError          Code = "UPSTREAM_ERROR"
	UpstreamTimeout        Code = "UPSTREAM_TIMEOUT"
	InternalError          Code = "INTERNAL_ERROR"
	RouteNotFound          Code = "NOT_FOUND"
	InvalidSignature       Code = "INVALID_SIGNATURE"
	EventsNotConfigured    Code = "EVENTS_NOT_CONFIGURED"
	NotModifiable          Code = "NOT_MODIFIABLE"
	BasketExists           Code = "BASKET_EXISTS"
	NothingTransferable    Code = "NOTHING_TRANSFERABLE"
	QuantityInvalid        Code = "QUANTITY_INVALID"
	CustomerMismatch       Code = "CUSTOMER_MISMATCH"
	SessionMismatch        Code = "SESSION_MISMATCH"
	ContextMismatch        Code = "CONTEXT_MISMATCH"
	SlotFull               Code = "SLOT_FULL"
	SlotHoldExpired        Code = "SLOT_HOLD_EXPIRED"
	NotEditing             Code = "NOT_EDITING"
	AlreadyConfirmed       Code = "ALREADY_CONFIRMED"
	PriceChanged           Code = "PRICE_CHANGED"
	BasketNotFound         Code = "BASKET_NOT_FOUND"
	BasketIncomplete       Code = "BASKET_INCOMPLETE"
	PaymentDeclined        Code = "PAYMENT_DECLINED"
	IDPSessionExpired      Code = "IDP_SESSION_EXPIRED"
	ProfileIncomplete      Code = "PROFILE_INCOMPLETE"
	CannotReopen           Code = "CANNOT_REOPEN"
	MinimumNotMet          Code = "MINIMUM_NOT_MET"
	DependentLine          Code = "DEPENDENT_LINE"
)

// codeMeaning is what the faces need to know of a code: the HTTP status of the REST face and one sentence for people.
type codeMeaning struct {
	status int
	title  string
}

// Codes are all that the service may answer with, in the order of their names.
func Codes() []Code { return slices.Sorted(maps.Keys(meanings())) }

// meaning says status and title of each code in one place; an unknown code is an internal error.
func (c Code) meaning() codeMeaning {
	table := meanings()
	if m, ok := table[c]; ok {
		return m
	}
	return table[InternalError]
}

func meanings() map[Code]codeMeaning {
	return map[Code]codeMeaning{
		OrderNotFound:          {http.StatusNotFound, "No such order for this caller"},
		OrderNotPlaced:         {http.StatusConflict, "The order was never placed"},
		OrderReplaced:          {http.StatusConflict, "The order was replaced by another one"},
		OrderNotYetInOMS:       {http.StatusConflict, "The order has not reached order management yet"},
		OrderChanged:           {http.StatusConflict, "The order changed in the meantime"},
		OrderActionInProgress:  {http.StatusConflict, "Another action on this order is still running"},
		NotCancellable:         {http.StatusConflict, "The order can no longer be cancelled"},
		PartiallyFulfilled:     {http.StatusConflict, "A part of the order has already been fulfilled"},
		CutoffPassed:           {http.StatusConflict, "The cut-off of the booked slot has passed"},
		NotReturnable:          {http.StatusConflict, "This cannot be returned"},
		ReturnWindowClosed:     {http.StatusConflict, "The time for returning has passed"},
		ReturnQuantityExceeded: {http.StatusBadRequest, "More units than can be returned"},
		AmountChanged:          {http.StatusConflict, "The refund differs from the expected one"},
		UseOMS:                 {http.StatusConflict, "The order is under the control of order management"},
		OMSUnavailable:         {http.StatusServiceUnavailable, "Order management is not available"},
		OutcomeUnknown:         {http.StatusAccepted, "The outcome is not known yet"},
		InProgress:             {http.StatusAccepted, "The action is still running"},
		UnknownItems:           {http.StatusBadRequest, "Items that the order does not have"},
		InvalidQuantity:        {http.StatusBadRequest, "A quantity must be a whole number above zero"},
		CancelQuantityExceeded: {http.StatusBadRequest, "More units than the order still has"},
		InvalidReasonCode:      {http.StatusBadRequest, "Unknown reason code"},
		InvalidRequest:         {http.StatusBadRequest, "The request is not well-formed"},
		IdempotencyKeyRequired: {http.StatusBadRequest, "An idempotency key is required"},
		IdempotencyKeyReused:   {http.StatusUnprocessableEntity, "The idempotency key was used for another request"},
		ActionNotAvailable:     {http.StatusNotImplemented, "This action is not available"},
		OperationNotFound:      {http.StatusNotFound, "No such operation for this caller"},
		SandboxConflict:        {http.StatusBadRequest, "Two sandboxes were named"},
		Unauthenticated:        {http.StatusUnauthorized, "The access token is missing or no longer valid"},
		Forbidden:              {http.StatusForbidden, "The caller may not do this"},
		RateLimited:            {http.StatusTooManyRequests, "Too many requests"},
		UpstreamError:          {http.StatusBadGateway, "A system behind this service failed"},
		UpstreamTimeout:        {http.StatusGatewayTimeout, "A system behind this service did not answer in time"},
		InternalError:          {http.StatusInternalServerError, "Internal error"},
		RouteNotFound:          {http.StatusNotFound, "No such resource"},
		InvalidSignature:       {http.StatusUnauthorized, "The sender is not proved"},
		EventsNotConfigured:    {http.StatusServiceUnavailable, "This service takes no events"},
		NotModifiable:          {http.StatusConflict, "The order cannot be changed"},
		BasketExists:           {http.StatusConflict, "The shopper has a basket already"},
		NothingTransferable:    {http.StatusConflict, "Nothing of the order can be bought again"},
		QuantityInvalid:        {http.StatusBadRequest, "A product is not sold in that quantity"},
		CustomerMismatch:       {http.StatusConflict, "The order belongs to another customer"},
		SessionMismatch:        {http.StatusConflict, "The order is being edited in another session"},
		ContextMismatch:        {http.StatusConflict, "The new order does not follow up this one"},
		SlotFull:               {http.StatusConflict, "The slot is full"},
		SlotHoldExpired:        {http.StatusConflict, "The slot is no longer held"},
		NotEditing:             {http.StatusConflict, "The order is not being edited"},
		AlreadyConfirmed:       {http.StatusConflict, "The new order has taken the place of the old one already"},
		PriceChanged:           {http.StatusConflict, "The total differs from the expected one"},
		BasketNotFound:         {http.StatusNotFound, "No such basket for this caller"},
		BasketIncomplete:       {http.StatusConflict, "The basket cannot be ordered yet"},
		PaymentDeclined:        {http.StatusPaymentRequired, "The payment was declined"},
		IDPSessionExpired:      {http.StatusUnauthorized, "The log-in at the identity provider has ended"},
		ProfileIncomplete:      {http.StatusForbidden, "The registration at the identity provider is not complete"},
		CannotReopen:           {http.StatusConflict, "What was cancelled cannot be opened again"},
		DependentLine:          {http.StatusConflict, "A line goes only together with another one"},
		MinimumNotMet:          {http.StatusConflict, "What is left is less than the least that can be ordered"},
	}
}

// HTTPStatus is the status of the REST face for the code.
func (c Code) HTTPStatus() int { return c.meaning().status }

// Title is a short sentence for people; programs read the code.
func (c Code) Title() string { return c.meaning().title }
