package somrest

import (
	"net/http"

	"github.com/shopspring/decimal"
)

// Choices are what the vendor's pages leave open about the Connect resources of Order Management and an org could
// answer otherwise. A team that has seen its own org's answers puts them here.
type Choices struct {
	// ActionStatus is the HTTP status of a successful action, 200 or 201. The pages name none; 201 is what other Connect
	// resources answer to POST (recalled).
	ActionStatus int
	// RefusalStatus is the HTTP status of a refused action. The pages name 4xx and say that 2xx with success:false is
	// possible too; 400 with an error that carries the output is the documented form (status recalled).
	RefusalStatus int
	// RefusalCode is the errorCode of a refused action. No public page or recording tells it (recalled, low confidence).
	RefusalCode string
	// NullErrors answers errors:null instead of [] when there is none (recalled: an empty array).
	NullErrors bool
	// Refusals replace what is answered when a rule of specs/som/rules.yaml refuses; by rule id. Texts that are not here
	// are the simulator's own words (proposed).
	Refusals map[string]Refusal
	// NotComposable answers sub-requests of a composite to Connect resources. The documented list of what a composite
	// may hold does not have them; what happens otherwise is unknown (proposed).
	NotComposable Refusal
	// ConversionRates tell what one unit of the org's currency (EUR) is worth in others, as an administrator of a
	// multicurrency org keeps them by hand. The figures are ours (proposed).
	ConversionRates map[string]decimal.Decimal
}

// Refusal is how one refusal is answered. A zero field leaves what would be answered anyway.
type Refusal struct {
	Status        int
	Code, Message string
}

// DefaultChoices are the choices of [New].
func DefaultChoices() Choices {
	return Choices{
		ActionStatus:  http.StatusCreated,
		RefusalStatus: http.StatusBadRequest,
		RefusalCode:   "INVALID_API_INPUT",
		NotComposable: Refusal{
			Status: http.StatusBadRequest, Code: "INVALID_API_INPUT", Message: "This resource is not supported in a composite request.",
		},
		ConversionRates: map[string]decimal.Decimal{
			"EUR": decimal.NewFromInt(1), "USD": decimal.New(110, -2), "GBP": decimal.New(85, -2), "CHF": decimal.New(95, -2),
			"SEK": decimal.New(1150, -2), "NOK": decimal.New(1160, -2), "DKK": decimal.New(746, -2), "PLN": decimal.New(430, -2),
			"CZK": decimal.New(2500, -2), "CAD": decimal.New(150, -2), "AUD": decimal.New(165, -2), "JPY": decimal.New(16000, -2),
		},
	}
}
