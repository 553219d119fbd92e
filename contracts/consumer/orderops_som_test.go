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
	"fmt"
	"net/http"
	"testing"

	"github.com/pact-foundation/pact-go/v2/matchers"

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

const compositePath = "/services/data/v60.0/composite"

// The orders of preset omnichannel that the provider's states are about.
const (
	unallocatedOrder = "00000101"
	allocatedOrder   = "00000102"
	arrivedOrder     = "00000113"
	returnedOrder    = "00000153"
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
	t.Run("details of an unknown order", p.detailsUnknown)
	t.Run("details in part", p.detailsInPart)
	t.Run("details of a delivered order", p.detailsDelivered)
	t.Run("details of a return", p.detailsReturned)
	t.Run("rest of the details", p.rest)
	t.Run("rest of the details lost", p.restLost)
	t.Run("preview of a cancel", p.previewCancel)
	t.Run("cancel", p.submitCancel)
	t.Run("cancel with a fee", p.cancelKeeping)
	t.Run("de-allocation", p.cancelItem)
	t.Run("allocation", p.createFulfillmentOrder)
	t.Run("too many units", p.tooMany)
	t.Run("record of a reversal", p.recordReversal)
	t.Run("record of a reversal of nothing", p.recordReversalUnknown)
	t.Run("record of a refund", p.recordRefund)
	t.Run("record of a refund too high", p.recordRefundTooHigh)
	t.Run("record of a refund locked", p.recordRefundLocked)
	t.Run("look for records", p.recorded)
	t.Run("look for records in vain", p.recordedUnread)
	t.Run("look for a fee", p.feeBasis)
	t.Run("look for a fee in vain", p.feeBasisUnread)
	t.Run("preview of a return", p.previewReturn)
	t.Run("return", p.submitReturn)
	t.Run("announcement of a return", p.createReturnOrder)
	t.Run("announced returns", p.returnOrders)
	t.Run("announced return", p.returnOrder)
	t.Run("too many units to return", p.returnsTooMany)
	p.failing(t, append(returnReads(t), returnActions()...), somOutages(), session, codeOnly)
	p.failing(t, returnActions(), lockedRecords(), session, codeOnly)
	p.unauthorized(t, append(returnReads(t), returnActions()...), http.StatusUnauthorized, remote.Unauthorized, "INVALID_SESSION_ID",
		body(refusal(matchers.S("INVALID_SESSION_ID"))))
	t.Run("fee", p.chargeFee)
	t.Run("fee for no reason of the org", p.chargeFeeRefused)
	p.granted(t, userOf(), session, userInfo())
	t.Run("renaming of a refund", p.renameRefund)
	p.funds(t)
	writes := append(somActions(), recordingRefund())
	p.granting(t, heldCalls(), session)
	writes = append(writes, requests(heldCalls())...)
	p.failing(t, requests(heldCalls()), lockedRecords(), session, codeOnly)
	p.unauthorized(t, append(somReads(t), writes...), http.StatusUnauthorized, remote.Unauthorized, "INVALID_SESSION_ID",
		body(refusal(matchers.S("INVALID_SESSION_ID"))))
	p.failing(t, append(somReads(t), writes...), somOutages(), session, codeOnly)
	p.failing(t, somActions(), lockedRecords(), session, codeOnly)
	p.unauthorized(t, []request{userOf()}, http.StatusForbidden, remote.Unauthorized, "", anyBody)
	p.failing(t, []request{userOf()}, somOutages(), session, codeOnly)
	p.failing(t, []request{somLogIn()}, somOutages(), "somsim", func(code string) any { return object{"error": code} })
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
		WithRequest(http.MethodPost, compositePath, authorized(session), sending(t, ordersBody(t, allocatedOrder))).
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

// detailsDelivered reads what a return-by date is counted from.
func (p somPact) detailsDelivered(t *testing.T) {
	i := p.interaction(t, "a question for the details of a delivered order").
		GivenWithParameter(order("an order was delivered", arrivedOrder)).
		WithRequest(http.MethodPost, compositePath, authorized(session), sending(t, ordersBody(t, arrivedOrder))).
		WillRespondWith(http.StatusOK, body(composite(arrivedOrder, object{
			"OrderItemSummaries": rows(item()), "FulfillmentOrders": rows(deliveredOrder()),
		})))
	p.run(t, i, func(caller remote.Caller) error {
		page, err := client(caller, session).Orders(t.Context(), []string{arrivedOrder})
		if err != nil {
			return err
		}
		o, _ := page.Find(arrivedOrder)
		f := o.FulfillmentOrders.Records[0]
		parcel := f.Shipments.Records[0]
		type seen struct {
			Line, Name, Tracking string
			Sent, Arrived, Close int64
		}
		got := seen{
			parcel.Items.Records[0].OrderItemSummaryID, o.Items.Records[0].Name, parcel.TrackingNumber,
			parcel.CreatedDate.Unix(), parcel.ActualDeliveryDate.Unix(), f.ClosedDate.Unix(),
		}
		return expect(nil, got, seen{itemID, "Shirt", "1Z999", 1772445600, 1772623800, 1772445600})
	})
}

func (p somPact) detailsReturned(t *testing.T) {
	i := p.interaction(t, "a question for the returns of an order").
		GivenWithParameter(order("a unit of an order was returned", returnedOrder)).
		WithRequest(http.MethodPost, compositePath, authorized(session), sending(t, ordersBody(t, returnedOrder))).
		WillRespondWith(http.StatusOK, body(composite(returnedOrder, object{
			"ReturnOrders": rows(object{
				"Id": id("2oN000000000001AAA"), "ReturnOrderNumber": matchers.Like("RO-0001"), "Status": matchers.Like("Received"),
				"CreatedDate": somInstant(arrival), "ReturnOrderLineItems": rows(object{
					"OrderItemSummaryId": id(itemID), "QuantityExpected": matchers.Like(1), "QuantityReturned": matchers.Like(1),
				}),
			}),
		})))
	p.run(t, i, func(caller remote.Caller) error {
		page, err := client(caller, session).Orders(t.Context(), []string{returnedOrder})
		if err != nil {
			return err
		}
		o, _ := page.Find(returnedOrder)
		line := o.ReturnOrders.Records[0].Lines.Records[0]
		return expect(nil, []string{line.OrderItemSummaryID, line.QuantityReturned.String()}, []string{itemID, "1"})
	})
}

func (p somPact) detailsAfterCancel(t *testing.T) {
	i := p.interaction(t, "a question for the changes of an order").
		GivenWithParameter(order("one unit of an order was cancelled by the integration user", unallocatedOrder)).
		WithRequest(http.MethodPost, compositePath, authorized(session), sending(t, ordersBody(t, unallocatedOrder))).
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

func (p somPact) detailsUnknown(t *testing.T) {
	i := p.interaction(t, "a question for the details of an order that never was").
		Given("preset omnichannel").
		WithRequest(http.MethodPost, compositePath, authorized(session), sending(t, ordersBody(t, unknownOrder))).
		WillRespondWith(http.StatusOK, body(parts(
			answered(somclient.PartOrders, http.StatusOK, noRows()), answered(somclient.PartDeliveryMethods, http.StatusOK, noRows()),
		)))
	p.run(t, i, func(caller remote.Caller) error {
		page, err := client(caller, session).Orders(t.Context(), []string{unknownOrder})
		_, found := page.Find(unknownOrder)
		return expect(err, found, false)
	})
}

// detailsInPart meets queries that fail while the others are answered.
func (p somPact) detailsInPart(t *testing.T) {
	const code = "INVALID_FIELD"
	failed, groups := refusal(matchers.S(code)), rows(object{"Id": id(groupID)})
	orders := rows(object{"Id": id(summaryID), "OrderNumber": matchers.S(unallocatedOrder)})
	cases := []struct {
		state, request string
		answers        []object
		want           somclient.PartError
	}{
		{
			"delivery methods may not be seen", "a question for an order that may not see delivery methods",
			[]object{answered(somclient.PartOrders, http.StatusOK, orders), answered(somclient.PartDeliveryMethods, http.StatusBadRequest, failed)},
			somclient.PartError{ReferenceID: somclient.PartDeliveryMethods, Status: http.StatusBadRequest, Code: code},
		},
		{
			"order items may not be seen", "a question for an order that may not see its items",
			[]object{answered(somclient.PartOrders, http.StatusBadRequest, failed), answered(somclient.PartDeliveryMethods, http.StatusOK, groups)},
			somclient.PartError{ReferenceID: somclient.PartOrders, Status: http.StatusBadRequest, Code: code},
		},
	}
	for _, c := range cases {
		t.Run(c.request, func(t *testing.T) {
			i := p.interaction(t, c.request).
				GivenWithParameter(order("an order is not allocated", unallocatedOrder)).
				Given(c.state).
				WithRequest(http.MethodPost, compositePath, authorized(session), sending(t, ordersBody(t, unallocatedOrder))).
				WillRespondWith(http.StatusOK, body(parts(c.answers...)))
			p.run(t, i, func(caller remote.Caller) error {
				page, err := client(caller, session).Orders(t.Context(), []string{unallocatedOrder})
				return expect(err, page.Failed, []somclient.PartError{c.want})
			})
		})
	}
}

// ordersBody is the composite request that the client sends for an order,
// taken from the client: SOQL is its business, the contract holds it to it.
func ordersBody(t *testing.T, number string) []byte {
	t.Helper()
	return sentBy(t, func(caller remote.Caller) {
		_, _ = client(caller, session).Orders(t.Context(), []string{number})
	})
}
