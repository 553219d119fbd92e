package features

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
)

// act is something that a system is asked for, as sentences speak of it.
type act struct {
	op operation
	// asked is what order-ops calls for it where that is another operation than the one that does it.
	asked operation
	// contains occurs in each of its requests and in no other of the operation; empty stands for all of them.
	contains string
	// looks is set for what changes nothing.
	looks bool
	// unnamed requests do not say which order they are for.
	unnamed bool
	// refusal is how the system says no to it, where it does so in another way than to anything else.
	refusal faultEffect
}

// match selects the requests for an act: those of the scenario's order, where they say whose they are.
func (w *world) match(op operation, a act) faultMatch {
	m := faultMatch{System: op.system(), Operation: op.name(), Contains: a.contains}
	if !a.unnamed {
		m.Order = w.orderNo
	}
	return m
}

// request is the operation that order-ops calls for an act.
func (a act) request() operation {
	if a.asked != "" {
		return a.asked
	}
	return a.op
}

// partner is a system that others call: what it is asked for, what of it stops when it is down, and how it says no.
type partner struct {
	acts    map[string]act
	down    faultMatch
	refusal faultEffect
}

// refusing is how a system says no to an act. One that never does is an error.
func (p partner) refusing(a act) (faultEffect, error) {
	for _, e := range []faultEffect{a.refusal, p.refusal} {
		if e.Kind != "" {
			return e, nil
		}
	}
	return faultEffect{}, fmt.Errorf("it never refuses: %s answers the same to whatever it is told", a.op.system())
}

func noTo(status int, code string) faultEffect {
	return faultEffect{Kind: "vendor_error", Status: status, Code: code}
}

// partners are the systems that can be in trouble, with what each can be asked for.
func (w *world) partners() map[string]partner {
	return map[string]partner{
		"order management": {orderManagementActs(), faultMatch{System: submitCancel.system()}, noTo(http.StatusBadRequest, cancelRefused)},
		"the payment provider": {map[string]act{
			"the release": {op: releaseMoney, asked: w.releasing()},
			"the refund":  {op: refundMoney, asked: w.refunding(), refusal: noTo(http.StatusPaymentRequired, declined)},
		}, faultMatch{System: refundMoney.system()}, noTo(http.StatusPaymentRequired, operationNotPossible)},
		"the slot service": {map[string]act{
			"the release of the booking":  {op: releaseBooking},
			"the hold on the window":      {op: "slots.holdSuccessor", unnamed: true},
			"the move to the new order":   {op: "slots.confirmHold", unnamed: true},
			"the move to another window":  {op: "slots.moveBooking", unnamed: true},
			"the question about bookings": {op: "slots.listBookings", looks: true},
		}, faultMatch{System: releaseBooking.system()}, noTo(http.StatusBadRequest, "INVALID_REQUEST")},
		"inventory": {map[string]act{
			"the release of the goods":     {op: releaseGoods},
			"the reservation of the goods": {op: "oci.createReservation", unnamed: true},
		}, faultMatch{System: releaseGoods.system()}, noTo(http.StatusBadRequest, "INVALID_RECORD")},
		"the shop":           {shopActs(), faultMatch{System: mirrorStatus.system()}, noTo(http.StatusForbidden, "ClientAccessForbiddenException")},
		"web analytics":      {map[string]act{"the refund event": {op: collectEvents, contains: `"refund"`}, "the purchase event": {op: collectEvents, contains: `"purchase"`, unnamed: true}}, faultMatch{System: collectEvents.system()}, faultEffect{}},
		"the points service": {pointsActs(), faultMatch{System: "loyalty", Contains: w.orderNo}, noTo(http.StatusBadRequest, "BAD_REQUEST")},
		"the identity service": {
			map[string]act{"the log-in": {op: logInAtSLAS, unnamed: true}},
			faultMatch{System: logInAtSLAS.system(), Operation: logInAtSLAS.name()},
			noTo(http.StatusUnauthorized, "invalid_client"),
		},
		"the identity provider": {
			map[string]act{
				"the question about the account": {op: askAccount, unnamed: true, looks: true},
				"the keys of log-ins":            {op: "cdc.accountsGetJWTPublicKey", unnamed: true, looks: true},
			},
			faultMatch{System: askAccount.system()},
			faultEffect{Kind: "vendor_error", Code: "403007"}, // in the body of an answer whose status is that of success
		},
		"order-ops": {map[string]act{
			"the shop's check":   {op: hookBefore},
			"the shop's request": {op: hookAfter},
			"the shop's answer":  {op: hookAnswer},
		}, faultMatch{System: hookBefore.system(), Operation: hookBefore.name()}, faultEffect{Kind: "status", Status: http.StatusBadRequest}},
	}
}

func orderManagementActs() map[string]act {
	return map[string]act{
		"the cancel":                   {op: submitCancel},
		"the return of the units":      {op: takeBack},
		"the return of the shopper":    {op: submitReturn},
		"the announcement":             {op: createReturn},
		"the allocation":               {op: createFulfillment, unnamed: true},
		"the hold on the order":        {op: updateRow, contains: held, unnamed: true},
		"the wanted date":              {op: updateRow, contains: "DesiredDeliveryDate", unnamed: true},
		"the log-in":                   {op: "som.token", unnamed: true, looks: true, refusal: noTo(http.StatusBadRequest, "invalid_client")},
		"the question about the order": {op: "som.", contains: questions, unnamed: true, looks: true},
	}
}

func shopActs() map[string]act {
	return map[string]act{
		"the cancel":                   {op: mirrorStatus},
		"the basket":                   {op: makeBasket, unnamed: true},
		"the units of the basket":      {op: "b2c.reserveBasket", unnamed: true},
		"the storefront of the basket": {op: "b2c.setBasketStorefront", unnamed: true},
		"the order of the basket":      {op: "b2c.submitBasket", unnamed: true},
		"the log-in":                   {op: "b2c.accountManagerToken", unnamed: true, looks: true, refusal: noTo(http.StatusUnauthorized, "invalid_client")},
		"a search":                     {op: searchOrders, unnamed: true, looks: true},
	}
}

func pointsActs() map[string]act {
	return map[string]act{
		"the change of the points":       {op: "loyalty.adjustLoyaltyPoints", unnamed: true},
		"the return of the reward":       {op: "loyalty.deleteLoyaltyReward", unnamed: true},
		"the question about the points":  {op: "loyalty.searchLoyaltyEvents", looks: true},
		"the question about the account": {op: "loyalty.retrieveLoyaltyAccount", unnamed: true, looks: true},
	}
}

// systemWord and actWord are the groups of expressions that understand the systems, and what any of them is asked for.
func systemWord() string { return oneOf("system", new(world).partners()) }

func actWord() string {
	all := map[string]act{}
	for _, p := range new(world).partners() {
		maps.Copy(all, p.acts)
	}
	return oneOf("act", all)
}

// asking finds what a sentence says that a system is asked for.
func (w *world) asking(system, what string) (partner, act, error) {
	p := w.partners()[system]
	a, ok := p.acts[what]
	if !ok {
		return p, a, fmt.Errorf("%s is never asked for %s, but for %s", system, what, strings.Join(slices.Sorted(maps.Keys(p.acts)), ", "))
	}
	return p, a, nil
}
