package somclient

import (
	"fmt"
	"time"

	"github.com/shopspring/decimal"
)

// OrderSummary is an order as SOM keeps it, with its children, as far as order-ops reads them. It holds no names and no
// addresses.
type OrderSummary struct {
	ID                  string `json:"Id"`
	OrderNumber         string
	Status              string
	OrderedDate         Time
	GrandTotalAmount    decimal.Decimal
	TotalProductAmount  decimal.Decimal `json:"TotalAdjustedProductAmount"`
	TotalDeliveryAmount decimal.Decimal `json:"TotalAdjustedDeliveryAmount"`
	TotalTaxAmount      decimal.Decimal
	Items               Rows[OrderItemSummary]          `json:"OrderItemSummaries"`
	DeliveryGroups      Rows[OrderDeliveryGroupSummary] `json:"OrderDeliveryGroupSummaries"`
	Payments            Rows[OrderPaymentSummary]       `json:"OrderPaymentSummaries"`
	FulfillmentOrders   Rows[FulfillmentOrder]          `json:"FulfillmentOrders"`
	ReturnOrders        Rows[ReturnOrder]               `json:"ReturnOrders"`
	Changes             Rows[OrderItemSummaryChange]    `json:"OrderSummaries"` // the vendor's odd relationship name
}

// OrderItemSummary is a line of an order: a product, a delivery charge or a fee.
type OrderItemSummary struct {
	ID                          string `json:"Id"`
	ProductCode                 string
	StockKeepingUnit            string
	TypeCode                    string
	Type                        string
	Status                      string
	OrderDeliveryGroupSummaryID string `json:"OrderDeliveryGroupSummaryId"`
	Quantity                    decimal.Decimal
	QuantityOrdered             decimal.Decimal
	QuantityCanceled            decimal.Decimal
	QuantityAllocated           decimal.Decimal
	QuantityFulfilled           decimal.Decimal
	QuantityReturnInitiated     decimal.Decimal
	QuantityReturned            decimal.Decimal
	QuantityAvailableToCancel   decimal.Decimal
	QuantityAvailableToFulfill  decimal.Decimal
	QuantityAvailableToReturn   decimal.Decimal
	TotalAmtWithTax             decimal.Decimal
	// TotalLineAmountWithTax is before discounts.
	TotalLineAmountWithTax decimal.Decimal
	// MainOrderItemSummaryID is the line that this one belongs to, such as the bundle of a part; empty for most.
	MainOrderItemSummaryID string `json:"MainOrderItemSummaryId"`
	// Name is what people call the product. Product2 says what family of products it is of; nil when the org does not say.
	Name     string
	Product2 *struct{ Family string }
}

// TypeCodeProduct marks the lines that a shopper can cancel; the others are charges.
const TypeCodeProduct = "Product"

// TypeFee marks the lines of what is charged for a change.
const TypeFee = "Fee"

// OrderDeliveryGroupSummary is a group of lines that travel, or are collected, together.
type OrderDeliveryGroupSummary struct {
	ID string `json:"Id"`
	// PromisedDeliveryDate is what the customer was promised.
	PromisedDeliveryDate Time
}

// OrderPaymentSummary is one payment method of an order with its transactions.
type OrderPaymentSummary struct {
	ID                  string `json:"Id"`
	Method              string
	Type                string
	AuthorizationAmount decimal.Decimal
	// ReversedAmount is authorised money that was given back without having been captured.
	ReversedAmount decimal.Decimal `json:"AuthorizationReversalAmount"`
	CapturedAmount decimal.Decimal
	RefundedAmount decimal.Decimal
	Authorizations Rows[Transaction] `json:"PaymentAuthorizations"`
	Payments       Rows[Transaction] `json:"Payments"`
	Refunds        Rows[Transaction] `json:"Refunds"`
}

// Transaction is a PaymentAuthorization, a Payment or a Refund.
type Transaction struct {
	ID     string `json:"Id"`
	Amount decimal.Decimal
	Status string
	// EffectiveDate is when it took effect, as far as the org was told.
	EffectiveDate Time
	// GatewayRefNumber is the payment id at the payment provider.
	GatewayRefNumber string
}

