package som

import "github.com/somsim/somsim/simulator/sandbox"

// cancelAction takes units off that are neither allocated nor fulfilled.
func cancelAction() unitAction {
	return unitAction{
		name: "cancel", verb: "cancelled", changeType: ChangeCancel, onFees: ChangeCancelFee, preFulfillment: true,
		available: quantities.available, counters: []string{"QuantityCanceled"},
	}
}

// PreviewCancel tells what [SOM.SubmitCancel] would do, and writes nothing.
func (d *SOM) PreviewCancel(tx *sandbox.Tx, orderSummaryID string, items []ChangeItem) (ChangeResult, error) {
	return d.previewUnits(tx, cancelAction(), orderSummaryID, items)
}

// SubmitCancel cancels units that are neither allocated nor fulfilled: all items or none. The user is whom the change
// records name as their creator; empty means the integration user.
func (d *SOM) SubmitCancel(tx *sandbox.Tx, user, orderSummaryID string, items []ChangeItem) (ChangeResult, error) {
	return d.submitUnits(tx, cancelAction(), user, orderSummaryID, items)
}
