package control

import (
	"errors"
	"net/http"
	"time"

	"github.com/somsim/somsim/simulator/binding"
	"github.com/somsim/somsim/simulator/courier"
	"github.com/somsim/somsim/simulator/sandbox"
)

// targetWire is a target as it is shown: without what its deliveries are signed with.
type targetWire struct {
	Name      string       `json:"name"`
	Line      string       `json:"line"`
	URL       string       `json:"url"`
	Waiting   int          `json:"waiting"`
	Delivered int          `json:"delivered"`
	GivenUp   int          `json:"given_up"`
	Parcels   []parcelWire `json:"deliveries"`
}

type parcelWire struct {
	ID         string    `json:"id"`
	Subject    string    `json:"subject"`
	At         time.Time `json:"at"`
	NextAt     time.Time `json:"next_at"`
	Attempts   int       `json:"attempts"`
	LastStatus int       `json:"last_status,omitempty"`
	LastError  string    `json:"last_error,omitempty"`
}

// shownParcels is how many of what waits is shown of each target.
const shownParcels = 100

func (a *API) toTargetWire(tx *sandbox.Tx, t courier.Target) targetWire {
	out := targetWire{Name: t.Name, Line: t.Line, URL: t.URL, Waiting: t.Waiting, Delivered: t.Delivered, GivenUp: t.GivenUp, Parcels: []parcelWire{}}
	for _, p := range a.Courier.Waiting(tx, t.Name, shownParcels) {
		out.Parcels = append(out.Parcels, parcelWire{p.ID, p.Subject, p.At, p.NextAt, p.Attempts, p.LastStatus, p.LastError})
	}
	return out
}

type targetsOutput struct {
	Targets []targetWire `json:"targets"`
}

func (a *API) listTargets(_ *binding.Call, in named) (targetsOutput, error) {
	w, err := a.world(in.Name)
	if err != nil {
		return targetsOutput{}, err
	}
	tx := w.Read()
	defer tx.Abort()
	out := targetsOutput{Targets: []targetWire{}}
	for _, t := range a.Courier.Targets(tx) {
		out.Targets = append(out.Targets, a.toTargetWire(tx, t))
	}
	return out, nil
}

type targetInput struct {
	Name   string `path:"name"`
	Target string `path:"target"`
	Body   struct {
		Line   string `json:"line"`
		URL    string `json:"url"`
		KeyID  string `json:"key_id"`
		Secret string `json:"secret"`
	}
}

func (a *API) registerTarget(_ *binding.Call, in targetInput) (out targetWire, err error) {
	w, err := a.world(in.Name)
	if err != nil {
		return targetWire{}, err
	}
	err = w.Update(func(tx *sandbox.Tx) error {
		t, err := a.Courier.Register(tx, courier.Target{Name: in.Target, Line: in.Body.Line, URL: in.Body.URL, KeyID: in.Body.KeyID, Secret: in.Body.Secret})
		out = a.toTargetWire(tx, t)
		return err
	})
	var outside *problem
	if errors.Is(err, courier.ErrTarget) && !errors.As(err, &outside) {
		err = refuse(http.StatusBadRequest, "%v", err)
	}
	return out, err
}

func (a *API) dropTarget(_ *binding.Call, in struct {
	Name   string `path:"name"`
	Target string `path:"target"`
},
) (binding.Empty, error) {
	w, err := a.world(in.Name)
	if err != nil {
		return binding.Empty{}, err
	}
	err = w.Update(func(tx *sandbox.Tx) error { return a.Courier.Drop(tx, in.Target) })
	if errors.Is(err, courier.ErrNoTarget) {
		err = refuse(http.StatusNotFound, "%v", err)
	}
	return binding.Empty{}, err
}
