package features

import (
	"context"
	"errors"
	"fmt"
)

func (w *world) fulfillmentSteps() []step {
	return []step{
		{then, `^the warehouse is refused$`, w.officeRefused},
		{then, `^the warehouse (?:holds nothing of the order|still holds (\d+) units? of "([^"]+)")$`, w.warehouseHolds},
		{then, `^the units left the warehouse before they were cancelled$`, w.takenBackFirst},
	}
}

func (w *world) tryToAllocate(ctx context.Context) (err error) {
	w.refusal, err = w.office.allocate(ctx, w.before.summary, w.before.summary.ordered())
	return err
}

func (w *world) allocate(ctx context.Context) error {
	if err := w.tryToAllocate(ctx); err != nil {
		return err
	}
	return w.officeSucceeded(ctx)
}

// tryToShip reports every fulfillment order that the warehouse knew of as shipped, and its goods as gone.
func (w *world) tryToShip(ctx context.Context) error {
	list := w.before.summary.Fulfillments.Records
	if len(list) == 0 {
		return errors.New("the warehouse knows nothing of the order")
	}
	for _, f := range list {
		no, err := w.office.fulfil(ctx, f.ID)
		if w.refusal = no; err != nil || no != nil {
			return err
		}
		if err := w.office.handOver(ctx, w.orderNo, f.Location.Reference, w.before.summary.goods(f)); err != nil {
			return err
		}
	}
	return nil
}

func (w *world) ship(ctx context.Context) error {
	if err := w.tryToShip(ctx); err != nil {
		return err
	}
	return w.officeSucceeded(ctx)
}

// officeSucceeded makes sure that nothing was refused, and takes what has come of it as the new beginning.
func (w *world) officeSucceeded(ctx context.Context) error {
	if w.refusal != nil {
		return fmt.Errorf("order management refused: %w", w.refusal)
	}
	return w.remember(ctx)
}

func (w *world) officeRefused(context.Context) error {
	if w.refusal == nil {
		return errors.New("order management let it happen")
	}
	return nil
}

// warehouseHolds is about a product, or about all of which it is to hold nothing.
func (w *world) warehouseHolds(ctx context.Context, units, product string) error {
	now, err := w.now(ctx)
	if err != nil {
		return err
	}
	held := now.summary.atWarehouse()
	if product != "" {
		l, err := w.lineOf(ctx, product)
		if err == nil && held[l.ID].String() != units {
			err = fmt.Errorf("it holds %s", held[l.ID])
		}
		return err
	}
	for line, units := range held {
		if units.IsPositive() {
			return fmt.Errorf("the warehouse holds %s units of line %s", units, line)
		}
	}
	return nil
}

func (w *world) takenBackFirst(ctx context.Context) error {
	happened, err := w.since(ctx)
	if err != nil {
		return err
	}
	back, cancelled := happened.of(takeBack).effective(), happened.of(submitCancel).effective()
	if len(back) == 0 || len(cancelled) != 1 || back.last() > cancelled[0].Seq {
		return fmt.Errorf("units were taken back %d times and cancelled %d times, or the other way round", len(back), len(cancelled))
	}
	return nil
}
