package features

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// expects is the end of a sentence in which a shopper says what something is to cost.
const expects = `(?: and expects (?:"([\d.]+)"|(what it costs|what they were told)))?`

// changeSteps are about what shoppers ask for to replace an order: to modify it, and to confirm that.
func (w *world) changeSteps() []step {
	return []step{
		{when, `^the shopper (modifies|begins to modify) ` + choiceOf("order", append(modifiable(), anythingElse)) + ` ` + faceGroup +
			`( as it was before)?(?: and chooses to (merge|replace|abort))?` + expects + `(?:, to go on in the ` + oneOf("face", frontEnds()) + `)?$`, w.modifies},
		{when, `^the shopper (confirms|begins to confirm) with ` + choiceOf("by", append(confirmable(), anythingElse)) + ` ` + faceGroup + expects + `$`, w.confirms},
		{when, `^the shopper asks ` + faceGroup + ` what (modifying|confirming with) ` +
			choiceOf("change", slices.Concat(modifiable(), confirmable(), []string{anythingElse})) + ` would come to$`, w.asksWhatChangeComesTo},
		{when, `^the shopper puts ` + choiceOf("goods", slices.Concat(slices.Sorted(maps.Keys(cards())), []string{unitsOfProduct, unitsInShort, anythingElse})) +
			` into the follow-up basket$`, w.putsIntoFollowUp},
	}
}

// The ways to say how an order is to be modified, but for its form in words.
const (
	anotherWindow = "the order to come in another window"
	withUnits     = "the order to have "
)

// modifiable are the ways to name an order and how it is to be, confirmable what a modification is confirmed with.
func modifiable() []string {
	return []string{"the order", withUnits + unitsOfProduct, withUnits + unitsOfProduct + ` and ` + unitsOfProduct, anotherWindow}
}

func confirmable() []string { return []string{"the new order", "the basket", `the order "[^"]+"`} }

// modificationOf reads how an order is to be modified, into what order-ops is sent.
func (w *world) modificationOf(ctx context.Context, text string) (map[string]any, error) {
	switch units, named := strings.CutPrefix(text, withUnits); {
	case text == "the order":
		return map[string]any{}, nil
	case text == anotherWindow:
		ids, err := w.openWindows(ctx)
		if err != nil {
			return nil, err
		}
		return map[string]any{"slot_id": ids[0]}, nil
	case named:
		return w.shopUnits(ctx, units)
	default:
		return nil, fmt.Errorf(`%q cannot be modified: there is the order, %s, and %s2 units of "BOWL"`, text, anotherWindow, withUnits)
	}
}

// shopUnits are the quantities that lines are to have, as the shop numbers them.
func (w *world) shopUnits(ctx context.Context, text string) (map[string]any, error) {
	amounts, err := parseAmounts(text)
	if err != nil {
		return nil, err
	}
	var items []wishedItem
	for _, a := range amounts {
		line, err := w.shopLineOf(ctx, a.product)
		if err != nil {
			return nil, err
		}
		items = append(items, wishedItem{line, a.units})
	}
	return map[string]any{"items": items}, nil
}

// confirmationOf reads what a modification is confirmed with, into what order-ops is sent.
func (w *world) confirmationOf(text string) (map[string]any, error) {
	number, isOrder := strings.CutPrefix(text, `the order "`)
	switch {
	case text == "the new order":
		return map[string]any{"new_order_no": w.follow.newOrder}, nil
	case text == "the basket":
		return map[string]any{"basket_id": w.follow.basketID}, nil
	case isOrder:
		return map[string]any{"new_order_no": strings.TrimSuffix(number, `"`)}, nil
	default:
		return nil, fmt.Errorf(`nothing is confirmed with %q: there is the new order, the basket, and the order "00000102"`, text)
	}
}

// expect adds the total that a shopper agrees to: an amount, what the basket costs, or what they were told last.
func (w *world) expect(ctx context.Context, wants map[string]any, amount, words string) error {
	switch words {
	case "what they were told":
		if amount = w.follow.told.After.String(); w.follow.told.After.IsZero() {
			return errors.New("the shopper was told of no total")
		}
	case "what it costs":
		b, err := w.shopper.current(ctx, w.orderNo)
		if err != nil || b.ID == "" {
			return errors.Join(err, errors.New("the shopper has no basket"))
		}
		amount = b.Total.String()
	}
	if amount != "" {
		wants["expected_total"] = json.Number(amount)
	}
	return nil
}

