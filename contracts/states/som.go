package states

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
)

// pactSession stands for a living session in the pacts with SOM.
const pactSession = "Bearer 00D000000000001!order-ops-session"

// somStates is the vocabulary that consumers may use of SOM.
func somStates() map[string]prepare {
	states := map[string]prepare{
		"preset omnichannel":        nothing,
		"an order is not allocated": (*Stage).unallocated,
		"an order is allocated":     (*Stage).allocated,
		"one unit of an order was cancelled by the integration user": (*Stage).oneCancelled,
		"units of an order can be returned":                          (*Stage).returnableUnits,
		"the return of a unit of an order is announced":              (*Stage).announcedUnit,
		"an order was delivered":                                     (*Stage).delivered,
		"a unit of an order was returned":                            (*Stage).unitReturned,
		"a query has more rows than fit a page":                      (*Stage).longQuery,
		"an order is authorised":                                     (*Stage).authorised,
		"an order is paid":                                           (*Stage).paid,
		"a reversal and a payment are on record":                     (*Stage).reversed,
		"a refund is on record":                                      (*Stage).refunded,
		"a fee is booked":                                            (*Stage).charged,
		"a unit of an order came back, less a fee":                   (*Stage).cameBack,
	}
	for name, prepare := range states {
		states[name] = withSession(prepare)
	}
	return states
}

// somTroubles are failures that come on top of any state of SOM, each with the
// status that its code has there.
func somTroubles() map[string]func(*Stage) error {
	failing := func(code string, operations ...string) func(*Stage) error {
		return func(s *Stage) error {
			for _, operation := range operations {
				err := s.arm(fault{"trouble " + operation, faultMatch{System: "som", Operation: operation}, faultEffect{Kind: "vendor_error", Code: code}, 0})
				if err != nil {
					return err
				}
			}
			return nil
		}
	}
	unseen := func(code, statement string) func(*Stage) error {
		return func(s *Stage) error {
			return s.arm(fault{"unseen", faultMatch{System: "som", Operation: "query", Contains: statement}, faultEffect{Kind: "vendor_error", Code: code}, 0})
		}
	}
	return map[string]func(*Stage) error{
		"delivery methods may not be seen": unseen("INVALID_FIELD", "OrderDeliveryMethod.Name"),
		"order items may not be seen":      unseen("INVALID_FIELD", "OrderItemSummaries"),
		"refunds may not be seen":          unseen("INVALID_TYPE", "FROM+Refund+"),
		"products may not be seen":         unseen("INVALID_TYPE", "FROM+Product2+"),

		"too many calls were made": failing("REQUEST_LIMIT_EXCEEDED", ""),
		"the system is closed":     failing("SERVER_UNAVAILABLE", ""),
		"the system breaks down":   failing("UNKNOWN_EXCEPTION", ""),
		"somebody else holds the records": failing("UNABLE_TO_LOCK_ROW",
			"submitCancel", "submitChange", "cancelFulfillmentOrderItem", "createFulfillmentOrders", "createRow", "updateRow", "submitReturn", "createReturnOrder",
			"reverseAuthorization", "ensureRefunds", "createCreditMemo", "createChangeInvoices"),
		"the payment provider declines": func(s *Stage) error {
			return s.arm(fault{"declines", faultMatch{System: "worldline", Operation: "cancelPayment"}, faultEffect{Kind: "vendor_error", Code: "OPERATION_NOT_POSSIBLE"}, 0})
		},
	}
}

// withSession logs the integration user in first.
func withSession(next prepare) prepare {
	return func(s *Stage, number string) (Values, error) {
		form := url.Values{"grant_type": {"client_credentials"}, "client_id": {"somsim~" + s.sandbox()}, "client_secret": {"somsim"}}
		var answer struct {
			AccessToken string `json:"access_token"`
		}
		_, err := s.send(http.MethodPost, s.api+"/services/oauth2/token", nil, "application/x-www-form-urlencoded", form.Encode(), &answer)
		if err != nil {
			return nil, err
		}
		s.stands("Bearer "+answer.AccessToken, pactSession)
		return next(s, number)
	}
}

