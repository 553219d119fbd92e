//go:build pact

package consumer_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"github.com/pact-foundation/pact-go/v2/consumer"
	"github.com/pact-foundation/pact-go/v2/matchers"

	"github.com/somsim/somsim/orderops/remote"
	"github.com/somsim/somsim/orderops/somclient"
)

const (
	groupID    = "0ag000000000001AAA"
	locationID = "131000000000001AAA"
	gatewayRef = "4000000001"
)

// object is a JSON object whose values may be matchers.
type object = map[string]any

func authorized(token string) consumer.V4RequestBuilderFunc {
	return func(b *consumer.V4RequestBuilder) { b.Header("Authorization", matchers.S("Bearer "+token)) }
}

func form(content string) consumer.V4RequestBuilderFunc {
	return func(b *consumer.V4RequestBuilder) { b.Body("application/x-www-form-urlencoded", []byte(content)) }
}

// sending expects exactly this JSON.
func sending(t *testing.T, raw []byte) consumer.V4RequestBuilderFunc {
	t.Helper()
	document := decoded(t, raw)
	return func(b *consumer.V4RequestBuilder) { b.JSONBody(document) }
}

func decoded(t *testing.T, raw []byte) object {
	t.Helper()
	var document object
	if err := json.Unmarshal(raw, &document); err != nil {
		t.Fatalf("the client sent %q: %v", raw, err)
	}
	return document
}

// sentBy returns the body of the request that a call makes.
func sentBy(t *testing.T, call func(remote.Caller)) []byte {
	t.Helper()
	var sent []byte
	listener := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		sent, _ = io.ReadAll(r.Body)
	}))
	defer listener.Close()
	call(remote.Caller{BaseURL: listener.URL})
	return sent
}

// changeOf is the wish to cancel units of the one item of the examples.
func changeOf(quantity int) consumer.V4RequestBuilderFunc {
	return func(b *consumer.V4RequestBuilder) {
		b.JSONBody(object{"changeItems": []object{{
			"orderItemSummaryId":    fromState("${orderItemSummaryId}", itemID),
			"quantity":              quantity,
			"reason":                "Unknown",
			"shippingReductionFlag": false,
		}}})
	}
}

// allocationOf is the wish to have a unit of the one item fulfilled by the one
// location of the examples.
func allocationOf(quantity int) consumer.V4RequestBuilderFunc {
	return func(b *consumer.V4RequestBuilder) {
		b.JSONBody(object{
			"orderSummaryId":              fromState("${orderSummaryId}", summaryID),
			"orderDeliveryGroupSummaryId": fromState("${orderDeliveryGroupSummaryId}", groupID),
			"fulfillmentGroups": []object{{
				"fulfilledFromLocationId": fromState("${locationId}", locationID),
				"fulfillmentType":         "Warehouse",
				"orderItemSummaries": []object{{
					"orderItemSummaryId": fromState("${orderItemSummaryId}", itemID), "quantity": quantity,
				}},
			}},
		})
	}
}

func body(content any) consumer.V4ResponseBuilderFunc {
	return func(b *consumer.V4ResponseBuilder) { b.JSONBody(exactly(content)) }
}

// composite is the answer to the client's two queries about an order, the
// second of which the tests do not look into.
func composite(number string, children object) object {
	summary := object{
		"Id": id(summaryID), "OrderNumber": matchers.S(number), "Status": matchers.Like("Created"),
		"OrderedDate":      somInstant("2026-03-02T10:00:00.000+0000"),
		"GrandTotalAmount": matchers.Like(120.5), "TotalTaxAmount": matchers.Like(20.08),
		"TotalAdjustedProductAmount": matchers.Like(90.42), "TotalAdjustedDeliveryAmount": matchers.Like(10),
	}
	for relationship, rows := range children {
		summary[relationship] = rows
	}
	return parts(
		answered(somclient.PartOrders, http.StatusOK, object{"done": true, "records": []object{summary}}),
		answered(somclient.PartDeliveryMethods, http.StatusOK, rows(object{
			"Id": id(groupID), "OrderDeliveryMethod": object{"Name": matchers.Like("Standard")},
		})),
	)
}

// parts is the answer to a composite request.
func parts(answers ...object) object { return object{"compositeResponse": answers} }

// answered is the answer to one of its parts.
func answered(reference string, status int, content any) object {
	return object{"referenceId": matchers.S(reference), "httpStatusCode": status, "body": content}
}

// noRows is a query result without any.
func noRows() object { return object{"done": true, "records": []object{}} }

// codeOnly is a refusal with that code, whatever else it tells.
func codeOnly(code string) any { return []object{{"errorCode": code}} }

// rows is a query result, nested or not, in one page.
func rows(row object) object {
	return object{"done": true, "records": matchers.EachLike(row, 1)}
}

