package simulator

import (
	"errors"
	"fmt"
	"strings"

	"github.com/somsim/somsim/simulator/fault"
	"github.com/somsim/somsim/simulator/sandbox"
	"github.com/somsim/somsim/simulator/som"
	"github.com/somsim/somsim/simulator/worldline"
)

// gateway lets Order Management move money at the simulated Worldline, as the payment adapter of an org would: in the
// default merchant's name, by the payment's id.
type gateway struct{ worldline *worldline.Worldline }

func (g gateway) Capture(tx *sandbox.Tx, in som.GatewayRequest) som.GatewayAnswer {
	return g.instruct(tx, in, "capturePayment", g.worldline.CapturePayment)
}

func (g gateway) Reverse(tx *sandbox.Tx, in som.GatewayRequest) som.GatewayAnswer {
	return g.instruct(tx, in, "cancelPayment", g.worldline.CancelPayment)
}

func (g gateway) Refund(tx *sandbox.Tx, in som.GatewayRequest) som.GatewayAnswer {
	return g.instruct(tx, in, "refundPayment", g.worldline.RefundPayment)
}

func (g gateway) instruct(
	tx *sandbox.Tx, in som.GatewayRequest, operation string, do func(*sandbox.Tx, worldline.Payment, worldline.Instruction) (worldline.Operation, error),
) som.GatewayAnswer {
	payment, err := g.worldline.Payment(tx, worldline.DefaultMerchant, in.Reference)
	if err != nil {
		return refused(err)
	}
	fault, struck := g.struck(tx, operation, in.Reference)
	if struck && fault.Result != som.ResultIndeterminate {
		return fault
	}
	made, err := do(tx, payment, worldline.Instruction{Amount: in.MinorUnits(), Currency: in.Currency})
	switch {
	case err != nil:
		return refused(err)
	case struck:
		return fault
	default:
		return som.GatewayAnswer{Result: som.ResultSuccess, Reference: made.ID, Code: string(made.Status)}
	}
}

