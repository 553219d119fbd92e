package features

import (
	"context"
	"fmt"
	"net/http"
	"strings"
)

func (w *world) reopenSteps() []step {
	return []step{
		{when, `^the shopper asks to have the order opened again$`, w.reopen},
		{when, `^the shopper leaves the wish "([^"]+)" with the order in the storefront$`, w.leaveWish},
		{then, `^the shop has the wish "([^"]+)" with the order$`, w.shopHasWish},
		{then, `^the service desk cannot open the order again in the shop, because of the code "([^"]+)"$`, w.cannotReopen},
	}
}

// ownWish is a field of the retailer's own that shoppers may write.
const ownWish = "c_deliveryWish"

// leaveWish changes the order by the storefront, whose changes of orders all go by order-ops.
func (w *world) leaveWish(ctx context.Context, text string) error {
	path := w.shopper.orderOps + shopPath(w.shopper.site) + "/orders/" + w.orderNo
	got := w.shopper.ask(ctx, storefront, request{http.MethodPatch, path, w.shopper.header(), map[string]string{ownWish: text}})
	if got.lost == nil && got.status != http.StatusOK {
		return fmt.Errorf("the answer is %s", got)
	}
	return got.lost
}

func (w *world) shopHasWish(ctx context.Context, text string) error {
	var order map[string]any
	err := w.shopper.call(ctx, request{
		http.MethodGet, w.shopper.api + shopPath(w.shopper.site) + "/orders/" + w.orderNo, map[string]string{"Authorization": "Bearer " + w.auditor.system}, nil,
	}, &order)
	if err == nil && order[ownWish] != text {
		err = fmt.Errorf("the shop has the wish %v", order[ownWish])
	}
	return err
}

// reopen asks order-ops, which passes on to the shop what is the shop's to decide.
func (w *world) reopen(ctx context.Context) error {
	if err := w.remember(ctx); err != nil {
		return err
	}
	path := w.shopper.orderOps + shopPath(w.shopper.site) + "/orders/" + w.orderNo
	got := w.shopper.ask(ctx, storefront, request{http.MethodPatch, path, w.shopper.header(), map[string]string{"status": "open"}})
	w.answers = append(w.answers, got)
	return got.lost
}

// putStatus sets the status in the shop itself, as its service desk does.
func (w *world) putStatus(ctx context.Context, status string) (reply, error) {
	return w.shopper.send(ctx, request{
		http.MethodPatch, w.shopper.api + shopPath(w.shopper.site) + "/orders/" + w.orderNo,
		map[string]string{"Authorization": "Bearer " + w.auditor.system},
		map[string]string{"status": status},
	})
}

func (w *world) cannotReopen(ctx context.Context, code string) error {
	got, err := w.putStatus(ctx, "open")
	if err == nil && (got.status != http.StatusBadRequest || !strings.Contains(string(got.body), code)) {
		err = fmt.Errorf("the shop answered %d: %s", got.status, got.body)
	}
	return err
}
