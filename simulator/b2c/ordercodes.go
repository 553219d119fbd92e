package b2c

// The refusals that are about orders alone. Those of the Data API say which action on the order failed.
const (
	// OrderStatusTransition: the order's status does not allow the wanted one.
	OrderStatusTransition Code = "OrderStatusTransition"
	// PlaceOrderFailed: the order cannot become binding.
	PlaceOrderFailed Code = "PlaceOrder"
	// CancelOrder: the order cannot be cancelled.
	CancelOrder Code = "CancelOrder"
	// UndoCancelOrder: the order cannot be taken out of its cancellation, for its status or for what it gave back.
	UndoCancelOrder Code = "UndoCancelOrder"
	// UndoFailOrder: the failed order cannot be created again, for its status or for what it gave back.
	UndoFailOrder Code = "UndoFailOrder"
	// OrderIntegrationStatus: order management owns the status of placed orders.
	OrderIntegrationStatus Code = "OrderIntegrationStatus"
	// OrderPreviouslyIntegratedStatus: order management that is no longer attached owns the status of the order.
	OrderPreviouslyIntegratedStatus Code = "OrderPreviouslyIntegratedStatus"
	// InvalidCustomProperty: a custom attribute is not defined, or not with such a value.
	InvalidCustomProperty Code = "InvalidCustomProperty"
	// HookStatus: a script that runs within the operation refused it.
	HookStatus Code = "HookStatus"
)
