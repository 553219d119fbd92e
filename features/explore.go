package features

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
)

// The ways in which an order-ops may know the sandbox that a request belongs to. Any other word in Options.Sandbox is the
// name of the one sandbox in which it works.
const (
	// ByBaggage is the member `sandbox` of the baggage header, which the service passes on with every call of its own.
	ByBaggage = "baggage"
	// ByCredential is the token of the caller: its client id, or what it was made by, ends in ~NAME.
	ByCredential = "credential"
)

// probed is an order of the preset, whose shopper may look at it.
const (
	probed      = "00000101"
	probedBy    = "shopper-1"
	defaultName = "default"
)

// approach settles how order-ops is asked, of which what was left open is found out. It needs the origin.
func (e *environment) approach(ctx context.Context, o Options) (err error) {
	faces := o.Faces
	if len(faces) == 0 {
		if faces, err = e.faces(ctx); err != nil {
			return err
		}
	}
	e.reach = &reach{faces: faces}
	switch o.Sandbox {
	case "":
		return e.findSandbox(ctx)
	case ByBaggage:
	case ByCredential:
		e.reach.tokens = true
	default:
		e.lone = o.Sandbox
	}
	return nil
}

// manner says how order-ops is asked.
func (e *environment) manner() string {
	switch {
	case e.lone != "":
		return fmt.Sprintf("%s, in the sandbox %s, which is made anew for each scenario, so one after another", facesText(e.reach.faces), e.lone)
	case e.reach.tokens:
		return facesText(e.reach.faces) + ", sandboxes by credential"
	default:
		return facesText(e.reach.faces) + ", sandboxes by baggage"
	}
}

// faces asks for something without a token at either face: each refuses that in its own shape.
func (e *environment) faces(ctx context.Context) ([]Face, error) {
	var found []Face
	problem := ""
	for _, one := range []struct {
		face         Face
		path, member string
	}{
		{OCAPI, shopPath(firstSite) + "/orders/" + probed, "fault"},
		{REST, orderOpsPath + "/orders", "code"},
	} {
		got, err := wire{e.http}.send(ctx, request{http.MethodGet, e.orderOps + one.path, nil, nil})
		if err != nil {
			return nil, fmt.Errorf("orderops: nothing answers at %s: %w", e.orderOps, err)
		}
		var refusal map[string]json.RawMessage
		if json.Unmarshal(got.body, &refusal) == nil && refusal[one.member] != nil && got.status != http.StatusNotFound {
			found = append(found, one.face)
			continue
		}
		problem += fmt.Sprintf("; it answers %d to GET %s", got.status, one.path)
	}
	if len(found) == 0 {
		return nil, fmt.Errorf("orderops: what is at %s speaks neither face%s, where a refusal is expected; --face says which it speaks", e.orderOps, problem)
	}
	return found, nil
}

// findSandbox finds out in which sandbox order-ops asks about an order that it was asked for.
func (e *environment) findSandbox(ctx context.Context) error {
	own := named(*e, "probe-")
	if err := own.fork(ctx, e.origin); err != nil {
		return fmt.Errorf("make a sandbox to try order-ops in: %w", err)
	}
	follows, problem := e.asksIn(ctx, own)
	byBaggage, err := e.asksForStrangersIn(ctx, own)
	if err := errors.Join(err, own.delete(ctx)); err != nil {
		return err
	}
	if follows {
		e.reach.tokens = !byBaggage
		return nil
	}
	if there, again := e.asksIn(ctx, called(*e, defaultName)); there {
		e.lone = defaultName
		return nil
	} else if problem = errors.Join(problem, again); problem == nil {
		problem = errors.New("it asked nobody")
	}
	return fmt.Errorf("orderops: asked for an order in a sandbox of its own and in the sandbox %s, it asked order management in neither; --sandbox names the one in which it works: %w", defaultName, problem)
}

// asksIn says whether order-ops, asked for an order in a sandbox, asks order management there.
func (e *environment) asksIn(ctx context.Context, in *control) (bool, error) {
	s := newShopper(*e, in.sandbox)
	if err := s.logIn(ctx, probedBy); err != nil {
		return false, err
	}
	before, err := in.journal(ctx, 0)
	if err != nil {
		return false, err
	}
	by := app
	if !e.reach.speaks(app) {
		by = storefront
	}
	got := s.look(ctx, by, probed)
	after, err := in.journal(ctx, before.last())
	if err == nil && got.status != http.StatusOK {
		err = fmt.Errorf("in sandbox %s the answer is %s", in.sandbox, got)
	}
	return slices.ContainsFunc(after, func(one exchange) bool { return one.System == submitCancel.system() }), err
}

// asksForStrangersIn says whether order-ops knows the sandbox of a caller who has no token. An order-ops that never does
// anything for such callers need not.
func (e *environment) asksForStrangersIn(ctx context.Context, in *control) (bool, error) {
	if !e.reach.speaks(app) {
		return true, nil
	}
	before, err := in.journal(ctx, 0)
	if err != nil {
		return false, err
	}
	stranger := newShopper(*e, in.sandbox)
	ask := request{http.MethodPost, e.orderOps + orderOpsPath + "/orders/" + probed + "/access-code", stranger.header(), map[string]string{"email": probedBy + mailDomain}}
	if _, err := stranger.send(ctx, ask); err != nil {
		return false, fmt.Errorf("ask order-ops for a guest's code: %w", err)
	}
	after, err := in.journal(ctx, before.last())
	return len(after) > 0, err
}
