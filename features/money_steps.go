package features

import (
	"context"
	"fmt"

	"github.com/shopspring/decimal"
)

// moneySteps are about what became of the money: what was authorised is released, what was paid is given back.
func (w *world) moneySteps() []step {
	return []step{
		{then, `^the (authorisation of the card is released|payment is given back) in full(?: but for "([\d.]+)")?, once$`, w.movedInFull},
		{then, `^of the (authorisation|payment) exactly what the cancelled units were worth is (released|given back)(?: but for "([\d.]+)")?, once$`, w.movedShare},
		{then, `^"([\d.]+)" of the (authorisation|payment) (?:was|were) (released|given back) in all, and no more$`, w.movedInAll},
		{then, `^of the payment "([\d.]+)" is released and "([\d.]+)" given back, each once$`, w.releasedAndGivenBack},
		{then, `^what was taken of the card stays taken$`, w.staysTaken},
		{then, `^nothing is left to pay and nothing is left authorised$`, w.nothingLeft},
	}
}

// moved is what became of the order's one payment since what the scenario is about began, in minor units, and how often.
type moved struct {
	released, refunded int64
	releases, refunds  int
	others             int
	before, after      payment
}

// moved gives order management time first, where it owns the money.
func (w *world) moved(ctx context.Context) (moved, snapshot, error) {
	if err := w.giveTime(ctx); err != nil {
		return moved{}, snapshot{}, err
	}
	return w.movedSoFar(ctx)
}

func (w *world) movedSoFar(ctx context.Context) (moved, snapshot, error) {
	now, err := w.now(ctx)
	if err != nil {
		return moved{}, now, err
	}
	if len(w.before.payments) != 1 || len(now.payments) != 1 {
		return moved{}, now, fmt.Errorf("the order has %d payments", len(now.payments))
	}
	m := moved{before: w.before.payments[0], after: now.payments[0]}
	for _, op := range m.after.since(m.before) {
		switch op.kind() {
		case "release":
			m.released, m.releases = m.released+op.Money.Amount, m.releases+1
		case "refund":
			m.refunded, m.refunds = m.refunded+op.Money.Amount, m.refunds+1
		default:
			m.others++
		}
	}
	return m, now, nil
}

// minor reads an amount in minor units; nothing is none.
func minor(amount string) (int64, error) {
	if amount == "" {
		return 0, nil
	}
	units, err := decimal.NewFromString(amount)
	return cents(units), err
}

// movedInFull may be about what was taken since: what counts is what is left in the end, where nothing was to be kept.
func (w *world) movedInFull(ctx context.Context, what, but string) error {
	kept, err := minor(but)
	if err != nil {
		return err
	}
	if what == "authorisation of the card is released" {
		return w.releasedOnce(ctx, func(m moved, _ snapshot) int64 { return m.before.open() - kept })
	}
	m, _, err := w.moved(ctx)
	if err == nil && (m.releases != 0 || m.refunds != 1 || m.after.kept() != kept || m.after.open() != 0 || but != "" && m.refunded != m.before.kept()-kept) {
		err = fmt.Errorf("%d should be kept, what happened is %+v", kept, m)
	}
	return err
}

// movedShare is about what the order is worth less, without what is charged for points.
func (w *world) movedShare(ctx context.Context, of, how, but string) error {
	kept, err := minorMoved(but, of, how)
	if err != nil {
		return err
	}
	share := func(_ moved, now snapshot) int64 {
		was, is := w.before.summary, now.summary
		return cents(was.Grand.Sub(was.feesOn(keptProduct)).Sub(is.Grand.Sub(is.feesOn(keptProduct)))) - kept
	}
	if how == "released" {
		return w.releasedOnce(ctx, share)
	}
	m, now, err := w.moved(ctx)
	if want := share(m, now); err == nil && (m.releases != 0 || m.refunds != 1 || m.refunded != want) {
		err = fmt.Errorf("%d should have been given back, what happened is %+v", want, m)
	}
	return err
}

// minorMoved is an amount in cents, of a kind of money that can move so.
func minorMoved(amount, of, how string) (int64, error) {
	if (of == "authorisation") != (how == "released") {
		return 0, fmt.Errorf("an authorisation is released and a payment given back: no %s is %s", of, how)
	}
	return minor(amount)
}

// releasedOnce makes sure that the order's one payment had one release of an amount, at once, and nothing else happened to it.
func (w *world) releasedOnce(ctx context.Context, amount func(m moved, now snapshot) int64) error {
	m, now, err := w.movedSoFar(ctx)
	if err != nil {
		return err
	}
	if want := amount(m, now); m.releases != 1 || m.refunds+m.others != 0 || m.released != want || m.after.open() != m.before.open()-want {
		return fmt.Errorf("%d should have been released, what happened is %+v", want, m)
	}
	return nil
}

// movedInAll compares what the payment provider has released or given back since the shopper came. The other may not have
// happened since what the scenario is about began.
func (w *world) movedInAll(ctx context.Context, amount, of, how string) error {
	want, err := minorMoved(amount, of, how)
	if err != nil {
		return err
	}
	if err := w.giveTime(ctx); err != nil {
		return err
	}
	now, err := w.now(ctx)
	if err != nil {
		return err
	}
	kind, other := "refund", "release"
	if how == "released" {
		kind, other = other, kind
	}
	sum, beside := int64(0), int64(0)
	for i, p := range now.payments {
		sum += p.sum(kind) - w.start.payments[i].sum(kind)
		beside += p.sum(other) - w.before.payments[i].sum(other)
	}
	if sum != want || beside != 0 {
		return fmt.Errorf("%d were %s, and of %ss there were %d", sum, how, other, beside)
	}
	return nil
}

func (w *world) releasedAndGivenBack(ctx context.Context, released, refunded string) error {
	m, _, err := w.moved(ctx)
	if err != nil {
		return err
	}
	first, errFirst := minor(released)
	second, errSecond := minor(refunded)
	if errFirst != nil || errSecond != nil || m.releases != 1 || m.refunds != 1 || m.released != first || m.refunded != second {
		return fmt.Errorf("what happened is %+v", m)
	}
	return nil
}

func (w *world) staysTaken(ctx context.Context) error {
	m, _, err := w.moved(ctx)
	if err == nil && (m.refunds != 0 || m.after.kept() != m.before.kept()) {
		err = fmt.Errorf("%d were taken before, what happened is %+v", m.before.kept(), m)
	}
	return err
}

func (w *world) nothingLeft(ctx context.Context) error {
	now, err := w.now(ctx)
	if err != nil {
		return err
	}
	for _, p := range now.payments {
		if p.open() != 0 || p.kept() != 0 {
			return fmt.Errorf("of payment %s %d are open and %d kept", p.id, p.open(), p.kept())
		}
	}
	if !now.summary.Grand.IsZero() {
		return fmt.Errorf("the order is still worth %s", now.summary.Grand)
	}
	return nil
}
