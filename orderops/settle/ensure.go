package settle

import (
	"context"
	"slices"
	"time"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/orderops"
	"github.com/somsim/somsim/orderops/command"
	"github.com/somsim/somsim/orderops/remote"
	"github.com/somsim/somsim/orderops/somclient"
	"github.com/somsim/somsim/orderops/worldlineclient"
)

// The codes of refunds that order management has not made.
const (
	codeUnderWay    = "refund_under_way"     // another refund of the order is not finished yet
	codeSeveral     = "refunds_of_others"    // it cannot be told which refund is ours
	codeOperation   = "background_operation" // the background operation came to nothing
	codeNoRefund    = "no_refund"            // it was finished, and there is no refund
	codeChangeOrder = "no_change_order"      // nothing is known to be credited
)

// lookSoon is how soon work goes on whose state had to be stored first.
const lookSoon = time.Second

// credit are the documents that a refund is made of; both are empty where it is excess money.
type credit struct {
	MemoID    string `json:"memo_id,omitempty"`
	InvoiceID string `json:"invoice_id,omitempty"` // of a fee that is kept of it
}

// ensuring is how far a refund by order management has come. It is stored before anything is asked for, so that what came
// of it can be told after an answer that was lost.
type ensuring struct {
	// Before are the ids of what order management had done about the order's money.
	Before []string `json:"before"`
	// OperationID is the background operation; empty until it is known.
	OperationID string `json:"operation_id,omitempty"`
}

// settlementRead is what order management has done about an order's money, and the user we ask it as.
type settlementRead struct {
	somclient.Settlement
	Me string
	// Waits says that another refund of the order has its turn, and nothing was read; After that another had its turn before.
	Waits bool `json:"Waits,omitempty"`
	After bool `json:"After,omitempty"`
}

func (s *Systems) settlement(run command.Run, name, orderSummaryID string) (command.Outcome[settlementRead], error) {
	return command.Call(run, name, func(ctx context.Context) (settlementRead, error) {
		return s.readSettlement(ctx, orderSummaryID)
	})
}

func (s *Systems) readSettlement(ctx context.Context, orderSummaryID string) (settlementRead, error) {
	me, err := s.Funds.UserID(ctx) // known from the log-in: no call of its own
	if err != nil {
		return settlementRead{}, err
	}
	found, err := s.Funds.Settlement(ctx, orderSummaryID)
	return settlementRead{Settlement: found, Me: me}, err
}

// ids are those of everything that was done; not nil.
func (r settlementRead) ids() []string {
	ids := []string{}
	for _, list := range [][]somclient.BillingDocument{r.CreditMemos, r.Invoices} {
		for _, d := range list {
			ids = append(ids, d.ID)
		}
	}
	for _, o := range r.Operations {
		ids = append(ids, o.ID)
	}
	for _, f := range r.Refunds {
		ids = append(ids, f.ID)
	}
	return ids
}

// isDue says that work runs as due work: what it notes is stored when it ends, and not before.
func isDue(run command.Run) bool {
	if heard, ok := run.(*command.Listening); ok {
		run = heard.Run
	}
	_, due := run.(Direct)
	return due
}