func (s *Stage) unallocated(number string) (Values, error) {
	items, err := s.query(`SELECT Id, OrderSummaryId, OrderDeliveryGroupSummaryId FROM OrderItemSummary WHERE OrderSummary.OrderNumber = '` + number +
		`' AND TypeCode = 'Product' AND QuantityAllocated = 0 AND QuantityAvailableToCancel > 0`)
	if err != nil {
		return nil, err
	}
	locations, err := s.query(`SELECT Id FROM Location`)
	if err != nil {
		return nil, err
	}
	products, err := s.query(`SELECT Id FROM Product2 WHERE ProductCode = 'SPENT-POINTS'`)
	if err != nil {
		return nil, err
	}
	return Values{
		"productId": products[0]["Id"], "orderSummaryId": items[0]["OrderSummaryId"], "orderItemSummaryId": items[0]["Id"],
		"orderDeliveryGroupSummaryId": items[0]["OrderDeliveryGroupSummaryId"], "locationId": locations[0]["Id"],
	}, nil
}

func (s *Stage) allocated(number string) (Values, error) {
	lines, err := s.query(`SELECT Id, FulfillmentOrderId FROM FulfillmentOrderLineItem WHERE FulfillmentOrder.OrderSummary.OrderNumber = '` +
		number + `' AND FulfillmentOrder.StatusCategory = 'ACTIVATED' AND Quantity > 0 AND TypeCode = 'Product'`)
	if err != nil {
		return nil, err
	}
	return Values{
		"fulfillmentOrderId": lines[0]["FulfillmentOrderId"], "fulfillmentOrderLineItemId": lines[0]["Id"],
	}, nil
}

func (s *Stage) oneCancelled(number string) (Values, error) {
	found, err := s.unallocated(number)
	if err != nil {
		return nil, err
	}
	path := fmt.Sprintf("/services/data/v60.0/commerce/order-management/order-summaries/%s/actions/submit-cancel", found["orderSummaryId"])
	wish := map[string]any{"changeItems": []map[string]any{{
		"orderItemSummaryId": found["orderItemSummaryId"], "quantity": 1, "reason": "Unknown", "shippingReductionFlag": false,
	}}}
	return found, s.exchange(http.MethodPost, s.api+path, as(s.real(pactSession)), wish, nil)
}

// delivered finds the order of the preset whose parcel has arrived.
func (s *Stage) delivered(number string) (Values, error) {
	_, err := s.query(`SELECT Id FROM ShipmentItem WHERE Shipment.OrderSummary.OrderNumber = '` + number +
		`' AND Shipment.ActualDeliveryDate != null AND Shipment.TrackingNumber != null`)
	return nil, err
}

// returnableUnits names a line of a delivered order.
func (s *Stage) returnableUnits(number string) (Values, error) {
	items, err := s.query(`SELECT Id, OrderSummaryId FROM OrderItemSummary WHERE OrderSummary.OrderNumber = '` + number +
		`' AND TypeCode = 'Product' AND QuantityAvailableToReturn > 0`)
	if err != nil {
		return nil, err
	}
	return Values{"orderSummaryId": items[0]["OrderSummaryId"], "orderItemSummaryId": items[0]["Id"]}, nil
}

// announcedUnit announces the return of a unit of a delivered order.
func (s *Stage) announcedUnit(number string) (Values, error) {
	found, err := s.returnableUnits(number)
	if err != nil {
		return nil, err
	}
	announced := map[string]any{"orderSummaryId": found["orderSummaryId"], "status": "Approved", "returnOrderLineItems": []map[string]any{
		{"orderItemSummaryId": found["orderItemSummaryId"], "quantityExpected": 1, "reasonForReturn": "Wrong Item"},
	}}
	if err := s.exchange(http.MethodPost, s.api+"/services/data/v60.0/commerce/returns/return-orders", as(s.real(pactSession)), announced, nil); err != nil {
		return nil, err
	}
	orders, err := s.query(`SELECT Id FROM ReturnOrder WHERE OrderSummary.OrderNumber = '` + number + `'`)
	if err != nil {
		return nil, err
	}
	found["returnOrderId"] = orders[0]["Id"]
	return found, nil
}

