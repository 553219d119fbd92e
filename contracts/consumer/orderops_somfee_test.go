//go:build pact

package consumer_test

import (
	"net/http"
	"testing"

	"github.com/pact-foundation/pact-go/v2/consumer"
	"github.com/pact-foundation/pact-go/v2/matchers"
	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/orderops/remote"
	"github.com/somsim/somsim/orderops/somclient"
)

// The fee of the examples.
const (
	productID  = "01t000000000001AAA"
	feeRef     = "order-ops-fee-1"
	feeProduct = "SPENT-POINTS"
)

// feeBasis looks for a fee that is booked and for one that is not.
func (p somPact) feeBasis(t *testing.T) {
	cases := []struct {
		state, request string
		booked         object
		want           string
	}{
		{"an order is not allocated", "a look for a fee that is not booked", noRows(), ""},
		{"a fee is booked", "a look for a fee that is booked", rows(object{"Id": id(changeID)}), changeID},
	}
	for _, c := range cases {
		t.Run(c.request, func(t *testing.T) {
			i := p.interaction(t, c.request).
				GivenWithParameter(order(c.state, unallocatedOrder)).
				WithRequest(http.MethodPost, compositePath, authorized(session), sending(t, feeQuestion(t))).
				WillRespondWith(http.StatusOK, body(parts(
					answered("order", http.StatusOK, orderWithGroup()),
					answered("fee", http.StatusOK, c.booked),
					answered("product", http.StatusOK, rows(object{"Id": id(productID)})),
				)))
			p.run(t, i, func(caller remote.Caller) error {
				got, err := client(caller, session).FeeBasis(t.Context(), unallocatedOrder, feeRef, feeProduct)
				want := somclient.FeeBasis{ChangeOrderID: c.want, OrderSummaryID: summaryID, DeliveryGroupID: groupID, ProductID: productID}
				return expect(err, got, want)
			})
		})
	}
}

// feeBasisUnread meets a part that cannot be answered: then nothing is known.
func (p somPact) feeBasisUnread(t *testing.T) {
	i := p.interaction(t, "a look for a fee that may not see products").
		GivenWithParameter(order("an order is not allocated", unallocatedOrder)).
		Given("products may not be seen").
		WithRequest(http.MethodPost, compositePath, authorized(session), sending(t, feeQuestion(t))).
		WillRespondWith(http.StatusOK, body(parts(
			answered("order", http.StatusOK, orderWithGroup()),
			answered("fee", http.StatusOK, noRows()),
			answered("product", http.StatusBadRequest, refusal(matchers.S("INVALID_TYPE"))),
		)))
	p.refuses(t, i, remote.Unavailable, "INVALID_TYPE", func(caller remote.Caller) error {
		_, err := client(caller, session).FeeBasis(t.Context(), unallocatedOrder, feeRef, feeProduct)
		return err
	})
}

func (p somPact) chargeFee(t *testing.T) {
	i := p.interaction(t, "a fee for spent points").
		GivenWithParameter(order("an order is not allocated", unallocatedOrder)).
		WithRequestPathMatcher(http.MethodPost, feePath(), authorized(session), feeOf("Unknown")).
		WillRespondWith(http.StatusCreated, body(object{"success": true, "preFulfillmentChangeOrderId": id(changeID)}))
	p.run(t, i, func(caller remote.Caller) error {
		got, err := client(caller, session).ChargeFee(t.Context(), fee("Unknown"))
		return expect(err, got, changeID)
	})
}

func (p somPact) chargeFeeRefused(t *testing.T) {
	i := p.interaction(t, "a fee for a reason that the org does not have").
		GivenWithParameter(order("an order is not allocated", unallocatedOrder)).
		WithRequestPathMatcher(http.MethodPost, feePath(), authorized(session), feeOf("Because")).
		WillRespondWith(http.StatusBadRequest, body(refusal(matchers.Like("INVALID_API_INPUT"))))
	p.refuses(t, i, remote.Rejected, "INVALID_API_INPUT", func(caller remote.Caller) error {
		_, err := client(caller, session).ChargeFee(t.Context(), fee("Because"))
		return err
	})
}