func (w *world) modifies(ctx context.Context, verb, text, where, stale, choice, amount, words, next string) error {
	wants, err := w.modificationOf(ctx, text)
	if err != nil {
		return err
	}
	if err := w.expect(ctx, wants, amount, words); err != nil {
		return err
	}
	if stale != "" {
		if where != string(storefront) {
			return errors.New("only the storefront says which copy of the order it has")
		}
		wants["_resource_state"] = strings.Repeat("0", 64)
	}
	if choice != "" {
		wants["on_existing_basket"] = choice
	}
	if next != "" {
		wants["channel"] = frontEnds()[next].channel
	}
	return w.wantChange(ctx, verb, where, "modify", wants)
}

func (w *world) confirms(ctx context.Context, verb, text, where, amount, words string) error {
	wants, err := w.confirmationOf(text)
	if err != nil {
		return err
	}
	if err := w.expect(ctx, wants, amount, words); err != nil {
		return err
	}
	return w.wantChange(ctx, verb, where, "confirm", wants)
}

// wantChange asks for a change and waits until it is over. Who only begins goes on as soon as something holds it up; where this
// order-ops cannot be asked to, nothing ever does.
func (w *world) wantChange(ctx context.Context, verb, where, action string, wants map[string]any) error {
	by, err := w.enter(ctx, where)
	if err != nil {
		return err
	}
	if !strings.HasPrefix(verb, "begins") {
		return w.askChange(ctx, string(by), action, wants)
	}
	if err := w.env.reach.fits(by); err != nil {
		return err
	}
	asked := make(chan error, 1)
	go func() { asked <- w.askChange(ctx, string(by), action, wants) }()
	w.follow.asked = asked
	return w.awaitHold(ctx)
}

// asksWhatChangeComesTo asks what a modification or its confirmation would come to; of the totals both say the same.
func (w *world) asksWhatChangeComesTo(ctx context.Context, where, act, text string) error {
	w.follow.told = modification{}
	if act == "modifying" {
		wants, err := w.modificationOf(ctx, text)
		if err != nil {
			return err
		}
		return w.previewChange(ctx, where, "modify", wants, &w.follow.told)
	}
	wants, err := w.confirmationOf(text)
	if err != nil {
		return err
	}
	var c confirmation
	err = w.previewChange(ctx, where, "confirm", wants, &c)
	w.follow.told = modification{Before: c.Before, After: c.After, Difference: c.Difference}
	return err
}

// previewChange asks what a change would come to.
func (w *world) previewChange(ctx context.Context, where, action string, wants map[string]any, into any) error {
	by, err := w.enter(ctx, where)
	if err != nil {
		return err
	}
	if by == app {
		path := orderOpsPath + "/orders/" + url.PathEscape(w.orderNo) + "/" + changeResources()[action] + "/preview?site=" + url.QueryEscape(w.shopper.site)
		return w.shopper.callBy(ctx, app, request{http.MethodPost, w.shopper.orderOps + path, w.shopper.header(), wants}, into)
	}
	body := map[string]any{"c_action": action, "c_preview": true}
	for name, value := range wants {
		body[storefrontNames()[name]] = value
	}
	var document struct {
		Preview struct {
			Modification json.RawMessage `json:"modification"`
			Confirmation json.RawMessage `json:"confirmation"`
		} `json:"c_actionPreview"`
	}
	path := w.shopper.orderOps + shopPath(w.shopper.site) + "/orders/" + url.PathEscape(w.orderNo)
	if err := w.shopper.callBy(ctx, storefront, request{http.MethodPatch, path, w.shopper.header(), body}, &document); err != nil {
		return err
	}
	return json.Unmarshal(slices.Concat(document.Preview.Modification, document.Preview.Confirmation), into)
}

// cards are what a shopper can pay a basket with.
func cards() map[string]string {
	return map[string]string{"a card": goodCard, "a card that is declined": badCard}
}

func (w *world) putsIntoFollowUp(ctx context.Context, text string) error {
	if number, ok := cards()[text]; ok {
		return w.shopper.pay(ctx, w.follow.basketID, number)
	}
	amounts, err := parseAmounts(text)
	if err != nil {
		return fmt.Errorf("there is %s, and goods: %w", strings.Join(slices.Sorted(maps.Keys(cards())), ", "), err)
	}
	for _, a := range amounts {
		var b basket
		if err := w.shopper.inShop(ctx, http.MethodPost, "/baskets/"+w.follow.basketID+"/items", shopItem(a.product, a.units), &b); err != nil {
			return err
		}
		w.follow.total = b.Total
	}
	return nil
}
