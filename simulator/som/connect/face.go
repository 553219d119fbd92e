package connect

import (
	"github.com/somsim/somsim/simulator/binding"
	"github.com/somsim/somsim/simulator/som"
	"github.com/somsim/somsim/simulator/som/somrest"
)

// API answers the operations of the face.
type API struct{ platform *somrest.API }

// New returns the face on its platform.
func New(platform *somrest.API) (*binding.Face, error) {
	a := &API{platform}
	f, err := platform.FaceOf("som/connect", "som/connect.yaml", a.routes())
	if err != nil {
		return nil, err
	}
	f.Errors = a.answerError
	return f, nil
}

func (a *API) domain() *som.SOM { return a.platform.Domain() }
