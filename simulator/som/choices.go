package som

import (
	"time"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/choice"
)

// The choices of the domain.
const (
	choiceRounding      = "som.rounding"
	choiceDeliveryBasis = "som.delivery-charge.basis"
	choiceTotalAmount   = "som.total-amount"
	choiceFirstStatus   = "som.order-summary.first-status"
	choiceItemTwice     = "som.change.item-twice"
	choiceFractions     = "som.change.fractions"
	choiceMostItems     = "som.change.most-items"
	choiceSign          = "som.change-order.sign"
	choiceBeyondWorth   = "som.adjust.beyond-worth"
	choiceMoves         = "som.fulfillment.moves"
	choiceEmptied       = "som.fulfillment.emptied"
	choiceRejected      = "som.fulfillment.rejected"
	choiceInvoiceable   = "som.invoice.category"
	choiceFirstBilling  = "som.billing.first-status"
	choiceCreditTwice   = "som.credit.twice"
	choiceSameReason    = "som.return-order.same-reason"
	choiceBackground    = "som.background.delay"
	choiceUnsaved       = "som.payments.unsaved-method"
	choiceSession       = "som.session.life"
	choiceLocatorIdle   = "som.query.locator-idle"
	choiceLocatorLife   = "som.query.locator-life"
	choiceRetention     = "som.events.retention"
	choiceStreamWait    = "som.streaming.timeout"
	choiceStreamReturn  = "som.streaming.reconnect"
)

// Choices is what the vendor leaves open about the rules of Order Management, whichever resource they are reached by.
func Choices() choice.Table {
	return choice.Table{Face: "som", Choices: []choice.Choice{
		{
			ID: choiceRounding, Text: "How the share of units in an amount, a percentage and a tax are rounded to the digits of the currency.",
			Allowed: []string{string(roundHalfUp), string(roundHalfEven), string(roundDown), string(roundUp)}, Default: string(roundHalfUp),
			Evidence: "proposed", Source: "Object reference: amounts are rounded to the unit the currency allows, not how",
		},
		{
			ID: choiceDeliveryBasis, Text: "Which price of the products the delivery charge is spread by: that before discounts (list) or that with all of them (paid).",
			Allowed: []string{"list", "paid"}, Default: "list",
			Evidence: "proposed", Source: "B2C Commerce data map, order delivery group: in proportion to the item price, not which",
		},
		{
			ID: choiceTotalAmount, Text: "Whether TotalAmount and TotalTaxAmount of orders have their share of order-level discounts (items) or leave it out (formula).",
			Allowed: []string{"items", "formula"}, Default: "items",
			Evidence: "proposed", Source: "Object reference: OrderSummary.TotalAmount, whose text and formula disagree",
		},
		{
			ID: choiceFirstStatus, Text: "The Status of an order summary whose request names none: none, or a value of the picklist.",
			Allowed: []string{"none", "Created", "Activated", "Approved"}, Default: "Created",
			Evidence: "recalled", Source: "The default picklist has it; what a new row gets is not documented",
		},
		{
			ID: choiceItemTwice, Text: "Whether a request may name an order item summary twice; its quantities are then held against what is available together.",
			Allowed: []string{"summed", "refused"}, Default: "summed",
			Evidence: "proposed", Source: "C9: not documented",
		},
		{
			ID: choiceFractions, Text: "Whether units can be cancelled and returned in fractions.",
			Allowed: []string{"accepted", "refused"}, Default: "accepted",
			Evidence: "proposed", Source: "C11: quantities are doubles in these resources and whole numbers in fulfillment orders",
		},
		{
			ID: choiceMostItems, Text: "The most change items that a cancel or a return may have; 0 for no limit.",
			Kind: choice.Number, Default: "0",
			Evidence: "proposed", Source: "C32: 100 are documented for the screens, nothing for the resource",
		},
		{
			ID: choiceSign, Text: "The sign of a change order's amounts and quantities: deltas has cancels and returns negative and fees positive, reversed the other way round.",
			Allowed: []string{"deltas", "reversed"}, Default: "deltas",
			Evidence: "proposed", Source: "Change Balances and Return Items of the Connect REST API disagree",
		},
		{
			ID: choiceBeyondWorth, Text: "Whether an adjustment may take more off an item than it is worth.",
			Allowed: []string{"refused", "accepted"}, Default: "refused",
			Evidence: "proposed", Source: "M11: not documented",
		},
		{
			ID: choiceMoves, Text: "Whether the status of a fulfillment order moves forward only, or between the categories DRAFT, ACTIVATED and FULFILLING as it likes.",
			Allowed: []string{"forward", "any"}, Default: "forward",
			Evidence: "recalled", Source: "The categories and their usual order are documented, a table of moves is not",
		},
		{
			ID: choiceEmptied, Text: "What becomes of a fulfillment order all of whose units were cancelled: its status stays (kept), or it is cancelled.",
			Allowed: []string{"kept", "cancelled"}, Default: "kept",
			Evidence: "proposed", Source: "C36: not documented",
		},
		{
			ID: choiceRejected, Text: "Whether units of a rejected fulfillment order can be allocated anew (released) or stay allocated to it (kept).",
			Allowed: []string{"released", "kept"}, Default: "released",
			Evidence: "recalled", Source: "C38: the category is newer than the documentation of the others",
		},
		{
			ID: choiceInvoiceable, Text: "Which status categories a fulfillment order can be invoiced in: any that holds units (allocated), or CLOSED only.",
			Allowed: []string{"allocated", "closed"}, Default: "allocated",
			Evidence: "proposed", Source: "Connect REST API: Create Invoice does not tell",
		},
		{
			ID: choiceFirstBilling, Text: "The Status that invoices and credit memos are born with.",
			Allowed: []string{"Posted", "Draft"}, Default: "Posted",
			Evidence: "recalled", Source: "The picklists have both; the first one is not documented",
		},
		{
			ID: choiceCreditTwice, Text: "Whether a change order can be in a second credit memo or invoice.",
			Allowed: []string{"refused", "accepted"}, Default: "refused",
			Evidence: "proposed", Source: "R23: not documented",
		},
		{
			ID: choiceSameReason, Text: "Whether a second return order line of an item with the same reason is taken, with a warning, or refused.",
			Allowed: []string{"warned", "refused"}, Default: "warned",
			Evidence: "documented", Source: "R10: the pages warn that the totals break and name no error",
		},
		{
			ID: choiceBackground, Text: "How long a background operation waits on the sandbox's clock before it runs.",
			Kind: choice.Duration, Default: "1s",
			Evidence: "proposed", Source: "No time is promised",
		},
		{
			ID: choiceUnsaved, Text: "The Status of a card that pays once and is not saved for the future.",
			Allowed: []string{"InActive", "Active"}, Default: "InActive",
			Evidence: "proposed", Source: "Connect REST API: saveForFuture does not tell",
		},
		{
			ID: choiceSession, Text: "How long an access token lives, counted from the login.",
			Kind: choice.Duration, Default: "12h",
			Evidence: "recalled", Source: "An org can choose from 15 minutes to 24 hours of idleness; counted from the login, reading never writes",
		},
		{
			ID: choiceLocatorIdle, Text: "How long a query's next page can be asked for after the last one.",
			Kind: choice.Duration, Default: "15m",
			Evidence: "recalled", Source: "General knowledge",
		},
		{
			ID: choiceLocatorLife, Text: "How long a query's pages can be asked for at all.",
			Kind: choice.Duration, Default: "48h",
			Evidence: "recalled", Source: "General knowledge",
		},
		{
			ID: choiceRetention, Text: "How long platform events can be replayed.",
			Kind: choice.Duration, Default: "72h",
			Evidence: "recalled", Source: "General knowledge",
		},
		{
			ID: choiceStreamWait, Text: "How long a connect of a streaming client waits for an event.",
			Kind: choice.Duration, Default: "110s",
			Evidence: "recalled", Source: "General knowledge",
		},
		{
			ID: choiceStreamReturn, Text: "How soon a streaming client has to connect again before it is forgotten.",
			Kind: choice.Duration, Default: "40s",
			Evidence: "recalled", Source: "General knowledge",
		},
	}}
}