// struck asks the sandbox's faults about a call of the platform, which they name by its own operation: the adapter calls
// the same platform as everybody. What it makes of them is its answer: of a call that was carried out and whose answer got
// lost nobody knows the end. Faults that cost time alone, or that strike what is in the call's text, do not concern it.
func (g gateway) struck(tx *sandbox.Tx, operation, reference string) (som.GatewayAnswer, bool) {
	for _, rule := range tx.Strike(fault.Call{
		System: "worldline", Operation: operation, Path: "/v2/" + worldline.DefaultMerchant + "/payments/" + reference,
		Header: func(string) string { return "" },
	}) {
		switch rule.Effect.Kind { //nolint:exhaustive // the others cost time, or are for what the simulator sends
		case fault.VendorError:
			answer := som.GatewayAnswer{Result: som.ResultPermanentFail, Code: rule.Effect.Code, Message: rule.Effect.Message}
			if rule.Effect.Code == string(worldline.OperationNotPossible) {
				answer.Result = som.ResultDecline
			}
			return answer, true
		case fault.Status, fault.Reset, fault.LostBefore:
			return som.GatewayAnswer{Result: som.ResultSystemError, Code: "PROVIDER_UNAVAILABLE", Message: "The payment provider cannot be reached."}, true
		case fault.LostAfterCommit:
			return som.GatewayAnswer{Result: som.ResultIndeterminate, Code: "NO_ANSWER", Message: "The payment provider did not answer in time."}, true
		}
	}
	return som.GatewayAnswer{}, false
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

func (g gateway) Authorize(tx *sandbox.Tx, in som.GatewayPurchase) som.GatewayAnswer {
	if answer, stopped := judged(tx, in.Card); stopped {
		return answer
	}
	payment, answer := g.authorize(tx, in)
	if payment == nil {
		return answer
	}
	return authorized(*payment, answer)
}

// Sale authorizes and captures at once; the reference is the capture's.
func (g gateway) Sale(tx *sandbox.Tx, in som.GatewayPurchase) som.GatewayAnswer {
	if answer, stopped := judged(tx, in.Card); stopped {
		return answer
	}
	payment, answer := g.authorize(tx, in)
	if payment == nil {
		return answer
	}
	operation, err := g.worldline.CapturePayment(tx, *payment, worldline.Instruction{Amount: in.MinorUnits(), Final: true})
	if err != nil {
		return refused(err)
	}
	answer.Reference, answer.Code = operation.ID, string(operation.Status)
	return answer
}

// PostAuth takes over a payment that the shopper has authorized in the browser. All of it must be open, and as much as
// the org wants to capture.
func (g gateway) PostAuth(tx *sandbox.Tx, in som.GatewayPurchase) som.GatewayAnswer {
	payment, err := g.worldline.Payment(tx, worldline.DefaultMerchant, in.Card.Token)
	if err != nil {
		return refused(err)
	}
	state := g.worldline.State(tx, payment)
	switch {
	case payment.Currency != in.Currency:
		return som.GatewayAnswer{Result: som.ResultPermanentFail, Code: string(worldline.ParameterInvalid), Message: "the payment is in " + payment.Currency}
	case state.Status != worldline.PendingCapture || state.Open() != in.MinorUnits():
		return som.GatewayAnswer{
			Result: som.ResultDecline, Code: string(worldline.OperationNotPossible),
			Message: fmt.Sprintf("%d of payment %s are open, its status is %s", state.Open(), payment.ID, state.Status),
		}
	}
	return authorized(payment, som.GatewayAnswer{Result: som.ResultSuccess, Code: string(state.Status), AuthCode: payment.Card.AuthorisationCode})
}

func (g gateway) Tokenize(tx *sandbox.Tx, in som.GatewayCard) som.GatewayAnswer {
	if answer, stopped := judged(tx, in); stopped {
		return answer
	}
	return som.GatewayAnswer{Result: som.ResultSuccess, Code: "TOKENIZED", Token: tx.Token("worldline.card")}
}

// authorize makes the payment; none comes with the answer of a refusal.
func (g gateway) authorize(tx *sandbox.Tx, in som.GatewayPurchase) (*worldline.Payment, som.GatewayAnswer) {
	token := in.Card.Token
	if token == "" {
		token = tx.Token("worldline.card")
	}
	card := worldline.Card{
		ProductID: product(in.Card.Type), Number: strings.Repeat("*", 12) + in.Card.Last, Token: token,
		Expiry: fmt.Sprintf("%02d%02d", in.Card.ExpiryMonth, in.Card.ExpiryYear%100), AuthorisationCode: fmt.Sprintf("%06d", tx.Next("worldline.AuthorisationCode")),
	}
	payment, err := g.worldline.Authorize(tx, worldline.NewPayment{
		Amount: in.MinorUnits(), Currency: in.Currency, MerchantReference: in.OrderNumber, Card: card,
	})
	if err != nil {
		return nil, refused(err)
	}
	return &payment, som.GatewayAnswer{
		Result: som.ResultSuccess, Code: string(worldline.PendingCapture), AuthCode: card.AuthorisationCode, Token: token,
	}
}

// authorized adds what is to be known of an authorization.
func authorized(p worldline.Payment, answer som.GatewayAnswer) som.GatewayAnswer {
	answer.Reference, answer.ExpiresAt = p.ID, p.ExpiresAt
	return answer
}

// judged is what the bank of a card says before anything is booked. Test cards are those of the platform.
func judged(tx *sandbox.Tx, card som.GatewayCard) (answer som.GatewayAnswer, stopped bool) {
	now := tx.Now().UTC()
	switch {
	case !card.Valid:
		return som.GatewayAnswer{Result: som.ResultValidation, Code: "INVALID_CARD", Message: "The card number is not valid."}, true
	case card.ExpiryYear < now.Year(), card.ExpiryYear == now.Year() && card.ExpiryMonth < int(now.Month()):
		return som.GatewayAnswer{Result: som.ResultDecline, Code: "EXPIRED_CARD", Message: "The card has expired."}, true
	}
	switch worldline.TemperOf(card.First + card.Last) { //nolint:exhaustive // the others are good for an adapter
	case worldline.DeclinedCard:
		answer = som.GatewayAnswer{Result: som.ResultDecline, Code: "DECLINED", Message: "The card was declined."}
	case worldline.EmptyCard:
		answer = som.GatewayAnswer{Result: som.ResultDecline, Code: "INSUFFICIENT_FUNDS", Message: "The card has insufficient funds."}
	case worldline.UnreachableCard:
		answer = som.GatewayAnswer{Result: som.ResultSystemError, Code: "PROVIDER_UNAVAILABLE", Message: "The issuer cannot be reached."}
	case worldline.SuspiciousCard:
		answer = som.GatewayAnswer{Result: som.ResultReview, Code: "FRAUD_REVIEW", Message: "The payment has to be reviewed first."}
	case worldline.SlowCard:
		answer = som.GatewayAnswer{Result: som.ResultIndeterminate, Code: "NO_ANSWER", Message: "The provider did not answer in time."}
	}
	return answer, answer.Result != ""
}

// product is the platform's number for a card network.
func product(network string) int {
	switch strings.ReplaceAll(network, " ", "") {
	case "AmericanExpress":
		return 2
	case "MasterCard":
		return 3
	case "Maestro":
		return 117
	case "Jcb", "JCB":
		return 125
	case "DinersClub":
		return 132
	default:
		return 1
	}
}
