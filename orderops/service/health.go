package service

import "net/http"

// health is the answer of both health checks.
type health struct {
	Status string `json:"status"`
	Reason string `json:"reason,omitempty"`
}

// registerHealth adds the checks: healthz says that the process lives, readyz that it can take requests.
func (s *Service) registerHealth(mux *http.ServeMux) {
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) {
		writeJSON(w, http.StatusOK, health{Status: "ok"})
	})
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, r *http.Request) {
		reason := ""
		switch {
		case s.db.Ping(r.Context()) != nil:
			reason = "the database does not answer"
		case s.simulating() && !s.registered.Load():
			reason = "not registered with the simulator yet"
		}
		if reason != "" {
			writeJSON(w, http.StatusServiceUnavailable, health{"not_ready", reason})
			return
		}
		writeJSON(w, http.StatusOK, health{Status: "ok"})
	})
}
