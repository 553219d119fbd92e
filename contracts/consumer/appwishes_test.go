//go:build pact

package consumer_test

import (
	"net/http"
	"testing"

	"github.com/pact-foundation/pact-go/v2/matchers"
)

// appDone is what the app reads of an action that it asked for: it shows a sentence with one amount, and goes on.
type appDone struct {
	OperationID  string `json:"operation_id"`
	State        string `json:"state"`
	Code         string `json:"code"`
	Cancellation struct {
		Already  bool    `json:"already_cancelled"`
		Refund   float64 `json:"refund"`
		Currency string  `json:"currency"`
	} `json:"cancellation"`
	Modification struct {
		State    string `json:"state"`
		Basket   string `json:"basket_id"`
		Redirect struct {
			Target string `json:"target"`
		} `json:"redirect"`
	} `json:"modification"`
	Confirmation struct {
		New  string  `json:"new_order_no"`
		More float64 `json:"price_difference"`
	} `json:"confirmation"`
	Return struct {
		Refund   float64 `json:"refund"`
		Currency string  `json:"currency"`
	} `json:"return"`
}

// appMoney is what the app asks before it asks "are you sure?".
type appMoney struct {
	Refund   float64 `json:"refund"`
	Currency string  `json:"currency"`
	More     float64 `json:"price_difference"`
	Policy   string  `json:"policy"`
}

// done is an operation that has succeeded, with what came of it.
func done(state string, more object) object {
	more["operation_id"], more["state"] = matchers.Like("operation-1"), matchers.S(state)
	return more
}

// money is an amount in a currency.
func money() object {
	return object{"refund": matchers.Like(60.25), "currency": matchers.Term("EUR", "^[A-Z]{3}$")}
}

// wishes are the actions that the app takes.
func (p appPact) wishes(t *testing.T) {
	t.Helper()
	p.cancels(t)
	p.edits(t)
	whole := shopWish{action: returning, requestID: tap, reason: "changed_mind"}
	var back appDone
	back.OperationID, back.State, back.Return.Refund, back.Return.Currency = "operation-1", "succeeded", 60.25, "EUR"
	grants(t, p.restPact, grant{"a return of everything", "a line of an order has shipped", shippedOrder, whole, false, 0, done("succeeded", object{"return": money()})}, back)
	grants(t, p.restPact, grant{"a preview of a return", "a line of an order has shipped", shippedOrder, whole, true, 0, money()}, appMoney{Refund: 60.25, Currency: "EUR"})
	p.open(t, grant{"a return that takes its time", "order management takes its time", shippedOrder, whole, false, http.StatusAccepted, nil}, "running", "IN_PROGRESS")
	p.open(t, grant{"a return whose outcome is not known", "order management does not say whether it took anything back", shippedOrder, whole, false, http.StatusAccepted, nil}, "outcome_unknown", "OUTCOME_UNKNOWN")
}

func (p appPact) cancels(t *testing.T) {
	t.Helper()
	whole, unit := shopWish{requestID: tap, expectedRefund: "149.59"}, shopWish{requestID: tap, items: []shopItem{{itemOfOrder, 1}}}
	cancelled := func(already bool) (object, appDone) {
		var read appDone
		read.OperationID, read.State, read.Cancellation.Already, read.Cancellation.Refund, read.Cancellation.Currency = "operation-1", "succeeded", already, 60.25, "EUR"
		answer := money()
		answer["already_cancelled"] = already
		return done("succeeded", object{"cancellation": answer}), read
	}
	answer, read := cancelled(false)
	grants(t, p.restPact, grant{"a cancel that expects the right refund", "an order is not allocated", unallocatedOrder, whole, false, 0, answer}, read)
	grants(t, p.restPact, grant{"a cancel of one unit", "an order is not allocated", unallocatedOrder, unit, false, 0, answer}, read)
	grants(t, p.restPact, grant{"the same cancel again", "the shopper has cancelled an order", unallocatedOrder, shopWish{requestID: tap}, false, 0, answer}, read)
	answer, read = cancelled(true)
	grants(t, p.restPact, grant{"a cancel of a cancelled order", "an order was cancelled", cancelledOrder, shopWish{requestID: tap}, false, 0, answer}, read)
	grants(t, p.restPact, grant{"a preview of a cancel of one unit", "an order is not allocated", unallocatedOrder, unit, true, 0, money()}, appMoney{Refund: 60.25, Currency: "EUR"})
	p.open(t, grant{"a cancel that takes its time", "order management takes its time", unallocatedOrder, shopWish{requestID: tap}, false, http.StatusAccepted, nil}, "running", "IN_PROGRESS")
	p.open(t, grant{"a cancel whose outcome is not known", "order management does not say whether it cancelled", unallocatedOrder, shopWish{requestID: tap}, false, http.StatusAccepted, nil}, "outcome_unknown", "OUTCOME_UNKNOWN")
}

// open is an action that is not over.
func (p appPact) open(t *testing.T, g grant, state, code string) {
	t.Helper()
	g.answer = done(state, object{"code": matchers.S(code)})
	grants(t, p.restPact, g, appDone{OperationID: "operation-1", State: state, Code: code})
}

func (p appPact) edits(t *testing.T) {
	t.Helper()
	modify := shopWish{action: modifying, requestID: tap, channel: "app"}
	edited := object{"state": matchers.S("editing"), "basket_id": matchers.Like(basketID), "redirect": object{"target": matchers.S("cart")}}
	var read appDone
	read.OperationID, read.State, read.Modification.State, read.Modification.Basket, read.Modification.Redirect.Target = "operation-1", "editing", "editing", basketID, "cart"
	grants(t, p.restPact, grant{"a modify", "an order is not allocated", unallocatedOrder, modify, false, 0, done("editing", object{"modification": edited})}, read)
	grants(t, p.restPact, grant{"a preview of a modify", "an order is not allocated", unallocatedOrder, modify, true, 0, object{"policy": matchers.S("keep_until_confirm")}}, appMoney{Policy: "keep_until_confirm"})

	move := shopWish{action: modifying, requestID: tap, slot: slotID}
	var moved appDone
	moved.OperationID, moved.State, moved.Modification.State = "operation-1", "succeeded", "slot_moved"
	grants(t, p.restPact, grant{"a modify that moves the slot alone", "another slot has room", unallocatedOrder, move, false, 0, done("succeeded", object{"modification": object{"state": matchers.S("slot_moved")}})}, moved)

	confirm := shopWish{action: confirming, requestID: "tap-2", newOrder: waitingNo}
	var confirmed appDone
	confirmed.OperationID, confirmed.State, confirmed.Confirmation.New, confirmed.Confirmation.More = "operation-1", "succeeded", waitingNo, 3.5
	counts := object{"new_order_no": matchers.Like(waitingNo), "price_difference": matchers.Like(3.5)}
	const ordered = "the follow-up basket of an order was ordered"
	grants(t, p.restPact, grant{"a confirm with the new order", ordered, unallocatedOrder, confirm, false, 0, done("succeeded", object{"confirmation": counts})}, confirmed)
	grants(t, p.restPact, grant{"a preview of a confirm", ordered, unallocatedOrder, confirm, true, 0, object{
		"price_difference": matchers.Like(3.5), "currency": matchers.Term("EUR", "^[A-Z]{3}$"), "policy": matchers.S("keep_until_confirm"),
	}}, appMoney{Currency: "EUR", More: 3.5, Policy: "keep_until_confirm"})
}
