package features

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
)

// searchesBehind lets the index of the shop's order searches be behind, so that they miss an order which they would find.
func (w *world) searchesBehind(ctx context.Context, minutes int, orderNo string) error {
	if err := w.auditor.finds(ctx, orderNo, 1); err != nil {
		return fmt.Errorf("before searches are behind: %w", err)
	}
	lag := map[string]string{"lag": strconv.Itoa(minutes) + "m"}
	if err := w.control.call(ctx, w.control.own(http.MethodPut, "/b2c/order-search", lag), nil); err != nil {
		return err
	}
	if err := w.auditor.finds(ctx, orderNo, 0); err != nil {
		return fmt.Errorf("now that searches are behind: %w", err)
	}
	return w.lookFromNow(ctx)
}

// finds is an error unless the shop's search finds so many orders of a number.
func (a *auditor) finds(ctx context.Context, orderNo string, want int) error {
	var out struct {
		Total int `json:"total"`
	}
	err := a.call(ctx, request{
		http.MethodPost, a.api + shopPath(a.site) + "/order_search",
		map[string]string{"Authorization": "Bearer " + a.system},
		map[string]any{"query": map[string]any{"term_query": map[string]any{"fields": []string{"order_no"}, "operator": "is", "values": []string{orderNo}}}},
	}, &out)
	if err == nil && out.Total != want {
		err = fmt.Errorf("a search for %s finds %d orders, want %d", orderNo, out.Total, want)
	}
	return err
}