// cancelKeeping cancels a unit and keeps a fee of what it was worth, in one change.
func (p somPact) cancelKeeping(t *testing.T) {
	kept := somclient.ChangeFee{ProductID: productID, Amount: decimal.NewFromInt(2), Description: "Lost promotion"}
	i := p.interaction(t, "a cancel of one unit of which a fee is kept").
		GivenWithParameter(order("an order is not allocated", unallocatedOrder)).
		WithRequestPathMatcher(http.MethodPost, changePath("submit-cancel"), authorized(session), changeKeeping(kept)).
		WillRespondWith(http.StatusCreated, body(object{
			"success": true, "changeOrderId": id(changeID), "feeChangeOrderId": id(feeOrderID), "changeBalances": balances(),
		}))
	p.run(t, i, func(caller remote.Caller) error {
		asked := units(1)
		asked[0].Fees = []somclient.ChangeFee{kept}
		change, err := client(caller, session).SubmitCancel(t.Context(), summaryID, asked)
		return expect(err, []string{change.ChangeOrderID, change.FeeChangeOrderID}, []string{changeID, feeOrderID})
	})
}

// changeKeeping is the wish to change one unit and to keep a fee with its tax.
func changeKeeping(f somclient.ChangeFee) consumer.V4RequestBuilderFunc {
	return func(b *consumer.V4RequestBuilder) {
		b.JSONBody(object{"changeItems": []object{{
			"orderItemSummaryId": fromState("${orderItemSummaryId}", itemID), "quantity": 1, "reason": "Unknown", "shippingReductionFlag": false,
			"changeItemFees": []object{{
				"product2Id": fromState("${productId}", f.ProductID), "amount": f.Amount.IntPart(), "amountType": "AmountWithTax", "description": f.Description,
			}},
		}}})
	}
}

func orderWithGroup() object {
	return rows(object{"Id": id(summaryID), "OrderDeliveryGroupSummaries": rows(object{"Id": id(groupID)})})
}

// feeQuestion is the composite request that the client sends. SOQL is the client's business.
func feeQuestion(t *testing.T) []byte {
	t.Helper()
	return sentBy(t, func(caller remote.Caller) {
		_, _ = client(caller, session).FeeBasis(t.Context(), unallocatedOrder, feeRef, feeProduct)
	})
}

func fee(reason string) somclient.Fee {
	return somclient.Fee{
		OrderSummaryID: summaryID, DeliveryGroupID: groupID, ProductID: productID,
		Amount: decimal.NewFromInt(6), Reference: feeRef, Reason: reason, Description: "Spent points",
	}
}

func feePath() matchers.Matcher {
	const before, after = "/services/data/v66.0/commerce/order-management/order-summaries/", "/actions/submit-change"
	return fromState(before+"${orderSummaryId}"+after, before+summaryID+after)
}

// feeOf is a new line of the fee's own, without tax.
func feeOf(reason string) consumer.V4RequestBuilderFunc {
	return func(b *consumer.V4RequestBuilder) {
		b.JSONBody(object{"changeReason": reason, "changeOrdersReferenceNumber": feeRef, "orderItemSummaries": []object{{
			"changeType": "New", "orderItemSummary": object{
				"attributes":                  object{"type": "OrderItemSummary"},
				"OrderDeliveryGroupSummaryId": fromState("${orderDeliveryGroupSummaryId}", groupID),
				"Product2Id":                  fromState("${productId}", productID),
				"Name":                        "Spent points", "Description": "Spent points", "Type": "Fee",
				"Quantity": 1, "UnitPrice": 6, "TotalLineAmount": 6,
			},
		}}})
	}
}
