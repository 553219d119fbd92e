package states

import (
	"errors"
	"net/http"
	"net/url"
	"time"
)

// orderOpsStates is the vocabulary that consumers may use of order-ops. "The
// shopper" is the one of the preset who has the order and is logged in.
func orderOpsStates() map[string]prepare {
	failing := func(f fault) prepare {
		return func(s *Stage, _ string) (Values, error) { return nil, s.arm(f) }
	}
	states := map[string]prepare{
		"preset omnichannel":                                       nothing,
		"an order is not allocated":                                (*Stage).cancellable,
		"an order has shipped":                                     shipped("shipped"),
		"a part of an order has shipped":                           shipped("part_shipped"),
		"a line of an order has shipped":                           (*Stage).shippedLine,
		"a line of an order belongs to another":                    (*Stage).dependentLine,
		"the window of an order has closed":                        (*Stage).windowClosed,
		"an order was cancelled":                                   (*Stage).cancelledOrder,
		"an order is another shopper's":                            (*Stage).foreignOrder,
		"the shopper has orders":                                   nothing,
		"the shopper has seen a page of orders":                    seenPage(pactShopper, "limit=2"),
		"the shopper has seen a page of orders that are under way": seenPage(pactWebShopper, "limit=1&status=confirmed"),
		"the shopper's token has expired":                          (*Stage).expired,
		"the agent's session has ended":                            (*Stage).sessionEnded,
		"the shopper has cancelled an order":                       (*Stage).cancelledByShopper,
		"the cancel of an order is under way":                      (*Stage).cancelUnderWay,
		"an order waits for its payment":                           unplaced("created", 5),
		"the payment of an order failed":                           unplaced("failed", 5),
		"an order was replaced":                                    unplaced("replaced", 2),
		"an order is on its way to order management":               unplaced("new", 5),
		"order management takes its time":                          (*Stage).slowSOM,
		"order management is down":                                 (*Stage).withoutSOM,
		"delivery methods may not be seen":                         failing(fault{"unseen", faultMatch{System: "som", Operation: "query", Contains: "OrderDeliveryMethod.Name"}, faultEffect{Kind: "vendor_error", Code: "INVALID_FIELD"}, 0}),
		"the payment platform is down":                             failing(fault{"down", faultMatch{System: "worldline"}, faultEffect{Kind: "status", Status: http.StatusServiceUnavailable}, 0}),
		"commerce takes no more calls for now":                     failing(fault{"limit", faultMatch{System: "b2c"}, faultEffect{Kind: "status", Status: http.StatusTooManyRequests}, 0}),
		"commerce forbids the storefront":                          failing(fault{"forbidden", faultMatch{System: "b2c"}, faultEffect{"vendor_error", "ClientAccessForbiddenException", http.StatusForbidden}, 0}),
		"commerce is out of order":                                 failing(fault{"broken", faultMatch{System: "b2c"}, faultEffect{Kind: "status", Status: http.StatusInternalServerError}, 0}),
		"commerce does not answer":                                 failing(fault{"silent", faultMatch{System: "b2c"}, faultEffect{Kind: "lost_before"}, 0}),

		"an order is being edited":                            (*Stage).edited,
		"the shopper has an order and a basket":               (*Stage).withBasketToo,
		"nothing of an order is left to be sold":              (*Stage).soldOut,
		"another slot has room":                               (*Stage).openSlot,
		"another slot is full":                                (*Stage).fullSlot,
		"the follow-up basket of an order can be ordered":     payable("4111111111111111"),
		"the card in the follow-up basket is declined":        payable("4000000000000002"),
		"the slot of an order that is being edited is lost":   (*Stage).slotLost,
		"the follow-up basket of an order was ordered":        (*Stage).followedUp,
		"the follow-up order has taken the place of an order": (*Stage).confirmed,

		"the cut-off of the slot of an order has passed":     (*Stage).afterCutoff,
		"somebody else holds the records of an order":        (*Stage).lockedSOM,
		"order management does not say whether it cancelled": silentSOM("submitCancel", 3),

		"order management does not say whether it took anything back":  silentSOM("submitReturn", 2),
		"a guest was mailed a code for an order":                       (*Stage).mailedCode,
		"the shop gave out a token with an order":                      (*Stage).orderToken,
		"too many codes were tried with an order":                      (*Stage).triedCodes,
		"a guest was let in to an order":                               (*Stage).guestLetIn,
		"an order is being edited in another session of the shopper":   (*Stage).otherSession,
		"no action is switched on for the site of an order":            (*Stage).siteSwitchedOff,
		"order management goes down while an order is being edited":    (*Stage).editedWithoutSOM,
		"the follow-up basket of an order was ordered and not paid":    (*Stage).unpaidFollowUp,
		"order management has cancelled an order that is being edited": (*Stage).cancelledInSOM,
		"another slot is full while an order is being edited":          (*Stage).editedWithFullSlot,
	}
	for name, prepare := range states {
		states[name] = withSlotsKey(withAgent(withCommerceTokens(prepare)))
	}
	return states
}

