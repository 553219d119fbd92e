package features

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/shopspring/decimal"
)

func (w *world) providerSteps() []step {
	return []step{
		{given, `^the payment provider takes (\d+) days over the refund, and refuses it in the end$`, w.refundsTakenBack},
		{given, `^order-ops hears of what happens to payments, of each thing twice$`, w.sendWebhooks},
		{when, `^the authorisation of the card is about to expire$`, w.almostExpired},
		{when, `^the retailer takes all the money$`, w.takeAll},
		{when, `^the retailer takes "([\d.]+)" of the money$`, w.takeSome},
		{when, `^somebody gives (?:the money|"([\d.]+)") back at the payment provider$`, w.giveBackByHand},
		{then, `^the payment is given back in full, once$`, w.givenBackInFull},
		{then, `^of the payment exactly what the cancelled units were worth is given back, once$`, w.givenBackShare},
		{then, `^of the payment "([\d.]+)" is released and "([\d.]+)" given back, each once$`, w.releasedAndGivenBack},
		{then, `^of the payment "([\d.]+)" is given back, and no more$`, w.givenBackOnly},
		{then, `^of the authorisation "([\d.]+)" is released in all, and no more$`, w.releasedOnly},
		{then, `^what was taken of the card stays taken$`, w.staysTaken},
	}
}

// operationNotPossible is the provider's word for what the state of a payment does not allow, declined for what it will
// not do.
const (
	operationNotPossible = "OPERATION_NOT_POSSIBLE"
	declined             = "REFUND_DECLINED"
)

// refundsTakenBack lets the provider accept refunds, and say days later that nothing came of them.
func (w *world) refundsTakenBack(ctx context.Context, days int) error {
	w.unwilling = true
	return w.setPayments(ctx, map[string]any{"refund_delay": fmt.Sprintf("%dh", 24*days), "refuse_refunds": true})
}

func (w *world) setPayments(ctx context.Context, settings map[string]any) error {
	return w.control.call(ctx, w.control.own(http.MethodPut, "/payments", settings), nil)
}

// sendWebhooks has the provider tell order-ops what happens to payments, each thing twice, under the keys of a simulation.
func (w *world) sendWebhooks(ctx context.Context) error {
	if err := w.env.reach.knows(""); err != nil {
		return err
	}
	target := map[string]string{
		"line": "worldline.webhooks", "url": w.env.orderOps + "/order-ops/v1/events/worldline", "key_id": wellKnown, "secret": wellKnown,
	}
	twice := fault{Name: "twice", Match: faultMatch{System: "worldline", Operation: "deliverWebhook"}, Effect: faultEffect{Kind: "duplicate"}}
	return errors.Join(w.control.call(ctx, w.control.own(http.MethodPut, "/targets/order-ops-webhooks", target), nil), w.control.arm(ctx, twice))
}

// authorisationLife is how long the simulated provider keeps authorised money for the retailer.
const authorisationLife = 7 * 24 * time.Hour

// almostExpired lets time pass until a minute is left of the authorisations, which the preset gave at the beginning.
func (w *world) almostExpired(ctx context.Context) error {
	return w.letPass(ctx, authorisationLife-time.Minute)
}

func (w *world) takeAll(ctx context.Context) error { return w.takeMoney(ctx, 0) }

func (w *world) takeSome(ctx context.Context, amount string) error {
	units, err := decimal.NewFromString(amount)
	if err != nil {
		return fmt.Errorf("%q is no amount: %w", amount, err)
	}
	return w.takeMoney(ctx, cents(units))
}

func (w *world) takeMoney(ctx context.Context, amount int64) error {
	now, err := w.control.now(ctx)
	if err != nil {
		return err
	}
	return w.till().take(ctx, w.before.summary, w.before.payments[0], amount, now)
}

