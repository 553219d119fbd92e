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

// Ids of the examples where order management moves the money.
const (
	feeOrderID  = "801000000000002AAA"
	memoID      = "50g000000000001AAA"
	invoiceID   = "3tt000000000001AAA"
	operationID = "08P000000000001AAA"
)

// takenBack is the state in which units came back and their money has not.
const takenBack = "a unit of an order came back, less a fee"

// summaryPath is a path below an order summary.
func summaryPath(rest string) matchers.Matcher {
	const before = "/services/data/v60.0/commerce/order-management/order-summaries/"
	return fromState(before+"${orderSummaryId}"+rest, before+summaryID+rest)
}

// reversing has order management let authorised money go.
func reversing(amount int64) request {
	return request{
		what: "a reversal of an authorization", state: order("an order is authorised", unallocatedOrder),
		describe: func(i unconfigured, token string) *consumer.V4InteractionWithRequest {
			const before, after = "/services/data/v60.0/commerce/payments/authorizations/", "/reversals"
			return i.WithRequestPathMatcher(http.MethodPost, fromState(before+"${paymentAuthorizationId}"+after, before+authorizationID+after),
				authorized(token), jsonBody(object{"amount": amount}), func(b *consumer.V4RequestBuilder) {
					b.Header("sfdc-Payments-Idempotency-Key", matchers.Like("key-1"))
				})
		},
		call: func(ctx context.Context, caller remote.Caller, token string) error {
			_, err := client(caller, token).ReverseAuthorization(ctx, somclient.AuthorizationReversal{
				AuthorizationID: authorizationID, Amount: decimal.NewFromInt(amount), Key: "key-1",
			})
			return err
		},
	}
}

// ensuring has order management give captured money back.
func ensuring(amount int64) request {
	return request{
		what: "a refund of excess money", state: order("an order is paid", paidOrder),
		describe: func(i unconfigured, token string) *consumer.V4InteractionWithRequest {
			return i.WithRequestPathMatcher(http.MethodPost, summaryPath("/async-actions/ensure-refunds-async"), authorized(token), jsonBody(object{
				"excessFundsAmount": amount, "isAllowPartial": true, "sequences": []object{{
					"orderPaymentSummaryId": fromState("${orderPaymentSummaryId}", paymentSummaryID), "amount": amount,
				}},
			}))
		},
		call: func(ctx context.Context, caller remote.Caller, token string) error {
			_, err := client(caller, token).EnsureRefunds(ctx, somclient.RefundRequest{
				OrderSummaryID: summaryID, OrderPaymentSummaryID: paymentSummaryID, Amount: decimal.NewFromInt(amount), ExcessFunds: decimal.NewFromInt(amount),
			})
			return err
		},
	}
}

// crediting credits a change order, matched by what the path and the state say.
func crediting(changeOrder any) request {
	return request{
		what: "a credit memo", state: order(takenBack, arrivedOrder),
		describe: func(i unconfigured, token string) *consumer.V4InteractionWithRequest {
			return i.WithRequestPathMatcher(http.MethodPost, summaryPath("/actions/create-credit-memo"), authorized(token),
				jsonBody(object{"changeOrderIds": []any{changeOrder}}))
		},
		call: func(ctx context.Context, caller remote.Caller, token string) error {
			_, err := client(caller, token).CreateCreditMemo(ctx, summaryID, []string{changeID})
			return err
		},
	}
}

// billing bills the fee for a change.
func billing(changeOrder any) request {
	return request{
		what: "an invoice of a fee", state: order(takenBack, arrivedOrder),
		describe: func(i unconfigured, token string) *consumer.V4InteractionWithRequest {
			return i.WithRequest(http.MethodPost, "/services/data/v60.0/commerce/order-management/order-summaries/actions/create-multiple-change-invoices",
				authorized(token), jsonBody(object{"invoicesFromChangeOrders": []object{{
					"orderSummaryId": fromState("${orderSummaryId}", summaryID), "changeOrderIds": []any{changeOrder},
				}}}))
		},
		call: func(ctx context.Context, caller remote.Caller, token string) error {
			_, err := client(caller, token).CreateFeeInvoice(ctx, summaryID, []string{feeOrderID})
			return err
		},
	}
}

// fundsCalls are the calls that have order management move money, or write what it moves money by.
func fundsCalls() []granted {
	return []granted{
		{reversing(10), http.StatusCreated, object{"error": nil, "gatewayResponse": object{"gatewayReferenceNumber": matchers.Like(operationRef)}}},
		{ensuring(10), http.StatusCreated, object{"success": true, "backgroundOperationId": id(operationID)}},
		{crediting(fromState("${changeOrderId}", changeID)), http.StatusCreated, object{"success": true, "creditMemoId": id(memoID)}},
		{billing(fromState("${feeChangeOrderId}", feeOrderID)), http.StatusCreated, object{
			"success": true, "invoices": []object{{"success": true, "invoiceId": id(invoiceID)}},
		}},
	}
}