// cancellable names a line of the order.
func (s *Stage) cancellable(number string) (Values, error) {
	order, err := s.commerceOrder(number, pactShopper)
	if err != nil {
		return nil, err
	}
	if len(order.ProductItems) == 0 {
		return nil, errors.New("the order has no line")
	}
	return Values{"itemId": order.ProductItems[0].ItemID, "resourceState": order.ResourceState}, nil
}

// shippedLine names a line of an order that has shipped.
func (s *Stage) shippedLine(number string) (Values, error) {
	if _, err := shipped("shipped")(s, number); err != nil {
		return nil, err
	}
	return s.cancellable(number)
}

// dependentLine names a line of an order that is a part of another one.
func (s *Stage) dependentLine(number string) (Values, error) {
	order, err := s.commerceOrder(number, pactShopper)
	if err != nil {
		return nil, err
	}
	for _, item := range order.ProductItems {
		for _, part := range item.BundledItems {
			return Values{"itemId": part.ItemID, "resourceState": order.ResourceState}, nil
		}
	}
	return nil, errors.New("the order has no bundle")
}

// windowClosed lets a month pass after the order has shipped, in which the
// shopper's token expires.
func (s *Stage) windowClosed(number string) (Values, error) {
	if err := s.wait(31 * 24 * time.Hour); err != nil {
		return nil, err
	}
	if _, err := s.shopper(); err != nil {
		return nil, err
	}
	return s.shippedLine(number)
}

// unplaced is the state of an order that only commerce has, with that status,
// and whose owner is the nth shopper.
func unplaced(status string, owner int) prepare {
	return func(s *Stage, number string) (Values, error) {
		if _, err := s.logIn(owner); err != nil {
			return nil, err
		}
		order, err := s.commerceOrder(number, pactShopper)
		if err == nil && order.Status != status {
			err = errors.New("the order is " + order.Status)
		}
		return nil, err
	}
}

// afterCutoff lets two days pass, in which the shopper's token expires.
func (s *Stage) afterCutoff(number string) (Values, error) {
	if err := s.wait(48 * time.Hour); err != nil {
		return nil, err
	}
	if _, err := s.shopper(); err != nil {
		return nil, err
	}
	return s.cancellable(number)
}

// slowSOM has order management take its time over a cancel, or a return, until
// the next state, or the end.
func (s *Stage) slowSOM(number string) (Values, error) {
	names := map[string]string{"slow-cancel": "submitCancel", "slow-return": "submitReturn"}
	s.holdsUp(func() (err error) {
		for name := range names {
			err = errors.Join(err, s.exchange(http.MethodDelete, s.control+"/control/v1/sandboxes/"+s.sandbox()+"/faults?name="+name, nil, nil, nil))
		}
		return err
	})
	for name, operation := range names {
		if err := s.arm(fault{name, faultMatch{System: "som", Operation: operation}, faultEffect{Kind: "hold"}, 1}); err != nil {
			return nil, err
		}
	}
	return s.cancellable(number)
}

