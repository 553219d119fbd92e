//go:build pact

package provider_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pact-foundation/pact-go/v2/models"

	"github.com/somsim/somsim/simulator/simtest"
)

// stage is a running simulator seen as one sandbox at a time: that which the
// latest provider state made.
type stage struct {
	t            *testing.T
	api, control string
	// orderOps is the base URL of an order-ops beside the simulator, where there is one.
	orderOps string
	client   *http.Client

	mu sync.Mutex
	// underWay lets what is being held up happen, and waits for it.
	underWay func() error
	// look checks, where there is more to see than the answer, what an interaction has come to.
	look  func() error
	made  int
	stand map[string]string // Authorization headers of the sandbox by those that stand for them in the pacts
}

// prepare brings a fresh sandbox of preset omnichannel into a state and names
// what the pact's requests are about.
type prepare func(s *stage, orderNumber string) (models.ProviderStateResponse, error)

func openStage(t *testing.T) *stage {
	t.Helper()
	s := simtest.Start(t)
	stage := &stage{t: t, api: s.URL, control: s.ControlURL, client: &http.Client{Timeout: 10 * time.Second}}
	preset := map[string]string{"name": untouched, "from": "omnichannel", "clock": "manual"}
	if err := stage.exchange(http.MethodPost, stage.control+"/control/v1/sandboxes", nil, preset, nil); err != nil {
		t.Fatal(err)
	}
	return stage
}

// lookAfter looks once at what has come of the interaction in a state.
func (s *stage) lookAfter(state models.ProviderState) error {
	s.mu.Lock()
	look := s.look
	s.look = nil
	s.mu.Unlock()
	if look == nil {
		return nil
	}
	err := look()
	if err != nil {
		s.t.Errorf("in the state %q: %v", state.Name, err)
	}
	return err
}

// failed says why a state could not be brought about; the verifier says only that
// it could not.
func (s *stage) failed(state models.ProviderState, err error) error {
	s.t.Errorf("the state %q %v could not be brought about: %v", state.Name, state.Parameters["params"], err)
	return err
}

// trouble makes a handler of a state that comes on top of another one.
func (s *stage) trouble(arm func(*stage) error) models.StateHandler {
	return func(setup bool, state models.ProviderState) (models.ProviderStateResponse, error) {
		if !setup {
			return nil, nil
		}
		s.expects(nil) // a failure is all that comes of it
		if err := arm(s); err != nil {
			return nil, s.failed(state, err)
		}
		return nil, nil
	}
}

// nothing is the state of a sandbox to which nothing has happened yet.
func nothing(*stage, string) (models.ProviderStateResponse, error) { return nil, nil }

// state makes a handler that prepares a sandbox before an interaction. After
// it there is nothing to undo: the next one gets a sandbox of its own.
func (s *stage) state(prepare prepare) models.StateHandler {
	return func(setup bool, state models.ProviderState) (models.ProviderStateResponse, error) {
		if !setup {
			return nil, s.lookAfter(state)
		}
		if err := s.renew(); err != nil {
			return nil, s.failed(state, err)
		}
		// pact-go hands over the verifier's message, in which the parameters are one member.
		parameters, _ := state.Parameters["params"].(map[string]any)
		number, _ := parameters["orderNumber"].(string)
		found, err := prepare(s, number)
		if err != nil {
			return nil, s.failed(state, err)
		}
		return found, nil
	}
}

// letGo ends what the latest state began.
func (s *stage) letGo() error {
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
func (s *stage) renew() error {
	if err := s.letGo(); err != nil {
		return err
	}
	s.mu.Lock()
	s.made++
	s.stand = map[string]string{}
	s.mu.Unlock()
	fork := map[string]string{"name": s.sandbox()}
	return s.exchange(http.MethodPost, s.control+"/control/v1/sandboxes/"+untouched+"/fork", nil, fork, nil)
}

// untouched is the sandbox that all others are copies of: the preset is built
// once, and a copy costs next to nothing.
const untouched = "pact-untouched"

// expects has the next interaction looked at afterwards; nil, not.
func (s *stage) expects(look func() error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.look = look
}

// holdsUp says how to let happen what a state is holding up.
func (s *stage) holdsUp(end func() error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.underWay = end
}

// sandbox is the name of the present sandbox.
func (s *stage) sandbox() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return fmt.Sprintf("pact-%d", s.made)
}

// stands has an Authorization header of the sandbox sent where the pact has the
// other one.
func (s *stage) stands(real, inPact string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.stand[inPact] = real
}

// real is the Authorization header that stands in for that of the pact, which
// is itself when there is none.
func (s *stage) real(inPact string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if real, ok := s.stand[inPact]; ok {
		return real
	}
	return inPact
}

// withTokens says which sandbox is meant, and puts the sandbox's tokens, and
// signatures, where the pact has its placeholders. It changes nothing else.
func (s *stage) withTokens(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Header.Set("X-Sandbox", s.sandbox())
		if sent := r.Header.Get("Authorization"); sent != "" {
			r.Header.Set("Authorization", s.real(sent))
		}
		if strings.HasPrefix(r.Header.Get("Authorization"), pactSigned) {
			r.Header.Set("Authorization", signature(r))
		}
		next.ServeHTTP(w, r)
	})
}

// wait lets time pass in the sandbox.
func (s *stage) wait(d time.Duration) error {
	target := s.control + "/control/v1/sandboxes/" + s.sandbox() + "/clock/advance"
	return s.exchange(http.MethodPost, target, nil, map[string]string{"duration": d.String()}, nil)
}

// exchange sends JSON, unless in is nil, and reads JSON, unless out is. An
// answer that refuses is an error.
func (s *stage) exchange(method, address string, header http.Header, in, out any) error {
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

func (s *stage) send(method, address string, header http.Header, contentType, body string, out any) (http.Header, error) {
	req, err := http.NewRequest(method, address, strings.NewReader(body))
	if err != nil {
		return nil, err
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

func TestTokensOfThePactAreReplacedAndNothingElse(t *testing.T) {
	s := &stage{stand: map[string]string{}}
	s.stands("Bearer real", "Bearer placeholder")
	for sent, want := range map[string]string{"Bearer placeholder": "Bearer real", "Bearer nobody": "Bearer nobody", "": ""} {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.Header.Set("X-Other", "Bearer placeholder")
		if sent != "" {
			r.Header.Set("Authorization", sent)
		}
		s.withTokens(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			if r.Header.Get("Authorization") != want || r.Header.Get("X-Other") != "Bearer placeholder" {
				t.Errorf("sent %q, arrived %v", sent, r.Header)
			}
		})).ServeHTTP(httptest.NewRecorder(), r)
	}
}
