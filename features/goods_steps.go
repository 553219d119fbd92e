package features

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"github.com/shopspring/decimal"
)

func (w *world) goodsSteps() []step {
	return []step{
		{given, `^inventory does not manage to release "([^"]+)"( at first)?$`, w.someRecordsFail},
		{when, `^routing moves the "([^"]+)" of the order to the warehouse$`, w.route},
		{when, `^the warehouse tells inventory alone that the goods have left$`, w.leaveQuietly},
		{then, `^every reserved unit of the order(?: but those of "([^"]+)")? is free again, where it was reserved$`, w.allFree},
		{then, `^(\d+) units? of "([^"]+)" (?:is|are) free again (at no particular place|in the warehouse|in the store), and no other$`, w.unitsFree},
		{then, `^the goods are still reserved$`, w.stillReserved},
		{then, `^nothing was added to the stock$`, w.nothingAdded},
		{then, `^inventory was asked once more to release "([^"]+)", and nothing else$`, w.onlyFailedAgain},
	}
}

func (w *world) someRecordsFail(ctx context.Context, product, atFirst string) error {
	nth := 0
	if atFirst != "" {
		nth = 1
	}
	partial := faultEffect{Kind: "partial", Code: "RECORD_BUSY", Record: `"` + product + `"`}
	return w.arm(ctx, failure, "inventory", "does not manage to release "+product, w.match(releaseGoods, act{}), partial, nth)
}

// warehouse is where routing and the office send things.
const warehouse = "WH-EAST"

// route moves what inventory keeps of a product to the warehouse, behind order-ops' back, and begins anew from there.
func (w *world) route(ctx context.Context, product string) error {
	units := map[string]decimal.Decimal{}
	for _, h := range w.before.goods {
		if h.SKU == product && h.Location == "" {
			units[product] = units[product].Add(h.Quantity)
		}
	}
	if len(units) == 0 {
		return fmt.Errorf("inventory keeps no %s for the order, or has chosen a place", product)
	}
	if err := w.office.bring(ctx, w.orderNo, warehouse, units); err != nil {
		return err
	}
	return w.remember(ctx)
}

// leaveQuietly tells inventory of goods that order management still takes for being at the warehouse.
func (w *world) leaveQuietly(ctx context.Context) error {
	for _, f := range w.before.summary.Fulfillments.Records {
		if err := w.office.handOver(ctx, w.orderNo, f.Location.Reference, w.before.summary.goods(f)); err != nil {
			return err
		}
	}
	return w.remember(ctx)
}

func (w *world) allFree(ctx context.Context, but string) error {
	return w.free(ctx, func(h holding) bool { return h.SKU != but })
}

// free makes sure that what was kept for the order is free again where it was kept, as far as it is wanted to be.
func (w *world) free(ctx context.Context, wanted func(holding) bool) error {
	gone := map[shelf]decimal.Decimal{}
	for _, h := range w.before.goods {
		if wanted(h) {
			gone[h.shelf()] = gone[h.shelf()].Add(h.Quantity)
		}
	}
	if len(gone) == 0 {
		return fmt.Errorf("inventory kept nothing for the order that could be free now")
	}
	return w.freed(ctx, gone)
}

func (w *world) unitsFree(ctx context.Context, quantity int64, product, where string) error {
	at := map[string]string{"at no particular place": everywhere, "in the warehouse": warehouse, "in the store": "STORE-SOHO"}[where]
	return w.freed(ctx, map[shelf]decimal.Decimal{{at, product}: decimal.NewFromInt(quantity)})
}

// freed makes sure that those units are not reserved any more where they were, that no others changed, and that nothing
// was added to the stock.
func (w *world) freed(ctx context.Context, gone map[shelf]decimal.Decimal) error {
	now, err := w.now(ctx)
	if err != nil {
		return err
	}
	kept, left := keptOn(w.before.goods), keptOn(now.goods)
	for s, units := range gone {
		kept[s] = kept[s].Sub(units)
	}
	for s, units := range kept {
		if !left[s].Equal(units) {
			return fmt.Errorf("%s of %s should still be kept for the order at %s, %s are", units, s.sku, s.place, left[s])
		}
	}
	for s, was := range w.before.stock {
		is := now.stock[s]
		if taken := was.Reserved.Sub(is.Reserved); s.place != everywhere && !taken.Equal(gone[s]) {
			return fmt.Errorf("%s of %s are free again at %s, not %s", taken, s.sku, s.place, gone[s])
		}
		if s.place == everywhere && !was.Reserved.Sub(is.Reserved).Equal(ofProduct(gone, s.sku)) {
			return fmt.Errorf("of %s %s were reserved in all and %s are", s.sku, was.Reserved, is.Reserved)
		}
	}
	return nothingMore(w.before, now)
}

// ofProduct is how many units of a product are on some shelves.
func ofProduct(units map[shelf]decimal.Decimal, sku string) decimal.Decimal {
	sum := decimal.Zero
	for s, n := range units {
		if s.sku == sku {
			sum = sum.Add(n)
		}
	}
	return sum
}

// keptOn is what is kept for the order, shelf by shelf.
func keptOn(goods []holding) map[shelf]decimal.Decimal {
	units := map[shelf]decimal.Decimal{}
	for _, h := range goods {
		units[h.shelf()] = units[h.shelf()].Add(h.Quantity)
	}
	return units
}

func nothingMore(before, now snapshot) error {
	for s, was := range before.stock {
		if is := now.stock[s]; !is.OnHand.Equal(was.OnHand) {
			return fmt.Errorf("%s had %s of %s and has %s", s.place, was.OnHand, s.sku, is.OnHand)
		}
	}
	return nil
}

func (w *world) stillReserved(ctx context.Context) error {
	return w.freed(ctx, nil)
}

func (w *world) nothingAdded(ctx context.Context) error {
	now, err := w.now(ctx)
	if err != nil {
		return err
	}
	return nothingMore(w.before, now)
}

// releaseNames are the names, by product, that each request to release goods gave its records.
func (w *world) releaseNames(ctx context.Context) ([]map[string]string, error) {
	happened, err := w.since(ctx)
	if err != nil {
		return nil, err
	}
	var requests []map[string]string
	for _, e := range happened.of(releaseGoods) {
		var body struct {
			Records []struct {
				Name string `json:"actionRequestId"`
				SKU  string `json:"stockKeepingUnit"`
			} `json:"releaseRecords"`
		}
		if err := json.Unmarshal([]byte(e.Request.Body), &body); err != nil {
			return nil, fmt.Errorf("read what inventory was asked for: %w", err)
		}
		names := map[string]string{}
		for _, r := range body.Records {
			names[r.SKU] += r.Name
		}
		requests = append(requests, names)
	}
	return requests, nil
}

func (w *world) onlyFailedAgain(ctx context.Context, product string) error {
	requests, err := w.releaseNames(ctx)
	if err != nil {
		return err
	}
	if len(requests) != 2 || len(requests[0]) < 2 {
		return fmt.Errorf("inventory was asked for %v", requests)
	}
	again := slices.Collect(maps.Keys(requests[1]))
	if !slices.Equal(again, []string{product}) || requests[1][product] != requests[0][product] {
		return fmt.Errorf("inventory was asked for %v and then for %v", requests[0], requests[1])
	}
	return nil
}
