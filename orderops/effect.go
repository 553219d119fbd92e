package orderops

// EffectState says how far one effect of a command has come.
type EffectState string

// The states of an effect.
const (
	EffectDone          EffectState = "done"           // happened and was confirmed by the system
	EffectPending       EffectState = "pending"        // owed; driven to completion in the background
	EffectFailed        EffectState = "failed"         // given up; a work item names it
	EffectNotApplicable EffectState = "not_applicable" // there is nothing of the kind on this order
	EffectNotNeeded     EffectState = "not_needed"     // there was something, but it has settled itself
)

// Effect is one change in one system that a command brings about, as the caller is told about it.
type Effect struct {
	System string      `json:"system"`
	Action string      `json:"action"`
	State  EffectState `json:"state"`
	// Reference is the id of the thing acted on in that system: a payment, a booking, a change order.
	Reference string  `json:"reference,omitempty"`
	Amount    *Amount `json:"amount,omitempty"`
	Currency  string  `json:"currency,omitempty"`
	// Code is the vendor's word for why the effect is not done.
	Code string `json:"code,omitempty"`
}
