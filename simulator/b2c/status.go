package b2c

// Status is where an order stands in its life.
type Status string

// The statuses of an order. New and Open behave the same.
const (
	Created   Status = "created"
	New       Status = "new"
	Open      Status = "open"
	Completed Status = "completed"
	Cancelled Status = "cancelled"
	Replaced  Status = "replaced"
	Failed    Status = "failed"
)

// Statuses lists every status of an order.
func Statuses() []Status {
	return []Status{Created, New, Open, Completed, Cancelled, Replaced, Failed}
}

// ShippingStatus tells how much of an order, or whether a shipment, has been shipped.
type ShippingStatus string

// The shipping statuses; a single shipment is never part shipped.
const (
	NotShipped  ShippingStatus = "not_shipped"
	PartShipped ShippingStatus = "part_shipped"
	Shipped     ShippingStatus = "shipped"
)

// PaymentStatus tells how much of an order has been paid.
type PaymentStatus string

// The payment statuses.
const (
	NotPaid  PaymentStatus = "not_paid"
	PartPaid PaymentStatus = "part_paid"
	Paid     PaymentStatus = "paid"
)

// ExportStatus tells whether an order has gone to order management.
type ExportStatus string

// The export statuses.
const (
	NotExported  ExportStatus = "not_exported"
	Exported     ExportStatus = "exported"
	Ready        ExportStatus = "ready"
	ExportFailed ExportStatus = "failed"
)

// ConfirmationStatus tells whether an order was confirmed to the shopper.
type ConfirmationStatus string

// The confirmation statuses.
const (
	NotConfirmed ConfirmationStatus = "not_confirmed"
	Confirmed    ConfirmationStatus = "confirmed"
)
