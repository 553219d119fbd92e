package modify

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/somsim/somsim/orderops"
	"github.com/somsim/somsim/orderops/b2cclient"
	"github.com/somsim/somsim/orderops/command"
	"github.com/somsim/somsim/orderops/oldorder"
	"github.com/somsim/somsim/orderops/remote"
)

// kindWatch is the due work that looks now and then what has become of a follow-up basket.
const kindWatch = "modify.watch"

// Perform implements command.Handler: one attempt at an effect that is owed, or one look at the follow-up basket.
func (m *Modifies) Perform(ctx context.Context, row command.Row, due command.Due) command.EffectResult {
	if oldorder.Owes(due) {
		return oldorder.Perform(ctx, m.Cancels, row, due)
	}
	result, err := m.perform(ctx, row, due)
	if err != nil { // a fault of our own: a person has to look
		return command.EffectResult{State: orderops.EffectFailed, Code: string(orderops.InternalError)}
	}
	return result
}

func (m *Modifies) perform(ctx context.Context, row command.Row, due command.Due) (command.EffectResult, error) {
	if due.Kind == kindWatch {
		return m.watch(ctx, row)
	}
	var c compensation
	if err := json.Unmarshal(due.Payload, &c); err != nil {
		return command.EffectResult{}, fmt.Errorf("decode due work %s: %w", due.Kind, err)
	}
	run := command.Listen(direct{ctx})
	effect, err := m.compensate(run, shopOf(row), row, c)
	result := command.EffectResult{State: effect.State, Code: effect.Code, RetryAfter: run.Pause()}
	if err == nil && (effect.State == orderops.EffectDone || effect.State == orderops.EffectNotNeeded) {
		result.Then, err = c.then()
	}
	return result, err
}

func shopOf(row command.Row) b2cclient.Shop {
	return b2cclient.Shop{Site: row.Site, Version: b2cclient.DefaultVersion}
}

// watch looks whether the follow-up basket was ordered, which confirms the modification where the shop has forgotten to; and
// whether the time for editing is over.
func (m *Modifies) watch(ctx context.Context, row command.Row) (command.EffectResult, error) {
	answer := row.Answer.Modification
	if row.State != command.Editing || answer == nil || answer.ExpiresAt == nil {
		return command.EffectResult{State: orderops.EffectDone}, nil
	}
	var in Input
	if err := json.Unmarshal(row.Input, &in); err != nil {
		return command.EffectResult{}, fmt.Errorf("decode input of modify: %w", err)
	}
	placed, err := m.arrived(ctx, row, in.CustomerID)
	if failure, ok := remote.AsError(err); ok {
		return command.EffectResult{State: orderops.EffectPending, Again: max(m.Policy.WatchEvery, failure.RetryAfter)}, nil
	}
	if err != nil {
		return command.EffectResult{}, err
	}
	now := m.Clock.Now(ctx)
	switch {
	case placed.OrderNo != "" && placed.open():
		return command.EffectResult{State: orderops.EffectPending, Again: m.Policy.WatchEvery}, nil
	case placed.OrderNo != "":
		return m.have(ctx, row, orderops.ActionConfirm, "found-"+row.ID+"-"+placed.OrderNo, ConfirmInput{
			Request: orderops.ConfirmRequest{NewOrderNo: placed.OrderNo}, CustomerID: in.CustomerID, Triggered: true,
		})
	case now.Before(*answer.ExpiresAt), now.Equal(*answer.ExpiresAt):
		again := min(m.Policy.WatchEvery, answer.ExpiresAt.Sub(now)+time.Millisecond)
		err := m.keepAgain(ctx, shopOf(row), answer, placed, now)
		if failure, ok := remote.AsError(err); ok {
			again, err = max(again, failure.RetryAfter), nil
		}
		return command.EffectResult{State: orderops.EffectPending, Again: again}, err
	default:
		return m.have(ctx, row, orderops.ActionAbandon, "over-"+row.ID, Abandoned{OperationID: row.ID})
	}
}

// ConfirmInput is the stored input of a confirmation: the request, and who asks.
type ConfirmInput struct {
	Request    orderops.ConfirmRequest `json:"request"`
	CustomerID string                  `json:"customer_id"`
	SessionID  string                  `json:"session_id,omitempty"`
	// Triggered says that nobody asked: the new order was found.
	Triggered bool `json:"triggered,omitempty"`
}

// Abandoned is the stored input of the command that ends a modification.
type Abandoned struct {
	OperationID string `json:"operation_id"`
}

// have has another command on the order done. While that is not possible, or has not come about, it is tried again.
func (m *Modifies) have(ctx context.Context, row command.Row, action orderops.Action, key string, input any) (command.EffectResult, error) {
	again := command.EffectResult{State: orderops.EffectPending, Again: m.Policy.WatchEvery}
	raw, err := json.Marshal(input)
	if err != nil {
		return again, fmt.Errorf("encode %s of order %s: %w", action, row.OrderNo, err)
	}
	_, err = m.Commands.Submit(ctx, command.Command{
		Sandbox: row.Sandbox, Site: row.Site, OrderNo: row.OrderNo, Key: key, Action: action, BodyHash: key, Input: raw,
		CorrelationID: row.CorrelationID, TraceParent: row.TraceParent,
	})
	var refusal *orderops.Refusal
	if errors.As(err, &refusal) || err == nil {
		return again, nil // the command that comes about ends the watch
	}
	return again, err
}

// arrived looks for the order that came of the follow-up basket.
func (m *Modifies) arrived(ctx context.Context, row command.Row, customerID string) (Arrival, error) {
	return Arrived(ctx, m.Commerce, shopOf(row), customerID, row.ID)
}

// Arrival is an order that came of a follow-up basket, or the basket as long as there is one; empty when there is neither.
type Arrival struct {
	OrderNo, Status string
	BasketID        string
	// KeptUntil is until when commerce keeps what is in the basket; zero when it does not.
	KeptUntil time.Time
}

// open says that the order was submitted and not paid yet.
func (a Arrival) open() bool { return a.Status == b2cclient.StatusCreated }

// Arrivals is what it takes to find such an order.
type Arrivals interface {
	CustomerBaskets(ctx context.Context, shop b2cclient.Shop, customerID string) ([]b2cclient.Basket, error)
	NewestOrders(ctx context.Context, shop b2cclient.Shop, customerID string) ([]b2cclient.Order, error)
}

// Arrived looks for the order that came of the follow-up basket of a modification. Only when the basket is gone there can be
// one. It is found among the customer's own orders, never by a search, whose index lags behind.
func Arrived(ctx context.Context, commerce Arrivals, shop b2cclient.Shop, customerID, operationID string) (Arrival, error) {
	baskets, err := commerce.CustomerBaskets(ctx, shop, customerID)
	if err != nil {
		return Arrival{}, err
	}
	for _, b := range baskets {
		if b.ModificationID == operationID {
			return Arrival{BasketID: b.BasketID, KeptUntil: b.KeptUntil}, nil
		}
	}
	orders, err := commerce.NewestOrders(ctx, shop, customerID)
	for _, o := range orders {
		if o.ModificationID == operationID && o.Status != b2cclient.StatusFailed {
			return Arrival{OrderNo: o.OrderNo, Status: o.Status}, err
		}
	}
	return Arrival{}, err
}
