//go:build pact

package consumer_test

import (
	"context"
	"net/http"
	"testing"

	"github.com/pact-foundation/pact-go/v2/consumer"
	"github.com/pact-foundation/pact-go/v2/matchers"
	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/orderops/remote"
	"github.com/somsim/somsim/orderops/somclient"
)

const fulfillmentOrdersPath = "/services/data/v60.0/commerce/fulfillment/fulfillment-orders"

func (p somPact) previewCancel(t *testing.T) {
	i := p.interaction(t, "a preview of a cancel of one unit").
		GivenWithParameter(order("an order is not allocated", unallocatedOrder)).
		WithRequestPathMatcher(http.MethodPost, changePath("preview-cancel"), authorized(session), changeOf(1)).
		WillRespondWith(http.StatusCreated, body(object{
			"success": true, "changeBalances": balances(),
		}))
	p.run(t, i, func(caller remote.Caller) error {
		change, err := client(caller, session).PreviewCancel(t.Context(), summaryID, units(1))
		return expect(err, change.GrandTotalAmount.String(), "60.25")
	})
}

func (p somPact) submitCancel(t *testing.T) {
	i := p.interaction(t, "a cancel of one unit").
		GivenWithParameter(order("an order is not allocated", unallocatedOrder)).
		WithRequestPathMatcher(http.MethodPost, changePath("submit-cancel"), authorized(session), changeOf(1)).
		WillRespondWith(http.StatusCreated, body(object{
			"success": true, "changeOrderId": id(changeID), "changeBalances": balances(),
		}))
	p.run(t, i, func(caller remote.Caller) error {
		change, err := client(caller, session).SubmitCancel(t.Context(), summaryID, units(1))
		return expect(err, []string{change.ChangeOrderID, change.GrandTotalAmount.String()}, []string{changeID, "60.25"})
	})
}

func (p somPact) cancelItem(t *testing.T) {
	i := p.interaction(t, "a de-allocation of one unit").
		GivenWithParameter(order("an order is allocated", allocatedOrder)).
		WithRequestPathMatcher(http.MethodPost, cancelItemPath(), authorized(session), takingBack(1)).
		WillRespondWith(http.StatusCreated, body(object{"success": true}))
	p.run(t, i, func(caller remote.Caller) error { return takeBack(t.Context(), client(caller, session), 1) })
}

func (p somPact) createFulfillmentOrder(t *testing.T) {
	i := p.interaction(t, "an allocation of one unit").
		GivenWithParameter(order("an order is not allocated", unallocatedOrder)).
		WithRequest(http.MethodPost, fulfillmentOrdersPath, authorized(session), allocationOf(1)).
		WillRespondWith(http.StatusCreated, body(object{
			"success": true, "fulfillmentOrderIds": matchers.EachLike(id(fulfillID), 1),
		}))
	p.run(t, i, func(caller remote.Caller) error {
		made, err := allocate(t.Context(), client(caller, session), 1)
		return expect(err, made, fulfillID)
	})
}

// tooMany asks for more units than there are of each call that takes units.
func (p somPact) tooMany(t *testing.T) {
	free, allocated := order("an order is not allocated", unallocatedOrder), order("an order is allocated", allocatedOrder)
	cases := []request{
		{
			what: "a preview of a cancel", state: free,
			describe: func(i unconfigured, token string) *consumer.V4InteractionWithRequest {
				return i.WithRequestPathMatcher(http.MethodPost, changePath("preview-cancel"), authorized(token), changeOf(1000))
			},
			call: func(ctx context.Context, caller remote.Caller, token string) error {
				_, err := client(caller, token).PreviewCancel(ctx, summaryID, units(1000))
				return err
			},
		},
		{
			what: "a cancel", state: free,
			describe: func(i unconfigured, token string) *consumer.V4InteractionWithRequest {
				return i.WithRequestPathMatcher(http.MethodPost, changePath("submit-cancel"), authorized(token), changeOf(1000))
			},
			call: func(ctx context.Context, caller remote.Caller, token string) error {
				_, err := client(caller, token).SubmitCancel(ctx, summaryID, units(1000))
				return err
			},
		},
		{
			what: "a de-allocation", state: allocated,
			describe: func(i unconfigured, token string) *consumer.V4InteractionWithRequest {
				return i.WithRequestPathMatcher(http.MethodPost, cancelItemPath(), authorized(token), takingBack(1000))
			},
			call: func(ctx context.Context, caller remote.Caller, token string) error {
				return takeBack(ctx, client(caller, token), 1000)
			},
		},
		{
			what: "an allocation", state: free,
			describe: func(i unconfigured, token string) *consumer.V4InteractionWithRequest {
				return i.WithRequest(http.MethodPost, fulfillmentOrdersPath, authorized(token), allocationOf(1000))
			},
			call: func(ctx context.Context, caller remote.Caller, token string) error {
				_, err := allocate(ctx, client(caller, token), 1000)
				return err
			},
		},
	}
	for _, r := range cases {
		const when = " of more units than there are"
		t.Run(r.what+when, func(t *testing.T) {
			i := r.interaction(t, p.pact, when, session).WillRespondWith(http.StatusBadRequest, body(refusal(matchers.Like("INVALID_API_INPUT"))))
			p.refuses(t, i, remote.Rejected, "INVALID_API_INPUT", func(caller remote.Caller) error { return r.call(t.Context(), caller, session) })
		})
	}
}

func client(caller remote.Caller, token string) *somclient.Client {
	return somclient.New(caller, remote.StaticToken{Value: token})
}

func units(n int64) []somclient.ChangeItem {
	return []somclient.ChangeItem{{OrderItemSummaryID: itemID, Quantity: decimal.NewFromInt(n), Reason: "Unknown"}}
}

func changePath(action string) matchers.Matcher {
	const before, after = "/services/data/v60.0/commerce/order-management/order-summaries/", "/actions/"
	return fromState(before+"${orderSummaryId}"+after+action, before+summaryID+after+action)
}

func cancelItemPath() matchers.Matcher {
	const before, after = "/services/data/v60.0/commerce/fulfillment/fulfillment-orders/", "/actions/cancel-item"
	return fromState(before+"${fulfillmentOrderId}"+after, before+fulfillID+after)
}

// takingBack is the wish to take units of the one line of the examples out of
// its fulfillment order, takeBack the call.
func takingBack(quantity int) consumer.V4RequestBuilderFunc {
	return func(b *consumer.V4RequestBuilder) {
		b.JSONBody(object{"fulfillmentOrderLineItemsToCancel": []object{{
			"fulfillmentOrderLineItemId": fromState("${fulfillmentOrderLineItemId}", fulfillLine), "quantity": quantity,
		}}})
	}
}

func takeBack(ctx context.Context, c *somclient.Client, quantity int64) error {
	return c.CancelFulfillmentOrderItem(ctx, fulfillID,
		[]somclient.LineToCancel{{FulfillmentOrderLineItemID: fulfillLine, Quantity: decimal.NewFromInt(quantity)}})
}

// allocate is the call behind allocationOf.
func allocate(ctx context.Context, c *somclient.Client, quantity int64) (string, error) {
	return c.CreateFulfillmentOrder(ctx, somclient.Allocation{
		OrderSummaryID: summaryID, OrderDeliveryGroupSummaryID: groupID,
		Groups: []somclient.AllocatedGroup{{
			FulfilledFromLocationID: locationID, FulfillmentType: "Warehouse",
			Items: []somclient.AllocatedItem{{OrderItemSummaryID: itemID, Quantity: quantity}},
		}},
	})
}
