//go:build pact

// Package consumer_test holds the contracts that order-ops asks of the systems
// it calls, and that a storefront asks of order-ops: one interaction for each
// method of a client and each class of answer, exercised through the client
// itself against Pact's mock server. What the client does not read is not asked
// for.
//
// The files in contracts/pacts are written from here and never by hand.
package consumer_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/pact-foundation/pact-go/v2/consumer"
	"github.com/pact-foundation/pact-go/v2/matchers"
	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/orderops/remote"
	"github.com/somsim/somsim/orderops/somclient"
)

// Ids of the examples. A provider puts its own in their place, by the names in
// braces.
const (
	summaryID   = "1Os000000000001AAA"
	itemID      = "10u000000000001AAA"
	fulfillID   = "0a3000000000001AAA"
	fulfillLine = "0a4000000000001AAA"
	changeID    = "801000000000001AAA"
	userID      = "005000000000001AAA"
	session     = "00D000000000001!order-ops-session"
)

// The orders of preset omnichannel that the provider's states are about.
const (
	unallocatedOrder = "00000101"
	allocatedOrder   = "00000102"
)

// somPact holds one method for each interaction.
type somPact struct{ *pact }

func TestOrderOpsAsksOfSOM(t *testing.T) {
	t.Setenv("PACT_DO_NOT_TRACK", "true") // the native library would report its use to its makers
	p := somPact{newPact(t, "order-ops", "som")}
	t.Run("log in", p.logIn)
	t.Run("log in refused", p.logInRefused)
	t.Run("details", p.details)
	t.Run("details after a cancel", p.detailsAfterCancel)
	t.Run("expired session", p.expiredSession)
	t.Run("preview of a cancel", p.previewCancel)
	t.Run("cancel", p.submitCancel)
	t.Run("cancel of too many units", p.submitCancelTooMany)
	t.Run("de-allocation", p.cancelItem)
	t.Run("allocation", p.createFulfillmentOrder)
	p.settle(t)
}

func (p somPact) logIn(t *testing.T) {
	i := p.interaction(t, "a log-in with client credentials").
		Given("preset omnichannel").
		WithRequest(http.MethodPost, "/services/oauth2/token", form("client_id=somsim&client_secret=somsim&grant_type=client_credentials")).
		WillRespondWith(http.StatusOK, body(object{
			"access_token": matchers.Like(session),
			"id":           matchers.Term("https://example.test/id/00D000000000001AAA/"+userID, `^https?://.+/id/00D\w{15}/005\w{15}$`),
		}))
	p.run(t, i, func(caller remote.Caller) error {
		token, err := somclient.Login(caller, somclient.Credentials{ClientID: "somsim", ClientSecret: "somsim"}).Token(t.Context())
		return expect(err, token, remote.Token{Value: session, UserID: userID})
	})
}

func (p somPact) logInRefused(t *testing.T) {
	i := p.interaction(t, "a log-in with a wrong client secret").
		Given("preset omnichannel").
		WithRequest(http.MethodPost, "/services/oauth2/token", form("client_id=somsim&client_secret=wrong&grant_type=client_credentials")).
		WillRespondWith(http.StatusBadRequest, body(object{"error": matchers.S("invalid_client")}))
	p.refuses(t, i, remote.Unauthorized, "invalid_client", func(caller remote.Caller) error {
		_, err := somclient.Login(caller, somclient.Credentials{ClientID: "somsim", ClientSecret: "wrong"}).Token(t.Context())
		return err
	})
}

func (p somPact) details(t *testing.T) {
	i := p.interaction(t, "a question for the details of an allocated order").
		GivenWithParameter(order("an order is allocated", allocatedOrder)).
		WithRequest(http.MethodPost, "/services/data/v60.0/composite", authorized(session), sending(t, ordersBody(t, allocatedOrder))).
		WillRespondWith(http.StatusOK, body(composite(allocatedOrder, object{
			"OrderItemSummaries":          rows(item()),
			"OrderDeliveryGroupSummaries": rows(object{"Id": id(groupID)}),
			"OrderPaymentSummaries":       rows(payment()),
			"FulfillmentOrders":           rows(fulfillmentOrder()),
		})))
	p.run(t, i, func(caller remote.Caller) error {
		page, err := client(caller, session).Orders(t.Context(), []string{allocatedOrder})
		if err != nil {
			return err
		}
		o, _ := page.Find(allocatedOrder)
		if len(o.FulfillmentOrders.Records) != 1 || len(o.FulfillmentOrders.Records[0].Lines.Records) != 1 {
			return fmt.Errorf("fulfillment orders %+v, want one with a line", o.FulfillmentOrders.Records)
		}
		type seen struct {
			Number, Status, Item, Line, Category, Gateway string
			Ordered, Total                                string
		}
		fo, line := o.FulfillmentOrders.Records[0], o.Items.Records[0]
		got := seen{
			o.OrderNumber, o.Status, line.ID, fo.Lines.Records[0].OrderItemSummaryID, fo.StatusCategory,
			o.Payments.Records[0].Authorizations.Records[0].GatewayRefNumber, line.QuantityOrdered.String(), o.GrandTotalAmount.String(),
		}
		want := seen{allocatedOrder, "Created", itemID, itemID, somclient.CategoryActivated, gatewayRef, "2", "120.5"}
		return expect(nil, got, want)
	})
}

