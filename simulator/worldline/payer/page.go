package payer

import (
	"bytes"
	"fmt"
	"html/template"
	"net/http"
	"net/url"
	"strings"

	"github.com/somsim/somsim/simulator/binding"
	"github.com/somsim/somsim/simulator/worldline"
)

// page is what a shopper is asked. Without scripts, so that any browser, and any test, can answer.
var page = template.Must(template.New("payer").Parse(`<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>Simulated payment</title>
<style>body{font:16px sans-serif;max-width:32em;margin:3em auto}button,input{font:inherit;margin:.3em 0;padding:.4em}</style></head>
<body><h1>{{if .Card}}Pay{{else}}Prove who you are{{end}}</h1>
<p>{{.Amount}} {{.Currency}}{{with .Reference}} for {{.}}{{end}}. No money moves: this is a simulation.</p>
{{with .Refusal}}<p role="alert">{{.}} Try another card.</p>{{end}}
<form method="post">{{if .Card}}
<p><label>Card number <input name="cardNumber" value="{{.Card.Number}}" inputmode="numeric"></label>
<label>until (MMYY) <input name="expiryDate" value="{{.Card.Expiry}}" size="4"></label></p>{{end}}
<button name="deed" value="pay">{{if .Card}}Pay{{else}}It is me{{end}}</button>
{{if not .Card}}<button name="deed" value="fail">Fail</button>{{end}}
<button name="deed" value="cancel">Cancel</button></form></body></html>
`))

// shown is what the page says.
type shown struct {
	Amount, Currency, Reference, Refusal string
	// Card is set where one is asked for.
	Card *worldline.PlainCard
}

func (a *API) showPayerPage(c *binding.Call) (*binding.Response, error) {
	return a.show(c, "")
}

func (a *API) show(c *binding.Call, refusal string) (*binding.Response, error) {
	asked, err := a.domain.Asked(c.Tx, c.Request.Vars["id"])
	if err != nil {
		return nil, err
	}
	s := shown{Amount: major(asked), Currency: asked.Currency, Reference: asked.Reference, Refusal: refusal}
	if asked.ForCard {
		card := worldline.DefaultCard()
		s.Card = &card
	}
	var body bytes.Buffer
	if err := page.Execute(&body, s); err != nil {
		return nil, fmt.Errorf("render the payer's page: %w", err)
	}
	h := http.Header{}
	h.Set("Content-Type", "text/html;charset=UTF-8")
	return &binding.Response{Status: http.StatusOK, Header: h, Body: body.Bytes()}, nil
}

// major writes an amount as people do.
func major(a worldline.Asked) string {
	digits := worldline.Decimals(a.Currency)
	text := fmt.Sprintf("%0*d", digits+1, a.Amount)
	if digits == 0 {
		return text
	}
	return text[:len(text)-digits] + "." + text[len(text)-digits:]
}

func (a *API) payerActs(c *binding.Call) (*binding.Response, error) {
	form, err := url.ParseQuery(string(c.Request.Body))
	if err != nil {
		return nil, &binding.InvalidRequest{In: "body", Problem: binding.ProblemSyntax, Reason: err.Error()}
	}
	card := worldline.PlainCard{Number: strings.ReplaceAll(form.Get("cardNumber"), " ", ""), Expiry: form.Get("expiryDate")}
	done, err := a.domain.Act(c.Tx, c.Request.Vars["id"], worldline.Deed(form.Get("deed")), card)
	switch {
	case err != nil:
		return nil, err
	case done.Next != "":
		h := http.Header{}
		h.Set("Location", done.Next)
		return &binding.Response{Status: http.StatusSeeOther, Header: h}, nil
	case done.Refusal != "":
		return a.show(c, worldline.Refusal(done.Refusal).Message)
	default:
		return a.show(c, "")
	}
}
