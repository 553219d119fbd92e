package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
)

// arrivalCalls are those by which announced goods that have arrived are paid for, counted from when they arrive.
func arrivalCalls() []parked {
	about := delivered()
	return []parked{
		{"som", "composite", 1, about}, // what has arrived
		{"som", "composite", 2, about}, // the order
		{"worldline", "getPaymentDetails", 1, about},
		{"worldline", "refundPayment", 1, about},
		{"som", "composite", 3, about}, // is the refund on record
		{"som", "composite", 4, about}, // put it there
		{"loyalty", "searchLoyaltyEvents", 1, about},
		{"loyalty", "adjustLoyaltyPoints", 1, about},
		{"tracking", "collectEvents", 1, about},
	}
}

// TestKilledWhenAnnouncedGoodsHaveArrived kills the process at the calls by which goods are paid for that were announced and
// have come, one after the other since only one tick runs at a time: without the tag full at some of them.
func TestKilledWhenAnnouncedGoodsHaveArrived(t *testing.T) {
	t.Parallel()
	simulator := serve(t)
	db := filepath.Join(t.TempDir(), "orderops.db")
	killedAtArrival(t, simulator, func() *process {
		return startOn(t, built.orderops, db, simulator.addresses["api"], simulator.addresses["control"], "--returns", "rma")
	})
}

// killedAtArrival does that with a service that start starts, or starts again.
func killedAtArrival(t *testing.T, simulator *process, start func() *process) {
	t.Helper()
	ops := start()
	for i, at := range arrivalCalls() {
		for n, phase := range []string{"before", "after"} {
			if !everything && (2*i+n)%4 != 3 {
				continue
			}
			t.Run(fmt.Sprintf("%s %s %s %d", phase, at.system, at.operation, at.nth), func(t *testing.T) {
				s := openStage(t, simulator, fmt.Sprintf("arrival-%d-%s", i, phase), at.about)
				s.ops = ops
				s.announceAndReceive()
				ended := s.park(at, phase, func() {
					_, _, _ = s.call(http.MethodPost, s.sandbox("/clock/advance"), nil, map[string]any{"duration": "7h"}) // it loses whom it ticks
				})
				ops.kill()
				<-ended
				s.letGo()
				ops = start()
				s.pass("7h")
				s.changed(map[string]int{"refundPayment": 1, "recordRefund": 1, "adjustLoyaltyPoints": 1, "collectEvents": 1, "createReturnOrder": 1})
				s.hold()
				s.close()
			})
		}
	}
}

// announceAndReceive has the shopper announce everything, and the warehouse book it as arrived.
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
			Expected json.Number `json:"QuantityExpected"`
		} `json:"records"`
	}
	query := "SELECT Id, QuantityExpected FROM ReturnOrderLineItem WHERE QuantityExpected > 0 AND ReturnOrderId = '" + op.Return.ID + "'"
	token := s.orgToken()
	found := s.must(http.MethodGet, s.api+"/services/data/v60.0/query?"+url.Values{"q": {query}}.Encode(), token, nil)
	if err := json.Unmarshal(found, &lines); err != nil || len(lines.Records) == 0 {
		s.t.Fatalf("the return has the lines %s", found)
	}
	var arrived []map[string]any
	for _, l := range lines.Records {
		arrived = append(arrived, map[string]any{"returnOrderLineItemId": l.ID, "quantityReturned": l.Expected, "quantityToCancel": 0})
	}
	s.must(http.MethodPost, s.api+"/services/data/v60.0/commerce/returns/return-orders/"+op.Return.ID+"/actions/return-items", token,
		map[string]any{"returnOrderItems": arrived})
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
