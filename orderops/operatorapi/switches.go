package operatorapi

import (
	"net/http"

	"github.com/somsim/somsim/orderops/switches"
)

// Switchboard is the switches as operators see them.
type Switchboard interface {
	Status() switches.Status
	// Reload reads the file again.
	Reload() error
}

func (a *API) showSwitches(*http.Request) (any, error) { return a.Switches.Status(), nil }

// reloadSwitches reads the file at once. One that is wrong is refused, and what was in force stays in force.
func (a *API) reloadSwitches(r *http.Request) (any, error) {
	in, err := decisionOf(r)
	if err != nil {
		return nil, err
	}
	before := a.Switches.Status().Version
	if err := a.Switches.Reload(); err != nil {
		return nil, refuse(invalidSwitches, "%s", err)
	}
	status := a.Switches.Status()
	a.Log.InfoContext(r.Context(), "audit", "decision", "switches reloaded", "by", in.By, "version", status.Version, "before", before)
	return status, nil
}
