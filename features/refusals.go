package features

import (
	"context"
	"net/http"
)

// refusalKind is a way to say no.
type refusalKind struct {
	// codes are the words for it that callers get; a storefront gets that of commerce where commerce has one. Where there is
	// none the status says it all.
	codes  []string
	status int
	// again says that the same may be asked again as it is.
	again bool
	// allowed is what can be done instead.
	allowed string
	// beside makes sure of what is told beside the code, names of what the sentence quotes, which some kinds ask for.
	beside func(w *world, ctx context.Context, told problem) error
	names  func(w *world, ctx context.Context, told problem, what, city string) error
}

// refusals are the ways to say no, by the words of scenarios: every code that order-ops refuses with is among them.
func refusals() map[string]refusalKind {
	all := map[string]refusalKind{}
	for _, some := range []map[string]refusalKind{
		refusalsOfOrders(), refusalsOfCancels(), refusalsOfModifications(), refusalsOfConfirmations(), refusalsOfReturns(), refusalsOfCallers(), refusalsOfSystems(),
	} {
		for words, kind := range some {
			all[words] = kind
		}
	}
	return all
}

// no is a refusal that trying again does not change.
func no(codes ...string) refusalKind { return refusalKind{codes: codes} }

// notYet is a refusal that passes.
func notYet(codes ...string) refusalKind { return refusalKind{codes: codes, again: true} }

// refusalsOfOrders are about what an order is, whatever is to be done with it.
func refusalsOfOrders() map[string]refusalKind {
	return map[string]refusalKind{
		"there is no such order":                        no(codeOrderNotFound, "CustomerNotFoundException"),
		"the order was never placed":                    no("ORDER_NOT_PLACED"),
		"the new order is not paid yet":                 notYet("ORDER_NOT_PLACED"),
		"the order is replaced":                         {codes: []string{"ORDER_REPLACED"}, names: (*world).namesCurrentOrder},
		"the order is still on its way":                 notYet("ORDER_NOT_YET_IN_OMS"),
		"the order has changed":                         notYet("ORDER_CHANGED"),
		"another action is under way":                   notYet("ORDER_ACTION_IN_PROGRESS"),
		"the order is order management's":               no("USE_OMS"),
		"the order has no such lines":                   no("UNKNOWN_ITEMS"),
		"there is no such reason":                       {codes: []string{"INVALID_REASON_CODE"}, beside: (*world).besideReasons},
		"it goes only together with what it belongs to": {codes: []string{"DEPENDENT_LINE"}, names: (*world).namesLine},
		"the refund is not the one agreed to":           {codes: []string{"AMOUNT_CHANGED"}, names: (*world).namesRefund},
		"it cannot be opened again":                     no("CANNOT_REOPEN"),
		"the shop's copy is stale":                      no("ResourceStateConflictException"),
	}
}

func refusalsOfCancels() map[string]refusalKind {
	return map[string]refusalKind{
		"it is too late to cancel":            {codes: []string{"NOT_CANCELLABLE"}, allowed: "return", names: (*world).namesLine},
		"order management refused":            {codes: []string{"NOT_CANCELLABLE"}, beside: (*world).besideUpstream},
		"a part of the order has left":        {codes: []string{"PARTIALLY_FULFILLED"}, names: (*world).namesShipped},
		"the cut-off has passed":              {codes: []string{"CUTOFF_PASSED"}, names: (*world).namesCutoff},
		"the order does not have so many":     {codes: []string{"CANCEL_QUANTITY_EXCEEDED"}, names: (*world).namesLine},
		"a quantity is not a number of units": no("INVALID_QUANTITY"),
		"too little would be left":            {codes: []string{"MINIMUM_NOT_MET"}, names: (*world).namesLeast},
	}
}

func refusalsOfModifications() map[string]refusalKind {
	return map[string]refusalKind{
		"the order cannot be modified":            no("NOT_MODIFIABLE"),
		"the shopper has a basket already":        {codes: []string{"BASKET_EXISTS"}, beside: (*world).besideBasket},
		"nothing of it can be had":                no("NOTHING_TRANSFERABLE"),
		"the product is not sold in such numbers": {codes: []string{"QUANTITY_INVALID"}, names: (*world).namesRule},
		"the prices have changed":                 no("PRICE_CHANGED"),
		"the window is full":                      no("SLOT_FULL"),
	}
}