// ensureInTurn has order management give captured money back, or finds out what became of that. It never asks before it has
// noted what there was, and never twice before it has looked what came of the first time.
func (s *Systems) ensureInTurn(run command.Run, row command.Row, step moneyStep) (moved, error) {
	result := moved{step: step, effect: moneyEffect(step.movement)}
	result.effect.State = orderops.EffectPending
	known, err := s.beforeAsking(run, step)
	if err != nil {
		return result, err
	}
	if known.Failure != nil {
		result.effect.State, result.effect.Code = StateAfter(known.Failure)
		return result, nil
	}
	read, err := s.inTurn(run, row, step)
	if err != nil {
		return result, err
	}
	if read.Failure != nil {
		result.effect.State, result.effect.Code = StateAfter(read.Failure)
		return result, nil
	}
	now := read.Value
	if now.Waits {
		result.effect.Code = codeUnderWay
		return result, nil
	}
	if left, over := result.overtaken(now); over {
		return left, nil
	}
	switch {
	case step.Ensure == nil && slices.ContainsFunc(now.Operations, unfinishedRefund):
		result.effect.Code = codeUnderWay
		return result, nil
	case step.Ensure == nil && len(step.byOthers(known.Value, now.references())) > 0:
		return result.foreseen(step.byOthers(known.Value, now.references())), nil
	case step.Ensure == nil:
		result.step.Ensure = &ensuring{Before: now.ids()}
		if isDue(run) {
			result.again = lookSoon
			return result, nil
		}
	case step.Ensure.OperationID == "":
		ours := now.operationsSince(step.Ensure.Before)
		if len(ours) > 0 && step.Credit.MemoID != "" && !now.hasUsed(step) {
			return s.anothers(result, now)
		}
		if len(ours) > 1 {
			return result.several(ours), nil
		}
		for _, op := range ours {
			result.step.Ensure = &ensuring{step.Ensure.Before, op.ID}
		}
	}
	if id := result.step.Ensure.OperationID; id != "" {
		return s.ensured(run, row, result, now, id)
	}
	return s.askForRefund(run, result)
}

// beforeAsking reads the payment before a refund is asked for that was asked for before: somebody may have given the money
// back meanwhile. It is read before order management is, so that of each refund of its own that is found here it knows too.
func (s *Systems) beforeAsking(run command.Run, step moneyStep) (command.Outcome[worldlineclient.Payment], error) {
	if step.Ensure != nil || !isDue(run) {
		return command.Outcome[worldlineclient.Payment]{}, nil
	}
	return s.readPayment(run, "worldline.readAgain/"+step.Key[:8], step.PaymentID)
}

// references are the provider's operations behind the refunds that order management knows of.
func (r settlementRead) references() []string {
	var list []string
	for _, f := range r.Refunds {
		list = append(list, f.GatewayRefNumber)
	}
	return list
}

func unfinishedRefund(o somclient.BackgroundOperation) bool {
	return o.Name == somclient.OperationEnsureRefunds && !o.Finished()
}

// operationsSince are the refunds in the background that we have asked for since.
func (r settlementRead) operationsSince(before []string) []somclient.BackgroundOperation {
	var ours []somclient.BackgroundOperation
	for _, o := range r.Operations {
		if o.Name == somclient.OperationEnsureRefunds && o.CreatedByID == r.Me && !slices.Contains(before, o.ID) {
			ours = append(ours, o)
		}
	}
	return ours
}

// hasUsed says that a refund of the step's credit memo was tried: something of it is gone, or a refund of that amount has
// failed.
func (r settlementRead) hasUsed(step moneyStep) bool {
	for _, memo := range r.CreditMemos {
		if memo.ID == step.Credit.MemoID && memo.Balance.LessThan(memo.TotalAmountWithTax) {
			return true
		}
	}
	amount := orderops.FromMinorUnits(step.Amount, step.Currency).Decimal
	return slices.ContainsFunc(r.Refunds, func(f somclient.RefundRow) bool {
		return !slices.Contains(step.Ensure.Before, f.ID) && !f.Processed() && f.Amount.Equal(amount)
	})
}

// anothers is a movement that was noted while another command of the order had its own refund made, or that was asked for
// with a lost answer and is not carried out yet. It begins anew when nothing is under way any more.
func (s *Systems) anothers(result moved, now settlementRead) (moved, error) {
	if slices.ContainsFunc(now.Operations, unfinishedRefund) {
		result.effect.Code = codeUnderWay
		return result, nil
	}
	result.step.Ensure = &ensuring{Before: now.ids()}
	result.again = lookSoon
	return result, nil
}

// given is a movement that is given up, and left to a person. Another attempt begins anew.
func (m moved) given(code string) moved {
	m.effect.State, m.effect.Code = orderops.EffectFailed, code
	m.step.Ensure = nil
	return m
}

