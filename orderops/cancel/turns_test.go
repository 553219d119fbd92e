package cancel

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/somsim/somsim/orderops"
	"github.com/somsim/somsim/orderops/command"
	"github.com/somsim/somsim/orderops/command/commandtest"
	"github.com/somsim/somsim/orderops/remote"
	"github.com/somsim/somsim/orderops/settle"
	"github.com/somsim/somsim/orderops/worldlineclient"
)

// turns are the turns of one order as the tables have them: a movement has its turn as long as it is owed.
type turns struct {
	has, had command.Turn
	owed     map[string][]command.Due // by command
}

func (t *turns) TakeTurn(_ context.Context, turn command.Turn) (mine, after bool, err error) {
	if t.has != turn && t.has.Key != "" {
		for _, d := range t.owed[t.has.CommandID] {
			if strings.Contains(string(d.Payload), t.has.Key) {
				return false, false, nil
			}
		}
	}
	after = t.had.CommandID != "" && t.had != turn
	t.has, t.had = turn, turn
	return true, after, nil
}

func (t *turns) GiveTurn(_ context.Context, turn command.Turn) error {
	if t.has == turn {
		t.has = command.Turn{}
	}
	return nil
}

// begin runs a cancel of one unit to its end, with what it still owes under the turns of the order.
func (t *turns) begin(tb testing.TB, c *Cancels, id string) (command.Row, command.Result) {
	tb.Helper()
	row := command.Row{ID: id, CreatedAt: start, Command: command.Command{Sandbox: "default", Site: "RefArch", OrderNo: orderNo, Key: id}}
	raw, err := json.Marshal(Input{Request: orderops.CancelRequest{Items: items(lineID, "1")}, CommerceStatus: "open", Currency: "EUR"})
	if err != nil {
		tb.Fatal(err)
	}
	row.Input = raw
	result, err := c.Run(context.Background(), commandtest.NewRun(), row, nil)
	if err != nil {
		tb.Fatal(err)
	}
	t.owed[id] = result.Due
	return row, result
}

// Two cancels of an order have their excess money given back at once, and a request or an answer of one of them gets lost at
// one place or another. Without a credit memo nothing in order management tells whose a refund is: each is paid once all the
// same, since one has its turn after the other.
func TestTwoRefundsOfExcessMoneyAtOnce(t *testing.T) {
	t.Parallel()
	lost := []fault{{class: remote.Ambiguous}, {class: remote.Ambiguous, happened: true}, {class: remote.Unavailable}}
	for _, step := range []string{"none", "som.ensureRefunds#1", "som.ensureRefunds#2", "som.settlement#1", "som.settlement#2", "som.settlement#3", "som.settlement#4", "worldline.read#3"} {
		for _, failure := range lost {
			for slow := range 3 {
				t.Run(fmt.Sprintf("%s %s %t, after %d looks", step, failure.class, failure.happened, slow), func(t *testing.T) {
					t.Parallel()
					w := newWorld()
					w.payment = worldlineclient.Payment{ID: payID, Currency: "EUR", Authorized: 3500, Captured: 3500}
					c, funds := ownedBySOM(w)
					order := &turns{owed: map[string][]command.Due{}}
					c.Systems.Turns, funds.Slow = order, slow
					w.faults[step] = failure
					first, _ := order.begin(t, c, "one")
					second, _ := order.begin(t, c, "two")
					for range 12 {
						order.owed["two"] = attempts(c, second, order.owed["two"])
						order.owed["one"] = attempts(c, first, order.owed["one"])
					}
					if w.payment.Refunded != 2000 || funds.Refunds() != 2000 || len(order.owed["one"])+len(order.owed["two"]) > 0 {
						t.Errorf("%d were given back, %d are on record, owed are %v", w.payment.Refunded, funds.Refunds(), order.owed)
					}
				})
			}
		}
	}
}

// A refund that was noted, given up, and is tried again after another command had its turn, is a person's: the item names the
// refunds of which one may be its own.
func TestARefundThatAnotherHasOvertaken(t *testing.T) {
	t.Parallel()
	w := newWorld()
	w.payment = worldlineclient.Payment{ID: payID, Currency: "EUR", Authorized: 3500, Captured: 3500}
	c, funds := ownedBySOM(w)
	order := &turns{owed: map[string][]command.Due{}}
	c.Systems.Turns = order
	w.faults["som.ensureRefunds#1"] = fault{class: remote.Ambiguous} // order management never hears of it
	first, result := order.begin(t, c, "one")
	order.owed["one"] = nil // it is given up
	second, _ := order.begin(t, c, "two")
	for range 6 {
		order.owed["two"] = attempts(c, second, order.owed["two"])
	}
	if w.payment.Refunded != 1000 {
		t.Fatalf("%d were given back", w.payment.Refunded)
	}
	var again command.Due
	for _, d := range result.Due {
		if strings.Contains(string(d.Payload), `"ensure"`) {
			again = d
		}
	}
	order.owed["one"] = []command.Due{again}
	tried := c.Perform(context.Background(), first, again)
	if tried.State != orderops.EffectFailed || tried.Code != "refunds_of_others" || !strings.Contains(tried.Note, "08P1") || w.payment.Refunded != 1000 {
		t.Fatalf("it ends %s %s %q with %d given back", tried.State, tried.Code, tried.Note, w.payment.Refunded)
	}
	again.Payload = tried.Payload
	for range 4 { // a person has looked, and has it tried again
		if tried = c.Perform(context.Background(), first, again); tried.Payload != nil {
			again.Payload = tried.Payload
		}
	}
	if tried.State != orderops.EffectDone || w.payment.Refunded != 2000 || funds.Refunds() != 2000 {
		t.Errorf("it ends %s %s with %d given back", tried.State, tried.Code, w.payment.Refunded)
	}
}

var _ settle.Turns = (*turns)(nil)
