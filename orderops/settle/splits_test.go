package settle

import (
	"testing"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"github.com/somsim/somsim/orderops"
	"github.com/somsim/somsim/orderops/command"
	"github.com/somsim/somsim/orderops/worldlineclient"
)

// purse is a delivered order as money: what its parts are worth, and what paid for them. Amounts are minor units.
type purse struct {
	currency string
	parts    []int64 // each is what one change takes off the order, the delivery fee and a fee that is kept included
	kept     []int64 // of each part
	cards    []paymentState
	byHand   int64 // what a gift certificate paid, and has not got back
	recorded bool  // order management is told of what the certificate gets, before the next change
}

func drawPurse(t *rapid.T) purse {
	p := purse{
		currency: rapid.SampledFrom([]string{"USD", "JPY", "KWD"}).Draw(t, "currency"),
		parts:    rapid.SliceOfN(rapid.Int64Range(0, 99999), 1, 8).Draw(t, "parts"),
		recorded: rapid.Bool().Draw(t, "recorded"),
	}
	var rest int64
	for _, worth := range p.parts {
		kept := rapid.Int64Range(0, worth).Draw(t, "kept")
		p.kept, rest = append(p.kept, kept), rest+worth
	}
	p.byHand = rapid.Int64Range(0, rest).Draw(t, "gift certificate")
	rest -= p.byHand
	for i, n := 0, rapid.IntRange(0, 2).Draw(t, "cards")+1; i < n; i++ {
		amount := rest
		if i < n-1 {
			amount = rapid.Int64Range(0, rest).Draw(t, "card")
		}
		rest -= amount
		id := string(rune('a' + i))
		p.cards = append(p.cards, paymentState{
			Payment: worldlineclient.Payment{ID: id, Currency: p.currency, Authorized: amount, Captured: amount}, rows: Payment{ID: id},
		})
	}
	return p
}

func (p purse) held() (sum int64) {
	for _, c := range p.cards {
		sum += c.Refundable()
	}
	return sum
}

// TestHoweverAnOrderIsSplitWhatComesBackIsWhatWasPaid takes an order apart in every way: each change gives back exactly what
// it is worth, no means of payment gets more than it paid, and all of them together get what they would at once.
func TestHoweverAnOrderIsSplitWhatComesBackIsWhatWasPaid(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p := drawPurse(t)
		policy := DefaultPolicy()
		policy.RefundOrder = BySite[RefundOrder]{AllSites: rapid.SampledFrom([]RefundOrder{CardsFirst, CertificatesFirst}).Draw(t, "order")}
		s := &Systems{Policy: policy}
		var grand, fees, toHand int64
		for _, worth := range p.parts {
			grand += worth
		}
		elsewhere := p.byHand
		for i, worth := range p.parts {
			amount := func(minor int64) decimal.Decimal { return orderops.FromMinorUnits(minor, p.currency).Decimal }
			refund := worth - p.kept[i]
			change := Change{
				Currency: p.currency, Refund: amount(refund), Kept: amount(p.kept[i]), Fees: amount(fees), Grand: amount(grand + fees),
				Elsewhere: amount(elsewhere), Held: amount(p.held()), Fulfilled: true,
			}
			for _, c := range p.cards {
				change.Payments = append(change.Payments, c.rows)
			}
			_, byHand := policy.shares("RefArch", change)
			hand := orderops.MinorUnits(byHand, p.currency)
			var moved int64
			for _, step := range split(command.Row{}, p.cards, s.moneyTask(command.Row{}, change)) {
				if step.Lapsed {
					continue
				}
				moved += step.Amount
				for j := range p.cards {
					if p.cards[j].ID == step.PaymentID {
						p.cards[j].Refunded += step.Amount
					}
				}
			}
			if moved+hand != refund {
				t.Fatalf("change %d is worth %d: %d go back to cards and %d to the certificate", i, refund, moved, hand)
			}
			if toHand += hand; toHand > p.byHand {
				t.Fatalf("the certificate paid %d and gets %d", p.byHand, toHand)
			}
			if p.recorded {
				elsewhere -= hand
			}
			grand, fees = grand-worth, fees+p.kept[i]
		}
		for _, c := range p.cards {
			if c.Refunded > c.Captured || c.Refundable() > fees {
				t.Fatalf("%d of the %d of card %s came back, with fees of %d", c.Refunded, c.Captured, c.ID, fees)
			}
		}
	})
}

// TestHoweverAnOrderIsSplitPointsAddUp has the points of each change add up to those of the whole.
func TestHoweverAnOrderIsSplitPointsAddUp(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		parts := rapid.SliceOfN(rapid.Int64Range(0, 99999), 1, 8).Draw(t, "parts")
		points := rapid.Int64Range(0, 5000).Draw(t, "points")
		var ordered, moved int64
		for _, worth := range parts {
			ordered += worth
		}
		left := ordered
		for i, worth := range parts {
			task := pointsTask{Cancelled: worth, Worth: left, Ordered: ordered, Whole: i == len(parts)-1}
			share := task.due(points, points-moved)
			if share < 0 {
				t.Fatalf("%d points of change %d", share, i)
			}
			moved, left = moved+share, left-worth
		}
		if moved != points {
			t.Fatalf("%d of %d points moved", moved, points)
		}
	})
}
