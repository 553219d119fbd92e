package features

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"reflect"
	"strings"
)

func (w *world) redirectSteps() []step {
	return []step{
		{then, `^the shopper is sent to the cart of the (storefront|app|web app)(?:, where (a session of the shop is opened first|a session of SLAS is got first))?$`, w.sentToCart},
		{then, `^the cart of the storefront holds the follow-up basket$`, w.cartHoldsFollowUp},
	}
}

// redirect is where a shopper goes on with a basket.
type redirect struct {
	Channel string `json:"channel"`
	Target  string `json:"target"`
	Bridge  *struct {
		From   string `json:"from"`
		To     string `json:"to"`
		Method string `json:"method"`
		Path   string `json:"path"`
	} `json:"session_bridge"`
}

// frontEnds are the names that order-ops has for where a shopper goes on, and the cart there.
func frontEnds() map[string]struct{ channel, cart string } {
	return map[string]struct{ channel, cart string }{
		"storefront": {"sfra", "Cart-Show"}, "web app": {"pwa", "/cart"}, "app": {"app", "cart"},
	}
}

func (w *world) sentToCart(_ context.Context, next, bridge string) error {
	m, err := w.modified()
	if err != nil {
		return err
	}
	to := map[string]string{"a session of the shop is opened first": "storefront_session", "a session of SLAS is got first": "slas"}[bridge]
	want, got := frontEnds()[next], m.Redirect
	if got == nil || got.Channel != want.channel || got.Target != want.cart || (got.Bridge != nil) != (to != "") {
		return fmt.Errorf("the shopper goes on at %+v", got)
	}
	if got.Bridge != nil && (got.Bridge.To != to || got.Bridge.Method != http.MethodPost) {
		return fmt.Errorf("the session is to be taken along by %+v", *got.Bridge)
	}
	return nil
}

// cartHoldsFollowUp does what a front end does: it takes the session along as it was told to, and opens the cart.
func (w *world) cartHoldsFollowUp(ctx context.Context) error {
	m, err := w.modified()
	if err != nil {
		return err
	}
	if m.Redirect == nil || m.Redirect.Bridge == nil {
		return fmt.Errorf("the shopper goes on at %+v", m.Redirect)
	}
	header := w.shopper.header()
	header["x-dw-client-id"] = clientID + "~" + w.shopper.sandbox
	opened, err := w.shopper.send(ctx, request{m.Redirect.Bridge.Method, w.shopper.api + m.Redirect.Bridge.Path, header, map[string]any{}})
	if err != nil || opened.status >= http.StatusBadRequest {
		return fmt.Errorf("the session is not taken along: status %d: %s (%w)", opened.status, opened.body, err)
	}
	var cookies []string
	for _, c := range opened.header.Values("Set-Cookie") {
		pair, _, _ := strings.Cut(c, ";")
		cookies = append(cookies, pair)
	}
	visit := map[string]string{"baggage": header["baggage"], "Cookie": strings.Join(cookies, "; ")}
	page, err := w.shopper.send(ctx, request{http.MethodGet, w.shopper.api + "/storefront/" + w.shopper.site + "/" + m.Redirect.Target, visit, nil})
	if err != nil {
		return err
	}
	var shown struct {
		Side     string `json:"side"`
		BasketID string `json:"basket_id"`
	}
	if err := json.Unmarshal(page.body, &shown); err != nil || shown.Side != "sfra" || shown.BasketID != m.BasketID {
		return fmt.Errorf("the cart is %s, the follow-up basket %s (%w)", page.body, m.BasketID, err)
	}
	return nil
}

// orderAndPaymentAsTheyWere looks at the books of the payment provider and at inventory as well.
func (w *world) orderAndPaymentAsTheyWere(ctx context.Context) error {
	if err := w.orderAsItWas(ctx); err != nil {
		return err
	}
	now, err := w.now(ctx)
	if err != nil {
		return err
	}
	if !reflect.DeepEqual(w.before.payments, now.payments) || !reflect.DeepEqual(w.before.goods, now.goods) {
		return fmt.Errorf("payments were %+v and are %+v, goods were %+v and are %+v", w.before.payments, now.payments, w.before.goods, now.goods)
	}
	return nil
}
