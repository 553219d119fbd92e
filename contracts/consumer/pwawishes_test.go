//go:build pact

package consumer_test

import (
	"net/http"
	"testing"

	"github.com/pact-foundation/pact-go/v2/matchers"
)

// pwaDone is what the web app reads of an action that it asked for: it lists what happens where.
type pwaDone struct {
	State        string `json:"state"`
	Action       string `json:"action"`
	Code         string `json:"code"`
	Cancellation struct {
		Whole   bool        `json:"whole"`
		Items   []pwaUnits  `json:"items"`
		Effects []pwaEffect `json:"effects"`
	} `json:"cancellation"`
	Modification struct {
		Basket      string   `json:"basket_id"`
		Resumed     bool     `json:"resumed"`
		ExpiresAt   string   `json:"expires_at"`
		Unavailable []string `json:"unavailable_lines"`
		Redirect    struct {
			Target string `json:"target"`
		} `json:"redirect"`
	} `json:"modification"`
	Confirmation struct {
		New    string  `json:"new_order_no"`
		Before float64 `json:"total_before"`
		After  float64 `json:"total_after"`
	} `json:"confirmation"`
	Return struct {
		Mode  string     `json:"mode"`
		Fee   float64    `json:"fee"`
		Items []pwaUnits `json:"items"`
	} `json:"return"`
}

// pwaUnits are units of a line.
type pwaUnits struct {
	ProductCode string `json:"product_code"`
	Quantity    int    `json:"quantity"`
}

// pwaEffect is what an action brings about in one system, as far as it has come.
type pwaEffect struct {
	System string `json:"system"`
	State  string `json:"state"`
}

// pwaBefore is what the web app lays out before it lets the shopper press the button.
type pwaBefore struct {
	Items    []pwaUnits `json:"items"`
	Refund   float64    `json:"refund"`
	Fee      float64    `json:"fee"`
	Before   float64    `json:"total_before"`
	After    float64    `json:"total_after"`
	Warnings []struct {
		Code string `json:"code"`
	} `json:"warnings"`
	LeftOut []struct {
		Why string `json:"why"`
	} `json:"left_out"`
}

func unitsShown() matchers.Matcher {
	return matchers.EachLike(object{"product_code": matchers.Like("SHIRT-M"), "quantity": matchers.Like(1)}, 1)
}

// acted is an operation with what came of it.
func acted(action, state string, more object) object {
	more["action"], more["state"] = matchers.S(action), matchers.S(state)
	return more
}

// wishes are the actions that the web app takes.
func (p pwaPact) wishes(t *testing.T) {
	t.Helper()
	p.cancels(t)
	p.edits(t)
	one := []pwaUnits{{"SHIRT-M", 1}}
	unit := shopWish{action: returning, requestID: tap, partial: true, items: []shopItem{{itemOfOrder, 1}}}
	back := pwaDone{State: "succeeded", Action: "return"}
	back.Return.Mode, back.Return.Fee, back.Return.Items = "simple", 4.5, one
	grants(t, p.restPact, grant{"a return of one unit", "a line of an order has shipped", shippedOrder, unit, false, 0, acted("return", "succeeded", object{
		"return": object{"mode": matchers.S("simple"), "fee": matchers.Like(4.5), "items": unitsShown()},
	})}, back)
	grants(t, p.restPact, grant{"a preview of a return of one unit", "a line of an order has shipped", shippedOrder, unit, true, 0, object{
		"items": unitsShown(), "refund": matchers.Like(60.25), "fee": matchers.Like(4.5), "left_out": []object{},
	}}, pwaBefore{Items: one, Refund: 60.25, Fee: 4.5, LeftOut: []struct {
		Why string `json:"why"`
	}{}})
	p.open(t, "return", grant{"a return that takes its time", "order management takes its time", shippedOrder, unit, false, http.StatusAccepted, nil}, "running")
	p.open(t, "return", grant{"a return whose outcome is not known", "order management does not say whether it took anything back", shippedOrder, unit, false, http.StatusAccepted, nil}, "outcome_unknown")
}

