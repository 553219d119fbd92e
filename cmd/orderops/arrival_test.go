package main

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
)

// arriving is what is done about announced goods that have come.
func arriving() workflow {
	about := delivered()
	return workflow{
		name: "arrival", way: rma, soon: "7h", ready: (*stage).announceAndReceive,
		later: []parked{
			{"som", "composite", 1, about}, // what has arrived
			{"som", "composite", 2, about}, // the order
			{"worldline", "getPaymentDetails", 1, about},
			{"worldline", "refundPayment", 1, about},
			{"som", "composite", 3, about}, // is the refund on record
			{"som", "composite", 4, about}, // put it there
			{"loyalty", "searchLoyaltyEvents", 1, about},
			{"loyalty", "adjustLoyaltyPoints", 1, about},
			{"tracking", "collectEvents", 1, about},
		},
		settled: func(s *stage) {
			s.changed(map[string]int{"refundPayment": 1, "recordRefund": 1, "adjustLoyaltyPoints": 1, "collectEvents": 1, "createReturnOrder": 1})
		},
	}
}

// announceAndReceive has the shopper announce everything, and the warehouse book it as arrived, and the fee for it if there is one.
func (s *stage) announceAndReceive() {
	s.t.Helper()
	status, answer, err := announcing().until(s)
	var op struct {
		Return struct {
			ID string `json:"return_order_id"`
		}
	}
	if err != nil || status != http.StatusOK || json.Unmarshal(answer, &op) != nil || op.Return.ID == "" {
		s.t.Fatalf("the return answers %d %s %v", status, answer, err)
	}
	var lines struct {
		Records []struct {
			ID       string      `json:"Id"`
			Type     string      `json:"Type"`
			Expected json.Number `json:"QuantityExpected"`
		} `json:"records"`
	}
	query := "SELECT Id, Type, QuantityExpected FROM ReturnOrderLineItem WHERE QuantityExpected > 0 AND ReturnOrderId = '" + op.Return.ID + "'"
	token := s.orgToken()
	found := s.must(http.MethodGet, s.api+"/services/data/v60.0/query?"+url.Values{"q": {query}}.Encode(), token, nil)
	if err := json.Unmarshal(found, &lines); err != nil || len(lines.Records) == 0 {
		s.t.Fatalf("the return has the lines %s", found)
	}
	booked := map[string][]map[string]any{"Order Product": {}, "Fee": {}}
	for _, l := range lines.Records {
		booked[l.Type] = append(booked[l.Type], map[string]any{"returnOrderLineItemId": l.ID, "quantityReturned": l.Expected, "quantityToCancel": 0})
	}
	s.must(http.MethodPost, s.api+"/services/data/v60.0/commerce/returns/return-orders/"+op.Return.ID+"/actions/return-items", token,
		map[string]any{"returnOrderItems": booked["Order Product"], "returnOrderItemFees": booked["Fee"]})
}

// orgToken lets somebody of the warehouse into order management.
func (s *stage) orgToken() map[string]string {
	s.t.Helper()
	form := url.Values{"grant_type": {"client_credentials"}, "client_id": {"somsim~" + s.name}, "client_secret": {"somsim"}}
	req, err := http.NewRequestWithContext(s.t.Context(), http.MethodPost, s.api+"/services/oauth2/token", strings.NewReader(form.Encode()))
	if err != nil {
		s.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		s.t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	var out struct {
		Token string `json:"access_token"`
	}
	if err := json.NewDecoder(res.Body).Decode(&out); err != nil || out.Token == "" {
		s.t.Fatalf("the org's log-in answers %d %v", res.StatusCode, err)
	}
	return map[string]string{"Authorization": "Bearer " + out.Token}
}
