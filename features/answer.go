package features

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/shopspring/decimal"
)

// answer is what order-ops told a shopper, in the same terms whatever the channel.
type answer struct {
	lost   error // there was no answer
	status int
	body   []byte
	// code is the service's word for a refusal, or for an answer that is still to come.
	code      string
	open      bool // neither done nor refused yet
	retriable bool
	allowed   []string
	// refused is what a refusal says beside its code.
	refused problem
	// effects are those of the cancellation, or of the refusal.
	effects      []effect
	operationID  string
	state        string // of the operation
	cancellation *cancellation
	modification *modification
	confirmation *confirmation
	returned     *returned
	// again asks for the same once more, under the same key.
	again func(ctx context.Context) answer
}

// returned is what a return came to.
type returned struct {
	Mode    string          `json:"mode"`
	Items   []cancelledItem `json:"items"`
	LeftOut []struct {
		ProductCode string `json:"product_code"`
		Why         string `json:"why"`
	} `json:"left_out"`
	Refund  decimal.Decimal `json:"refund"`
	Fee     decimal.Decimal `json:"fee"`
	Effects []effect        `json:"effects"`
}

type cancellation struct {
	OrderNo          string          `json:"order_no"`
	AlreadyCancelled bool            `json:"already_cancelled"`
	Whole            bool            `json:"whole"`
	Items            []cancelledItem `json:"items"`
	Refund           decimal.Decimal `json:"refund"`
	ChangeOrderID    string          `json:"change_order_id"`
	Coupons          []struct {
		Code    string `json:"code"`
		Outcome string `json:"outcome"`
	} `json:"coupons"`
	Repriced *repricing `json:"repriced"`
	Warnings []struct {
		Code string `json:"code"`
	} `json:"warnings"`
	Effects []effect `json:"effects"`
}

type cancelledItem struct {
	LineID   string          `json:"order_item_summary_id"`
	Quantity decimal.Decimal `json:"quantity"`
}

// effect is one consequence of a command in one system, and how far it has come.
type effect struct {
	System string           `json:"system"`
	Action string           `json:"action"`
	State  string           `json:"state"`
	Amount *decimal.Decimal `json:"amount"`
	Code   string           `json:"code"`
}

// The codes that sentences are about.
const (
	codeInProgress     = "IN_PROGRESS"
	codeOutcomeUnknown = "OUTCOME_UNKNOWN"
	codeNotCancellable = "NOT_CANCELLABLE"
	codeOrderNotFound  = "ORDER_NOT_FOUND"
	codeUnknownCaller  = "UNAUTHENTICATED"

	codeActionInProgress = "ORDER_ACTION_IN_PROGRESS"
	codePartlyFulfilled  = "PARTIALLY_FULFILLED"
	codeNotPlaced        = "ORDER_NOT_PLACED"
	codeReplaced         = "ORDER_REPLACED"
	codeUnknownReason    = "INVALID_REASON_CODE"
)

// operationDocument is how order-ops shows a command: alone in the app, inside the order in the storefront.
type operationDocument struct {
	OperationID  string        `json:"operation_id"`
	State        string        `json:"state"`
	Code         string        `json:"code"`
	Cancellation *cancellation `json:"cancellation"`
	Modification *modification `json:"modification"`
	Confirmation *confirmation `json:"confirmation"`
	Return       *returned     `json:"return"`
	Problem      *problem      `json:"problem"`
}

// problem is a refusal as the app gets it; the storefront gets the same members inside its fault.
type problem struct {
	Code      string   `json:"code"`
	Retriable bool     `json:"retriable"`
	Allowed   []string `json:"allowed"`
	Effects   []effect `json:"effects"`
	// Items are the order's lines that the refusal is about, ReasonCodes those that may be sent instead.
	Items       []string `json:"items"`
	ReasonCodes []string `json:"reason_codes"`
	// CurrentOrderNo is the order that took the place of this one, UpstreamCode the word of the system that refused.
	CurrentOrderNo string `json:"current_order_no"`
	UpstreamCode   string `json:"upstream_code"`
	// Reason says more of why an order cannot be changed, BasketIDs and Choices what is in the way and what can be done.
	Reason     string   `json:"reason"`
	BasketIDs  []string `json:"basket_ids"`
	Choices    []string `json:"choices"`
	NewOrderNo string   `json:"new_order_no"`
	Quantities []struct {
		ItemID string          `json:"item_id"`
		Min    decimal.Decimal `json:"min"`
		Max    decimal.Decimal `json:"max"`
		Step   decimal.Decimal `json:"step"`
	} `json:"quantities"`
	Alternatives []struct {
		ID string `json:"slot_id"`
	} `json:"alternatives"`
	// CutoffAt is until when a slot could be given up.
	CutoffAt string `json:"cutoff_at"`
	// ReturnBy is the last instant that was in time.
	ReturnBy string `json:"return_by"`
	// Least is what has to be left of an order, Left what would be.
	Least, Left decimal.Decimal
	// ExpectedRefund and ActualRefund differ where a refund is another one than the shopper agreed to.
	ExpectedRefund decimal.Decimal `json:"expected_refund"`
	ActualRefund   decimal.Decimal `json:"actual_refund"`
	// NotReturned are the lines that cannot come back.
	NotReturned []struct {
		ProductCode string `json:"product_code"`
		Why         string `json:"why"`
		Reason      string `json:"reason"`
	} `json:"not_returned"`
}

