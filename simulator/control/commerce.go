package control

import (
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"time"

	"github.com/somsim/somsim/simulator/binding"
	"github.com/somsim/somsim/simulator/sandbox"
)

// Commerce is what an operator chooses about the B2C Commerce of a sandbox.
type Commerce interface {
	// OCAPISettings are what API clients may do, in the form in which SetOCAPISettings takes it, or YAML.
	OCAPISettings(tx *sandbox.Tx) (json.RawMessage, error)
	SetOCAPISettings(tx *sandbox.Tx, text []byte) error
	// ResetOCAPISettings returns to what the simulator was started with.
	ResetOCAPISettings(tx *sandbox.Tx)
	// Hooks are who is called at the extension points of the Open Commerce APIs; ResetHooks returns to those the simulator
	// was started with.
	Hooks(tx *sandbox.Tx) (json.RawMessage, error)
	SetHooks(tx *sandbox.Tx, text []byte) error
	ResetHooks(tx *sandbox.Tx)
	// WebAppPages are the pages of hybrid sites that the progressive web app has; Expire ends what one side, sfra or pwa, knows
	// its shoppers by.
	WebAppPages(tx *sandbox.Tx) (has, all []string)
	SetWebAppPages(tx *sandbox.Tx, pages []string) error
	Expire(tx *sandbox.Tx, side string) error
	// OrderExport tells whether order management is attached, and how long after an order was placed it takes it over.
	OrderExport(tx *sandbox.Tx) (attached bool, delay time.Duration)
	SetOrderExport(tx *sandbox.Tx, attached bool, delay time.Duration) error
}

func (a *API) getOCAPISettings(_ *binding.Call, in named) (json.RawMessage, error) {
	w, err := a.world(in.Name)
	if err != nil {
		return nil, err
	}
	tx := w.Read()
	defer tx.Abort()
	return a.Commerce.OCAPISettings(tx)
}

func (a *API) setOCAPISettings(c *binding.Call, in named) (json.RawMessage, error) {
	w, err := a.world(in.Name)
	if err != nil {
		return nil, err
	}
	err = w.Update(func(tx *sandbox.Tx) error { return a.Commerce.SetOCAPISettings(tx, c.Request.Body) })
	if err != nil {
		return nil, refuse(http.StatusBadRequest, "%s", err)
	}
	return a.getOCAPISettings(c, in)
}

func (a *API) resetOCAPISettings(_ *binding.Call, in named) (binding.Empty, error) {
	w, err := a.world(in.Name)
	if err != nil {
		return binding.Empty{}, err
	}
	return binding.Empty{}, w.Update(func(tx *sandbox.Tx) error {
		a.Commerce.ResetOCAPISettings(tx)
		return nil
	})
}

func (a *API) getHooks(_ *binding.Call, in named) (json.RawMessage, error) {
	w, err := a.world(in.Name)
	if err != nil {
		return nil, err
	}
	tx := w.Read()
	defer tx.Abort()
	return a.Commerce.Hooks(tx)
}

func (a *API) setHooks(c *binding.Call, in named) (json.RawMessage, error) {
	w, err := a.world(in.Name)
	if err != nil {
		return nil, err
	}
	err = w.Update(func(tx *sandbox.Tx) error { return a.Commerce.SetHooks(tx, c.Request.Body) })
	var outside *problem
	if errors.As(err, &outside) {
		return nil, err
	}
	if err != nil {
		return nil, refuse(http.StatusBadRequest, "%s", err)
	}
	return a.getHooks(c, in)
}

func (a *API) resetHooks(_ *binding.Call, in named) (binding.Empty, error) {
	w, err := a.world(in.Name)
	if err != nil {
		return binding.Empty{}, err
	}
	return binding.Empty{}, w.Update(func(tx *sandbox.Tx) error {
		a.Commerce.ResetHooks(tx)
		return nil
	})
}

type hybridWire struct {
	PWA  []string `json:"pwa"`
	SFRA []string `json:"sfra"`
}

func (a *API) getHybrid(_ *binding.Call, in named) (hybridWire, error) {
	w, err := a.world(in.Name)
	if err != nil {
		return hybridWire{}, err
	}
	tx := w.Read()
	defer tx.Abort()
	has, all := a.Commerce.WebAppPages(tx)
	out := hybridWire{PWA: []string{}, SFRA: []string{}}
	for _, page := range all {
		if slices.Contains(has, page) {
			out.PWA = append(out.PWA, page)
		} else {
			out.SFRA = append(out.SFRA, page)
		}
	}
	return out, nil
}

func (a *API) setHybrid(c *binding.Call, in struct {
	Name string `path:"name"`
	Body struct {
		PWA    *[]string `json:"pwa"`
		Expire string    `json:"expire"`
	}
},
) (hybridWire, error) {
	w, err := a.world(in.Name)
	if err != nil {
		return hybridWire{}, err
	}
	err = w.Update(func(tx *sandbox.Tx) error {
		if in.Body.PWA != nil {
			if err := a.Commerce.SetWebAppPages(tx, *in.Body.PWA); err != nil {
				return refuse(http.StatusBadRequest, "%s", err)
			}
		}
		if in.Body.Expire == "" {
			return nil
		}
		if err := a.Commerce.Expire(tx, in.Body.Expire); err != nil {
			return refuse(http.StatusBadRequest, "%s", err)
		}
		return nil
	})
	if err != nil {
		return hybridWire{}, err
	}
	return a.getHybrid(c, named{in.Name})
}

type orderExportWire struct {
	Attached bool   `json:"attached"`
	Delay    string `json:"delay"`
}

func (a *API) getOrderExport(_ *binding.Call, in named) (orderExportWire, error) {
	w, err := a.world(in.Name)
	if err != nil {
		return orderExportWire{}, err
	}
	tx := w.Read()
	defer tx.Abort()
	attached, delay := a.Commerce.OrderExport(tx)
	return orderExportWire{attached, delay.String()}, nil
}

func (a *API) setOrderExport(c *binding.Call, in struct {
	Name string `path:"name"`
	Body struct {
		Attached *bool   `json:"attached"`
		Delay    *string `json:"delay"`
	}
},
) (orderExportWire, error) {
	w, err := a.world(in.Name)
	if err != nil {
		return orderExportWire{}, err
	}
	err = w.Update(func(tx *sandbox.Tx) error {
		attached, delay := a.Commerce.OrderExport(tx)
		if in.Body.Attached != nil {
			attached = *in.Body.Attached
		}
		if in.Body.Delay != nil {
			var ok bool
			if delay, ok = parseDuration(*in.Body.Delay); !ok {
				return refuse(http.StatusBadRequest, "delay: %q is not like 10s, 5m or PT10M", *in.Body.Delay)
			}
		}
		if err := a.Commerce.SetOrderExport(tx, attached, delay); err != nil {
			return refuse(http.StatusBadRequest, "%s", err)
		}
		return nil
	})
	if err != nil {
		return orderExportWire{}, err
	}
	return a.getOrderExport(c, named{in.Name})
}
