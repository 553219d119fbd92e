package control

import (
	"github.com/somsim/somsim/simulator/binding"
	"github.com/somsim/somsim/simulator/sandbox"
)

// Quota is how many API requests the Salesforce org of a sandbox has made in 24 hours, and how many it may make.
type Quota interface {
	Quota(tx *sandbox.Tx) (used, most int)
	// SetQuota sets the number; 0 returns to the configured one.
	SetQuota(tx *sandbox.Tx, most int)
}

type quotaWire struct {
	Used int `json:"used"`
	Max  int `json:"max"`
}

func (a *API) getQuota(_ *binding.Call, in named) (quotaWire, error) {
	w, err := a.world(in.Name)
	if err != nil {
		return quotaWire{}, err
	}
	tx := w.Read()
	defer tx.Abort()
	used, most := a.Quota.Quota(tx)
	return quotaWire{used, most}, nil
}

func (a *API) setQuota(c *binding.Call, in struct {
	Name string `path:"name"`
	Body struct {
		Max int `json:"max"`
	}
},
) (quotaWire, error) {
	w, err := a.world(in.Name)
	if err != nil {
		return quotaWire{}, err
	}
	err = w.Update(func(tx *sandbox.Tx) error {
		a.Quota.SetQuota(tx, in.Body.Max)
		return nil
	})
	if err != nil {
		return quotaWire{}, err
	}
	return a.getQuota(c, named{in.Name})
}
