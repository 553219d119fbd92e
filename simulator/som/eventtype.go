package som

import (
	"slices"
	"strings"
)

// EventType is one kind of platform event of Order Management. Source: Platform Events Developer Guide, standard platform
// event objects.
type EventType struct {
	// Name is the event's object; its channel is [EventChannel] of it.
	Name string
	// Since is the API version that brought it.
	Since int
	// Fields are its own, in the order of the reference; those that every event has are not among them.
	Fields []string
}

// The events that are published.
const (
	EventOrderStatusChanged    = "OrderStatusChangedEvent"
	EventOrderSummaryCreated   = "OrderSummaryCreatedEvent"
	EventOrderSumStatusChanged = "OrderSumStatusChangedEvent"
	EventFOStatusChanged       = "FOStatusChangedEvent"
	EventProcessException      = "ProcessExceptionEvent"
	EventFulfillOrdItemQtyChg  = "FulfillOrdItemQtyChgEvent"
	EventPendingOrdSumProc     = "PendingOrdSumProcEvent"
	// EventAsyncChangeCompleted tells the end of a change of a whole order summary.
	EventAsyncChangeCompleted = "OSAsyncChgCompletedEvent"
)

// EventTypes lists every platform event of Order Management, by name.
func EventTypes() []EventType {
	return []EventType{
		{EventFOStatusChanged, 48, []string{
			"FulfillmentOrderId", "NewStatus", "NewStatusCategory", "OldStatus", "OldStatusCategory", "OrderSummaryId",
		}},
		{EventFulfillOrdItemQtyChg, 53, []string{"FulfillmentOrderLineItemId", "NewQuantity", "OldQuantity", "OrderItemSummaryId"}},
		{EventAsyncChangeCompleted, 63, []string{
			"ActionType", "FeeChangeOrderId", "GrandTotalAmount", "InFulfillmentChangeOrderId", "OrderSummaryId",
			"PostFulfillmentChangeOrderId", "PreFulfillmentChangeOrderId", "TotalExcessFundsAmount", "TotalRefundableAmount",
		}},
		{EventOrderStatusChanged, 51, []string{
			"NewStatus", "NewStatusCode", "OldStatus", "OldStatusCode", "OrderId", "RelatedOrderId", "RelatedOrderType",
		}},
		{EventOrderSumStatusChanged, 48, []string{"NewStatus", "OldStatus", "OrderId", "OrderSummaryId"}},
		{EventOrderSummaryCreated, 48, []string{"OrderId", "OrderSummaryId"}},
		{EventPendingOrdSumProc, 56, []string{
			"ErrorCode", "ErrorMessage", "ExternalReferenceIdentifier", "IsSuccess", "OrderSummaryId",
		}},
		{EventProcessException, 50, []string{
			"AttachedToId", "BackgroundOperationId", "Description", "ExceptionType", "Message", "OrderSummaryId", "Severity",
		}},
	}
}

// EventTypeOf finds a kind of event by its name, which is case-sensitive.
func EventTypeOf(name string) (EventType, bool) {
	types := EventTypes()
	i := slices.IndexFunc(types, func(t EventType) bool { return t.Name == name })
	if i < 0 {
		return EventType{}, false
	}
	return types[i], true
}

const eventChannel = "/event/"

// EventChannel is the channel of the events of a name.
func EventChannel(name string) string { return eventChannel + name }

// EventOfChannel finds the kind of event that a channel carries.
func EventOfChannel(channel string) (EventType, bool) {
	name, ok := strings.CutPrefix(channel, eventChannel)
	if !ok {
		return EventType{}, false
	}
	return EventTypeOf(name)
}
