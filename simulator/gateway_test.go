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
