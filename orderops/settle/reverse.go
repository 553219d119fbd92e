package settle

import (
	"context"

	"github.com/somsim/somsim/orderops"
	"github.com/somsim/somsim/orderops/command"
	"github.com/somsim/somsim/orderops/remote"
	"github.com/somsim/somsim/orderops/somclient"
)

// codeUnseen says that the provider does not show an operation yet that order management has had made.
const codeUnseen = "operation_not_found"

// reverse has order management let authorised money go, and looks at the provider whether it is gone. The request has a
// key: one that was sent before is answered as it was then, so that it is simply sent again.
func (s *Systems) reverse(run command.Run, row command.Row, step moneyStep) (moved, error) {
	result := moved{step: step, effect: moneyEffect(step.movement)}
	out, err := command.Call(run, step.Kind+"/"+step.PaymentID+"/"+step.Key[:8], func(ctx context.Context) (string, error) {
		return s.Funds.ReverseAuthorization(ctx, somclient.AuthorizationReversal{
			AuthorizationID: step.Payment.AuthorizationID, Amount: orderops.FromMinorUnits(step.Amount, step.Currency).Decimal, Key: step.Key,
		})
	})
	if err != nil {
		return result, err
	}
	if out.Failure == nil {
		return s.verified(run, result, []string{out.Value})
	}
	result.effect.State, result.effect.Code = StateAfter(out.Failure)
	if out.Failure.Class == remote.Ambiguous && answered(out.Failure) { // order management does not know: the provider does
		return s.lookedUp(run, result)
	}
	if refusedFor(out.Failure) || out.Failure.Class == remote.Unavailable && answered(out.Failure) {
		result.step = step.renewed()
	}
	// Order management refuses what is more than it knows of; the provider what its state does not allow.
	if class := out.Class(); class == remote.Conflict && out.Failure.VendorCode != somclient.LockedRow || class == remote.Rejected {
		return s.decideAnew(run, row, result)
	}
	return result, nil
}

// answered says that a failure came with an answer of order management: the request has had its effect, which was that the
// gateway failed.
func answered(failure *remote.Error) bool { return failure.Status/100 == 2 }

// verified looks whether the provider has the operations that order management names. Until it shows them the movement is
// looked for again.
func (s *Systems) verified(run command.Run, result moved, operations []string) (moved, error) {
	step := result.step
	known, err := s.readPayment(run, "worldline.verify/"+step.Key[:8], step.PaymentID)
	if err != nil {
		return result, err
	}
	if known.Failure != nil {
		result.effect.State, result.effect.Code = StateAfter(known.Failure)
		return result, nil
	}
	result.effect.State, result.effect.Code = orderops.EffectPending, codeUnseen
	var sum int64
	for _, op := range known.Value.Operations {
		for _, id := range operations {
			if op.ID == id && !op.Refused() {
				sum += op.Amount
				result.operation = op
			}
		}
	}
	if sum >= step.Amount {
		result.effect.State, result.effect.Code, result.effect.Reference = orderops.EffectDone, "", result.operation.ID
	}
	return result, nil
}