// unitReturned announces the return of a unit of a delivered order, and takes it back.
func (s *Stage) unitReturned(number string) (Values, error) {
	items, err := s.query(`SELECT Id, OrderSummaryId FROM OrderItemSummary WHERE OrderSummary.OrderNumber = '` + number +
		`' AND TypeCode = 'Product' AND QuantityAvailableToReturn > 0`)
	if err != nil {
		return nil, err
	}
	announced := map[string]any{"orderSummaryId": items[0]["OrderSummaryId"], "status": "Approved", "returnOrderLineItems": []map[string]any{
		{"orderItemSummaryId": items[0]["Id"], "quantityExpected": 1, "reasonForReturn": "Wrong Item"},
	}}
	returns := s.api + "/services/data/v60.0/commerce/returns/return-orders"
	if err := s.exchange(http.MethodPost, returns, as(s.real(pactSession)), announced, nil); err != nil {
		return nil, err
	}
	lines, err := s.query(`SELECT Id, ReturnOrderId FROM ReturnOrderLineItem WHERE ReturnOrder.OrderSummary.OrderNumber = '` + number + `'`)
	if err != nil {
		return nil, err
	}
	back := map[string]any{"returnOrderItems": []map[string]any{{"returnOrderLineItemId": lines[0]["Id"], "quantityReturned": 1, "quantityToCancel": 0}}}
	err = s.exchange(http.MethodPost, fmt.Sprintf("%s/%s/actions/return-items", returns, lines[0]["ReturnOrderId"]), as(s.real(pactSession)), back, nil)
	return Values{"returnOrderId": lines[0]["ReturnOrderId"]}, err
}

// charged books the fee of the pacts.
func (s *Stage) charged(number string) (Values, error) {
	found, err := s.unallocated(number)
	if err != nil {
		return nil, err
	}
	path := fmt.Sprintf("/services/data/v66.0/commerce/order-management/order-summaries/%s/actions/submit-change", found["orderSummaryId"])
	fee := map[string]any{"changeReason": "Unknown", "changeOrdersReferenceNumber": "order-ops-fee-1", "orderItemSummaries": []map[string]any{{
		"changeType": "New", "orderItemSummary": map[string]any{
			"attributes": map[string]any{"type": "OrderItemSummary"}, "OrderDeliveryGroupSummaryId": found["orderDeliveryGroupSummaryId"],
			"Product2Id": found["productId"], "Name": "Spent points", "Type": "Fee", "Quantity": 1, "UnitPrice": 6, "TotalLineAmount": 6,
		},
	}}}
	return found, s.exchange(http.MethodPost, s.api+path, as(s.real(pactSession)), fee, nil)
}

// query returns the rows of a statement; none is an error, since a state is
// about something.
func (s *Stage) query(soql string) ([]map[string]any, error) {
	var answer struct {
		CompositeResponse []struct {
			HTTPStatusCode int
			Body           json.RawMessage
		}
	}
	statement := "/services/data/v60.0/query?" + url.Values{"q": {soql}}.Encode()
	err := s.exchange(http.MethodPost, s.api+"/services/data/v60.0/composite", as(s.real(pactSession)), map[string]any{
		"compositeRequest": []map[string]string{{"method": "GET", "url": statement, "referenceId": "rows"}},
	}, &answer)
	if err != nil {
		return nil, err
	}
	var result struct{ Records []map[string]any }
	part := answer.CompositeResponse[0]
	if part.HTTPStatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s: %s", soql, part.Body)
	}
	if err := json.Unmarshal(part.Body, &result); err != nil {
		return nil, err
	}
	if len(result.Records) == 0 {
		return nil, errors.New(soql + ": no rows")
	}
	return result.Records, nil
}
