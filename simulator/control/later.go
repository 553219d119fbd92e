package control

import (
	"fmt"
	"time"

	"github.com/somsim/somsim/simulator/binding"
	"github.com/somsim/somsim/simulator/store"
)

type laterOutput struct {
	Work []laterWire `json:"work"`
}

type laterWire struct {
	Kind    string       `json:"kind"`
	At      time.Time    `json:"at"`
	Changes []changeWire `json:"changes"`
}

// listDueWork offers what due work changed, without what is nobody's business, as the journal does.
func (a *API) listDueWork(_ *binding.Call, in named) (laterOutput, error) {
	w, err := a.world(in.Name)
	if err != nil {
		return laterOutput{}, err
	}
	encoded := func(row any) (string, error) {
		if row == nil {
			return "", nil
		}
		text, err := store.Encode(row)
		return a.Worlds.Redactor.Text(text), err
	}
	out := laterOutput{Work: []laterWire{}}
	for _, l := range w.Later() {
		one := laterWire{Kind: l.Kind, At: l.At}
		for _, c := range l.Changes {
			before, err := encoded(c.Before)
			if err != nil {
				return out, fmt.Errorf("show what %s changed: %w", l.Kind, err)
			}
			after, err := encoded(c.After)
			if err != nil {
				return out, fmt.Errorf("show what %s changed: %w", l.Kind, err)
			}
			one.Changes = append(one.Changes, changeWire{Entity: c.Table, Key: c.Key, Before: before, After: after})
		}
		out.Work = append(out.Work, one)
	}
	return out, nil
}
