package control

import (
	"errors"
	"net/http"
	"time"

	"github.com/somsim/somsim/simulator/binding"
	"github.com/somsim/somsim/simulator/clock"
	"github.com/somsim/somsim/simulator/sandbox"
)

type sandboxesOutput struct {
	Sandboxes []sandboxWire `json:"sandboxes"`
}

func (a *API) listSandboxes(*binding.Call, noInput) (sandboxesOutput, error) {
	out := sandboxesOutput{Sandboxes: []sandboxWire{}}
	for _, w := range a.Worlds.All() {
		out.Sandboxes = append(out.Sandboxes, toSandboxWire(w))
	}
	return out, nil
}

type createInput struct {
	Body struct {
		Name  string     `json:"name"`
		From  string     `json:"from"`
		Seed  *int64     `json:"seed"`
		Clock clock.Mode `json:"clock"`
		At    *time.Time `json:"at"`
		Keep  int        `json:"keep_worlds"`
	}
}

func (a *API) createSandbox(_ *binding.Call, in createInput) (sandboxWire, error) {
	b := in.Body
	o := sandbox.Options{From: b.From, Mode: b.Clock, At: instant(b.At), Keep: b.Keep}
	if b.Seed != nil {
		if _, fork := a.Worlds.Get(b.From); fork {
			return sandboxWire{}, refuse(http.StatusBadRequest, "body seed: a sandbox that is made from the sandbox %q keeps its seed", b.From)
		}
		o.Seed = *b.Seed
	}
	w, err := a.Worlds.Create(b.Name, o)
	if err != nil {
		return sandboxWire{}, err
	}
	return toSandboxWire(w), nil
}

func (a *API) getSandbox(_ *binding.Call, in named) (sandboxWire, error) {
	w, err := a.world(in.Name)
	if err != nil {
		return sandboxWire{}, err
	}
	return toSandboxWire(w), nil
}

func (a *API) deleteSandbox(_ *binding.Call, in named) (binding.Empty, error) {
	return binding.Empty{}, a.Worlds.Delete(in.Name)
}

type forkInput struct {
	Name string `path:"name"`
	Body struct {
		Name string `json:"name"`
	}
}

func (a *API) forkSandbox(_ *binding.Call, in forkInput) (sandboxWire, error) {
	if _, err := a.world(in.Name); err != nil {
		return sandboxWire{}, err
	}
	w, err := a.Worlds.Create(in.Body.Name, sandbox.Options{From: in.Name})
	if err != nil {
		return sandboxWire{}, err
	}
	return toSandboxWire(w), nil
}

func (a *API) getClock(_ *binding.Call, in named) (clockWire, error) {
	w, err := a.world(in.Name)
	if err != nil {
		return clockWire{}, err
	}
	return toSandboxWire(w).Clock, nil
}

type setClockInput struct {
	Name string `path:"name"`
	Body struct {
		Mode clock.Mode `json:"mode"`
		Now  *time.Time `json:"now"`
	}
}

func (a *API) setClock(_ *binding.Call, in setClockInput) (clockWire, error) {
	w, err := a.world(in.Name)
	if err != nil {
		return clockWire{}, err
	}
	if in.Body.Mode != "" {
		if err := w.SetMode(in.Body.Mode); err != nil {
			return clockWire{}, err
		}
	}
	if in.Body.Now != nil {
		if err := w.MoveTo(*in.Body.Now); err != nil {
			return clockWire{}, err
		}
	}
	return toSandboxWire(w).Clock, nil
}

type advanceInput struct {
	Name string `path:"name"`
	Body struct {
		Duration string `json:"duration"`
	}
}

type advanceOutput struct {
	Now    time.Time `json:"now"`
	Rounds int       `json:"rounds"`
	Ran    int       `json:"ran"`
	Ticks  int       `json:"ticks"`
}

func (a *API) advanceClock(c *binding.Call, in advanceInput) (advanceOutput, error) {
	w, err := a.world(in.Name)
	if err != nil {
		return advanceOutput{}, err
	}
	d, err := duration(in.Body.Duration)
	if err != nil {
		return advanceOutput{}, err
	}
	done, err := w.Advance(c, d)
	if errors.Is(err, sandbox.ErrTick) {
		return advanceOutput{}, refuse(http.StatusBadGateway, "advance of sandbox %s, which stands at %s: %v", in.Name, w.Now().Format(time.RFC3339), err)
	}
	if err != nil {
		return advanceOutput{}, refuse(http.StatusInternalServerError, "advance of sandbox %s, which stands at %s: %v", in.Name, w.Now().Format(time.RFC3339), err)
	}
	return advanceOutput{done.Now, done.Rounds, done.Ran, done.Ticked}, nil
}
