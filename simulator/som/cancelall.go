package som

import (
	"fmt"
	"slices"

	"github.com/somsim/somsim/simulator/sandbox"
	"github.com/somsim/somsim/simulator/som/sobject"
)

// CancelAll asks for everything of an order summary to be cancelled that still can be, in the background.
type CancelAll struct {
	OrderSummaryID string
	// Reason is an active value of OrderItemSummaryChange.Reason; ReasonText has at most 255 characters.
	Reason, ReasonText string
	// Excluded are ids of order item summaries that stay.
	Excluded []string
	// Fees are charged once, for the first item that is cancelled.
	Fees []ChangeFee
}

const jobCancelAll jobKind = "cancel-all"

func cancelAllAction() unitAction {
	a := cancelAction()
	a.name = "cancel-all"
	return a
}

// CancelAll enqueues the cancel and returns the id of its background operation. Its end is told by the event
// [EventAsyncChangeCompleted]. Source: Apex reference, cancel all order item summaries.
func (d *SOM) CancelAll(tx *sandbox.Tx, user string, in CancelAll) (string, error) {
	s, err := d.managedSummary(tx, in.OrderSummaryID)
	if err == nil {
		err = d.checkReason(cancelAllAction(), in.Reason, in.ReasonText)
	}
	for _, id := range in.Excluded {
		if _, ok := s.item(id); err == nil && !ok {
			err = cancelAllAction().refuse("item-belongs", "The order item summary %s does not belong to the order summary %s.", id, s.ID).on("excludedItems")
		}
	}
	for _, fee := range in.Fees {
		if err == nil {
			err = d.checkFee(tx, cancelAllAction(), fee)
		}
	}
	if err != nil {
		return "", fmt.Errorf("cancel all of order summary %s: %w", in.OrderSummaryID, err)
	}
	return d.start(tx, "Cancel All Order Item Summaries", job{OrderSummaryID: s.ID, UserID: user, Kind: jobCancelAll, CancelAll: in}), nil
}

// runCancelAll cancels what is free when the operation runs, which may be less than when it was asked for.
func (d *SOM) runCancelAll(tx *sandbox.Tx, j job) error {
	s, err := d.managedSummary(tx, j.OrderSummaryID)
	if err != nil {
		return err
	}
	result, err := d.SubmitCancel(tx, j.UserID, s.ID, s.cancellable(j.CancelAll))
	if err != nil {
		return err
	}
	b := result.Balances
	d.publish(tx, j.UserID, EventAsyncChangeCompleted,
		field("ActionType", "CANCEL_ALL"), field("OrderSummaryId", s.ID), field("PreFulfillmentChangeOrderId", result.ChangeOrderID),
		field("FeeChangeOrderId", sobject.Value(result.FeeChangeOrderID)), field("GrandTotalAmount", b.GrandTotalAmount),
		field("TotalExcessFundsAmount", b.TotalExcessFundsAmount), field("TotalRefundableAmount", b.TotalRefundableAmount))
	return nil
}

// cancellable lists the products of the order that are free, with all their free units. Shipping goes back with them.
func (s *orderSummary) cancellable(in CancelAll) []ChangeItem {
	var items []ChangeItem
	for _, i := range s.items {
		free := i.quantities().available()
		excluded := slices.ContainsFunc(in.Excluded, func(id string) bool {
			long, err := sobject.NormalizeID(id)
			return err == nil && long == i.ID
		})
		if i.kind() != TypeProduct || excluded || !free.IsPositive() {
			continue
		}
		items = append(items, ChangeItem{OrderItemSummaryID: i.ID, Quantity: free, Reason: in.Reason, ReasonText: in.ReasonText, ReduceShipping: true})
	}
	if len(items) > 0 {
		items[0].Fees = in.Fees
	}
	return items
}

func (c CancelAll) clone() CancelAll {
	c.Excluded, c.Fees = slices.Clone(c.Excluded), slices.Clone(c.Fees)
	return c
}

// failure is the type of process exception that a job raises when it ends in error; empty for none.
func (k jobKind) failure() string {
	if k == jobCancelAll {
		return "OM Cancel All Order Item Summaries Failed"
	}
	return ""
}
