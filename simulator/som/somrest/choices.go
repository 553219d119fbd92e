package somrest

import (
	"maps"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/binding"
	"github.com/somsim/somsim/simulator/choice"
	"github.com/somsim/somsim/simulator/som"
	"github.com/somsim/somsim/specs"
)

// The choices of the platform and of the Connect resources.
const (
	choiceRefusals        = "som.rest.refusals"
	choiceRates           = "som.rest.conversion-rates"
	choiceCompositeStatus = "som.rest.composite-connect-status"
	choiceCompositeCode   = "som.rest.composite-connect-code"
	choiceCompositeText   = "som.rest.composite-connect-message"
	choiceIdentity        = "som.rest.identity-refusal"
	choiceUsage           = "som.rest.usage-header"

	choiceActionStatus  = "som.connect.action-status"
	choiceRefusalStatus = "som.connect.refusal-status"
	choiceRefusalCode   = "som.connect.refusal-code"
	choiceNoErrors      = "som.connect.no-errors"
	choiceReturnItems   = "som.connect.return-items-refusal"
	choiceGateway       = "som.connect.gateway-refusal"
)

// Choices are what holds where the vendor's pages leave open how the org answers. A team that has seen its own org's
// answers chooses those.
type Choices struct {
	// ActionStatus is the HTTP status of a successful action.
	ActionStatus int
	// RefusalStatus and RefusalCode are those of a refused action.
	RefusalStatus int
	RefusalCode   string
	// NullErrors answers errors:null instead of [] when there is none.
	NullErrors bool
	// PlainReturnItems refuses return-items without its output, GatewayErrors answers a gateway's refusal by an error.
	PlainReturnItems, GatewayErrors bool
	// IdentityErrors refuses those who ask who is logged in as the data API does, AppUsage tells API requests by app too.
	IdentityErrors, AppUsage bool
	// NotComposable answers sub-requests of a composite to Connect resources.
	NotComposable Refusal
	// ConversionRates tell what one unit of the org's currency (EUR) is worth in others.
	ConversionRates map[string]decimal.Decimal
	// Refusal is how the refusal by a rule is answered.
	Refusal func(rule string) Refusal
}

// Refusal is how one refusal is answered. A zero field leaves what would be answered anyway.
type Refusal = choice.Refusal

// DefaultChoices hold when nothing was chosen.
func DefaultChoices() Choices { return Choose(choice.Defaults(Tables()...)) }

// Choose reads what holds out of values of [Tables].
func Choose(v choice.Values) Choices {
	rates := defaultRates()
	maps.Copy(rates, v.Rates(choiceRates))
	return Choices{
		ActionStatus: v.Number(choiceActionStatus), RefusalStatus: v.Number(choiceRefusalStatus), RefusalCode: v.Text(choiceRefusalCode),
		NullErrors: v.Is(choiceNoErrors, "null"), PlainReturnItems: v.Is(choiceReturnItems, "plain"), GatewayErrors: v.Is(choiceGateway, "error"),
		IdentityErrors: v.Is(choiceIdentity, "json"), AppUsage: v.Is(choiceUsage, "org-and-app"),
		NotComposable:   Refusal{Status: v.Number(choiceCompositeStatus), Code: v.Text(choiceCompositeCode), Message: v.Text(choiceCompositeText)},
		ConversionRates: rates, Refusal: func(rule string) Refusal { return v.Refusal(choiceRefusals, rule) },
	}
}

// defaultRates are what an administrator of a multicurrency org keeps by hand. The figures are ours.
func defaultRates() map[string]decimal.Decimal {
	return map[string]decimal.Decimal{
		"EUR": decimal.NewFromInt(1), "USD": decimal.New(110, -2), "GBP": decimal.New(85, -2), "CHF": decimal.New(95, -2),
		"SEK": decimal.New(1150, -2), "NOK": decimal.New(1160, -2), "DKK": decimal.New(746, -2), "PLN": decimal.New(430, -2),
		"CZK": decimal.New(2500, -2), "CAD": decimal.New(150, -2), "AUD": decimal.New(165, -2), "JPY": decimal.New(16000, -2),
	}
}

