// Package replay verifies the HTTP interactions of pacts in plain Go: it brings
// a provider into the state, makes the request and compares the answer. It is
// for places that the official verifier does not reach: a live org, where what
// the provider, the simulator and the documents say is laid side by side, and a
// machine without the verifier. Messages are for the official verifier.
package replay

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/somsim/somsim/contracts/matching"
	"github.com/somsim/somsim/contracts/pactfile"
)

// States brings a provider into a state and returns the ids that requests need.
type States interface {
	SetUp(provider, state string, params map[string]any) (map[string]any, error)
	// Adjust makes a request ready to be sent: tokens, signatures, the sandbox.
	Adjust(r *http.Request)
	// LookAfter checks what there is to see besides the answer.
	LookAfter() error
}

// Provider is who is asked.
type Provider struct {
	// Name is that of the pacticipant, Base the URL it is served at.
	Name, Base string
	States     States
	Client     *http.Client
}

// Client is one that follows no redirect and waits for half a minute.
func Client() *http.Client {
	return &http.Client{
		Timeout:       30 * time.Second,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// Result is what came of an interaction.
type Result struct {
	Interaction pactfile.Interaction
	// Sent is the request as it was made; Answer is nil where none came.
	Sent       pactfile.Request
	Answer     *matching.Answer
	Mismatches []matching.Mismatch
	// Err is why there is nothing to compare, such as a state that is not known.
	Err error
}

// Failed says whether the pact was not kept, or nobody knows.
func (r Result) Failed() bool { return r.Err != nil || len(r.Mismatches) > 0 }

// Teller has a provider send a message, and returns it.
type Teller interface {
	Tell(provider, what string) ([]byte, error)
}

// ErrMessage is about a message of a provider that nobody can have send it.
var ErrMessage = errors.New("a message that nobody has the provider send")

// Verify replays an interaction.
func (p Provider) Verify(ctx context.Context, i pactfile.Interaction) Result {
	result := Result{Interaction: i}
	values, err := p.setUp(i)
	if err != nil {
		result.Err = err
		return result
	}
	if i.IsMessage() {
		return p.hear(i)
	}
	if result.Sent, result.Err = Fill(i.Request, values); result.Err != nil {
		return result
	}
	if result.Answer, result.Err = p.Ask(ctx, result.Sent); result.Err != nil {
		return result
	}
	result.Mismatches = matching.Compare(i.Response, *result.Answer)
	if err := p.States.LookAfter(); err != nil {
		result.Mismatches = append(result.Mismatches, matching.Mismatch{Where: "outcome", Text: err.Error()})
	}
	return result
}

// hear has the provider send a message and compares it.
func (p Provider) hear(i pactfile.Interaction) Result {
	result := Result{Interaction: i}
	teller, ok := p.States.(Teller)
	if !ok {
		result.Err = ErrMessage
		return result
	}
	message, err := teller.Tell(p.Name, i.Description)
	if err != nil {
		result.Err = err
		return result
	}
	result.Answer = &matching.Answer{Body: message}
	result.Mismatches = matching.Compare(pactfile.Response{Body: i.Contents, MatchingRules: i.MatchingRules}, *result.Answer)
	return result
}

func (p Provider) setUp(i pactfile.Interaction) (map[string]any, error) {
	if len(i.ProviderStates) == 0 {
		return nil, errors.New("it names no state")
	}
	values := map[string]any{}
	for _, state := range i.ProviderStates {
		found, err := p.States.SetUp(p.Name, state.Name, state.Params)
		if err != nil {
			return nil, err
		}
		for name, value := range found {
			values[name] = value
		}
	}
	return values, nil
}

// Ask makes a request and reads the answer to its end.
func (p Provider) Ask(ctx context.Context, r pactfile.Request) (*matching.Answer, error) {
	request, err := r.HTTPRequest(p.Base)
	if err != nil {
		return nil, err
	}
	request = request.WithContext(ctx)
	p.States.Adjust(request)
	response, err := p.Client.Do(request)
	if err != nil {
		return nil, fmt.Errorf("no answer: %w", err)
	}
	defer func() { _ = response.Body.Close() }()
	const most = 8 << 20
	body, err := io.ReadAll(io.LimitReader(response.Body, most))
	if err != nil {
		return nil, fmt.Errorf("no whole answer: %w", err)
	}
	return &matching.Answer{Status: response.StatusCode, Header: response.Header, Body: []byte(strings.TrimSpace(string(body)))}, nil
}
