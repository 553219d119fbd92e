package settle

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/somsim/somsim/orderops"
	"github.com/somsim/somsim/orderops/command"
	"github.com/somsim/somsim/orderops/worldlineclient"
)

// RefundAgain is the work that gives money back once more which the provider had accepted to give back and then refused:
// under a key of its own, since the provider answers the former one as it did before. SOM's row of the refund that was
// refused becomes that of the new one.
func (s *Systems) RefundAgain(row command.Row, refused orderops.Effect) (command.Due, error) {
	if refused.System != worldlineclient.System || refused.Action != "refund" || refused.Amount == nil {
		return command.Due{}, fmt.Errorf("a %s of %s cannot be made again", refused.Action, refused.System)
	}
	if s.Policy.MoneyOwner.Of(row.Site) == OwnedBySOM {
		return refundedOtherwise(refused)
	}
	paymentID := worldlineclient.PaymentID(refused.Reference)
	key := Key(row, kindRefund, paymentID, "instead of", refused.Reference)[:keyLength]
	amount := orderops.MinorUnits(refused.Amount.Decimal, refused.Currency)
	step := moneyStep{
		movement: movement{Kind: kindRefund, PaymentID: paymentID, Amount: amount, Currency: refused.Currency, Key: key},
		// It is looked for before it is made, and never decided anew: it is this amount that is owed.
		First: key, Instead: refused.Reference,
		Task: settleTask{Payments: []Payment{{ID: paymentID}}, Amount: amount, Round: maxRounds + 1},
	}
	raw, err := json.Marshal(step)
	return command.Due{Kind: kindRefund, Payload: raw}, err
}

// renameRow has SOM's row of a refund that was refused name the one that took its place. Where the row names it already,
// nothing is left to do.
func (s *Systems) renameRow(run command.Run, task recordTask) (orderops.Effect, error) {
	effect := task.effect()
	for _, reference := range []string{task.Operation.ID, task.Instead} {
		known, err := s.recorded(run, "som.recorded/"+reference, recordTask{movement: task.movement, Operation: worldlineclient.Operation{ID: reference}})
		if err != nil || known.Failure != nil {
			effect.State, effect.Code = StateAfter(known.Failure)
			return effect, err
		}
		switch {
		case known.Value.ID == "":
			continue
		case reference == task.Operation.ID:
			effect.State, effect.Reference = orderops.EffectDone, known.Value.ID
			return effect, nil
		}
		out, err := command.Call(run, "som.rename/"+task.Operation.ID, func(ctx context.Context) (string, error) {
			return known.Value.ID, s.SOM.RenameRefund(ctx, known.Value.ID, task.Operation.ID)
		})
		effect.State, effect.Code = StateAfter(out.Failure)
		effect.Reference = known.Value.ID
		return effect, err
	}
	effect.State, effect.Code = orderops.EffectFailed, "no_row_to_rename"
	return effect, nil
}
