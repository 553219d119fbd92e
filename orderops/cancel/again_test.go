package cancel

import (
	"context"
	"testing"

	"github.com/somsim/somsim/orderops"
	"github.com/somsim/somsim/orderops/command"
	"github.com/somsim/somsim/orderops/command/commandtest"
	"github.com/somsim/somsim/orderops/worldlineclient"
)

// takenBack is a cancel whose refund the provider has accepted, recorded and then refused, with the work that makes it again.
func takenBack(t *testing.T) (*world, *Cancels, command.Row, command.Due) {
	t.Helper()
	w := newWorld()
	w.payment = worldlineclient.Payment{ID: payID, Status: "CAPTURED", Currency: "EUR", Authorized: 3500, Captured: 3500}
	c, row := w.cancels(), rowOf(t, orderops.CancelRequest{})
	result, err := c.Run(context.Background(), commandtest.NewRun(), row, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, effect := range *result.Answer.Effects() {
		if effect.Action != "refund" || effect.System != worldlineclient.System {
			continue
		}
		for i, op := range w.payment.Operations {
			if op.ID == effect.Reference {
				w.payment.Operations[i].Status, w.payment.Refunded = "REJECTED", 0
			}
		}
		due, err := c.Systems.RefundAgain(row, effect)
		if err != nil {
			t.Fatal(err)
		}
		return w, c, row, due
	}
	t.Fatalf("no refund: %s", outcome(result))
	return nil, nil, command.Row{}, command.Due{}
}

// However often it is tried, the money goes back once, and order management has one row, which names what was made.
func TestARefundThatWasTakenBackIsMadeOnceMore(t *testing.T) {
	t.Parallel()
	w, c, row, due := takenBack(t)
	rows := w.rowsMade
	for range 2 {
		tried := c.Perform(context.Background(), row, due)
		if tried.State != orderops.EffectDone || w.payment.Refunded != 3500 || len(tried.Then) != 1 {
			t.Fatalf("it ends %s %s with %d refunded and %d to follow", tried.State, tried.Code, w.payment.Refunded, len(tried.Then))
		}
		record := command.Due{Kind: tried.Then[0].Kind, Payload: tried.Then[0].Payload}
		for range 2 {
			if noted := c.Perform(context.Background(), row, record); noted.State != orderops.EffectDone {
				t.Errorf("the note of it ends %s %s", noted.State, noted.Code)
			}
		}
	}
	if wrong := w.unrecorded(); wrong != nil || w.rowsMade != rows {
		t.Errorf("%v, %d rows more", wrong, w.rowsMade-rows)
	}
}

// Without a row to rename somebody has to look: a row for money that moved once must not be made twice.
func TestARefundThatWasTakenBackAndIsOnNoRecord(t *testing.T) {
	t.Parallel()
	w, c, row, due := takenBack(t)
	clear(w.recorded)
	tried := c.Perform(context.Background(), row, due)
	if tried.State != orderops.EffectDone || len(tried.Then) != 1 {
		t.Fatalf("it ends %s %s", tried.State, tried.Code)
	}
	noted := c.Perform(context.Background(), row, command.Due{Kind: tried.Then[0].Kind, Payload: tried.Then[0].Payload})
	if noted.State != orderops.EffectFailed || noted.Code != "no_row_to_rename" {
		t.Errorf("the note of it ends %s %s", noted.State, noted.Code)
	}
}

func TestOnlyARefundIsMadeAgain(t *testing.T) {
	t.Parallel()
	if _, err := newWorld().cancels().Systems.RefundAgain(rowOf(t, orderops.CancelRequest{}), orderops.Effect{System: "slots", Action: "release"}); err == nil {
		t.Error("a release of a booking is made again")
	}
}