// decisions is what holds of the choices, read once: rules are applied more often than they are chosen.
type decisions struct {
	rounding                                                                                  rounding
	byPaid, byFormula, twiceRefused, wholeUnits, reversed, worthIgnored                       bool
	anyMove, emptyCancelled, rejectedKept, closedOnly, creditAgain                            bool
	sameReasonRefused                                                                         bool
	mostItems                                                                                 int
	firstStatus, billingStatus, unsavedMethod                                                 string
	backgroundDelay, sessionLife, cursorIdle, cursorLife, retention, streamWait, streamReturn time.Duration
}

func decide(v choice.Values) decisions {
	how := decisions{
		rounding: rounding(v.Text(choiceRounding)), byPaid: v.Is(choiceDeliveryBasis, "paid"), byFormula: v.Is(choiceTotalAmount, "formula"),
		twiceRefused: v.Is(choiceItemTwice, "refused"), wholeUnits: v.Is(choiceFractions, "refused"), mostItems: v.Number(choiceMostItems),
		reversed: v.Is(choiceSign, "reversed"), worthIgnored: v.Is(choiceBeyondWorth, "accepted"), anyMove: v.Is(choiceMoves, "any"),
		emptyCancelled: v.Is(choiceEmptied, "cancelled"), rejectedKept: v.Is(choiceRejected, "kept"), closedOnly: v.Is(choiceInvoiceable, "closed"),
		billingStatus: v.Text(choiceFirstBilling), creditAgain: v.Is(choiceCreditTwice, "accepted"), sameReasonRefused: v.Is(choiceSameReason, "refused"),
		backgroundDelay: v.Duration(choiceBackground), unsavedMethod: v.Text(choiceUnsaved), sessionLife: v.Duration(choiceSession),
		cursorIdle: v.Duration(choiceLocatorIdle), cursorLife: v.Duration(choiceLocatorLife),
		retention: v.Duration(choiceRetention), streamWait: v.Duration(choiceStreamWait), streamReturn: v.Duration(choiceStreamReturn),
	}
	if first := v.Text(choiceFirstStatus); first != "none" {
		how.firstStatus = first
	}
	return how
}

func (how *decisions) deliveryByPaid() bool { return how != nil && how.byPaid }
func (how *decisions) totalByFormula() bool { return how != nil && how.byFormula }
func (how *decisions) beyondWorth() bool    { return how != nil && how.worthIgnored }
func (how *decisions) movesBack() bool      { return how != nil && how.anyMove }
func (how *decisions) emptiedCancels() bool { return how != nil && how.emptyCancelled }
func (how *decisions) rejectedKeeps() bool  { return how != nil && how.rejectedKept }

// invoiceable tells whether a fulfillment order of the category can be invoiced.
func (how *decisions) invoiceable(c StatusCategory) bool {
	return c == CategoryClosed || !how.closedOnly && how.allocates(c) && c != CategoryRejected
}

// signed turns a delta of the order into what a change order holds of it, and back.
func (how *decisions) signed(delta decimal.Decimal) decimal.Decimal {
	if how != nil && how.reversed {
		return delta.Neg()
	}
	return delta
}