func (a *answer) take(op operationDocument) {
	a.operationID, a.state, a.code, a.cancellation = op.OperationID, op.State, op.Code, op.Cancellation
	a.modification, a.confirmation = op.Modification, op.Confirmation
	a.open = op.Code == codeInProgress || op.Code == codeOutcomeUnknown
	if op.Problem != nil {
		a.refuse(*op.Problem)
	}
	if op.Cancellation != nil {
		a.effects = op.Cancellation.Effects
	}
	if op.Modification != nil {
		a.effects = op.Modification.Effects
	}
	if op.Confirmation != nil {
		a.effects = op.Confirmation.Effects
	}
	if a.returned = op.Return; op.Return != nil {
		a.effects = op.Return.Effects
	}
}

func (a *answer) refuse(p problem) {
	a.code, a.retriable, a.allowed, a.effects = p.Code, p.Retriable, p.Allowed, p.Effects
	a.refused = p
}

// appAnswer reads an answer of order-ops' own interface.
func appAnswer(r reply) answer {
	a := answer{status: r.status, body: r.body}
	if r.status >= 400 {
		var p problem
		if err := json.Unmarshal(r.body, &p); err != nil {
			p.Code = "unreadable"
		}
		a.refuse(p)
		return a
	}
	var op operationDocument
	if err := json.Unmarshal(r.body, &op); err != nil {
		a.code = "unreadable"
		return a
	}
	a.take(op)
	return a
}

// storefrontAnswer reads an answer of the commerce-shaped interface.
func storefrontAnswer(r reply) answer {
	a := answer{status: r.status, body: r.body}
	if r.status >= 400 {
		a.readFault()
		return a
	}
	var document struct {
		Result operationDocument `json:"c_actionResult"`
	}
	if err := json.Unmarshal(r.body, &document); err != nil {
		a.code = "unreadable"
		return a
	}
	a.take(document.Result)
	return a
}

func (a *answer) readFault() {
	var document struct {
		Fault struct {
			Type      string `json:"type"`
			Arguments struct {
				StatusCode    string  `json:"statusCode"`
				StatusDetails problem `json:"statusDetails"`
			} `json:"arguments"`
		} `json:"fault"`
	}
	if err := json.Unmarshal(a.body, &document); err != nil {
		a.code = "unreadable"
		return
	}
	a.refuse(document.Fault.Arguments.StatusDetails)
	switch document.Fault.Type {
	case "OrderNotFoundException":
		a.code = codeOrderNotFound
	case "InvalidAccessTokenException":
		a.code = codeUnknownCaller
	case "HookStatusException", "HookCircuitBreakerException":
		a.code = document.Fault.Arguments.StatusCode
	default:
		a.code = document.Fault.Type
	}
}

// settled says that the answer is final: done, or refused.
func (a answer) settled() bool { return a.lost == nil && !a.open }

// done says that the cancel, or the return, was carried out.
func (a answer) done() bool {
	return a.settled() && a.code == "" && (a.cancellation != nil || a.returned != nil)
}

// refund is what the shopper was told comes back, items of which units.
func (a answer) refund() decimal.Decimal {
	if a.returned != nil {
		return a.returned.Refund
	}
	return a.cancellation.Refund
}

func (a answer) items() []cancelledItem {
	if a.returned != nil {
		return a.returned.Items
	}
	return a.cancellation.Items
}

// String is for people who read a failure.
func (a answer) String() string {
	switch {
	case a.lost != nil:
		return fmt.Sprintf("no answer (%v)", a.lost)
	case a.done():
		return fmt.Sprintf("done (operation %s, effects %v)", a.operationID, effectLines(a.effects))
	case a.status/100 == 2: // the body is the shopper's order, which no report should hold
		return fmt.Sprintf("%s %s (status %d)", a.code, a.state, a.status)
	default:
		return fmt.Sprintf("%s (status %d: %s)", a.code, a.status, a.body)
	}
}

// effectName is what people call an effect, by system and action.
func (e effect) name() string {
	if name, ok := effectNames()[e.System+" "+e.Action]; ok {
		return name
	}
	return e.System + " " + e.Action
}

func effectNames() map[string]string {
	return map[string]string{
		"worldline void": "release of the authorisation", "worldline refund": "refund", "worldline settle": "return of the money",
		"slots release": "release of the booking", "b2c mirror_status": "status in the shop", "som reallocate": "re-allocation",
		"som record": "note of the money in order management", "oci release": "release of the reserved goods", "oci reserve_again": "reservation of what the order had",
		"loyalty give_points_back": "points given back", "loyalty reverse_points": "points taken back",
		"loyalty pay_points": "points paid for", "som charge": "fee for what was kept", "loyalty forgive_points": "points forgiven", "som receive_goods": "arrival of the goods", "tracking refund_event": "refund event", "b2c refund": "gift certificate",
		"slots take_over": "move of the booking", "tracking purchase_event": "purchase event",
	}
}

// state is how far an effect has come, in words.
func (e effect) state() string {
	words := map[string]string{"not_applicable": "does not apply", "not_needed": "not needed"}
	if word, ok := words[e.State]; ok {
		return word
	}
	return e.State
}

func effectLines(effects []effect) []string {
	lines := make([]string, len(effects))
	for i, e := range effects {
		lines[i] = e.name() + ": " + e.state()
	}
	return lines
}
