package features

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"

	"github.com/cucumber/godog"
)

// Face is one of the two interfaces by which an order-ops can be asked.
type Face string

// The faces: the storefront speaks the commerce API, the app order-ops' own.
const (
	OCAPI Face = "ocapi"
	REST  Face = "rest"
)

// face is the interface that a channel speaks.
func (c channel) face() Face {
	if c == storefront {
		return OCAPI
	}
	return REST
}

// reach is how far a scenario gets with the order-ops of its run. A service may speak one face only, and may know a
// caller's sandbox by their token alone; what a scenario wants beyond that cannot be asked, which is neither good nor bad.
type reach struct {
	faces []Face // none means both
	// tokens says that a caller without a shopper's token has no sandbox.
	tokens bool

	mu    sync.Mutex
	why   string
	codes []string
}

// errBeyondReach stands for the answer to what could not be asked.
var errBeyondReach = errors.New("this order-ops cannot be asked that")

// speaks says whether order-ops can be asked in a channel.
func (r *reach) speaks(c channel) bool {
	return len(r.faces) == 0 || slices.Contains(r.faces, c.face())
}

// fits says whether order-ops can be asked in a channel, and remembers when it cannot.
func (r *reach) fits(c channel) error {
	if r.speaks(c) {
		return nil
	}
	return r.miss(fmt.Sprintf("it is about the %s, and this order-ops does not speak to it (%s)", c, c.face()))
}

// knows says whether order-ops can find the sandbox of a caller who may have no token, for what it does by itself then.
func (r *reach) knows(token string) error {
	if token != "" || !r.tokens {
		return nil
	}
	return r.miss("it is about a caller without a shopper's token, whose sandbox this order-ops does not know")
}

func (r *reach) miss(why string) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.why == "" {
		r.why = why
	}
	return fmt.Errorf("%w: %s", errBeyondReach, why)
}

// hear takes note of order-ops' word for an answer.
func (r *reach) hear(code string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if code != "" && !slices.Contains(r.codes, code) {
		r.codes = append(r.codes, code)
	}
}

// heard are the words that order-ops had for its answers.
func (r *reach) heard() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Sorted(slices.Values(r.codes))
}

// missed is what the scenario wanted in vain; empty when it got all it wanted.
func (r *reach) missed() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.why
}

// within has a step end its scenario, without a verdict, as soon as it wanted what cannot be asked: what it made of the
// answer that there was none means nothing.
func (r *reach) within(run any) any {
	step := reflect.ValueOf(run)
	return reflect.MakeFunc(step.Type(), func(args []reflect.Value) []reflect.Value {
		results := step.Call(args)
		if r.missed() != "" {
			skip := godog.ErrSkip
			results[len(results)-1] = reflect.ValueOf(&skip).Elem()
		}
		return results
	}).Interface()
}

// ParseFaces reads which faces an order-ops speaks: ocapi, rest or both. Nothing means that it is to be found out.
func ParseFaces(text string) ([]Face, error) {
	switch Face(text) {
	case "":
		return nil, nil
	case "both":
		return []Face{OCAPI, REST}, nil
	case OCAPI, REST:
		return []Face{Face(text)}, nil
	default:
		return nil, fmt.Errorf("%q is no face: ocapi, rest or both", text)
	}
}

func facesText(faces []Face) string {
	words := make([]string, len(faces))
	for i, f := range faces {
		words[i] = string(f)
	}
	return strings.Join(words, " and ")
}
