//go:build pact

package consumer_test

import (
	"encoding/json"
	"net/http"
	"testing"

	"github.com/pact-foundation/pact-go/v2/matchers"

	"github.com/somsim/somsim/orderops/remote"
)

// locator is where the rest of a query is in the examples.
const (
	queryPath = "/services/data/v60.0/query/"
	locator   = "01g000000000001AAA-2000"
)

// rest reads the second page of an order's lines. What is agreed on is the
// second page: that an order is too long for one is not for the provider to
// arrange.
func (p somPact) rest(t *testing.T) {
	i := p.interaction(t, "a question for the rest of a query").
		Given("a query has more rows than fit a page").
		WithRequestPathMatcher(http.MethodGet, fromState(queryPath+"${locator}", queryPath+locator).shaped(`\w{18}-\d+`), authorized(session)).
		WillRespondWith(http.StatusOK, body(object{"done": true, "records": matchers.EachLike(object{"Id": matchers.Like(itemID)}, 1)}))
	p.run(t, i, func(caller remote.Caller) error {
		page, err := client(longOrder(t, caller), session).Orders(t.Context(), []string{unallocatedOrder})
		o, _ := page.Find(unallocatedOrder)
		if err == nil && len(o.Items.Records) == 2 {
			err = expect(nil, o.Items.Records[1].ID, itemID)
		}
		return expect(err, len(o.Items.Records), 2)
	})
}

func (p somPact) restLost(t *testing.T) {
	i := p.interaction(t, "a question for the rest of a query that was closed").
		Given("preset omnichannel").
		WithRequest(http.MethodGet, queryPath+locator, authorized(session)).
		WillRespondWith(http.StatusBadRequest, body(refusal(matchers.S("INVALID_QUERY_LOCATOR"))))
	p.refuses(t, i, remote.Rejected, "INVALID_QUERY_LOCATOR", func(caller remote.Caller) error {
		_, err := client(longOrder(t, caller), session).Orders(t.Context(), []string{unallocatedOrder})
		return err
	})
}

// longOrder answers the question for an order with a first page, and sends
// everything else to the mock server.
func longOrder(t *testing.T, caller remote.Caller) remote.Caller {
	t.Helper()
	first, err := json.Marshal(object{"compositeResponse": []object{{
		"referenceId": "orders", "httpStatusCode": http.StatusOK, "body": object{"done": true, "records": []object{{
			"Id": summaryID, "OrderNumber": unallocatedOrder, "OrderItemSummaries": object{
				"done": false, "nextRecordsUrl": queryPath + locator, "records": []object{{"Id": itemID}},
			},
		}}},
	}}})
	if err != nil {
		t.Fatal(err)
	}
	return after(first, caller)
}