func (p pwaPact) cancels(t *testing.T) {
	t.Helper()
	one := []pwaUnits{{"SHIRT-M", 1}}
	whole, unit := shopWish{requestID: tap, reason: "changed_mind"}, shopWish{requestID: tap, items: []shopItem{{itemOfOrder, 1}}}
	cancelled := func(all bool) (object, pwaDone) {
		read := pwaDone{State: "succeeded", Action: "cancel"}
		read.Cancellation.Whole, read.Cancellation.Items = all, one
		read.Cancellation.Effects = []pwaEffect{{"worldline", "done"}}
		return acted("cancel", "succeeded", object{"cancellation": object{"whole": all, "items": unitsShown(), "effects": matchers.ArrayContaining([]any{
			object{"system": matchers.S("worldline"), "state": matchers.S("done")},
		})}}), read
	}
	answer, read := cancelled(true)
	grants(t, p.restPact, grant{"the cancel of an order", "an order is not allocated", unallocatedOrder, whole, false, 0, answer}, read)
	answer, read = cancelled(false)
	grants(t, p.restPact, grant{"a cancel of one unit", "an order is not allocated", unallocatedOrder, unit, false, 0, answer}, read)
	grants(t, p.restPact, grant{"a preview of a cancel", "an order is not allocated", unallocatedOrder, whole, true, 0, object{"items": unitsShown(), "refund": matchers.Like(60.25)}},
		pwaBefore{Items: one, Refund: 60.25})
	var owed pwaDone
	owed.State, owed.Action, owed.Cancellation.Effects = "succeeded", "cancel", []pwaEffect{{"worldline", "pending"}}
	grants(t, p.restPact, grant{"a cancel while the payment platform is down", "the payment platform is down", unallocatedOrder, shopWish{requestID: tap}, false, 0, acted("cancel", "succeeded", object{
		"cancellation": object{"effects": matchers.ArrayContaining([]any{object{"system": matchers.S("worldline"), "state": matchers.S("pending")}})},
	})}, owed)
	p.open(t, "cancel", grant{"a cancel that takes its time", "order management takes its time", unallocatedOrder, shopWish{requestID: tap}, false, http.StatusAccepted, nil}, "running")
	p.open(t, "cancel", grant{"a cancel whose outcome is not known", "order management does not say whether it cancelled", unallocatedOrder, shopWish{requestID: tap}, false, http.StatusAccepted, nil}, "outcome_unknown")
}

// open is an action that is not over.
func (p pwaPact) open(t *testing.T, action string, g grant, state string) {
	t.Helper()
	code := map[string]string{"running": "IN_PROGRESS", "outcome_unknown": "OUTCOME_UNKNOWN"}[state]
	g.answer = acted(action, state, object{"code": matchers.S(code)})
	grants(t, p.restPact, g, pwaDone{State: state, Action: action, Code: code})
}

func (p pwaPact) edits(t *testing.T) {
	t.Helper()
	modify := shopWish{action: modifying, requestID: tap}
	edited := func(resumed bool) (object, pwaDone) {
		read := pwaDone{State: "editing", Action: modifying}
		read.Modification.Basket, read.Modification.Resumed, read.Modification.ExpiresAt = basketID, resumed, "2026-06-01T12:00:00Z"
		read.Modification.Redirect.Target, read.Modification.Unavailable = "/cart", []string{}
		return acted(modifying, "editing", object{"modification": object{
			"basket_id": matchers.Like(basketID), "resumed": resumed, "expires_at": instant("2026-06-01T12:00:00Z"), "unavailable_lines": []string{},
			"redirect": object{"target": matchers.S("/cart")},
		}}), read
	}
	answer, read := edited(false)
	grants(t, p.restPact, grant{"a modify", "an order is not allocated", unallocatedOrder, modify, false, 0, answer}, read)
	grants(t, p.restPact, grant{
		"a modify that replaces the basket of the shopper", "the shopper has an order and a basket", unallocatedOrder,
		shopWish{action: modifying, requestID: tap, onExisting: "replace"},
		false, 0, answer,
	}, read)
	answer, read = edited(true)
	answer["state"], read.State = matchers.S("succeeded"), "succeeded" // the first modify is the one that is open
	grants(t, p.restPact, grant{"a modify of an order that is being edited", "an order is being edited", unallocatedOrder, shopWish{action: modifying, requestID: "tap-2"}, false, 0, answer}, read)
	grants(t, p.restPact, grant{"a preview of a modify", "an order is not allocated", unallocatedOrder, modify, true, 0, object{
		"total_before": matchers.Like(120.5), "warnings": []object{},
	}}, pwaBefore{Before: 120.5, Warnings: []struct {
		Code string `json:"code"`
	}{}})

	const payable = "the follow-up basket of an order can be ordered"
	confirm := shopWish{action: confirming, requestID: "tap-2", basket: basketID}
	confirmed := pwaDone{State: "succeeded", Action: confirming}
	confirmed.Confirmation.New, confirmed.Confirmation.Before, confirmed.Confirmation.After = waitingNo, 120.5, 124
	grants(t, p.restPact, grant{"a confirm with the basket", payable, unallocatedOrder, confirm, false, 0, acted(confirming, "succeeded", object{
		"confirmation": object{"new_order_no": matchers.Like(waitingNo), "total_before": matchers.Like(120.5), "total_after": matchers.Like(124)},
	})}, confirmed)
	grants(t, p.restPact, grant{"a preview of a confirm", payable, unallocatedOrder, confirm, true, 0, object{
		"total_before": matchers.Like(120.5), "total_after": matchers.Like(124),
	}}, pwaBefore{Before: 120.5, After: 124})
}
