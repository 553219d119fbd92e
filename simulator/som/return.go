package som

import "github.com/somsim/somsim/simulator/sandbox"

// returnAction takes units off that were fulfilled and that no return holds yet. That a simple return raises both
// counters at once is inferred from their definitions.
func returnAction() unitAction {
	return unitAction{
		name: "return", verb: "returned", changeType: ChangeReturn, onFees: ChangeReturnFee,
		available: quantities.returnable, counters: []string{"QuantityReturnInitiated", "QuantityReturned"},
	}
}

// PreviewReturn tells what [SOM.SubmitReturn] would do, and writes nothing.
func (d *SOM) PreviewReturn(tx *sandbox.Tx, orderSummaryID string, items []ChangeItem) (ChangeResult, error) {
	return d.previewUnits(tx, returnAction(), orderSummaryID, items)
}

// SubmitReturn takes fulfilled units back in one step, without a return order: all items or none. The money is due when
// a credit memo is made of the change order. The user is whom the change records name as their creator; empty means the
// integration user.
func (d *SOM) SubmitReturn(tx *sandbox.Tx, user, orderSummaryID string, items []ChangeItem) (ChangeResult, error) {
	return d.submitUnits(tx, returnAction(), user, orderSummaryID, items)
}