func (p somPact) detailsAfterCancel(t *testing.T) {
	i := p.interaction(t, "a question for the changes of an order").
		GivenWithParameter(order("one unit of an order was cancelled by the integration user", unallocatedOrder)).
		WithRequest(http.MethodPost, "/services/data/v60.0/composite", authorized(session), sending(t, ordersBody(t, unallocatedOrder))).
		WillRespondWith(http.StatusOK, body(composite(unallocatedOrder, object{
			"OrderSummaries": rows(object{
				"Id": id("1oc000000000001AAA"), "OrderItemSummaryId": id(itemID), "ChangeType": matchers.S("Cancel"),
				"Reason": matchers.Like("Unknown"), "CreatedById": matchers.Term(userID, `^005\w{15}$`),
				"ChangeOrderItem": object{"Quantity": matchers.Like(-1)},
			}),
		})))
	p.run(t, i, func(caller remote.Caller) error {
		page, err := client(caller, session).Orders(t.Context(), []string{unallocatedOrder})
		if err != nil {
			return err
		}
		o, _ := page.Find(unallocatedOrder)
		if len(o.Changes.Records) != 1 {
			return fmt.Errorf("changes %+v, want one", o.Changes.Records)
		}
		change := o.Changes.Records[0]
		return expect(nil, []string{change.ChangeType, change.CreatedByID, change.ChangeOrderItem.Quantity.String()}, []string{"Cancel", userID, "-1"})
	})
}

func (p somPact) expiredSession(t *testing.T) {
	const expired = "expired-session"
	i := p.interaction(t, "a question for the details of an order with an expired session").
		Given("preset omnichannel").
		WithRequest(http.MethodPost, "/services/data/v60.0/composite", authorized(expired), sending(t, ordersBody(t, allocatedOrder))).
		WillRespondWith(http.StatusUnauthorized, body(refusal(matchers.S("INVALID_SESSION_ID"))))
	p.refuses(t, i, remote.Unauthorized, "INVALID_SESSION_ID", func(caller remote.Caller) error {
		_, err := client(caller, expired).Orders(t.Context(), []string{allocatedOrder})
		return err
	})
}

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

func (p somPact) submitCancelTooMany(t *testing.T) {
	i := p.interaction(t, "a cancel of more units than there are").
		GivenWithParameter(order("an order is not allocated", unallocatedOrder)).
		WithRequestPathMatcher(http.MethodPost, changePath("submit-cancel"), authorized(session), changeOf(1000)).
		WillRespondWith(http.StatusBadRequest, body(refusal(matchers.Like("INVALID_API_INPUT"))))
	p.refuses(t, i, remote.Rejected, "INVALID_API_INPUT", func(caller remote.Caller) error {
		_, err := client(caller, session).SubmitCancel(t.Context(), summaryID, units(1000))
		return err
	})
}

func (p somPact) cancelItem(t *testing.T) {
	i := p.interaction(t, "a de-allocation of one unit").
		GivenWithParameter(order("an order is allocated", allocatedOrder)).
		WithRequestPathMatcher(http.MethodPost, cancelItemPath(), authorized(session),
			func(b *consumer.V4RequestBuilder) {
				b.JSONBody(object{"fulfillmentOrderLineItemsToCancel": []object{{
					"fulfillmentOrderLineItemId": fromState("${fulfillmentOrderLineItemId}", fulfillLine),
					"quantity":                   1,
				}}})
			}).
		WillRespondWith(http.StatusCreated, body(object{"success": true}))
	p.run(t, i, func(caller remote.Caller) error {
		return client(caller, session).CancelFulfillmentOrderItem(t.Context(), fulfillID,
			[]somclient.LineToCancel{{FulfillmentOrderLineItemID: fulfillLine, Quantity: decimal.NewFromInt(1)}})
	})
}

func (p somPact) createFulfillmentOrder(t *testing.T) {
	i := p.interaction(t, "an allocation of one unit").
		GivenWithParameter(order("an order is not allocated", unallocatedOrder)).
		WithRequest(http.MethodPost, "/services/data/v60.0/commerce/fulfillment/fulfillment-orders", authorized(session), allocationOf(1)).
		WillRespondWith(http.StatusCreated, body(object{
			"success": true, "fulfillmentOrderIds": matchers.EachLike(id(fulfillID), 1),
		}))
	p.run(t, i, func(caller remote.Caller) error {
		made, err := client(caller, session).CreateFulfillmentOrder(t.Context(), somclient.Allocation{
			OrderSummaryID: summaryID, OrderDeliveryGroupSummaryID: groupID,
			Groups: []somclient.AllocatedGroup{{
				FulfilledFromLocationID: locationID, FulfillmentType: "Warehouse",
				Items: []somclient.AllocatedItem{{OrderItemSummaryID: itemID, Quantity: 1}},
			}},
		})
		return expect(err, made, fulfillID)
	})
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

// ordersBody is the composite request that the client sends for an order,
// taken from the client: SOQL is its business, the contract holds it to it.
func ordersBody(t *testing.T, number string) []byte {
	t.Helper()
	var sent []byte
	listener := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		sent, _ = io.ReadAll(r.Body)
	}))
	defer listener.Close()
	_, _ = client(remote.Caller{BaseURL: listener.URL}, session).Orders(t.Context(), []string{number})
	if !json.Valid(sent) {
		t.Fatalf("the client sent %q for an order", sent)
	}
	return sent
}