func refusalsOfConfirmations() map[string]refusalKind {
	return map[string]refusalKind{
		"the order is not edited any more":        no("NOT_EDITING"),
		"the order is edited in another session":  no("SESSION_MISMATCH"),
		"the new order is another customer's":     no("CUSTOMER_MISMATCH"),
		"the new order belongs to something else": no("CONTEXT_MISMATCH"),
		"a new order has taken its place already": {codes: []string{"ALREADY_CONFIRMED"}, beside: (*world).besideNewOrder},
		"the window is not held any more":         {codes: []string{"SLOT_HOLD_EXPIRED"}, beside: (*world).besideWindows},
		"the payment is declined":                 no("PAYMENT_DECLINED"),
		"there is no such basket":                 no("BASKET_NOT_FOUND"),
		"the basket cannot be ordered yet":        no("BASKET_INCOMPLETE"),
	}
}

func refusalsOfReturns() map[string]refusalKind {
	return map[string]refusalKind{
		"it is not taken back":             {codes: []string{"NOT_RETURNABLE"}, names: (*world).namesMadeToOrder},
		"the time for returning has ended": {codes: []string{"RETURN_WINDOW_CLOSED"}, names: (*world).namesReturnBy},
		"so many cannot be returned":       {codes: []string{"RETURN_QUANTITY_EXCEEDED"}, names: (*world).namesLine},
	}
}

// refusalsOfCallers are about who asks, and how.
func refusalsOfCallers() map[string]refusalKind {
	return map[string]refusalKind{
		"they are not logged in":                        no(codeUnknownCaller),
		"the log-in at the identity provider has ended": no("IDP_SESSION_EXPIRED", "ExpiredTokenException"),
		"the registration is not complete":              no("PROFILE_INCOMPLETE", "ClientAccessForbiddenException"),
		"they may not do that":                          {codes: []string{"FORBIDDEN", "ClientAccessForbiddenException"}, status: http.StatusForbidden},
		"they have to wait":                             {codes: []string{"RATE_LIMITED", "TooManyRequestsException"}, again: true},
		"the key was used for something else":           no("IDEMPOTENCY_KEY_REUSED"),
		"the key is missing":                            no("IDEMPOTENCY_KEY_REQUIRED"),
		"the request is not well-formed":                no("INVALID_REQUEST"),
		"there is no such action":                       no("OPERATION_NOT_FOUND"),
		"there is no such page":                         no("NOT_FOUND", "ResourcePathNotFoundException"),
		"the action is not on offer":                    no("ACTION_NOT_AVAILABLE"),
		"two sandboxes were named":                      no("SANDBOX_CONFLICT"),
		"nobody knows who reports it":                   no("INVALID_SIGNATURE"),
	}
}

// refusalsOfSystems are about systems that do not work.
func refusalsOfSystems() map[string]refusalKind {
	return map[string]refusalKind{
		"order management is away":            notYet("OMS_UNAVAILABLE"),
		"another system fails":                notYet("UPSTREAM_ERROR", "UPSTREAM_TIMEOUT"),
		"another system refuses":              no("UPSTREAM_ERROR"),
		"order-ops fails":                     no("INTERNAL_ERROR", "InternalServerErrorException"),
		"order-ops takes no reports":          notYet("EVENTS_NOT_CONFIGURED"),
		"the shop cannot do it at the moment": {status: http.StatusServiceUnavailable},
		"something went wrong at the shop":    {status: http.StatusInternalServerError},
	}
}

// waits are answers that commit to nothing yet, by the words of scenarios.
func waits() map[string]string {
	return map[string]string{"the cancel is still under way": codeInProgress, "the outcome is not known yet": codeOutcomeUnknown}
}

// ground is what of an order stands in the way, and for good if it is final.
type ground struct {
	reason string
	final  bool
}

// grounds are what may stand in the way, by the words of scenarios.
func grounds() map[string]ground {
	return map[string]ground{
		"it is cancelled": {"CANCELLED", true}, "it is fulfilled": {"FULFILLED", true}, "it contains a gift certificate": {"GIFT_CERTIFICATE", true},
		"it is allocated": {"ALLOCATED", false}, "its units went to somebody else": {"RESERVATION", false},
	}
}
