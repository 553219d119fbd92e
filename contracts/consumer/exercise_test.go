//go:build pact

package consumer_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"path"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/pact-foundation/pact-go/v2/consumer"
	"github.com/pact-foundation/pact-go/v2/models"

	"github.com/somsim/somsim/orderops/remote"
)

// success is the outcome of a call that is no error.
const success = "success"

// run exercises the interaction; the mock server's address is all that the
// client is told.
func (p *pact) run(t *testing.T, i executable, exercise func(remote.Caller) error) {
	t.Helper()
	p.exercise(t, i, success, exercise)
}

// refuses exercises an interaction in which the client tells its caller of an
// error of that class, with the vendor's code.
func (p *pact) refuses(t *testing.T, i executable, class remote.Class, code string, exercise func(remote.Caller) error) {
	t.Helper()
	p.exercise(t, i, string(class), func(caller remote.Caller) error {
		return expectClass(exercise(caller), class, code)
	})
}

// exercise notes what is proved and fails when no function of a client made the
// call.
func (p *pact) exercise(t *testing.T, i executable, outcome string, exercise func(remote.Caller) error) {
	t.Helper()
	w := &witness{inspect: p.inspect}
	execute(t, i, func(base string) error {
		return exercise(remote.Caller{BaseURL: base, HTTP: &http.Client{Transport: w}})
	})
	switch {
	case w.problem != nil:
		t.Fatal(w.problem)
	case w.function == "":
		t.Fatal("no function of a client made this call")
	}
	p.notes[p.latest] = note{w.function, outcome}
}

// execute runs against the mock server of an interaction, whose account of what
// was wrong with a request says more than what the caller made of its answer.
func execute(t *testing.T, i executable, exercise func(base string) error) {
	t.Helper()
	var failure error
	mismatch := i.ExecuteTest(t, func(mock consumer.MockServerConfig) error {
		failure = exercise(fmt.Sprintf("http://%s:%d", mock.Host, mock.Port))
		return nil
	})
	if err := errors.Join(mismatch, failure); err != nil {
		t.Fatal(err)
	}
}

// witness is a transport that notes which function of a client a request is
// made by.
type witness struct {
	function string
	inspect  func(*http.Request) error
	problem  error
}

// RoundTrip sends the request.
func (w *witness) RoundTrip(r *http.Request) (*http.Response, error) {
	pcs := make([]uintptr, 64)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(1, pcs)])
	for more := true; more; {
		var frame runtime.Frame
		frame, more = frames.Next()
		if name, ok := clientFunction(frame); ok {
			w.function = name // the outermost one is that which the test called
		}
	}
	if w.inspect != nil {
		w.problem = errors.Join(w.problem, w.inspect(r))
	}
	return http.DefaultTransport.RoundTrip(r)
}

// clientFunction spells a function of a client package as package.Function. A
// literal goes by the function that holds it, which may have been compiled into
// its caller: only the file tells then where it comes from.
func clientFunction(frame runtime.Frame) (string, bool) {
	half, pkg := path.Split(path.Dir(filepath.ToSlash(frame.File)))
	if !strings.HasSuffix(half, "/orderops/") || !strings.HasSuffix(pkg, "client") {
		return "", false
	}
	names := strings.Split(frame.Function, ".")
	for len(names) > 1 && strings.TrimLeft(strings.TrimPrefix(names[len(names)-1], "func"), "0123456789") == "" {
		names = names[:len(names)-1]
	}
	return pkg + "." + names[len(names)-1], true
}

func expect[T any](err error, got, want T) error {
	if err != nil {
		return err
	}
	if diff := cmp.Diff(want, got); diff != "" {
		return fmt.Errorf("the client read (-want +got):\n%s", diff)
	}
	return nil
}

func expectClass(err error, class remote.Class, code string) error {
	e, ok := remote.AsError(err)
	if !ok || e.Class != class || e.VendorCode != code {
		return fmt.Errorf("got %w, want class %s with code %s", err, class, code)
	}
	return nil
}

// order is a provider state about the order with that number.
func order(state, number string) models.ProviderState {
	return models.ProviderState{Name: state, Parameters: map[string]any{"orderNumber": number}}
}

// unconfigured is an interaction of which only states and description are known.
type unconfigured = *consumer.V4UnconfiguredInteraction

// request is a call of a client and how the provider sees it, in a state in
// which it would be granted.
type request struct {
	what  string
	state models.ProviderState
	// describe and call are given the credential to send.
	describe func(i unconfigured, credential string) *consumer.V4InteractionWithRequest
	call     func(ctx context.Context, caller remote.Caller, credential string) error
	// read says that nothing changes, so that an answer that is lost leaves nothing open.
	read bool
}

// interaction begins the interaction of a request.
func (r request) interaction(t *testing.T, p *pact, when, credential string) *consumer.V4InteractionWithRequest {
	t.Helper()
	return r.describe(p.interaction(t, r.what+when).GivenWithParameter(r.state), credential)
}

// outage is a way in which a system fails whatever it is asked. Vendors tell it
// by the status, unless their clients look for a code.
type outage struct {
	state, when string
	status      int
	code        string
	read, write remote.Class
}

// outages are those of a system that tells them by the status.
func outages() []outage {
	return []outage{
		{"too many calls were made", " after too many calls", http.StatusTooManyRequests, "", remote.Throttled, remote.Throttled},
		{"the system is closed", " while the system is closed", http.StatusServiceUnavailable, "", remote.Unavailable, remote.Unavailable},
		{"the system breaks down", " that breaks the system", http.StatusInternalServerError, "", remote.Unavailable, remote.Ambiguous},
	}
}

// failing has each request meet each outage. document words the vendor's code;
// without one the answer has no body that anybody reads.
func (p *pact) failing(t *testing.T, requests []request, outages []outage, credential string, document func(code string) any) {
	t.Helper()
	for _, r := range requests {
		for _, o := range outages {
			t.Run(r.what+o.when, func(t *testing.T) {
				var answer []consumer.V4ResponseBuilderFunc
				if o.code != "" {
					answer = append(answer, body(document(o.code)))
				}
				described := r.describe(p.interaction(t, r.what+o.when).GivenWithParameter(r.state).Given(o.state), credential)
				class := o.write
				if r.read {
					class = o.read
				}
				p.refuses(t, described.WillRespondWith(o.status, answer...), class, o.code, func(caller remote.Caller) error {
					return r.call(t.Context(), caller, credential)
				})
			})
		}
	}
}

// unauthorized has each request made with a credential that is not known.
func (p *pact) unauthorized(t *testing.T, requests []request, status int, class remote.Class, code string, answer consumer.V4ResponseBuilderFunc) {
	t.Helper()
	for _, r := range requests {
		const when = " by somebody unknown"
		t.Run(r.what+when, func(t *testing.T) {
			i := r.interaction(t, p, when, "nobody").WillRespondWith(status, answer)
			p.refuses(t, i, class, code, func(caller remote.Caller) error { return r.call(t.Context(), caller, "nobody") })
		})
	}
}
