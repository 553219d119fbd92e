package b2c

import (
	"time"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/sandbox"
)

// The refusals of what shoppers do with orders that order management has.
const (
	// OMSNotActive: no order management is attached, or it does not have the order.
	OMSNotActive Code = "OmsNotActive"
	// InvalidReasonCode: the reason is none that order management knows.
	InvalidReasonCode Code = "InvalidReasonCode"
	// OrderCancelFailed: order management does not let the order be cancelled whole.
	OrderCancelFailed Code = "OrderCancelFailed"
	// OrderReturnFailed: order management does not let the units be returned.
	OrderReturnFailed Code = "OrderReturnFailed"
	// UnknownProductItemIDs: the order has no such lines.
	UnknownProductItemIDs Code = "UnknownProductItemIds"
	// ReturnQuantityExceeded: more units than can be returned.
	ReturnQuantityExceeded Code = "ReturnQuantityExceeded"
)

// OMSOrder is what order management says of an order, in the words that shoppers' documents have for it.
type OMSOrder struct {
	Status    string
	Items     []OMSItem
	Shipments []OMSShipment
}

// OMSItem is where the units of a line are.
type OMSItem struct {
	ItemID, Status                                          string
	Ordered, Canceled, Returned, ReturnInitiated, Fulfilled decimal.Decimal
	AvailableToCancel, AvailableToReturn                    decimal.Decimal
}

// OMSShipment is a parcel. Times are zero when they are not known.
type OMSShipment struct {
	ID, Status, Provider, TrackingNumber, TrackingURL string
	Expected, Delivered                               time.Time
	Items                                             []OMSShipmentItem
}

// OMSShipmentItem are units of a line in a parcel.
type OMSShipmentItem struct {
	ID, ItemID string
	Quantity   decimal.Decimal
}

// OMSReturn are units of a line that a shopper sends back.
type OMSReturn struct {
	ItemID, Reason string
	Quantity       decimal.Decimal
}

// OrderDesk is what shoppers do with their orders at order management. Whoever puts the simulated systems together
// implements it.
type OrderDesk interface {
	// Show tells where an order stands; false when order management does not have it.
	Show(tx *sandbox.Tx, o Order) (OMSOrder, bool)
	// Reasons are why units may be taken off or sent back; the first one is meant when none is given.
	Reasons() []string
	// Cancel cancels an order whole. The error has the code [OrderCancelFailed].
	Cancel(tx *sandbox.Tx, o Order, reason string) error
	// Return opens a return of units. The error has the code [OrderReturnFailed].
	Return(tx *sandbox.Tx, o Order, units []OMSReturn) error
}

// UseOrderDesk attaches what shoppers do at order management. Call it before the first transaction.
func (b *B2C) UseOrderDesk(d OrderDesk) { b.desk = d }

// OMSActive tells whether order management is attached in a sandbox.
func (b *B2C) OMSActive(tx *sandbox.Tx) bool { return b.desk != nil && b.Handover(tx).Attached }

// OMSReasons are why units may be taken off an order or sent back, the default first. The error has the code [OMSNotActive].
func (b *B2C) OMSReasons(tx *sandbox.Tx) ([]string, error) {
	if !b.OMSActive(tx) {
		return nil, omsNotActive()
	}
	return b.desk.Reasons(), nil
}

// OMSOrder returns what order management says of an order; false when it does not have it.
func (b *B2C) OMSOrder(tx *sandbox.Tx, o Order) (OMSOrder, bool) {
	if !b.OMSActive(tx) {
		return OMSOrder{}, false
	}
	return b.desk.Show(tx, o)
}

func omsNotActive() *Error {
	return &Error{Code: OMSNotActive, Rule: "b2c.oms.active", Message: "No order management has the order."}
}

// reason checks a reason, and returns the default for none.
func (b *B2C) reason(given string) (string, error) {
	reasons := b.desk.Reasons()
	if given == "" {
		return reasons[0], nil
	}
	for _, known := range reasons {
		if known == given {
			return given, nil
		}
	}
	return "", &Error{
		Code: InvalidReasonCode, Rule: "b2c.oms.reason", Message: "The reason code '" + given + "' is none.",
		Arguments: map[string]string{"reason": given},
	}
}

// CancelAtOMS cancels an order whole at order management. Errors have the codes [OrderNotFound], [OMSNotActive],
// [InvalidReasonCode] and [OrderCancelFailed].
func (b *B2C) CancelAtOMS(tx *sandbox.Tx, r Reader, orderNo, reason string) (Order, error) {
	o, state, err := b.atOMS(tx, r, orderNo)
	if err != nil {
		return Order{}, err
	}
	if reason, err = b.reason(reason); err != nil {
		return Order{}, err
	}
	for _, item := range state.Items {
		if !item.AvailableToCancel.Equal(item.Ordered) {
			return Order{}, &Error{
				Code: OrderCancelFailed, Rule: "b2c.oms.cancel-whole", Message: "The order can no longer be cancelled whole.",
				Arguments: map[string]string{"orderNo": orderNo},
			}
		}
	}
	return o, b.desk.Cancel(tx, o, reason)
}

// atOMS returns an order with its state at order management.
func (b *B2C) atOMS(tx *sandbox.Tx, r Reader, orderNo string) (Order, OMSOrder, error) {
	o, err := b.Order(tx, r, orderNo)
	if err != nil {
		return Order{}, OMSOrder{}, err
	}
	state, ok := b.OMSOrder(tx, o)
	if !ok {
		return Order{}, OMSOrder{}, omsNotActive()
	}
	return o, state, nil
}

// ReturnAtOMS opens a return of units at order management. Errors have the codes [OrderNotFound], [OMSNotActive],
// [InvalidReasonCode], [UnknownProductItemIDs], [ReturnQuantityExceeded] and [OrderReturnFailed].
func (b *B2C) ReturnAtOMS(tx *sandbox.Tx, r Reader, orderNo string, units []OMSReturn) (Order, error) {
	o, state, err := b.atOMS(tx, r, orderNo)
	if err != nil {
		return Order{}, err
	}
	for i := range units {
		if units[i].Reason, err = b.reason(units[i].Reason); err != nil {
			return Order{}, err
		}
	}
	if err := state.checkReturn(units); err != nil {
		return Order{}, err
	}
	return o, b.desk.Return(tx, o, units)
}

// checkReturn refuses units of lines that the order does not have, and more than can be returned.
func (s OMSOrder) checkReturn(units []OMSReturn) error {
	left := map[string]decimal.Decimal{}
	for _, item := range s.Items {
		left[item.ItemID] = item.AvailableToReturn
	}
	unknown, exceeded := "", ""
	for _, u := range units {
		available, ok := left[u.ItemID]
		switch {
		case !ok:
			unknown = listed(unknown, u.ItemID)
		case u.Quantity.GreaterThan(available):
			exceeded = listed(exceeded, u.ItemID)
		}
		left[u.ItemID] = available.Sub(u.Quantity)
	}
	switch {
	case unknown != "":
		return &Error{
			Code: UnknownProductItemIDs, Rule: "b2c.oms.items", Message: "The order has no product items " + unknown + ".",
			Arguments: map[string]string{"unknownItemIds": unknown},
		}
	case exceeded != "":
		return &Error{
			Code: ReturnQuantityExceeded, Rule: "b2c.oms.return-quantity", Message: "More than can be returned of the product items " + exceeded + ".",
			Arguments: map[string]string{"itemIds": exceeded},
		}
	}
	return nil
}

// listed adds an id to a list separated by commas.
func listed(list, id string) string {
	if list == "" {
		return id
	}
	return list + ", " + id
}
