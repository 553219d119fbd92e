//go:build pact

package consumer_test

import (
	"context"
	"net/http"
	"testing"

	"github.com/pact-foundation/pact-go/v2/consumer"
	"github.com/pact-foundation/pact-go/v2/models"

	"github.com/somsim/somsim/orderops/remote"
	"github.com/somsim/somsim/orderops/somclient"
)

// somOutages are the failures of SOM, which tells them by a code.
func somOutages() []outage {
	return []outage{
		{"too many calls were made", " after too many calls", http.StatusForbidden, "REQUEST_LIMIT_EXCEEDED", remote.Throttled, remote.Throttled},
		{"the system is closed", " while the system is closed", http.StatusServiceUnavailable, "SERVER_UNAVAILABLE", remote.Unavailable, remote.Unavailable},
		{"the system breaks down", " that breaks the system", http.StatusInternalServerError, "UNKNOWN_EXCEPTION", remote.Unavailable, remote.Ambiguous},
	}
}

// lockedRecords is the failure of writes alone that a retry may overcome.
func lockedRecords() []outage {
	return []outage{{
		"somebody else holds the records", " while somebody else holds the records",
		http.StatusBadRequest, somclient.LockedRow, remote.Conflict, remote.Conflict,
	}}
}

// somReads are the calls that change nothing.
func somReads(t *testing.T) []request {
	t.Helper()
	return []request{
		{
			what: "a question for an order", state: order("an order is not allocated", unallocatedOrder), read: true,
			describe: func(i unconfigured, token string) *consumer.V4InteractionWithRequest {
				return i.WithRequest(http.MethodPost, compositePath, authorized(token), sending(t, ordersBody(t, unallocatedOrder)))
			},
			call: func(ctx context.Context, caller remote.Caller, token string) error {
				_, err := client(caller, token).Orders(ctx, []string{unallocatedOrder})
				return err
			},
		},
		{
			what: "a preview", state: order("an order is not allocated", unallocatedOrder), read: true,
			describe: func(i unconfigured, token string) *consumer.V4InteractionWithRequest {
				return i.WithRequestPathMatcher(http.MethodPost, changePath("preview-cancel"), authorized(token), changeOf(1))
			},
			call: func(ctx context.Context, caller remote.Caller, token string) error {
				_, err := client(caller, token).PreviewCancel(ctx, summaryID, units(1))
				return err
			},
		},
		{
			what: "a look for what is on record", state: order("an order is paid", paidOrder), read: true,
			describe: func(i unconfigured, token string) *consumer.V4InteractionWithRequest {
				return i.WithRequest(http.MethodPost, compositePath, authorized(token), lookingFor(t, operationRef))
			},
			call: func(ctx context.Context, caller remote.Caller, token string) error {
				_, err := client(caller, token).Recorded(ctx, operationRef, paymentSummaryID)
				return err
			},
		},
		{
			what: "a look for a fee", state: order("an order is not allocated", unallocatedOrder), read: true,
			describe: func(i unconfigured, token string) *consumer.V4InteractionWithRequest {
				return i.WithRequest(http.MethodPost, compositePath, authorized(token), sending(t, feeQuestion(t)))
			},
			call: func(ctx context.Context, caller remote.Caller, token string) error {
				_, err := client(caller, token).FeeBasis(ctx, unallocatedOrder, feeRef, feeProduct)
				return err
			},
		},
	}
}