// silentSOM does what is asked without saying so, and cannot be asked
// afterwards: the nth time that an order is read is the first after it.
func silentSOM(operation string, nth int) prepare {
	return func(s *Stage, number string) (Values, error) {
		found, err := s.cancellable(number)
		if err != nil {
			return nil, err
		}
		if err := s.arm(fault{"lost", faultMatch{System: "som", Operation: operation}, faultEffect{Kind: "lost_after_commit"}, 1}); err != nil {
			return nil, err
		}
		return found, s.arm(fault{"mute", faultMatch{System: "som", Operation: "composite", Nth: nth}, faultEffect{Kind: "status", Status: http.StatusServiceUnavailable}, 1000})
	}
}

// lockedSOM has somebody else hold the records that any action changes.
func (s *Stage) lockedSOM(number string) (Values, error) {
	for _, operation := range []string{"submitCancel", "submitReturn", "updateRow"} {
		if err := s.arm(fault{"locked " + operation, faultMatch{System: "som", Operation: operation}, faultEffect{Kind: "vendor_error", Code: "UNABLE_TO_LOCK_ROW"}, 0}); err != nil {
			return nil, err
		}
	}
	return s.cancellable(number)
}

// cancelledByShopper has the shopper cancel the order by way of order-ops,
// under the request id of the pacts.
func (s *Stage) cancelledByShopper(number string) (Values, error) {
	found, err := s.cancellable(number)
	if err != nil {
		return nil, err
	}
	found["operationId"], err = s.cancelling(number)
	return found, err
}

// seenPage is a shopper who has read the first orders and wants more.
func seenPage(inPact, query string) prepare {
	return func(s *Stage, _ string) (Values, error) {
		var page struct {
			Cursor string `json:"next_cursor"`
		}
		err := s.exchange(http.MethodGet, s.orderOps+"/order-ops/v1/orders?"+query, as(s.real(inPact)), nil, &page)
		if err == nil && page.Cursor == "" {
			err = errors.New("there are no more orders")
		}
		return Values{"cursor": page.Cursor}, err
	}
}

func (s *Stage) cancel(number string) error {
	_, err := s.cancelling(number)
	return err
}

// cancelling cancels and returns the id of the operation.
func (s *Stage) cancelling(number string) (operation string, err error) {
	wish := map[string]string{"c_action": "cancel", "c_actionRequestId": "tap-1"}
	var answer struct {
		Result struct {
			OperationID string `json:"operation_id"`
		} `json:"c_actionResult"`
	}
	err = s.exchange(http.MethodPatch, s.orderOps+shopPath+"/orders/"+url.PathEscape(number), s.commerceCaller(pactShopper), wish, &answer)
	return answer.Result.OperationID, err
}

// cancelUnderWay has order management take its time over the shopper's cancel
// until the next state, or the end.
func (s *Stage) cancelUnderWay(number string) (Values, error) {
	const name = "takes-its-time"
	if err := s.arm(fault{name, faultMatch{System: "som", Operation: "submitCancel"}, faultEffect{Kind: "hold"}, 1}); err != nil {
		return nil, err
	}
	sandbox := s.control + "/control/v1/sandboxes/" + s.sandbox()
	answered := make(chan error, 1)
	go func() { answered <- s.cancel(number) }()
	s.holdsUp(func() error {
		err := s.exchange(http.MethodDelete, sandbox+"/faults?name="+name, nil, nil, nil)
		return errors.Join(err, <-answered)
	})
	held := map[string]any{"match": map[string]string{"fault": name, "phase": "opened"}, "count": 1, "timeout_ms": 5000}
	return nil, s.exchange(http.MethodPost, sandbox+"/journal/await", nil, held, nil)
}

// withoutSOM has every call to order management fail.
func (s *Stage) withoutSOM(string) (Values, error) {
	return nil, s.arm(fault{"down", faultMatch{System: "som"}, faultEffect{Kind: "status", Status: http.StatusServiceUnavailable}, 0})
}