// giveBackByHand gives all the money back that was taken, as somebody with access to the provider does.
func (w *world) giveBackByHand(ctx context.Context, some string) error {
	now, err := w.now(ctx)
	if err != nil {
		return err
	}
	at, err := w.control.now(ctx)
	if err != nil {
		return err
	}
	w.retailersMoves++
	p, amount := now.payments[0], now.payments[0].kept()
	if some != "" {
		amount = cents(decimal.RequireFromString(some))
	}
	money := map[string]any{"amountOfMoney": map[string]any{"amount": amount, "currencyCode": "USD"}}
	_, err = w.till().move(ctx, p, "refund", money, at)
	return err
}

func (w *world) till() *till {
	return &till{wire: w.office.wire, api: w.env.api, sandbox: w.office.sandbox, office: w.office, books: w.auditor, bySOM: w.env.bySOM}
}

// moved is what became of the order's one payment since the beginning, in minor units, and how often.
type moved struct {
	released, refunded int64
	releases, refunds  int
	after              payment
}

func (w *world) moved(ctx context.Context) (moved, snapshot, error) {
	if err := w.giveTime(ctx); err != nil {
		return moved{}, snapshot{}, err
	}
	now, err := w.now(ctx)
	if err != nil {
		return moved{}, now, err
	}
	if len(w.before.payments) != 1 || len(now.payments) != 1 {
		return moved{}, now, fmt.Errorf("the order has %d payments", len(now.payments))
	}
	m := moved{after: now.payments[0]}
	for _, op := range m.after.since(w.before.payments[0]) {
		switch op.kind() {
		case "release":
			m.released, m.releases = m.released+op.Money.Amount, m.releases+1
		case "refund":
			m.refunded, m.refunds = m.refunded+op.Money.Amount, m.refunds+1
		}
	}
	return m, now, nil
}

func (w *world) givenBackInFull(ctx context.Context) error {
	m, _, err := w.moved(ctx)
	if err == nil && (m.releases != 0 || m.refunds != 1 || m.after.kept() != 0 || m.after.open() != 0) {
		err = fmt.Errorf("what happened is %+v", m)
	}
	return err
}

func (w *world) givenBackShare(ctx context.Context) error {
	m, now, err := w.moved(ctx)
	if want := cents(w.before.summary.Grand.Sub(now.summary.Grand)); err == nil && (m.releases != 0 || m.refunds != 1 || m.refunded != want) {
		err = fmt.Errorf("%d should have been given back, what happened is %+v", want, m)
	}
	return err
}

func (w *world) releasedAndGivenBack(ctx context.Context, released, refunded string) error {
	m, _, err := w.moved(ctx)
	if err != nil {
		return err
	}
	first, errFirst := decimal.NewFromString(released)
	second, errSecond := decimal.NewFromString(refunded)
	if err := errors.Join(errFirst, errSecond); err != nil {
		return err
	}
	if m.releases != 1 || m.refunds != 1 || m.released != cents(first) || m.refunded != cents(second) {
		return fmt.Errorf("what happened is %+v", m)
	}
	return nil
}

func (w *world) givenBackOnly(ctx context.Context, amount string) error {
	m, _, err := w.moved(ctx)
	if err == nil && (m.releases != 0 || m.refunded != cents(decimal.RequireFromString(amount))) {
		err = fmt.Errorf("what happened is %+v", m)
	}
	return err
}

func (w *world) releasedOnly(ctx context.Context, amount string) error {
	m, _, err := w.moved(ctx)
	if err == nil && (m.refunds != 0 || m.released != cents(decimal.RequireFromString(amount))) {
		err = fmt.Errorf("what happened is %+v", m)
	}
	return err
}

func (w *world) staysTaken(ctx context.Context) error {
	m, _, err := w.moved(ctx)
	if err == nil && (m.refunds != 0 || m.after.kept() != w.before.payments[0].kept()) {
		err = fmt.Errorf("%d were taken before, what happened is %+v", w.before.payments[0].kept(), m)
	}
	return err
}
