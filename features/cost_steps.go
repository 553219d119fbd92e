package features

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"

	"github.com/shopspring/decimal"
)

// askCost asks what a modification would come to.
func (w *world) askCost(ctx context.Context, where string) error {
	w.follow.told = modification{}
	path := w.shopper.orderOps + orderOpsPath + "/orders/" + url.PathEscape(w.orderNo) + "/modifications/preview?site=" + url.QueryEscape(w.shopper.site)
	if channelOf(where) == app {
		return w.shopper.callBy(ctx, app, request{http.MethodPost, path, w.shopper.header(), map[string]any{}}, &w.follow.told)
	}
	path = w.shopper.orderOps + shopPath(w.shopper.site) + "/orders/" + url.PathEscape(w.orderNo)
	body := map[string]any{"c_action": "modify", "c_preview": true}
	var document struct {
		Preview struct {
			Modification modification `json:"modification"`
		} `json:"c_actionPreview"`
	}
	err := w.shopper.callBy(ctx, storefront, request{http.MethodPatch, path, w.shopper.header(), body}, &document)
	w.follow.told = document.Preview.Modification
	return err
}

func (w *world) modifyAtPrice(ctx context.Context, where string) error {
	return w.modifyExpecting(ctx, w.follow.told.After.String(), where)
}

func (w *world) modifyExpecting(ctx context.Context, total, where string) error {
	return w.askChange(ctx, where, "modify", map[string]any{"expected_total": json.Number(total)})
}

// toldBothAmounts adds the lines up: what makes the difference is told line by line, but for its tax.
func (w *world) toldBothAmounts(context.Context) error {
	told := w.follow.told
	lines := decimal.Zero
	for _, d := range told.PriceDeltas {
		lines = lines.Add(d.After).Sub(d.Before)
	}
	switch {
	case !told.Before.Equal(w.before.summary.Grand), !told.After.Sub(told.Before).Equal(told.Difference), told.Difference.IsZero():
		return fmt.Errorf("the order costs %s; the shopper was told of %s, %s and %s", w.before.summary.Grand, told.Before, told.After, told.Difference)
	case lines.Sign() != told.Difference.Sign(), lines.Abs().GreaterThan(told.Difference.Abs()):
		return fmt.Errorf("the lines make %s of the difference of %s", lines, told.Difference)
	}
	return nil
}

func (w *world) toldSameCost(context.Context) error {
	told := w.follow.told
	if !told.Before.Equal(w.before.summary.Grand) || !told.After.Equal(told.Before) || !told.Difference.IsZero() {
		return fmt.Errorf("the order costs %s; the shopper was told of %s, %s and %s", w.before.summary.Grand, told.Before, told.After, told.Difference)
	}
	return nil
}

func (w *world) basketCostsAsTold(ctx context.Context) error {
	b, err := w.shopper.current(ctx, w.orderNo)
	if err == nil && !b.Total.Equal(w.follow.told.After) {
		err = fmt.Errorf("the basket costs %s, the shopper was told of %s", b.Total, w.follow.told.After)
	}
	return err
}
