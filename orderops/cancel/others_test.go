package cancel

import (
	"context"
	"strings"
	"testing"

	"github.com/somsim/somsim/orderops"
	"github.com/somsim/somsim/orderops/command"
	"github.com/somsim/somsim/orderops/command/commandtest"
	"github.com/somsim/somsim/orderops/remote"
	"github.com/somsim/somsim/orderops/worldlineclient"
)

// gives has somebody give money back at the provider: under a key of a person's own, or of another command.
func (w *world) gives(amount int64, key string) {
	w.payment.Refunded += amount
	w.operate("REFUND_REQUESTED", worldlineclient.Movement{Amount: amount, Key: key})
}

// Somebody else has given money back before a refund is tried again: it is never given back twice, whoever moves the money.
func TestARefundThatSomebodyElseMadeMeanwhile(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		given []int64
		key   string
		state orderops.EffectState
		// refunded is what has gone back in the end; the order was worth 35.00, and all of it is owed.
		refunded int64
	}{
		"all of it":                    {[]int64{3500}, "", orderops.EffectDone, 3500},
		"all of it, with a word to it": {[]int64{3500}, "by hand, sorry", orderops.EffectDone, 3500},
		"some of it":                   {[]int64{1000}, "", orderops.EffectFailed, 1000},
		"all of it, in two":            {[]int64{1000, 2500}, "", orderops.EffectFailed, 3500},
		"some, by another command":     {[]int64{500}, strings.Repeat("ab", 20), orderops.EffectDone, 4000},
		"nobody gave anything back":    {nil, "", orderops.EffectDone, 3500},
	} {
		for owner, declined := range map[string]func(t *testing.T) (*world, *Cancels, command.Row, command.Due){
			"order-ops": func(t *testing.T) (*world, *Cancels, command.Row, command.Due) {
				t.Helper()
				return refundDeclined(t, fault{class: remote.Rejected, code: "REFUND_DECLINED"})
			},
			"order-ops, after the provider was away": func(t *testing.T) (*world, *Cancels, command.Row, command.Due) {
				t.Helper()
				return refundDeclined(t, fault{class: remote.Unavailable})
			},
			"som": refundDeclinedToSOM,
		} {
			if tc.refunded > 3500 && owner == "som" {
				continue // its own refunds have no key, and are known by its rows
			}
			t.Run(owner+"/"+name, func(t *testing.T) {
				t.Parallel()
				w, c, row, due := declined(t)
				w.payment.Captured = 4000
				for _, amount := range tc.given {
					w.gives(amount, tc.key)
				}
				for range 2 { // a person has it tried twice
					result := c.Perform(context.Background(), row, due)
					for n := 0; result.Again > 0 && n < 9; n++ {
						due.Payload = result.Payload
						result = c.Perform(context.Background(), row, due)
					}
					if result.State != tc.state || w.payment.Refunded != tc.refunded {
						t.Fatalf("ended %s %s with %d refunded", result.State, result.Code, w.payment.Refunded)
					}
					said := strings.Contains(result.Note, "resolve this") && strings.Contains(result.Note, " EUR at the payment provider ("+payID+".")
					if (tc.state == orderops.EffectFailed) != said {
						t.Errorf("a person is told %q", result.Note)
					}
				}
			})
		}
	}
}

// refundDeclinedToSOM is a cancel whose refund the gateway of order management has refused.
func refundDeclinedToSOM(t *testing.T) (*world, *Cancels, command.Row, command.Due) {
	t.Helper()
	w := newWorld()
	w.payment = worldlineclient.Payment{ID: payID, Currency: "EUR", Authorized: 3500, Captured: 3500}
	c, funds := ownedBySOM(w)
	funds.Gateway = "PermanentFail"
	row := rowOf(t, orderops.CancelRequest{})
	result, err := c.Run(context.Background(), commandtest.NewRun(), row, nil)
	if err != nil {
		t.Fatal(err)
	}
	due := result.Due
	for range 4 {
		due = attempts(c, row, due)
	}
	if len(due) != 1 {
		t.Fatalf("left to try are %+v", due)
	}
	funds.Gateway = ""
	return w, c, row, due[0]
}
