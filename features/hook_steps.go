package features

import (
	"context"
	"errors"
	"fmt"
	"net/http"
)

// hookSteps are about a shop whose own interface is the one that shoppers use: it calls order-ops in the middle of their
// requests.
func (w *world) hookSteps() []step {
	return []step{
		{given, `^the shop has order-ops do what its shoppers ask for$`, w.attachHooks},
		{given, `^order-ops has failed the shop until its circuit opened$`, w.opensCircuit},
		{when, `^the shop waits ` + oneOf("patience", patiences()) + `$`, w.shopWaits},
	}
}

// atShop is the shop's own interface.
const atShop channel = "shop"

// The extension points of the shop at which order-ops does something.
const (
	hookBefore operation = "b2c.dw.ocapi.shop.order.beforePATCH"
	hookAfter  operation = "b2c.dw.ocapi.shop.order.afterPATCH"
	hookAnswer operation = "b2c.dw.ocapi.shop.order.modifyPATCHResponse"
)

func (w *world) attachHooks(ctx context.Context) error { return w.hookUp(ctx, "10s") }

// patiences are how long the shop waits for order-ops, in real time.
func patiences() map[string]string {
	return map[string]string{"only a moment for order-ops": "2s", "for order-ops as ever": "10s"}
}

func (w *world) shopWaits(ctx context.Context, howLong string) error {
	return w.hookUp(ctx, patiences()[howLong])
}

// hookUp has the shop call order-ops, below its own face and without a shopper's token.
func (w *world) hookUp(ctx context.Context, timeout string) error {
	if err := errors.Join(w.env.reach.fits(app), w.env.reach.knows("")); err != nil {
		return err
	}
	var hooks []map[string]string
	for _, point := range []operation{hookBefore, hookAfter, hookAnswer} {
		hooks = append(hooks, map[string]string{"name": point.name(), "url": w.env.orderOps + orderOpsPath + "/hooks"})
	}
	return w.control.call(ctx, w.control.own(http.MethodPut, "/b2c/hooks", map[string]any{"secret": wellKnown, "timeout": timeout, "hooks": hooks}), nil)
}

// circuitFailures is how many failures of the last hundred calls open the circuit of an extension point.
const circuitFailures = 51

// opensCircuit has the shop's calls fail before anything was done.
func (w *world) opensCircuit(ctx context.Context) error {
	const name = "hooks"
	down := fault{Name: name, Match: faultMatch{System: hookBefore.system(), Operation: hookBefore.name()}, Effect: faultEffect{Kind: "status", Status: http.StatusInternalServerError}}
	if err := w.control.arm(ctx, down); err != nil {
		return err
	}
	for n := range circuitFailures {
		w.newWish(string(atShop))
		if got := w.shopper.cancel(ctx, w.wish); got.status != http.StatusInternalServerError {
			return fmt.Errorf("call %d of a hook that does not work came to %s", n+1, got)
		}
	}
	return errors.Join(w.control.disarm(ctx, name), w.remember(ctx))
}
