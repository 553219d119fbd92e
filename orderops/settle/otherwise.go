package settle

import (
	"context"
	"encoding/json"

	"github.com/somsim/somsim/orderops"
	"github.com/somsim/somsim/orderops/command"
	"github.com/somsim/somsim/orderops/somclient"
	"github.com/somsim/somsim/orderops/worldlineclient"
)

// kindOtherwise is the work that looks whether money has come back to the shopper after the provider had refused the
// refund that order management made. Order management holds the refund for done and would refuse another one, and at the
// provider it is not ours to make: a person gives the money back, and has this looked at.
const kindOtherwise = "worldline.refundedOtherwise"

// codeStillRefused says that nothing has taken the place of a refund that was refused.
const codeStillRefused = "give_back_at_the_provider"

// otherwise is money that is owed since a refund was refused.
type otherwise struct {
	movement
	Refused string `json:"refused"` // the provider's operation
}

// refundedOtherwise is that work, for a refund of which SOM's row names the refused operation.
func refundedOtherwise(refused orderops.Effect) (command.Due, error) {
	task := otherwise{Refused: refused.Reference, movement: movement{
		Kind: kindOtherwise, PaymentID: worldlineclient.PaymentID(refused.Reference), Currency: refused.Currency,
		Amount: orderops.MinorUnits(refused.Amount.Decimal, refused.Currency),
	}}
	raw, err := json.Marshal(task)
	return command.Due{Kind: kindOtherwise, Payload: raw}, err
}

// performOtherwise looks for a later refund of the amount. SOM's row of the refused one becomes that of the later one.
func (s *Systems) performOtherwise(run command.Run, payload json.RawMessage) (command.EffectResult, error) {
	var task otherwise
	if err := json.Unmarshal(payload, &task); err != nil {
		return command.EffectResult{}, err
	}
	known, err := s.readPayment(run, "worldline.otherwise", task.PaymentID)
	if err != nil || known.Failure != nil {
		return After(known.Failure), err
	}
	op, found := task.later(known.Value)
	if !found {
		return command.EffectResult{State: orderops.EffectFailed, Code: codeStillRefused}, nil
	}
	row, err := command.Call(run, "som.recorded/"+task.Refused, func(ctx context.Context) (somclient.Record, error) {
		return s.SOM.Recorded(ctx, task.Refused, "")
	})
	if err != nil || row.Failure != nil {
		return After(row.Failure), err
	}
	if row.Value.ID != "" { // else it names the later one already
		renamed, err := command.Call(run, "som.rename/"+op.ID, func(ctx context.Context) (nothing, error) {
			return nothing{}, s.SOM.RenameRefund(ctx, row.Value.ID, op.ID)
		})
		if err != nil || renamed.Failure != nil {
			return After(renamed.Failure), err
		}
	}
	return command.EffectResult{State: orderops.EffectDone, Reference: op.ID}, nil
}

// later is a refund of the amount that came after the refused one.
func (t otherwise) later(p worldlineclient.Payment) (worldlineclient.Operation, bool) {
	after := false
	for _, op := range p.Operations {
		if after && op.Refunded() && op.Amount == t.Amount {
			return op, true
		}
		after = after || op.ID == t.Refused
	}
	return worldlineclient.Operation{}, false
}
