package ga4

import (
	"net/http"

	"github.com/somsim/somsim/simulator/binding"
)

// collectEvents takes whatever is sent. The journal tells the first rule that kept an event from counting, the rows all.
func (a *API) collectEvents(c *binding.Call) (*binding.Response, error) {
	for _, p := range a.domain.Collect(c.Tx, hit(c.Request)) {
		c.Note(p)
	}
	return &binding.Response{Status: http.StatusNoContent, Header: http.Header{}}, nil
}

type validation struct {
	ValidationMessages []message `json:"validationMessages"`
}

type message struct {
	FieldPath      string `json:"fieldPath"`
	Description    string `json:"description"`
	ValidationCode string `json:"validationCode"`
}

func (a *API) validateEvents(c *binding.Call) (*binding.Response, error) {
	out := validation{ValidationMessages: []message{}}
	for _, p := range hit(c.Request).Check(c.Now()) {
		c.Note(p)
		out.ValidationMessages = append(out.ValidationMessages, message{p.FieldPath, p.Description, string(p.Code)})
	}
	return binding.JSONResponse(http.StatusOK, out), nil
}
