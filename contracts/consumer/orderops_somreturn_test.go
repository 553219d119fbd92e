//go:build pact

package consumer_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/pact-foundation/pact-go/v2/consumer"
	"github.com/pact-foundation/pact-go/v2/matchers"
	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/orderops/remote"
	"github.com/somsim/somsim/orderops/somclient"
)

const (
	returnOrdersPath = "/services/data/v60.0/commerce/returns/return-orders"
	returnOrderID    = "2oN000000000001AAA"
	returnable       = "units of an order can be returned"
	announcedState   = "the return of a unit of an order is announced"
	takenBackState   = "a unit of an order was returned"
)

func (p somPact) previewReturn(t *testing.T) {
	i := p.interaction(t, "a preview of a return of one unit").
		GivenWithParameter(order(returnable, arrivedOrder)).
		WithRequestPathMatcher(http.MethodPost, changePath("preview-return"), authorized(session), changeOf(1)).
		WillRespondWith(http.StatusCreated, body(object{"success": true, "changeBalances": returnBalances()}))
	p.run(t, i, func(caller remote.Caller) error {
		change, err := client(caller, session).PreviewReturn(t.Context(), summaryID, units(1))
		return expect(err, []string{change.GrandTotalAmount.String(), change.Fees.String()}, []string{"60.25", "0"})
	})
}

func (p somPact) submitReturn(t *testing.T) {
	i := p.interaction(t, "a return of one unit").
		GivenWithParameter(order(returnable, arrivedOrder)).
		WithRequestPathMatcher(http.MethodPost, changePath("submit-return"), authorized(session), changeOf(1)).
		WillRespondWith(http.StatusCreated, body(object{"success": true, "changeOrderId": id(changeID), "changeBalances": returnBalances()}))
	p.run(t, i, func(caller remote.Caller) error {
		change, err := client(caller, session).SubmitReturn(t.Context(), summaryID, units(1))
		return expect(err, []string{change.ChangeOrderID, change.GrandTotalAmount.String()}, []string{changeID, "60.25"})
	})
}

func returnBalances() object {
	return object{"grandTotalAmount": matchers.Like(60.25), "totalFeeAmount": matchers.Like(0), "totalFeeTaxAmount": matchers.Like(0)}
}

func (p somPact) createReturnOrder(t *testing.T) {
	i := p.interaction(t, "an announcement of a return of one unit").
		GivenWithParameter(order(returnable, arrivedOrder)).
		WithRequest(http.MethodPost, returnOrdersPath, authorized(session), announcing(1)).
		WillRespondWith(http.StatusCreated, body(object{"success": true, "returnOrderId": id(returnOrderID)}))
	p.run(t, i, func(caller remote.Caller) error {
		made, err := announce(t.Context(), client(caller, session), 1)
		return expect(err, made, returnOrderID)
	})
}

func (p somPact) returnOrders(t *testing.T) {
	i := p.interaction(t, "a question for the announced returns of an order").
		GivenWithParameter(order(announcedState, arrivedOrder)).
		WithRequest(http.MethodPost, compositePath, authorized(session), askingOf(t, summaryID, "${orderSummaryId}", askReturns)).
		WillRespondWith(http.StatusOK, body(parts(answered("returns", http.StatusOK, rows(announcedRow(nil))))))
	p.run(t, i, func(caller remote.Caller) error {
		found, err := client(caller, session).ReturnOrdersOf(t.Context(), summaryID)
		if err != nil || len(found) != 1 {
			return expect(err, len(found), 1)
		}
		line := found[0].Lines.Records[0]
		return expect(nil, []string{found[0].ID, found[0].CreatedByID, line.OrderItemSummaryID, line.ReasonForReturn, line.QuantityExpected.String(), line.ChangeOrder()},
			[]string{returnOrderID, userID, itemID, "Wrong Item", "1", ""})
	})
}

