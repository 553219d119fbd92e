package orderops

// Status is the one word for how an order is doing, whatever the systems behind call it.
type Status string

// The unified statuses (specs/orderops/rules.yaml, orderops.status).
const (
	StatusPending           Status = "pending"
	StatusConfirmed         Status = "confirmed"
	StatusPartiallyShipped  Status = "partially_shipped"
	StatusShipped           Status = "shipped"
	StatusDelivered         Status = "delivered"
	StatusCancelled         Status = "cancelled"
	StatusReturnRequested   Status = "return_requested"
	StatusReturned          Status = "returned"
	StatusPartiallyReturned Status = "partially_returned"
	StatusReplaced          Status = "replaced"
	StatusFailed            Status = "failed"
)

// Statuses lists the unified statuses.
func Statuses() []Status {
	return []Status{
		StatusPending, StatusConfirmed, StatusPartiallyShipped, StatusShipped, StatusDelivered, StatusCancelled, StatusReturnRequested,
		StatusReturned, StatusPartiallyReturned, StatusReplaced, StatusFailed,
	}
}
