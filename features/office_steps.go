package features

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/shopspring/decimal"
)

// wareGroup is the group of an expression for what people who work in order management do something with.
func wareGroup() string {
	return choiceOf("wares", []string{"the order", unitsOfProduct, unitsOfProduct + ` and ` + unitsOfProduct, unitsInShort})
}

// officeSteps are about what people do in order management, or in the shop, themselves. Who only tries may be refused.
func (w *world) officeSteps() []step {
	return []step{
		{when, `^the back office (cancels|tries to cancel) ` + wareGroup() + `$`, w.officeCancels},
		{when, `^the back office asks what cancelling ` + wareGroup() + ` with their share of the delivery fee would come to$`, w.officeAsks},
		{when, `^the back office (takes|tries to take) back ` + wareGroup() + `$`, w.officeTakesBack},
		{when, `^the back office (announces|tries to announce) the return of ` + wareGroup() + `$`, w.officeAnnounces},
		{when, `^the service desk ` + oneOf("act", shopStatuses()) + ` the order in the shop$`, w.putInShop},
		{when, `^the (?:warehouse|store) ` + oneOf("act", w.fulfilling()) + ` the order$`, w.fulfils},
		{when, `^the retailer takes (?:all|"([\d.]+)" of) the money$`, w.retailerTakes},
	}
}

// wares reads units of the order's lines. What is said of the whole order is about each unit that was ordered.
func (w *world) wares(text string) (map[string]decimal.Decimal, error) {
	if text == "the order" {
		return w.before.summary.ordered(), nil
	}
	amounts, err := parseAmounts(text)
	if err != nil {
		return nil, err
	}
	items, err := w.wished(amounts)
	units := map[string]decimal.Decimal{}
	for _, i := range items {
		units[i.ItemID] = decimal.NewFromInt(int64(i.Quantity))
	}
	return units, err
}

// officeCancels cancels behind order-ops' back, and frees the goods: what is gone then was never promised to the shopper.
func (w *world) officeCancels(ctx context.Context, verb, text string) error {
	units, err := w.wares(text)
	if err != nil {
		return err
	}
	no, err := w.office.cancel(ctx, w.before.summary, units)
	if err := w.officeActs(verb, no, err); err != nil || no != nil {
		return err
	}
	goods := map[string]decimal.Decimal{}
	for _, l := range w.before.summary.products() {
		if n := units[l.ID]; n.IsPositive() {
			goods[l.ProductCode] = goods[l.ProductCode].Add(n)
		}
	}
	if err := w.office.free(ctx, w.orderNo, goods); err != nil {
		return err
	}
	w.start, err = w.now(ctx)
	return err
}

// estimate is what order management says that a cancel would come to.
type estimate struct {
	Total    decimal.Decimal `json:"grandTotalAmount"`
	Delivery decimal.Decimal `json:"totalAdjDeliveryAmtWithTax"`
}

func (w *world) officeAsks(ctx context.Context, text string) error {
	units, err := w.wares(text)
	if err != nil {
		return err
	}
	var out struct {
		Balances estimate `json:"changeBalances"`
	}
	items := changeItems(w.before.summary, units, true)
	err = w.office.call(ctx, w.office.request(http.MethodPost, actions(w.before.summary)+"preview-cancel", map[string]any{"changeItems": items}), &out)
	w.estimate = out.Balances
	return err
}

func (w *world) officeTakesBack(ctx context.Context, verb, text string) error {
	units, err := w.wares(text)
	if err != nil {
		return err
	}
	no, err := w.office.takeBack(ctx, w.before.summary, units)
	return w.officeActs(verb, no, err)
}

func (w *world) officeAnnounces(ctx context.Context, verb, text string) error {
	units, err := w.wares(text)
	if err != nil {
		return err
	}
	no, err := w.office.announce(ctx, w.before.summary, units)
	return w.officeActs(verb, no, err)
}

// shopStatuses are what the service desk sets an order to in the shop.
func shopStatuses() map[string]string {
	return map[string]string{"cancels": shopCancelled, "reopens": "open"}
}

func (w *world) putInShop(ctx context.Context, verb string) error {
	got, err := w.putStatus(ctx, shopStatuses()[verb])
	if err == nil && got.status != http.StatusOK {
		err = fmt.Errorf("the shop answered %d: %s", got.status, got.body)
	}
	return err
}

// fulfilling is what a warehouse or a store does with an order.
func (w *world) fulfilling() map[string]func(context.Context) error {
	return map[string]func(context.Context) error{
		"allocates": w.tryToAllocate, "tries to allocate": w.tryToAllocate, "ships": w.tryToShip, "tries to ship": w.tryToShip,
		"hands over": w.tryToShip, "tries to hand over": w.tryToShip,
	}
}

func (w *world) fulfils(ctx context.Context, verb string) error {
	err := w.fulfilling()[verb](ctx)
	if err != nil || strings.HasPrefix(verb, "tries") {
		return err
	}
	return w.officeSucceeded(ctx)
}

// retailerTakes takes authorised money: an amount, or without one all.
func (w *world) retailerTakes(ctx context.Context, amount string) error {
	if amount == "" {
		return w.takeMoney(ctx, 0)
	}
	units, err := decimal.NewFromString(amount)
	if err == nil && !units.IsPositive() {
		err = errors.New("it is to be something")
	}
	if err != nil {
		return fmt.Errorf("%q is no amount: %w", amount, err)
	}
	return w.takeMoney(ctx, cents(units))
}