func (p somPact) returnOrder(t *testing.T) {
	i := p.interaction(t, "a question for what has come of an announced return").
		GivenWithParameter(order(takenBackState, returnedOrder)).
		WithRequest(http.MethodPost, compositePath, authorized(session), askingOf(t, returnOrderID, "${returnOrderId}", askReturn)).
		WillRespondWith(http.StatusOK, body(parts(
			answered("returns", http.StatusOK, rows(announcedRow(object{"OrderId": id(changeID)}))),
			answered("changes", http.StatusOK, rows(object{"OrderId": id(changeID), "Order": object{"GrandTotalAmount": matchers.Like(-60.25)}})),
		)))
	p.run(t, i, func(caller remote.Caller) error {
		receipt, err := client(caller, session).ReturnOrder(t.Context(), returnOrderID)
		if err != nil {
			return err
		}
		return expect(nil, []string{receipt.ID, receipt.Lines.Records[0].ChangeOrder(), receipt.Worth[changeID].String()}, []string{returnOrderID, changeID, "60.25"})
	})
}

// announcedRow is a return order of one line; change is what settles the line.
func announcedRow(change object) object {
	line := object{
		"Id": id("0Sn000000000001AAA"), "OrderItemSummaryId": id(itemID), "TypeCode": matchers.S("Product"), "ReasonForReturn": matchers.S("Wrong Item"),
		"QuantityExpected": matchers.Like(1), "QuantityReturned": matchers.Like(0), "ChangeOrderItem": nil,
	}
	if change != nil {
		line["ChangeOrderItem"], line["QuantityReturned"] = change, matchers.Like(1)
	}
	return object{
		"Id": id(returnOrderID), "Status": matchers.Like("Approved"), "StatusCategory": matchers.S("Activated"),
		"CreatedById": matchers.Term(userID, `^005\w{15}$`), "ReturnOrderLineItems": rows(line),
	}
}

// returnsTooMany asks for more units than can be returned.
func (p somPact) returnsTooMany(t *testing.T) {
	state := order(returnable, arrivedOrder)
	cases := []request{
		{
			what: "a preview of a return", state: state,
			describe: func(i unconfigured, token string) *consumer.V4InteractionWithRequest {
				return i.WithRequestPathMatcher(http.MethodPost, changePath("preview-return"), authorized(token), changeOf(1000))
			},
			call: func(ctx context.Context, caller remote.Caller, token string) error {
				_, err := client(caller, token).PreviewReturn(ctx, summaryID, units(1000))
				return err
			},
		},
		{
			what: "a return", state: state,
			describe: func(i unconfigured, token string) *consumer.V4InteractionWithRequest {
				return i.WithRequestPathMatcher(http.MethodPost, changePath("submit-return"), authorized(token), changeOf(1000))
			},
			call: func(ctx context.Context, caller remote.Caller, token string) error {
				_, err := client(caller, token).SubmitReturn(ctx, summaryID, units(1000))
				return err
			},
		},
		{
			what: "an announcement of a return", state: state,
			describe: func(i unconfigured, token string) *consumer.V4InteractionWithRequest {
				return i.WithRequest(http.MethodPost, returnOrdersPath, authorized(token), announcing(1000))
			},
			call: func(ctx context.Context, caller remote.Caller, token string) error {
				_, err := announce(ctx, client(caller, token), 1000)
				return err
			},
		},
	}
	for _, r := range cases {
		const when = " of more units than can be returned"
		t.Run(r.what+when, func(t *testing.T) {
			i := r.interaction(t, p.pact, when, session).WillRespondWith(http.StatusBadRequest, body(refusal(matchers.Like("INVALID_API_INPUT"))))
			p.refuses(t, i, remote.Rejected, "INVALID_API_INPUT", func(caller remote.Caller) error { return r.call(t.Context(), caller, session) })
		})
	}
}

