package modify

import (
	"context"
	"encoding/json"
	"slices"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/orderops"
	"github.com/somsim/somsim/orderops/command"
	"github.com/somsim/somsim/orderops/command/commandtest"
)

type giver struct{ w *world }

func (g giver) Run(_ context.Context, run command.Run, _ command.Row, resume json.RawMessage) (command.Result, error) {
	if _, err := run.Step("submit", func(context.Context) (json.RawMessage, error) { return json.RawMessage("null"), nil }); err != nil {
		return command.Result{}, err
	}
	end := g.w.cancelled
	if len(resume) > 0 {
		end = ""
	}
	g.w.calls = append(g.w.calls, "old.cancel")
	switch end {
	case "unknown":
		return command.Result{State: command.Unknown, Resume: json.RawMessage(`{}`), Answer: command.Answer{Refusal: orderops.RefuseFor(time.Second, orderops.OutcomeUnknown, "")}}, nil
	case "busy":
		return command.Result{State: command.Released, Answer: command.Answer{Refusal: orderops.RefuseFor(time.Second, orderops.OrderChanged, "")}}, nil
	case "shipped":
		return command.Result{State: command.Refused, Answer: command.Answer{Refusal: orderops.Refuse(orderops.NotCancellable, "")}}, nil
	case "attention":
		return command.Result{State: command.NeedsAttention, Answer: command.Answer{Refusal: orderops.Refuse(orderops.OutcomeUnknown, "")}, WorkItems: []command.WorkItem{{Entity: "x"}}}, nil
	}
	g.w.canceled, g.w.booked = 2, false
	c := &orderops.Cancellation{Whole: true, Effects: []orderops.Effect{{System: "worldline", Action: "void", State: orderops.EffectPending}}}
	return command.Result{State: command.Succeeded, Answer: command.Answer{Cancellation: c}, Due: []command.Due{{Effect: 0, Kind: "worldline.void", Payload: json.RawMessage(`{}`)}}}, nil
}

func (g giver) Perform(context.Context, command.Row, command.Due) command.EffectResult {
	return command.EffectResult{State: orderops.EffectDone}
}

func rowOf(t *testing.T, w *world, request orderops.ModifyRequest) command.Row {
	t.Helper()
	raw, err := json.Marshal(Input{
		Request: request, CustomerID: shopper, CommerceStatus: "open", ExportStatus: "exported", Currency: "EUR",
		Ordered: orderops.NewAmount(decimal.NewFromInt(136)), Token: orderops.TokenOCAPI, GiftCertificates: w.gift,
	})
	if err != nil {
		t.Fatal(err)
	}
	return command.Row{ID: "op1", CreatedAt: start, Command: command.Command{Sandbox: "default", Site: "RefArch", OrderNo: orderNo, Key: "k1", Action: orderops.ActionModify, Input: raw}}
}

func (w *world) stored(row command.Row, result command.Result) command.Row {
	row.State, row.Answer = result.State, result.Answer
	w.row, w.note = row, result.Resume
	return row
}

// settleDue performs due work until nothing is owed but the watch over the basket.
func settleDue(t *testing.T, m *Modifies, row command.Row, result *command.Result) {
	t.Helper()
	result.Due = slices.DeleteFunc(result.Due, func(d command.Due) bool { return d.Kind == kindWatch })
	commandtest.Settle(t, m, row, result, nil)
}
