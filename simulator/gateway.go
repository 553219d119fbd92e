package simulator

import (
	"errors"

	"github.com/somsim/somsim/simulator/sandbox"
	"github.com/somsim/somsim/simulator/som"
	"github.com/somsim/somsim/simulator/worldline"
)

// gateway lets Order Management move money at the simulated Worldline, as the payment adapter of an org would: in the
// default merchant's name, by the payment's id.
type gateway struct{ worldline *worldline.Worldline }

func (g gateway) Capture(tx *sandbox.Tx, in som.GatewayRequest) som.GatewayAnswer {
	return g.instruct(tx, in, g.worldline.CapturePayment)
}

func (g gateway) Reverse(tx *sandbox.Tx, in som.GatewayRequest) som.GatewayAnswer {
	return g.instruct(tx, in, g.worldline.CancelPayment)
}

func (g gateway) Refund(tx *sandbox.Tx, in som.GatewayRequest) som.GatewayAnswer {
	return g.instruct(tx, in, g.worldline.RefundPayment)
}

func (g gateway) instruct(
	tx *sandbox.Tx, in som.GatewayRequest, do func(*sandbox.Tx, worldline.Payment, worldline.Instruction) (worldline.Operation, error),
) som.GatewayAnswer {
	payment, err := g.worldline.Payment(tx, worldline.DefaultMerchant, in.Reference)
	if err != nil {
		return refused(err)
	}
	operation, err := do(tx, payment, worldline.Instruction{Amount: in.MinorUnits(), Currency: in.Currency})
	if err != nil {
		return refused(err)
	}
	return som.GatewayAnswer{Result: som.ResultSuccess, Reference: operation.ID, Code: string(operation.Status)}
}

// refused reads a refusal as the adapter does: what the payment's state does not allow is declined, all else will never
// work.
func refused(err error) som.GatewayAnswer {
	answer := som.GatewayAnswer{Result: som.ResultPermanentFail, Message: err.Error()}
	var refusal *worldline.Error
	if errors.As(err, &refusal) {
		answer.Code, answer.Message = string(refusal.Code), refusal.Message
		if refusal.Code == worldline.OperationNotPossible {
			answer.Result = som.ResultDecline
		}
	}
	return answer
}
