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
		{when, `^somebody gives (?:the money|"([\d.]+)") back at the payment provider$`, w.giveBackByHand},
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