// returnReads are the calls about returns that change nothing.
func returnReads(t *testing.T) []request {
	t.Helper()
	return []request{
		{
			what: "a preview of what comes back", state: order(returnable, arrivedOrder), read: true,
			describe: func(i unconfigured, token string) *consumer.V4InteractionWithRequest {
				return i.WithRequestPathMatcher(http.MethodPost, changePath("preview-return"), authorized(token), changeOf(1))
			},
			call: func(ctx context.Context, caller remote.Caller, token string) error {
				_, err := client(caller, token).PreviewReturn(ctx, summaryID, units(1))
				return err
			},
		},
		{
			what: "a look for announced returns", state: order(announcedState, arrivedOrder), read: true,
			describe: func(i unconfigured, token string) *consumer.V4InteractionWithRequest {
				return i.WithRequest(http.MethodPost, compositePath, authorized(token), askingOf(t, summaryID, "${orderSummaryId}", askReturns))
			},
			call: func(ctx context.Context, caller remote.Caller, token string) error {
				_, err := client(caller, token).ReturnOrdersOf(ctx, summaryID)
				return err
			},
		},
		{
			what: "a look for what has come back", state: order(announcedState, arrivedOrder), read: true,
			describe: func(i unconfigured, token string) *consumer.V4InteractionWithRequest {
				return i.WithRequest(http.MethodPost, compositePath, authorized(token), askingOf(t, returnOrderID, "${returnOrderId}", askReturn))
			},
			call: func(ctx context.Context, caller remote.Caller, token string) error {
				_, err := client(caller, token).ReturnOrder(ctx, returnOrderID)
				return err
			},
		},
	}
}

// returnActions are the calls about returns that change something.
func returnActions() []request {
	return []request{
		{
			what: "a submit of what comes back", state: order(returnable, arrivedOrder),
			describe: func(i unconfigured, token string) *consumer.V4InteractionWithRequest {
				return i.WithRequestPathMatcher(http.MethodPost, changePath("submit-return"), authorized(token), changeOf(1))
			},
			call: func(ctx context.Context, caller remote.Caller, token string) error {
				_, err := client(caller, token).SubmitReturn(ctx, summaryID, units(1))
				return err
			},
		},
		{
			what: "an announcing of what comes back", state: order(returnable, arrivedOrder),
			describe: func(i unconfigured, token string) *consumer.V4InteractionWithRequest {
				return i.WithRequest(http.MethodPost, returnOrdersPath, authorized(token), announcing(1))
			},
			call: func(ctx context.Context, caller remote.Caller, token string) error {
				_, err := announce(ctx, client(caller, token), 1)
				return err
			},
		},
	}
}

func askReturns(t *testing.T, caller remote.Caller) {
	t.Helper()
	_, _ = client(caller, session).ReturnOrdersOf(t.Context(), summaryID)
}

func askReturn(t *testing.T, caller remote.Caller) {
	t.Helper()
	_, _ = client(caller, session).ReturnOrder(t.Context(), returnOrderID)
}

// askingOf sends the questions of a call with an id that the provider's state
// names in the place of the example's.
func askingOf(t *testing.T, example, expression string, ask func(*testing.T, remote.Caller)) consumer.V4RequestBuilderFunc {
	t.Helper()
	document := decoded(t, sentBy(t, func(caller remote.Caller) { ask(t, caller) }))
	parts, _ := document["compositeRequest"].([]any)
	for _, part := range parts {
		fields, _ := part.(map[string]any)
		if address, _ := fields["url"].(string); strings.Contains(address, example) {
			fields["url"] = fromState(strings.ReplaceAll(address, example, expression), address)
		}
	}
	return func(b *consumer.V4RequestBuilder) { b.JSONBody(document) }
}

// announcing is the wish to announce units, announce the call.
func announcing(quantity int) consumer.V4RequestBuilderFunc {
	return func(b *consumer.V4RequestBuilder) {
		b.JSONBody(object{
			"orderSummaryId": fromState("${orderSummaryId}", summaryID), "status": "Approved", "returnOrderLifeCycleType": "Managed",
			"returnOrderLineItems": []object{{
				"orderItemSummaryId": fromState("${orderItemSummaryId}", itemID), "quantityExpected": quantity,
				"reasonForReturn": "Wrong Item", "canReduceShipping": false,
			}},
		})
	}
}

func announce(ctx context.Context, c *somclient.Client, quantity int64) (string, error) {
	return c.CreateReturnOrder(ctx, somclient.NewReturnOrder{OrderSummaryID: summaryID, Lines: []somclient.ChangeItem{{
		OrderItemSummaryID: itemID, Quantity: decimal.NewFromInt(quantity), Reason: "Wrong Item",
	}}})
}
