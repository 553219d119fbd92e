package settle

import (
	"context"
	"encoding/json"
	"slices"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/orderops"
	"github.com/somsim/somsim/orderops/command"
	"github.com/somsim/somsim/orderops/remote"
	"github.com/somsim/somsim/orderops/somclient"
)

// creditTask is refunds that wait for the documents they are made of.
type creditTask struct {
	Steps []moneyStep `json:"steps"` // at least one
	// Before are the ids of what order management had done about the order's money; nil until it was looked at.
	Before []string `json:"before"`
	// Memo says that the money goes back by a credit memo, rather than as excess.
	Memo bool `json:"memo,omitempty"`
	credit
}

// key names the task among the steps of a run.
func (t creditTask) key() string { return t.Steps[0].Key[:8] }

func (t creditTask) claim() claim { return t.Steps[0].Task.Claim }

// effect words the task: as the return of the money that waits.
func (t creditTask) effect() orderops.Effect {
	var sum int64
	for _, step := range t.Steps {
		sum += step.Amount
	}
	m := t.Steps[0].movement
	m.Amount = sum
	return moneyEffect(m)
}

// credited are the steps with the documents they are made of. A fee is paid once, by the first of them.
func (t creditTask) credited() []moneyStep {
	steps := slices.Clone(t.Steps)
	for i := range steps {
		steps[i].Credit = &credit{MemoID: t.MemoID}
		if i == 0 {
			steps[i].Credit.InvoiceID = t.InvoiceID
		}
	}
	return steps
}

// uncredited takes those steps out that wait for documents.
func uncredited(steps []moneyStep) (waiting, others []moneyStep) {
	for _, step := range steps {
		if step.Kind == kindEnsure && step.Credit == nil && !step.Lapsed {
			waiting = append(waiting, step)
		} else {
			others = append(others, step)
		}
	}
	return waiting, others
}

// creditAll makes the documents of the refunds among some steps, and returns the steps that can be made. Where that does
// not work the refunds are owed.
func (a *Aftermath) creditAll(steps []moneyStep) ([]moneyStep, error) {
	waiting, others := uncredited(steps)
	if len(waiting) == 0 {
		return steps, nil
	}
	task := creditTask{Steps: waiting}
	effect, task, err := a.creditNow(a.Run, task)
	if err != nil {
		return nil, err
	}
	if effect.State == orderops.EffectDone {
		return append(others, task.credited()...), nil
	}
	return others, a.effect(effect, kindCredit, task)
}

// creditNow makes the documents. It looks first whether they are there already, from an attempt whose answer was lost.
func (s *Systems) creditNow(run command.Run, task creditTask) (orderops.Effect, creditTask, error) {
	effect := task.effect()
	effect.State = orderops.EffectPending
	read, err := s.settlement(run, "som.documents/"+task.key(), task.claim().OrderSummaryID)
	if err != nil || read.Failure != nil {
		if read.Failure != nil {
			effect.State, effect.Code = StateAfter(read.Failure)
		}
		return effect, task, err
	}
	now := read.Value
	if task.Before == nil {
		task.Before, task.Memo = now.ids(), task.claim().Fulfilled || now.invoiced(task.Steps[0].Currency) > task.claim().Worth
		if task.Memo && isDue(run) {
			return effect, task, nil // stored first
		}
	}
	if !task.Memo {
		effect.State = orderops.EffectDone
		return effect, task, nil
	}
	if len(task.claim().ChangeOrders) == 0 {
		effect.State, effect.Code = orderops.EffectFailed, codeChangeOrder
		return effect, task, nil
	}
	for _, make := range []func(command.Run, *creditTask, settlementRead) (*remote.Error, error){s.makeMemo, s.makeInvoice} {
		failure, err := make(run, &task, now)
		if err != nil {
			return effect, task, err
		}
		if failure != nil {
			effect.State, effect.Code = StateAfter(failure)
			return effect, task, nil
		}
	}
	effect.State = orderops.EffectDone
	return effect, task, nil
}

// invoiced is what invoices claim of the order and no credit memo has taken back, in minor units.
func (r settlementRead) invoiced(currency string) int64 {
	sum := decimal.Zero
	for _, d := range r.Invoices {
		sum = sum.Add(d.TotalAmountWithTax)
	}
	for _, d := range r.CreditMemos {
		sum = sum.Sub(d.TotalAmountWithTax)
	}
	return orderops.MinorUnits(sum, currency)
}

// claimed finds a document that was not there before and is ours: of our user, and of the amount.
func (t *creditTask) claimed(documents []somclient.BillingDocument, me string, amount int64) string {
	for _, d := range documents {
		if !slices.Contains(t.Before, d.ID) && d.CreatedByID == me && orderops.MinorUnits(d.TotalAmountWithTax, t.Steps[0].Currency) == amount {
			return d.ID
		}
	}
	return ""
}

func (s *Systems) makeMemo(run command.Run, task *creditTask, now settlementRead) (*remote.Error, error) {
	if task.MemoID == "" {
		task.MemoID = task.claimed(now.CreditMemos, now.Me, task.claim().Gross)
	}
	if task.MemoID != "" {
		return nil, nil
	}
	out, err := command.CallOnce(run, "som.createCreditMemo/"+task.key(), func(ctx context.Context) (string, error) {
		return s.Funds.CreateCreditMemo(ctx, task.claim().OrderSummaryID, task.claim().ChangeOrders)
	})
	task.MemoID = out.Value
	return out.Failure, err
}

func (s *Systems) makeInvoice(run command.Run, task *creditTask, now settlementRead) (*remote.Error, error) {
	if len(task.claim().FeeOrders) == 0 {
		return nil, nil
	}
	if task.InvoiceID == "" {
		task.InvoiceID = task.claimed(now.Invoices, now.Me, task.claim().Fee)
	}
	if task.InvoiceID != "" {
		return nil, nil
	}
	out, err := command.CallOnce(run, "som.createInvoice/"+task.key(), func(ctx context.Context) (string, error) {
		return s.Funds.CreateFeeInvoice(ctx, task.claim().OrderSummaryID, task.claim().FeeOrders)
	})
	task.InvoiceID = out.Value
	return out.Failure, err
}

// performCredit makes the documents of refunds that are owed; each refund then is due work of its own.
func (s *Systems) performCredit(run command.Run, payload json.RawMessage) (command.EffectResult, error) {
	var task creditTask
	if err := json.Unmarshal(payload, &task); err != nil {
		return command.EffectResult{}, err
	}
	noted := task.Before != nil
	effect, task, err := s.creditNow(run, task)
	if err != nil {
		return command.EffectResult{}, err
	}
	if effect.State == orderops.EffectDone {
		return instead(task.credited())
	}
	result := command.EffectResult{State: effect.State, Code: effect.Code}
	if !noted && task.Before != nil && effect.Code == "" {
		result.Again = lookSoon
	}
	result.Payload, err = json.Marshal(task)
	return result, err
}
