package service

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"time"

	"github.com/somsim/somsim/orderops/remote"
)

// register has the simulator tick this service when a sandbox's time is advanced. It is
// repeated: of several instances any one may be ticked, since they share what is due.
func (s *Service) register(ctx context.Context, selfURL string) {
	if !s.simulating() {
		return
	}
	body, err := json.Marshal(struct {
		TickURL string `json:"tick_url"`
	}{strings.TrimSuffix(selfURL, "/") + "/order-ops/v1/tick"})
	if err != nil {
		return
	}
	target := strings.TrimSuffix(s.cfg.SimulatorControl, "/") + "/control/v1/services/order-ops"
	req, err := http.NewRequestWithContext(ctx, http.MethodPut, target, bytes.NewReader(body))
	if err != nil {
		return
	}
	req.Header.Set("Content-Type", "application/json")
	if s.cfg.SimulatorControlToken != "" {
		req.Header.Set("Authorization", "Bearer "+s.cfg.SimulatorControlToken)
	}
	res, err := s.http.Do(req)
	if err != nil {
		s.log.WarnContext(ctx, "not registered with the simulator yet", "error", err.Error())
		return
	}
	_ = res.Body.Close()
	if res.StatusCode >= http.StatusBadRequest {
		s.log.WarnContext(ctx, "not registered with the simulator yet", "status", res.StatusCode)
		return
	}
	s.registered.Store(true)
}

// patientTick is how long the simulator's tick waits, in real time, for the commands that it began. Its clock stands still
// meanwhile: what is not over when it ends would happen at another time on a slower machine.
const patientTick = 5 * time.Minute

// tickWithin is how long a tick waits for the commands that it began; zero is as long as a caller does.
func (s *Service) tickWithin() time.Duration {
	if s.simulating() {
		return patientTick
	}
	return 0
}

// tickRequest says that it is now that late in a sandbox.
type tickRequest struct {
	Sandbox string    `json:"sandbox"`
	Now     time.Time `json:"now"`
	// World is another word when the sandbox was made anew under its name.
	World string `json:"world"`
}

// tickAnswer says how much due work was done and when there is more.
type tickAnswer struct {
	Ran     int        `json:"ran"`
	NextDue *time.Time `json:"next_due"`
}

// tick runs the due work of a sandbox. Only the simulator calls it, and only in simulation mode is it there.
func (s *Service) tick(w http.ResponseWriter, r *http.Request) {
	var in tickRequest
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 1<<16)).Decode(&in); err != nil || in.Sandbox == "" || in.Now.IsZero() {
		http.Error(w, `{"message":"sandbox and now are required"}`, http.StatusBadRequest)
		return
	}
	ctx := remote.WithScope(r.Context(), remote.Scope{Sandbox: in.Sandbox, Forward: true})
	if s.simulated.Anew(ctx, in.World) {
		if err := s.engine.ForgetSandbox(ctx, in.Sandbox); err != nil {
			s.log.ErrorContext(ctx, "sandbox not forgotten", "sandbox", in.Sandbox, "error", err.Error())
		}
		for _, forget := range s.forget {
			forget(in.Sandbox)
		}
	}
	s.simulated.Told(ctx, in.Now)
	result, err := s.engine.Tick(ctx, in.Sandbox, in.Now.UTC())
	if err != nil {
		s.log.ErrorContext(ctx, "tick failed", "sandbox", in.Sandbox, "error", err.Error())
		http.Error(w, `{"message":"due work failed"}`, http.StatusInternalServerError)
		return
	}
	writeJSON(w, http.StatusOK, tickAnswer{Ran: result.Ran, NextDue: result.NextDue})
}

func writeJSON(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // the caller has left; there is nobody to tell
}
