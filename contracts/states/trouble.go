package states

import "net/http"

// fault is a failure as the control plane takes it.
type fault struct {
	Name   string      `json:"name"`
	Match  faultMatch  `json:"match"`
	Effect faultEffect `json:"effect"`
	Times  int         `json:"times,omitempty"`
}

type faultMatch struct {
	System    string `json:"system,omitempty"`
	Operation string `json:"operation,omitempty"`
	Contains  string `json:"contains,omitempty"`
	Nth       int    `json:"nth,omitempty"`
}

type faultEffect struct {
	Kind   string `json:"kind"`
	Code   string `json:"code,omitempty"`
	Status int    `json:"status,omitempty"`
}

// arm has calls of the present sandbox fail from now on.
func (s *Stage) arm(f fault) error {
	return s.exchange(http.MethodPost, s.control+"/control/v1/sandboxes/"+s.sandbox()+"/faults", nil, f, nil)
}

// words are what a vendor calls the failures that all systems have.
type words struct{ tooMany, closed, broken string }

// troubles are the failures that come on top of any state of a system, and tell
// nothing but that there is no answer now.
func troubles(system string, w words) map[string]func(*Stage) error {
	failing := func(code string, status int) func(*Stage) error {
		return func(s *Stage) error {
			return s.arm(fault{"trouble", faultMatch{System: system}, faultEffect{"vendor_error", code, status}, 0})
		}
	}
	return map[string]func(*Stage) error{
		"too many calls were made": failing(w.tooMany, http.StatusTooManyRequests),
		"the system is closed":     failing(w.closed, http.StatusServiceUnavailable),
		"the system breaks down":   failing(w.broken, http.StatusInternalServerError),
	}
}