// askForRefund asks once. What came of it is looked for later: order management answers before it acts.
func (s *Systems) askForRefund(run command.Run, result moved) (moved, error) {
	step := result.step
	amount := orderops.FromMinorUnits(step.Amount, step.Currency).Decimal
	request := somclient.RefundRequest{
		OrderSummaryID: step.Task.Claim.OrderSummaryID, CreditMemoID: step.Credit.MemoID, ExcessFunds: amount,
		OrderPaymentSummaryID: step.Payment.SummaryID, Amount: amount,
	}
	if step.Credit.InvoiceID != "" {
		request.InvoicesToPay = []string{step.Credit.InvoiceID}
	}
	out, err := command.CallOnce(run, step.Kind+"/"+step.PaymentID+"/"+step.Key[:8], func(ctx context.Context) (string, error) {
		return s.Funds.EnsureRefunds(ctx, request)
	})
	switch {
	case err != nil:
		return result, err
	case out.Failure == nil:
		result.step.Ensure = &ensuring{step.Ensure.Before, out.Value}
		result.again = lookSoon
	case out.Failure.Class == remote.Ambiguous:
		result.effect.Code = out.Failure.VendorCode
	default:
		result.effect.State, result.effect.Code = StateAfter(out.Failure)
		result.step.Ensure = nil
	}
	return result, nil
}

// ensured tells what became of a background operation. It may be complete though the gateway has refused: the refunds that
// came of it say so.
func (s *Systems) ensured(run command.Run, row command.Row, result moved, now settlementRead, id string) (moved, error) {
	at := slices.IndexFunc(now.Operations, func(o somclient.BackgroundOperation) bool { return o.ID == id })
	switch {
	case at < 0, !now.Operations[at].Finished():
		return result, nil
	case now.Operations[at].Failed():
		return result.given(codeOperation), nil
	}
	var references []string
	var failed *somclient.RefundRow
	processed := decimal.Zero
	for _, r := range now.Refunds {
		switch {
		case slices.Contains(result.step.Ensure.Before, r.ID), r.CreatedByID != now.Me, r.OrderPaymentSummaryID != result.step.Payment.SummaryID:
		case r.Processed():
			processed, references = processed.Add(r.Amount), append(references, r.GatewayRefNumber)
		default:
			failed = &r
		}
	}
	back := orderops.MinorUnits(processed, result.step.Currency)
	switch {
	case back >= result.step.Amount:
		return s.verified(run, result, references)
	case failed == nil:
		return result.given(codeNoRefund), nil
	default:
		result.step.Amount -= back
		return s.declined(run, row, result, *failed)
	}
}

// declined decides what to do about a refund that the gateway has refused.
func (s *Systems) declined(run command.Run, row command.Row, result moved, refused somclient.RefundRow) (moved, error) {
	result.step.Task.Amount, result.effect = result.step.Amount, moneyEffect(result.step.movement)
	result.effect.State, result.effect.Code = orderops.EffectPending, refused.GatewayResultCode
	switch somclient.GatewayClass(refused.SfResultCode) {
	case remote.Conflict:
		result.step.Ensure = nil
		return s.decideAnew(run, row, result)
	case remote.Unavailable:
		result.step.Ensure = nil
		return result, nil
	case remote.Ambiguous: // order management does not know: the provider does
		return s.lookedUp(run, result)
	default:
		return result.given(refused.GatewayResultCode), nil
	}
}

// lookedUp finds out at the provider whether a movement was made of which order management does not know.
func (s *Systems) lookedUp(run command.Run, result moved) (moved, error) {
	known, err := s.readPayment(run, "worldline.lookUp/"+result.step.Key[:8], result.step.PaymentID)
	if err != nil {
		return result, err
	}
	if known.Failure != nil {
		return result, nil
	}
	if op, found := result.step.foundIn(known.Value, nil); found {
		result.operation, result.untold = op, true
		result.effect.State, result.effect.Code, result.effect.Reference = orderops.EffectDone, "", op.ID
		return result, nil
	}
	result.step.Ensure = nil
	if result.step.releases() {
		result.step = result.step.renewed()
	}
	return result, nil
}