func item() object {
	line := object{
		"Id": id(itemID), "TypeCode": matchers.Term("Product", "^(Product|Charge)$"), "Status": matchers.Like("ALLOCATED"),
		"ProductCode": matchers.Like("SHIRT-M"), "StockKeepingUnit": matchers.Like("SHIRT-M"), "Type": matchers.Like("Order Product"),
		"OrderDeliveryGroupSummaryId": id(groupID), "TotalAmtWithTax": matchers.Like(110.5), "TotalLineAmountWithTax": matchers.Like(120.5), "Name": matchers.Like("Shirt"),
	}
	for _, quantity := range []string{
		"Quantity", "QuantityOrdered", "QuantityCanceled", "QuantityAllocated", "QuantityFulfilled", "QuantityReturnInitiated",
		"QuantityReturned", "QuantityAvailableToCancel", "QuantityAvailableToFulfill", "QuantityAvailableToReturn",
	} {
		line[quantity] = matchers.Like(2)
	}
	return line
}

// somInstant is a datetime as the data API writes it.
func somInstant(example string) matchers.Matcher {
	return matchers.Term(example, `^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+0000$`)
}

// deliveredOrder is a fulfillment order whose parcel has arrived.
func deliveredOrder() object {
	return object{
		"Id": id(fulfillID), "FulfillmentOrderNumber": matchers.Like("FO-0001"), "Status": matchers.Like("Fulfilled"), "StatusCategory": matchers.S(somclient.CategoryClosed),
		"Type": matchers.Like("Warehouse"), "ClosedDate": somInstant("2026-03-02T10:00:00.000+0000"), "FulfilledFromLocationId": id(locationID),
		"FulfillmentOrderLineItems": rows(object{
			"Id": id(fulfillLine), "OrderItemSummaryId": id(itemID), "Quantity": matchers.Like(1), "OriginalQuantity": matchers.Like(1),
		}),
		"FulfillmentOrderShipments": rows(object{
			"Id": id("0OB000000000001AAA"), "ShipmentNumber": matchers.Like("SH-0001"), "Status": matchers.S("Delivered"),
			"TrackingNumber": matchers.Like("1Z999"), "CreatedDate": somInstant("2026-03-02T10:00:00.000+0000"),
			"ActualDeliveryDate": somInstant(arrival),
			"ShipmentItems":      rows(object{"Id": id("0ob000000000001AAA"), "OrderItemSummaryId": id(itemID), "Quantity": matchers.Like(1)}),
		}),
	}
}

// arrival is when the parcel of the examples arrived.
const arrival = "2026-03-04T11:30:00.000+0000"

func payment() object {
	return object{
		"Id": id("0bM000000000001AAA"), "Method": matchers.Like("Visa"),
		"AuthorizationAmount": matchers.Like(120.5), "CapturedAmount": matchers.Like(0),
		"RefundedAmount": matchers.Like(0),
		"PaymentAuthorizations": rows(object{
			"Id": id("0Xc000000000001AAA"), "Amount": matchers.Like(120.5), "Status": matchers.S("Processed"),
			"GatewayRefNumber": matchers.Like(gatewayRef),
		}),
	}
}

func fulfillmentOrder() object {
	return object{
		"Id": id(fulfillID), "Status": matchers.Like("Allocated"), "StatusCategory": matchers.S(somclient.CategoryActivated),
		"FulfilledFromLocationId": id(locationID),
		"FulfillmentOrderLineItems": rows(object{
			"Id": id(fulfillLine), "OrderItemSummaryId": id(itemID), "Quantity": matchers.Like(2), "OriginalQuantity": matchers.Like(2),
		}),
	}
}

func balances() object {
	return object{"grandTotalAmount": matchers.Like(60.25)}
}

// refusal is the error array of the data API. Its text is for people.
func refusal(code matchers.Matcher) []object {
	return []object{{"errorCode": code, "message": matchers.Like("a sentence")}}
}

// id is a record id of the same kind as the example.
func id(example string) matchers.Matcher {
	return matchers.Term(example, "^"+example[:3]+`\w{15}$`)
}

// stateMatcher is a value that the provider's state supplies when the pact is
// verified. pact-go's own matcher of that kind lets any string pass; this one
// wants the client to have sent the example's very shape.
type stateMatcher struct {
	matchers.Matcher

	expression, example string
	shape               string // what may stand for the variable, as a regular expression
}

// fromState is a value out of the provider's state: "${name}" in expression
// stands where a record id stands in example.
func fromState(expression, example string) stateMatcher {
	return stateMatcher{matchers.S(example), expression, example, `\w{18}`}
}

// shaped is the value with something else than a record id in it.
func (s stateMatcher) shaped(shape string) stateMatcher {
	s.shape = shape
	return s
}

// GetValue is the example.
func (s stateMatcher) GetValue() any { return s.example }

// MarshalJSON writes what the native library reads: a matcher and a generator.
func (s stateMatcher) MarshalJSON() ([]byte, error) {
	return json.Marshal(map[string]string{
		"pact:matcher:type": "regex", "regex": s.pattern(), "value": s.example,
		"pact:generator:type": "ProviderState", "expression": s.expression,
	})
}

// pattern is the expression with anything of the shape in place of its variables.
func (s stateMatcher) pattern() string {
	pattern, rest := "^", s.expression
	for {
		before, variable, found := strings.Cut(rest, "${")
		pattern += regexp.QuoteMeta(before)
		if !found {
			return pattern + "$"
		}
		_, rest, _ = strings.Cut(variable, "}")
		pattern += s.shape
	}
}
