package history

import (
	"time"

	"github.com/somsim/somsim/orderops"
	"github.com/somsim/somsim/orderops/somclient"
)

// SOMOrder is what callers get as `c_somOrder`: order management's view of an order, in camel case like the document it
// was modelled on.
type SOMOrder struct {
	OrderSummaryID    string             `json:"orderSummaryId"`
	OrderNumber       string             `json:"orderNumber"`
	Status            string             `json:"status"`
	UnifiedStatus     orderops.Status    `json:"unifiedStatus"`
	PartlyCancelled   bool               `json:"partiallyCancelled"`
	OrderedDate       *time.Time         `json:"orderedDate"`
	Currency          string             `json:"currency"`
	Totals            Totals             `json:"totals"`
	Items             []Item             `json:"items"`
	FulfillmentOrders []FulfillmentOrder `json:"fulfillmentOrders"`
	ReturnOrders      []ReturnOrder      `json:"returnOrders"`
	Payments          []Payment          `json:"payments"`
	// DeliveryGroups is null when that part could not be read.
	DeliveryGroups []DeliveryGroup   `json:"deliveryGroups"`
	AllowedActions []orderops.Action `json:"allowedActions"`
	Source         Source            `json:"source"`
	AsOf           time.Time         `json:"asOf"`
	// Stale says that order management could not be asked: this is what it said at AsOf.
	Stale bool `json:"stale,omitempty"`
}

// Totals are the present amounts of the order, after cancellations.
type Totals struct {
	Grand    orderops.Amount `json:"grand"`
	Product  orderops.Amount `json:"product"`
	Delivery orderops.Amount `json:"delivery"`
	Tax      orderops.Amount `json:"tax"`
}

// Item is a product line with its quantities.
type Item struct {
	OrderItemSummaryID         string          `json:"orderItemSummaryId"`
	ProductCode                string          `json:"productCode"`
	Name                       string          `json:"name"`
	DeliveryGroupID            string          `json:"deliveryGroupId"`
	Status                     string          `json:"status"`
	Total                      orderops.Amount `json:"total"`
	QuantityOrdered            orderops.Amount `json:"quantityOrdered"`
	QuantityCanceled           orderops.Amount `json:"quantityCanceled"`
	QuantityFulfilled          orderops.Amount `json:"quantityFulfilled"`
	QuantityReturned           orderops.Amount `json:"quantityReturned"`
	QuantityAvailableToCancel  orderops.Amount `json:"quantityAvailableToCancel"`
	QuantityAvailableToFulfill orderops.Amount `json:"quantityAvailableToFulfill"`
	QuantityAvailableToReturn  orderops.Amount `json:"quantityAvailableToReturn"`
	// QuantityCancellable counts, unlike QuantityAvailableToCancel, units that a location still has to give back.
	QuantityCancellable orderops.Amount `json:"quantityCancellable"`
	// DependsOn is the orderItemSummaryId of the line that this one belongs to, as its option, its part or a bonus for it: it
	// is not cancelled by itself. Null for every other line.
	DependsOn *string `json:"dependsOn"`
	// Bonus says that it was given for that line.
	Bonus bool `json:"bonus"`
	// ReturnBy is null when that part could not be read.
	ReturnBy *ReturnBy `json:"returnBy"`
	// Custom is null when that part could not be read, here and below.
	Custom Custom `json:"custom"`
}

// FulfillmentOrder is the share of the order that one location handles.
type FulfillmentOrder struct {
	ID        string            `json:"id"`
	Number    string            `json:"number"`
	Status    string            `json:"status"`
	Type      string            `json:"type"`
	Location  string            `json:"location"`
	Items     []FulfillmentItem `json:"items"`
	Shipments []Shipment        `json:"shipments"`
}

// FulfillmentItem is the units of one line in a fulfillment order.
type FulfillmentItem struct {
	OrderItemSummaryID string          `json:"orderItemSummaryId"`
	Quantity           orderops.Amount `json:"quantity"`
}

// Shipment is a parcel.
type Shipment struct {
	Number               string     `json:"number"`
	Status               string     `json:"status"`
	Carrier              string     `json:"carrier,omitempty"`
	TrackingNumber       string     `json:"trackingNumber,omitempty"`
	TrackingURL          string     `json:"trackingUrl,omitempty"`
	ShippedDate          *time.Time `json:"shippedDate"`
	ExpectedDeliveryDate *time.Time `json:"expectedDeliveryDate"`
	ActualDeliveryDate   *time.Time `json:"actualDeliveryDate"`
	// Items are the units inside; empty when order management does not say.
	Items []FulfillmentItem `json:"items"`
}

// ReturnOrder is a return.
type ReturnOrder struct {
	ID     string `json:"id"`
	Number string `json:"number"`
	Status string `json:"status"`
	// At is when it was announced.
	At    *time.Time   `json:"at"`
	Items []ReturnItem `json:"items"`
}

// ReturnItem is the units of one line in a return.
type ReturnItem struct {
	OrderItemSummaryID string          `json:"orderItemSummaryId"`
	QuantityExpected   orderops.Amount `json:"quantityExpected"`
	QuantityReturned   orderops.Amount `json:"quantityReturned"`
}

// Payment is one payment method of the order.
type Payment struct {
	ID         string          `json:"id"`
	Method     string          `json:"method"`
	Type       string          `json:"type"`
	Authorized orderops.Amount `json:"authorized"`
	// Released is authorised money that was given back without having been taken.
	Released orderops.Amount `json:"released"`
	Captured orderops.Amount `json:"captured"`
	Refunded orderops.Amount `json:"refunded"`
	// Balance is what was taken and not paid back. It is not SOM's BalanceAmount, which is captured money that no invoice
	// has claimed, whether it was paid back or not.
	Balance orderops.Amount `json:"balance"`
	// Captures and Refunds are the single movements behind the sums, oldest first.
	Captures []Movement `json:"captures"`
	Refunds  []Movement `json:"refunds"`
	Custom   Custom     `json:"custom"`
}

// Movement is money that was taken or paid back.
type Movement struct {
	ID     string          `json:"id"`
	Amount orderops.Amount `json:"amount"`
	Status string          `json:"status"`
	// At is when it took effect; null when order management was not told.
	At *time.Time `json:"at"`
}

// DeliveryGroup is the lines that travel, or are collected, together.
type DeliveryGroup struct {
	ID             string `json:"id"`
	DeliveryMethod string `json:"deliveryMethod,omitempty"`
	// PromisedDeliveryDate is null where nothing was promised.
	PromisedDeliveryDate *time.Time `json:"promisedDeliveryDate"`
	Custom               Custom     `json:"custom"`
}

func instant(t somclient.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t.Time
}
