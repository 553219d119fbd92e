package somrest

import (
	"errors"
	"net/http"

	"github.com/somsim/somsim/simulator/binding"
	"github.com/somsim/somsim/simulator/som"
)

// several answers what one Failure cannot hold: several refusals of one row, or several rows to choose from. It is nil
// for every other error.
func (a *API) several(c *binding.Call, err error) *binding.Response {
	var bug *binding.Bug
	if errors.As(err, &bug) {
		return nil
	}
	var many *som.Ambiguous
	if errors.As(err, &many) {
		paths := make([]string, len(many.IDs))
		for i, id := range many.IDs {
			paths[i] = rowURL(c, many.Object, id)
		}
		return binding.JSONResponse(http.StatusMultipleChoices, paths)
	}
	refused := som.RefusalsOf(err)
	if len(refused) < 2 {
		return nil
	}
	list := make([]errorDocument, len(refused))
	for i, e := range refused {
		f := a.refused(e)
		list[i] = errorDocument{f.Message, f.Code, f.Fields}
	}
	return binding.JSONResponse(a.refused(refused[0]).Status, list)
}

// rowError is a refusal of one row among several; it says statusCode where other answers say errorCode.
type rowError struct {
	StatusCode string   `json:"statusCode"`
	Message    string   `json:"message"`
	Fields     []string `json:"fields"`
}

// rowErrors lists what is wrong with one row. Errors that are no refusal are not the row's and come back.
func (a *API) rowErrors(c *binding.Call, err error) ([]rowError, error) {
	var many *som.Ambiguous
	if errors.As(err, &many) {
		c.Note(err)
		return []rowError{{string(som.CodeDuplicateExternalID), "Multiple records found with the same external id", []string{}}}, nil
	}
	var injected *binding.VendorFault
	if errors.As(err, &injected) {
		return []rowError{{injected.Code, injected.Message, []string{}}}, nil
	}
	refused := som.RefusalsOf(err)
	if len(refused) == 0 {
		return nil, err
	}
	c.Note(err)
	list := make([]rowError, len(refused))
	for i, e := range refused {
		f := a.refused(e)
		list[i] = rowError{f.Code, f.Message, append([]string{}, f.Fields...)}
	}
	return list, nil
}