// FulfillmentOrder is the share of an order that one location fulfils.
type FulfillmentOrder struct {
	ID                     string `json:"Id"`
	FulfillmentOrderNumber string
	Status                 string
	StatusCategory         string
	Type                   string
	// ClosedDate is when the last unit left the location, or was collected there.
	ClosedDate              Time
	FulfilledFromLocationID string `json:"FulfilledFromLocationId"`
	// FulfilledFromLocation names the location as inventory does; nil when there is none.
	FulfilledFromLocation *struct{ ExternalReference string }
	Lines                 Rows[FulfillmentOrderLineItem] `json:"FulfillmentOrderLineItems"`
	Shipments             Rows[Shipment]                 `json:"FulfillmentOrderShipments"`
}

// The fixed categories behind a fulfillment order's configurable status.
const (
	CategoryActivated  = "ACTIVATED"
	CategoryFulfilling = "FULFILLING"
	CategoryClosed     = "CLOSED"
)

// TypePickup marks what is collected at the location.
const TypePickup = "In Store Pickup"

// FulfillmentOrderLineItem is the units of one line in a fulfillment order.
type FulfillmentOrderLineItem struct {
	ID                 string `json:"Id"`
	OrderItemSummaryID string `json:"OrderItemSummaryId"`
	Quantity           decimal.Decimal
	OriginalQuantity   decimal.Decimal
}

// Shipment is a parcel.
type Shipment struct {
	ID             string `json:"Id"`
	ShipmentNumber string
	Status         string
	TrackingNumber string
	TrackingURL    string `json:"TrackingUrl"`
	// Provider is the carrier.
	Provider string
	// CreatedDate is when the parcel was handed to the carrier.
	CreatedDate          Time
	ExpectedDeliveryDate Time
	ActualDeliveryDate   Time
	// Items are what is inside; none when the org keeps no such rows.
	Items Rows[ShipmentItem] `json:"ShipmentItems"`
}

// StatusVoided marks a parcel that was called off.
const StatusVoided = "Voided"

// ShipmentItem is the units of one line in a parcel.
type ShipmentItem struct {
	ID                 string `json:"Id"`
	OrderItemSummaryID string `json:"OrderItemSummaryId"`
	Quantity           decimal.Decimal
}

// ReturnOrder is a return that was announced or received.
type ReturnOrder struct {
	ID                string `json:"Id"`
	ReturnOrderNumber string
	Status            string
	CreatedDate       Time
	Lines             Rows[ReturnOrderLineItem] `json:"ReturnOrderLineItems"`
}

// ReturnOrderLineItem is the units of one line in a return.
type ReturnOrderLineItem struct {
	ID                 string `json:"Id"`
	OrderItemSummaryID string `json:"OrderItemSummaryId"`
	QuantityExpected   decimal.Decimal
	QuantityReturned   decimal.Decimal
}

// OrderItemSummaryChange records that a line was changed, by whom and why. The changed quantity is that of the change
// order's item; the vendor writes a cancelled quantity with a minus sign.
type OrderItemSummaryChange struct {
	ID                 string `json:"Id"`
	OrderItemSummaryID string `json:"OrderItemSummaryId"`
	ChangeType         string
	Reason             string
	CreatedByID        string `json:"CreatedById"`
	ChangeOrderItem    struct {
		Quantity decimal.Decimal
		OrderID  string `json:"OrderId"` // the change order
	}
}

// Rows is a (nested) query result. A missing child relationship is null and reads as no rows.
type Rows[T any] struct {
	Done           *bool  `json:"done"`
	NextRecordsURL string `json:"nextRecordsUrl"`
	Records        []T    `json:"records"`
}

// Time is a Salesforce datetime; its zero value stands for null.
type Time struct{ time.Time }

// UnmarshalJSON reads `2021-03-31T15:32:31.000+0000`, RFC 3339 and plain dates (midnight UTC).
func (t *Time) UnmarshalJSON(raw []byte) error {
	if string(raw) == "null" {
		return nil
	}
	for _, layout := range []string{`"2006-01-02T15:04:05.000-0700"`, `"` + time.RFC3339Nano + `"`, `"2006-01-02"`} {
		if parsed, err := time.Parse(layout, string(raw)); err == nil {
			t.Time = parsed.UTC()
			return nil
		}
	}
	return fmt.Errorf("%s is not a Salesforce datetime", raw)
}
