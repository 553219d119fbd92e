package history

import (
	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/orderops"
	"github.com/somsim/somsim/orderops/b2cclient"
	"github.com/somsim/somsim/orderops/somclient"
)

// units sums the product lines of an order.
type units struct{ ordered, canceled, fulfilled, returning, returned, open decimal.Decimal }

func sum(s somclient.OrderSummary) units {
	var u units
	for _, i := range s.Items.Records {
		if i.TypeCode != somclient.TypeCodeProduct {
			continue
		}
		u.ordered = u.ordered.Add(i.QuantityOrdered)
		u.canceled = u.canceled.Add(i.QuantityCanceled)
		u.fulfilled = u.fulfilled.Add(i.QuantityFulfilled)
		u.returning = u.returning.Add(i.QuantityReturnInitiated)
		u.returned = u.returned.Add(i.QuantityReturned)
	}
	u.open = u.ordered.Sub(u.canceled).Sub(u.fulfilled)
	return u
}

// partlyCancelled is a flag beside the status: some units were cancelled, others live on.
func (u units) partlyCancelled() bool {
	return u.canceled.IsPositive() && u.canceled.LessThan(u.ordered)
}

// status is the unified status by the quantities; the order summary's own status is configurable and decides nothing.
func (u units) status(s somclient.OrderSummary) orderops.Status {
	kept := u.ordered.Sub(u.canceled)
	switch {
	case u.ordered.IsPositive() && !kept.IsPositive():
		return orderops.StatusCancelled
	case u.returned.IsPositive() && u.returned.GreaterThanOrEqual(kept):
		return orderops.StatusReturned
	case u.returning.GreaterThan(u.returned):
		return orderops.StatusReturnRequested
	case u.returned.IsPositive():
		return orderops.StatusPartiallyReturned
	case u.fulfilled.IsPositive() && u.open.IsPositive():
		return orderops.StatusPartiallyShipped
	case u.fulfilled.IsPositive() && delivered(s):
		return orderops.StatusDelivered
	case u.fulfilled.IsPositive():
		return orderops.StatusShipped
	default:
		return orderops.StatusConfirmed
	}
}

// delivered says that every parcel has arrived, by the carrier's date.
func delivered(s somclient.OrderSummary) bool {
	parcels := 0
	for _, f := range s.FulfillmentOrders.Records {
		for _, p := range f.Shipments.Records {
			if p.Status == "Voided" {
				continue
			}
			if parcels++; p.ActualDeliveryDate.IsZero() {
				return false
			}
		}
	}
	return parcels > 0
}

// unify is the unified status of an order. What only commerce knows comes first; without order management's view the
// commerce document has to do.
func unify(commerce b2cclient.Order, som *SOMOrder) orderops.Status {
	switch {
	case replaced(commerce):
		return orderops.StatusReplaced
	case commerce.Status == b2cclient.StatusFailed:
		return orderops.StatusFailed
	case som != nil:
		return som.UnifiedStatus
	case commerce.Status == b2cclient.StatusCreated:
		return orderops.StatusPending
	case commerce.Status == b2cclient.StatusCancelled:
		return orderops.StatusCancelled
	case commerce.ShippingStatus == "part_shipped":
		return orderops.StatusPartiallyShipped
	case commerce.ShippingStatus == "shipped":
		return orderops.StatusShipped
	default:
		return orderops.StatusConfirmed
	}
}
