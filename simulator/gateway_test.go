package simulator

import (
	"log/slog"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/clock"
	"github.com/somsim/somsim/simulator/journal"
	"github.com/somsim/somsim/simulator/preset"
	"github.com/somsim/somsim/simulator/sandbox"
	"github.com/somsim/somsim/simulator/som"
	"github.com/somsim/somsim/simulator/store"
	"github.com/somsim/somsim/simulator/worldline"
)

// bank is a sandbox with a payment of 30.00 EUR at Worldline, all systems behind it.
func bank(t *testing.T, work func(tx *sandbox.Tx, g gateway, p worldline.Payment)) {
	t.Helper()
	schema := store.NewSchema()
	tables := sandbox.Declare(schema)
	all, err := build(schema, Org{})
	if err != nil {
		t.Fatal(err)
	}
	worlds := sandbox.New(tables, sandbox.Config{
		Schema: schema, Machine: clock.Fixed(time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)), Log: slog.New(slog.DiscardHandler),
		Redactor: journal.NewRedactor(), Presets: preset.All(all.domains), Runners: all.runners,
	})
	w, err := worlds.Create("bank", sandbox.Options{From: "empty", Mode: clock.ModeManual})
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Update(func(tx *sandbox.Tx) error {
		p, err := all.domains.Worldline.Authorize(tx, worldline.NewPayment{Amount: 3000, Currency: "EUR", MerchantReference: "1"})
		if err == nil {
			work(tx, gateway{all.domains.Worldline}, p)
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
}

func TestOrderManagementMovesMoneyAtWorldline(t *testing.T) {
	t.Parallel()
	bank(t, func(tx *sandbox.Tx, g gateway, p worldline.Payment) {
		ask := func(amount string) som.GatewayRequest {
			return som.GatewayRequest{Reference: p.ID, Amount: decimal.RequireFromString(amount), Currency: "EUR"}
		}
		steps := []struct {
			name   string
			answer som.GatewayAnswer
			result som.SfResultCode
		}{
			{"captures a part", g.Capture(tx, ask("20.00")), som.ResultSuccess},
			{"refuses more than is left", g.Capture(tx, ask("10.01")), som.ResultDecline},
			{"releases the rest", g.Reverse(tx, ask("10")), som.ResultSuccess},
			{"gives a part back", g.Refund(tx, ask("5.5")), som.ResultSuccess},
			{"refuses to give back more than it has", g.Refund(tx, ask("14.51")), som.ResultDecline},
			{"refuses another currency", g.Refund(tx, som.GatewayRequest{Reference: p.ID, Amount: decimal.NewFromInt(1), Currency: "USD"}), som.ResultPermanentFail},
			{"knows no such payment", g.Capture(tx, som.GatewayRequest{Reference: "1_0", Amount: decimal.NewFromInt(1), Currency: "EUR"}), som.ResultPermanentFail},
		}
		for _, s := range steps {
			if s.answer.Result != s.result || (s.answer.Result == som.ResultSuccess) != (s.answer.Reference != "") || (s.answer.Message == "") != (s.answer.Result == som.ResultSuccess) {
				t.Errorf("%s: %+v", s.name, s.answer)
			}
		}
		now, err := g.worldline.Payment(tx, worldline.DefaultMerchant, p.ID)
		if err != nil {
			t.Fatal(err)
		}
		if state := g.worldline.State(tx, now); state.Open() != 0 || state.Refundable() != 1450 {
			t.Errorf("at the provider %d are open and %d can be refunded", state.Open(), state.Refundable())
		}
	})
}

func TestNewMoneyIsAskedForAtWorldline(t *testing.T) {
	t.Parallel()
	bank(t, func(tx *sandbox.Tx, g gateway, p worldline.Payment) {
		with := func(last, amount string) som.GatewayPurchase {
			return som.GatewayPurchase{
				Amount: decimal.RequireFromString(amount), Currency: "EUR", OrderNumber: "77",
				Card: som.GatewayCard{Type: "Visa", First: "400000", Last: last, Valid: true, ExpiryMonth: 3, ExpiryYear: 2026},
			}
		}
		open := func(token, amount, currency string) som.GatewayPurchase {
			return som.GatewayPurchase{Amount: decimal.RequireFromString(amount), Currency: currency, Card: som.GatewayCard{Token: token}}
		}
		expired, wrong := with("1111", "1"), with("1111", "1")
		expired.Card.ExpiryMonth, wrong.Card.Valid = 2, false
		cases := []struct {
			name   string
			answer som.GatewayAnswer
			result som.SfResultCode
			status worldline.Status
		}{
			{"authorizes", g.Authorize(tx, with("1111", "20.01")), som.ResultSuccess, worldline.PendingCapture},
			{"takes at once", g.Sale(tx, with("1111", "20.01")), som.ResultSuccess, worldline.Captured},
			{"takes over what is authorized", g.PostAuth(tx, open(p.ID, "30", "EUR")), som.ResultSuccess, worldline.PendingCapture},
			{"takes over no other amount", g.PostAuth(tx, open(p.ID, "29.99", "EUR")), som.ResultDecline, ""},
			{"takes over no other currency", g.PostAuth(tx, open(p.ID, "30", "USD")), som.ResultPermanentFail, ""},
			{"takes over nothing unknown", g.PostAuth(tx, open("1_0", "30", "EUR")), som.ResultPermanentFail, ""},
			{"declines", g.Authorize(tx, with("0002", "1")), som.ResultDecline, ""},
			{"declines a sale", g.Sale(tx, with("9995", "1")), som.ResultDecline, ""},
			{"cannot reach the bank", g.Authorize(tx, with("0119", "1")), som.ResultSystemError, ""},
			{"wants to look at it first", g.Authorize(tx, with("0101", "1")), som.ResultReview, ""},
			{"gives no answer", g.Sale(tx, with("0259", "1")), som.ResultIndeterminate, ""},
			{"declines a card of last month", g.Authorize(tx, expired), som.ResultDecline, ""},
			{"refuses a wrong check digit", g.Sale(tx, wrong), som.ResultValidation, ""},
			{"gives a card a name", g.Tokenize(tx, with("1111", "1").Card), som.ResultSuccess, ""},
			{"gives a declined card no name", g.Tokenize(tx, with("0002", "1").Card), som.ResultDecline, ""},
		}
		for _, c := range cases {
			if c.answer.Result != c.result || (c.answer.Message == "") != (c.result == som.ResultSuccess) || c.answer.Code == "" {
				t.Errorf("%s: %+v", c.name, c.answer)
			}
			if c.status == "" {
				if c.answer.Reference != "" {
					t.Errorf("%s: there is a payment %s", c.name, c.answer.Reference)
				}
				continue
			}
			made, err := g.worldline.Payment(tx, worldline.DefaultMerchant, c.answer.Reference)
			if state := g.worldline.State(tx, made); err != nil || state.Status != c.status {
				t.Errorf("%s: payment %q is %q, %v", c.name, c.answer.Reference, state.Status, err)
			}
		}
		if made := g.worldline.Aliases(tx, "77"); len(made) != 2 {
			t.Errorf("the refused requests left payments: %q", made)
		}
	})
}