// settlementQuestion is the composite request that the client sends. SOQL is the client's business; the order is the provider's.
func settlementQuestion(t *testing.T) request {
	t.Helper()
	return request{
		what: "a question what became of an order's money", state: order("an order is paid", paidOrder), read: true,
		describe: func(i unconfigured, token string) *consumer.V4InteractionWithRequest {
			return i.WithRequest(http.MethodPost, compositePath, authorized(token), sending(t, sentBy(t, func(caller remote.Caller) {
				_, _ = client(caller, session).Settlement(t.Context(), summaryID)
			})))
		},
		call: func(ctx context.Context, caller remote.Caller, token string) error {
			_, err := client(caller, token).Settlement(ctx, summaryID)
			return err
		},
	}
}

func (p somPact) funds(t *testing.T) {
	t.Helper()
	calls := requests(fundsCalls())
	p.granting(t, fundsCalls(), session)
	p.failing(t, calls, lockedRecords(), session, codeOnly)
	p.failing(t, append(calls, settlementQuestion(t)), somOutages(), session, codeOnly)
	p.unauthorized(t, append(calls, settlementQuestion(t)), http.StatusUnauthorized, remote.Unauthorized, "INVALID_SESSION_ID",
		body(refusal(matchers.S("INVALID_SESSION_ID"))))
	t.Run("what became of money", p.settlement)
	t.Run("refused funds", p.fundsRefused)
	t.Run("a bill that is refused", p.billRefused)
	t.Run("a gateway that declines", p.gatewayDeclines)
}

func (p somPact) settlement(t *testing.T) {
	q := settlementQuestion(t)
	i := q.interaction(t, p.pact, " of which nothing was settled", session).WillRespondWith(http.StatusOK, body(parts(
		answered("creditMemos", http.StatusOK, noRows()), answered("invoices", http.StatusOK, noRows()),
		answered("operations", http.StatusOK, noRows()), answered("refunds", http.StatusOK, noRows()),
	)))
	p.run(t, i, func(caller remote.Caller) error {
		got, err := client(caller, session).Settlement(t.Context(), summaryID)
		return expect(err, len(got.CreditMemos)+len(got.Invoices)+len(got.Operations)+len(got.Refunds), 0)
	})
}

// fundsRefused are requests for more than there is, or about what is nobody's.
func (p somPact) fundsRefused(t *testing.T) {
	for what, r := range map[string]request{
		" of more than is authorised": reversing(100000), " of a negative amount": ensuring(-1),
		" of a change that never was": crediting(changeID),
	} {
		i := r.interaction(t, p.pact, what, session).WillRespondWith(http.StatusBadRequest, body(refusal(matchers.Like("INVALID_API_INPUT"))))
		p.refuses(t, i, remote.Rejected, "INVALID_API_INPUT", func(caller remote.Caller) error { return r.call(t.Context(), caller, session) })
	}
}

// billRefused is an answer that says of each invoice whether it was made.
func (p somPact) billRefused(t *testing.T) {
	r := billing(feeOrderID)
	i := r.interaction(t, p.pact, " for a change that never was", session).WillRespondWith(http.StatusCreated, body(object{
		"invoices": []object{{"success": false, "errors": refusal(matchers.Like("INVALID_INPUT"))}},
	}))
	p.refuses(t, i, remote.Rejected, "INVALID_INPUT", func(caller remote.Caller) error { return r.call(t.Context(), caller, session) })
}

// gatewayDeclines is an answer that says yes for the org and no for the payment provider.
func (p somPact) gatewayDeclines(t *testing.T) {
	r := reversing(10)
	const code = "OPERATION_NOT_POSSIBLE"
	i := r.describe(p.interaction(t, r.what+" that the payment provider declines").GivenWithParameter(r.state).Given("the payment provider declines"), session).
		WillRespondWith(http.StatusCreated, body(object{
			"error":           object{"errorCode": matchers.Like("GATEWAY_ERROR"), "message": matchers.Like("a sentence")},
			"gatewayResponse": object{"gatewayResultCode": matchers.S(code), "salesforceResultCode": matchers.S("Decline")},
		}))
	p.refuses(t, i, remote.Conflict, code, func(caller remote.Caller) error { return r.call(t.Context(), caller, session) })
}
