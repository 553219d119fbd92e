// Package states brings a running simulator, and order-ops beside it, into the
// states that the pacts speak of: preset omnichannel and a sentence. It does so
// the way a provider's own team would, through the vendors' APIs and the control
// plane alone, in a sandbox for each interaction. It makes no answer by hand and
// verifies nothing: verifiers ask it for a state before they replay a request.
package states

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"
)

// Addresses say where the stage is.
type Addresses struct {
	// API and Control are the base URLs of the simulator, Token the bearer token of its control plane, where it wants one.
	API, Control, Token string
	// OrderOps is the base URL of an order-ops beside the simulator, where there is one.
	OrderOps string
	// Name is how the names of the stage's sandboxes begin; two stages of one simulator have different names.
	Name string
}

// Stage is a running simulator seen as one sandbox at a time: that which the
// latest state made. It serves one interaction after another.
type Stage struct {
	// ctx bounds every call: the verifier's handlers are handed none.
	ctx          context.Context //nolint:containedctx // see above
	api, control string
	token, name  string
	orderOps     string
	client       *http.Client

	mu sync.Mutex
	// underWay lets what is being held up happen, and waits for it.
	underWay func() error
	// look checks, where there is more to see than the answer, what an interaction has come to.
	look  func() error
	made  int
	stand map[string]string // Authorization headers of the sandbox by those that stand for them in the pacts
}

// Values are ids by the names that pacts have in their place, such as bookingId.
type Values map[string]any

// prepare brings a fresh sandbox of preset omnichannel into a state and names
// what the pact's requests are about.
type prepare func(s *Stage, orderNumber string) (Values, error)

// Open makes the sandbox that all others of the stage are copies of.
func Open(ctx context.Context, at Addresses) (*Stage, error) {
	s := &Stage{
		ctx: ctx, api: at.API, control: at.Control, token: at.Token, orderOps: at.OrderOps, name: at.Name,
		client: &http.Client{Timeout: 10 * time.Second},
	}
	if s.name == "" {
		s.name = "pact"
	}
	// Slots and their cut-offs hang on the hour of the day.
	preset := map[string]string{"name": s.untouched(), "from": "omnichannel", "clock": "manual", "at": "2026-06-01T10:00:00Z"}
	if err := s.exchange(http.MethodPost, s.control+"/control/v1/sandboxes", nil, preset, nil); err != nil {
		return nil, fmt.Errorf("open a stage: %w", err)
	}
	return s, nil
}

// Close ends what the latest state began and removes the stage's sandboxes.
func (s *Stage) Close() error {
	errs := []error{s.LetGo()}
	for n := range s.made + 1 {
		name := s.untouched()
		if n > 0 {
			name = fmt.Sprintf("%s-%d", s.name, n)
		}
		errs = append(errs, s.exchange(http.MethodDelete, s.control+"/control/v1/sandboxes/"+name, nil, nil, nil))
	}
	return errors.Join(errs...)
}

// nothing is the state of a sandbox to which nothing has happened yet.
func nothing(*Stage, string) (Values, error) { return nil, nil }

// LetGo ends what the latest state began.
func (s *Stage) LetGo() error {
	s.mu.Lock()
	begun := s.underWay
	s.look, s.underWay = nil, nil
	s.mu.Unlock()
	if begun == nil {
		return nil
	}
	return begun()
}

// renew moves on to a fresh sandbox, in which nobody is logged in.
func (s *Stage) renew() error {
	if err := s.LetGo(); err != nil {
		return err
	}
	s.mu.Lock()
	s.made++
	s.stand = map[string]string{}
	s.mu.Unlock()
	fork := map[string]string{"name": s.sandbox()}
	return s.exchange(http.MethodPost, s.control+"/control/v1/sandboxes/"+s.untouched()+"/fork", nil, fork, nil)
}

// untouched is the sandbox that all others are copies of: the preset is built
// once, and a copy costs next to nothing.
func (s *Stage) untouched() string { return s.name + "-untouched" }

// expects has the next interaction looked at afterwards; nil, not.
func (s *Stage) expects(look func() error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.look = look
}

// holdsUp says how to let happen what a state is holding up.
func (s *Stage) holdsUp(end func() error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.underWay = end
}

// sandbox is the name of the present sandbox.
func (s *Stage) sandbox() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return fmt.Sprintf("%s-%d", s.name, s.made)
}

// stands has an Authorization header of the sandbox sent where the pact has the
// other one.
func (s *Stage) stands(living, inPact string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.stand[inPact] = living
}

// real is the Authorization header that stands in for that of the pact, which
// is itself when there is none.
func (s *Stage) real(inPact string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if living, ok := s.stand[inPact]; ok {
		return living
	}
	return inPact
}

// WithTokens adjusts each request on its way.
func (s *Stage) WithTokens(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.Adjust(r)
		next.ServeHTTP(w, r)
	})
}

// Adjust says which sandbox is meant, and puts the sandbox's tokens, and
// signatures, where the pact has its placeholders. It changes nothing else.
func (s *Stage) Adjust(r *http.Request) {
	r.Header.Set("X-Sandbox", s.sandbox())
	if sent := r.Header.Get("Authorization"); sent != "" {
		r.Header.Set("Authorization", s.real(sent))
	}
	if strings.HasPrefix(r.Header.Get("Authorization"), pactSigned) {
		r.Header.Set("Authorization", signature(r))
	}
}

// wait lets time pass in the sandbox.
func (s *Stage) wait(d time.Duration) error {
	target := s.control + "/control/v1/sandboxes/" + s.sandbox() + "/clock/advance"
	return s.exchange(http.MethodPost, target, nil, map[string]string{"duration": d.String()}, nil)
}

// exchange sends JSON, unless in is nil, and reads JSON, unless out is. An
// answer that refuses is an error.
func (s *Stage) exchange(method, address string, header http.Header, in, out any) error {
	var body []byte
	if in != nil {
		var err error
		if body, err = json.Marshal(in); err != nil {
			return err
		}
	}
	_, err := s.send(method, address, header, "application/json", string(body), out)
	return err
}

func (s *Stage) send(method, address string, header http.Header, contentType, body string, out any) (http.Header, error) {
	req, err := http.NewRequestWithContext(s.ctx, method, address, strings.NewReader(body))
	if err != nil {
		return nil, err
	}
	if s.token != "" && strings.HasPrefix(address, s.control+"/control/") {
		req.Header.Set("Authorization", "Bearer "+s.token)
	}
	for name, values := range header {
		req.Header[name] = values
	}
	if body != "" {
		req.Header.Set("Content-Type", contentType)
	}
	resp, err := s.client.Do(req)
	if err != nil {
		return nil, err
	}
	defer func() { _ = resp.Body.Close() }()
	answer, err := io.ReadAll(resp.Body)
	if err != nil {
		return nil, err
	}
	if resp.StatusCode >= http.StatusBadRequest {
		return nil, fmt.Errorf("%s: %s %s", address, resp.Status, bytes.TrimSpace(answer))
	}
	if out == nil {
		return resp.Header, nil
	}
	return resp.Header, json.Unmarshal(answer, out)
}

// as is the header of a caller.
func as(authorization string) http.Header { return http.Header{"Authorization": {authorization}} }