// somActions are the calls of the Connect resources that change something.
func somActions() []request {
	return []request{
		{
			what: "a submit", state: order("an order is not allocated", unallocatedOrder),
			describe: func(i unconfigured, token string) *consumer.V4InteractionWithRequest {
				return i.WithRequestPathMatcher(http.MethodPost, changePath("submit-cancel"), authorized(token), changeOf(1))
			},
			call: func(ctx context.Context, caller remote.Caller, token string) error {
				_, err := client(caller, token).SubmitCancel(ctx, summaryID, units(1))
				return err
			},
		},
		{
			what: "a taking back of units", state: order("an order is allocated", allocatedOrder),
			describe: func(i unconfigured, token string) *consumer.V4InteractionWithRequest {
				return i.WithRequestPathMatcher(http.MethodPost, cancelItemPath(), authorized(token), takingBack(1))
			},
			call: func(ctx context.Context, caller remote.Caller, token string) error {
				return takeBack(ctx, client(caller, token), 1)
			},
		},
		{
			what: "a giving of units to a location", state: order("an order is not allocated", unallocatedOrder),
			describe: func(i unconfigured, token string) *consumer.V4InteractionWithRequest {
				return i.WithRequest(http.MethodPost, fulfillmentOrdersPath, authorized(token), allocationOf(1))
			},
			call: func(ctx context.Context, caller remote.Caller, token string) error {
				_, err := allocate(ctx, client(caller, token), 1)
				return err
			},
		},
		recordingReversal(), renamingRefund(),
		{
			what: "a fee", state: order("an order is not allocated", unallocatedOrder),
			describe: func(i unconfigured, token string) *consumer.V4InteractionWithRequest {
				return i.WithRequestPathMatcher(http.MethodPost, feePath(), authorized(token), feeOf("Unknown"))
			},
			call: func(ctx context.Context, caller remote.Caller, token string) error {
				_, err := client(caller, token).ChargeFee(ctx, fee("Unknown"))
				return err
			},
		},
	}
}

func recordingReversal() request {
	return request{
		what: "a record of a reversal", state: order("an order is authorised", unallocatedOrder),
		describe: func(i unconfigured, token string) *consumer.V4InteractionWithRequest {
			return i.WithRequest(http.MethodPost, adjustmentsPath, authorized(token), reversalOf(10))
		},
		call: func(ctx context.Context, caller remote.Caller, token string) error {
			_, err := client(caller, token).RecordReversal(ctx, reversal(10))
			return err
		},
	}
}

// renamedTo is the operation that took the place of the one on record.
const renamedTo = "3000000999_2"

func renamingRefund() request {
	return request{
		what: "a renaming of a refund", state: order("a refund is on record", paidOrder),
		describe: func(i unconfigured, token string) *consumer.V4InteractionWithRequest {
			path := fromState("/services/data/v60.0/sobjects/Refund/${refundId}", "/services/data/v60.0/sobjects/Refund/"+refundID)
			return i.WithRequestPathMatcher(http.MethodPatch, path, authorized(token), func(b *consumer.V4RequestBuilder) {
				b.JSONBody(object{"GatewayRefNumber": renamedTo})
			})
		},
		call: func(ctx context.Context, caller remote.Caller, token string) error {
			return client(caller, token).RenameRefund(ctx, refundID, renamedTo)
		},
	}
}

// recordingRefund is apart from the other writes: being a composite, it tells
// of a lock in the answer to a part.
func recordingRefund() request {
	return request{
		what: "a record of a refund", state: order("an order is paid", paidOrder),
		describe: func(i unconfigured, token string) *consumer.V4InteractionWithRequest {
			return i.WithRequest(http.MethodPost, compositePath, authorized(token), refundOf(10))
		},
		call: func(ctx context.Context, caller remote.Caller, token string) error {
			_, err := client(caller, token).RecordRefund(ctx, refund(10))
			return err
		},
	}
}

// somLogIn is the log-in. One that fails leaves nothing open.
func somLogIn() request {
	return request{
		what: "a log-in", state: models.ProviderState{Name: "preset omnichannel"}, read: true,
		describe: func(i unconfigured, secret string) *consumer.V4InteractionWithRequest {
			return i.WithRequest(http.MethodPost, "/services/oauth2/token", form("client_id=somsim&client_secret="+secret+"&grant_type=client_credentials"))
		},
		call: func(ctx context.Context, caller remote.Caller, secret string) error {
			_, err := somclient.Login(caller, somclient.Credentials{ClientID: "somsim", ClientSecret: secret}).Token(ctx)
			return err
		},
	}
}