// Tables are what the platform and the Connect resources leave open, beside [som.Choices].
func Tables() []choice.Table {
	return []choice.Table{{Face: "som/somrest", Choices: platformChoices()}, {Face: "som/connect", Choices: connectChoices()}}
}

// ruleIDs are the rules that a refusal can be chosen for.
func ruleIDs() ([]string, error) {
	text, err := specs.FS.ReadFile("som/rules.yaml")
	if err != nil {
		return nil, err
	}
	rules, err := binding.LoadRules(text)
	return choice.Sorted(rules), err
}

func platformChoices() []choice.Choice {
	return []choice.Choice{
		{
			ID: choiceRefusals, Text: "Status, code and message with which the refusal by a rule of specs/som/rules.yaml is answered; what is left out stays as it is.",
			Kind: choice.Refusals, Keys: ruleIDs,
			Evidence: "proposed", Source: "The codes and texts of actions, and most of the other texts, are not documented and vary by release",
		},
		{
			ID: choiceRates, Text: "What one euro, the org's currency, is worth in other currencies.",
			Kind:     choice.Rates,
			Evidence: "proposed", Source: "An administrator keeps them by hand; the figures are ours",
		},
		{
			ID: choiceCompositeStatus, Text: "The status of a sub-request of a composite to a Connect resource.",
			Allowed: []string{"400", "403", "404"}, Default: "400",
			Evidence: "proposed", Source: "C40: the documented list of what a composite holds does not have them",
		},
		{
			ID: choiceCompositeCode, Text: "The errorCode of such a sub-request.", Kind: choice.Text, Default: string(som.CodeInvalidInput),
			Evidence: "proposed", Source: "C40: not documented",
		},
		{
			ID: choiceCompositeText, Text: "The message of such a sub-request.", Kind: choice.Text, Default: "This resource is not supported in a composite request.",
			Evidence: "proposed", Source: "C40: not documented",
		},
		{
			ID: choiceIdentity, Text: "How userinfo and the identity URL refuse a caller: by 403 and a word in plain text, or by the errors of the data API.",
			Allowed: []string{"plain", "json"}, Default: "plain",
			Evidence: "recalled", Source: "General knowledge",
		},
		{
			ID: choiceUsage, Text: "Whether Sforce-Limit-Info tells the API requests of the org alone, or those of the connected app after them.",
			Allowed: []string{"org", "org-and-app"}, Default: "org",
			Evidence: "documented", Source: "REST API: Limit Info Header has both forms; when an org sends the longer one is not told",
		},
	}
}

func connectChoices() []choice.Choice {
	return []choice.Choice{
		{
			ID: choiceActionStatus, Text: "The HTTP status of a successful action.", Allowed: []string{"200", "201"}, Default: "201",
			Evidence: "recalled", Source: "The pages name none; 201 is what other Connect resources answer to POST",
		},
		{
			ID: choiceRefusalStatus, Text: "The HTTP status of a refused action: an error that carries the output, or a success whose output has success:false.",
			Allowed: []string{"400", "409", "422", "200", "201"}, Default: "400",
			Evidence: "documented", Source: "Connect REST API: Error with Output for 4xx, and that 2xx can hold errors too; which of them comes when is not told",
		},
		{
			ID: choiceRefusalCode, Text: "The errorCode of a refused action.", Kind: choice.Text, Default: string(som.CodeInvalidInput),
			Evidence: "recalled", Source: "No public page or recording has it",
		},
		{
			ID: choiceNoErrors, Text: "What errors holds in the output of a successful action.", Allowed: []string{"empty", "null"}, Default: "empty",
			Evidence: "recalled", Source: "Not documented",
		},
		{
			ID: choiceReturnItems, Text: "Whether a refusal of return-items carries the output, as those of the other actions do, or is plain.",
			Allowed: []string{"output", "plain"}, Default: "output",
			Evidence: "proposed", Source: "Connect REST API: Return Items has no word about errors",
		},
		{
			ID: choiceGateway, Text: "How a payment gateway's refusal is answered: as the outcome of a call that succeeded, or by 400 and an error. Rows and log are written either way.",
			Allowed: []string{"outcome", "error"}, Default: "outcome",
			Evidence: "documented", Source: "Connect REST API: error in the output; that the status is one of success is inferred",
		},
	}
}
