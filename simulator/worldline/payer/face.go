// Package payer is the pages of the payment platform that a shopper's browser sees: the hosted checkout, and the bank's
// page on which he proves who he is. They stand in for the real ones, so that a shop can be tried out by hand.
package payer

import (
	"errors"
	"fmt"
	"net/http"

	"github.com/somsim/somsim/simulator/binding"
	"github.com/somsim/somsim/simulator/worldline"
	"github.com/somsim/somsim/simulator/worldline/gcs"
	"github.com/somsim/somsim/specs"
)

// API answers the operations of the face.
type API struct{ domain *worldline.Worldline }

// New returns the face over a domain.
func New(d *worldline.Worldline) (*binding.Face, error) {
	spec, err := specs.FS.ReadFile("worldline/payer.yaml")
	if err != nil {
		return nil, fmt.Errorf("worldline: %w", err)
	}
	rules, err := gcs.Rules()
	if err != nil {
		return nil, err
	}
	a := &API{domain: d}
	return &binding.Face{
		System: "worldline", Name: "worldline/payer", Spec: spec, SpecFile: "worldline/payer.yaml", Operations: a.routes(),
		Errors: answerError, Rules: rules, Sandbox: func(*binding.Request) string { return "" },
	}, nil
}

func (a *API) routes() map[string]binding.Handler {
	return map[string]binding.Handler{
		"showPayerPage": binding.Raw(a.showPayerPage),
		"payerActs":     binding.Raw(a.payerActs),
	}
}

// answerError is the one place where errors become answers.
func answerError(_ *binding.Call, err error) *binding.Response {
	status, text := http.StatusNotFound, err.Error()
	if !errors.Is(err, worldline.ErrNobody) {
		e := gcs.Explain(err)
		status, text = e.Status, e.Message
	}
	return plain(status, text)
}

func plain(status int, text string) *binding.Response {
	h := http.Header{}
	h.Set("Content-Type", "text/plain;charset=UTF-8")
	return &binding.Response{Status: status, Header: h, Body: []byte(text + "\n")}
}
