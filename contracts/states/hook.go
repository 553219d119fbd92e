package states

import (
	"encoding/json"
	"net/http"
)

// Hook serves the state changes of a provider as Pact's verifiers ask for them:
// a POST with state, params and action, answered with the ids that the requests
// need. A state that cannot be brought about is 400 with the reason.
func (s *Stage) Hook(provider string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var change struct {
			State  string
			Params map[string]any
			Action string
		}
		if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 1<<20)).Decode(&change); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		found, err := map[string]any{}, error(nil)
		switch {
		case change.Action == "teardown":
			err = s.LookAfter()
		case change.State != "":
			found, err = s.SetUp(provider, change.State, change.Params)
		}
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		if found == nil {
			found = map[string]any{}
		}
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(found) // the verifier has hung up otherwise
	})
}
