package b2c

import (
	"errors"

	"github.com/somsim/somsim/simulator/sandbox"
)

// FailedWithReopen is the status that the Data API takes to fail an order and open its basket again.
const FailedWithReopen Status = "failed_with_reopen"

// PutStatus takes an order to a status as the Data API does. Where order management is attached, or was when the order
// went to it, the status of placed orders is not commerce's to set. It returns the basket that was opened again, if any.
// Errors have the codes [OrderNotFound], [OrderIntegrationStatus], [OrderPreviouslyIntegratedStatus],
// [OrderStatusTransition], [PlaceOrder], [CancelOrder], [UndoCancelOrder] and [UndoFailOrder].
func (b *B2C) PutStatus(tx *sandbox.Tx, r Reader, orderNo string, to Status) (basketID string, err error) {
	o, err := b.Order(tx, r, orderNo)
	if err != nil {
		return "", err
	}
	if err := b.ownsStatus(tx, o); err != nil {
		return "", err
	}
	reopen := to == FailedWithReopen
	if reopen {
		to = Failed
	}
	from := o.Status
	if reopen && from == Failed {
		return "", dataFault(from, to, orderNo, transitionImpossible(from, to))
	}
	if err := b.transit(tx, &o, to, ByData); err != nil {
		return "", dataFault(from, to, orderNo, err)
	}
	if reopen {
		if basketID, err = b.reopen(tx, orderNo); err != nil {
			return "", err
		}
	}
	_, err = b.save(tx, o)
	return basketID, err
}

// ownsStatus refuses to set the status of a placed order that order management owns.
func (b *B2C) ownsStatus(tx *sandbox.Tx, o Order) error {
	if o.Status == Created || o.Status == Failed {
		return nil
	}
	refusal := &Error{Arguments: map[string]string{"orderNo": o.OrderNo}}
	switch {
	case b.Handover(tx).Attached:
		refusal.Code, refusal.Rule = OrderIntegrationStatus, "b2c.order.integration-status"
		refusal.Message = "The status of order '" + o.OrderNo + "' is owned by the order management system that is integrated."
	case o.OrderSummaryID != "":
		refusal.Code, refusal.Rule = OrderPreviouslyIntegratedStatus, "b2c.order.previously-integrated-status"
		refusal.Message = "The status of order '" + o.OrderNo + "' is owned by the order management system that was integrated when it was placed."
	default:
		return nil
	}
	return refusal
}

// dataFault gives a refused status the name that the Data API has for it: that of the action that failed.
func dataFault(from, to Status, orderNo string, err error) error {
	var refused *Error
	if !errors.As(err, &refused) {
		return err
	}
	out := &Error{Code: OrderStatusTransition, Rule: refused.Rule, Message: refused.Message, Arguments: map[string]string{"orderNo": orderNo}}
	switch {
	case to == Cancelled:
		out.Code = CancelOrder
	case from == Cancelled:
		out.Code = UndoCancelOrder
	case from == Failed && to == Created:
		out.Code = UndoFailOrder
	case to == New && (from == Failed || from == Replaced):
		out.Code = PlaceOrderFailed
	default:
		out.Arguments = refused.Arguments
	}
	return out
}

// OrderUpdate changes what the Data API can change of an order besides its status; empty fields stay.
type OrderUpdate struct {
	Confirmation   ConfirmationStatus
	Export         ExportStatus
	Payment        PaymentStatus
	Shipping       ShippingStatus
	ExternalStatus string
	Custom         Attributes
	Unset          []string
}

// UpdateOrder changes an order. Exporting it sells its stock for good; making it ready hands it over to order management,
// once more if that refused it before. The error has the code [OrderNotFound].
func (b *B2C) UpdateOrder(tx *sandbox.Tx, r Reader, orderNo string, u OrderUpdate) error {
	o, err := b.Order(tx, r, orderNo)
	if err != nil {
		return err
	}
	if err := b.checkDefined(tx, o.SiteID, u.Custom); err != nil {
		return err
	}
	return b.update(tx, orderNo, func(o *Order) error {
		setIf(&o.ConfirmationStatus, u.Confirmation)
		setIf(&o.PaymentStatus, u.Payment)
		setIf(&o.ShippingStatus, u.Shipping)
		setIf(&o.ExternalOrderStatus, u.ExternalStatus)
		o.Custom = o.Custom.altered(u.Custom, u.Unset)
		return b.putExport(tx, o, u.Export)
	})
}

func setIf[T ~string](field *T, value T) {
	if value != "" {
		*field = value
	}
}

// putExport sets the export status by hand.
func (b *B2C) putExport(tx *sandbox.Tx, o *Order, to ExportStatus) error {
	if to == "" || to == o.ExportStatus {
		return nil
	}
	tx.Unschedule(orderExport, o.OrderNo)
	o.ExportStatus, o.ExportProblem = to, ""
	switch to {
	case Exported:
		b.SellClaim(tx, o.OrderNo)
	case Ready:
		b.scheduleExport(tx, o)
	case NotExported, ExportFailed:
	}
	return nil
}
