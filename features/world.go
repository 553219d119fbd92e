package features

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"github.com/somsim/somsim/features/report"
)

// environment is where the scenarios of a run take place; it is the same for all and never changes.
type environment struct {
	api, control, orderOps, controlToken string
	operator, operatorToken              string
	// origin is the sandbox that every scenario's is made of.
	origin string
	// lone is the one sandbox in which order-ops works whoever asks; empty means that it works in that of the caller.
	lone string
	// keys stands before the keys of a scenario's requests: an order-ops of one sandbox remembers those of other scenarios.
	keys  string
	reach *reach
	// bySOM says that order management owns the money, lean that what happens is kept for nobody.
	bySOM, lean bool
	http        *http.Client
	// patience bounds, in real time, how long a step waits for something to happen.
	patience time.Duration
}

// world is what one scenario remembers. It lives as long as the scenario and is shared with no other.
type world struct {
	env       environment
	control   *control
	recording *recording
	auditor   *auditor
	// operators run order-ops.
	operators *operators
	// warehouse, back office and auditor are the same user of order management.
	office  *orgUser
	shopper *shopper

	orderNo string
	// start is the order when the shopper came; before is the order, and mark the journal's last exchange, when what the scenario is about began.
	start, before snapshot
	mark          int64

	// happened is the whole journal, once the scenario has come to rest.
	happened []report.Exchange

	passed  time.Duration // since everybody logged in
	cameIn  time.Time     // when those who work in the systems did
	account string        // of the shopper's points
	// shopRefusal is commerce's word for why it did not do what its back office asked for.
	shopRefusal string
	// pointsBefore are those that they had before they paid with some.
	pointsBefore int64
	// retailersMoves is how often the retailer has given money back without order-ops.
	retailersMoves int

	wish     wish
	wishes   int       // how many there were, this one included
	underWay []attempt // asked without waiting for the answer
	answers  []answer
	finals   []answer // what had become of the requests in the end
	// pages are those of the history that were turned, pageQuery what was asked for.
	pages     []shownPage
	pageQuery url.Values
	follow    followUp     // of the order that is being modified
	refusal   *refusal     // of the office's last try
	holds     []string     // what takes its time, by name, in the order of the scenario
	unwilling bool         // the payment provider refuses in the end what it is to give back
	estimate  estimate     // of the office's last question
	settled   orderSummary // as it was when the shopper came, or when the office last gave something back
	// guestMail is the address that a guest's order was made with.
	guestMail string
	// served is the customer whom an agent serves; empty without one.
	served string
	// vouched is the token with which the identity provider vouches for the shopper; empty where it does not.
	vouched string
	// guestToken is what a guest has who has logged in since.
	guestToken string
	// try is what a stranger tries with an order that is not theirs.
	try func(ctx context.Context, orderNo string) answer
}

// attempt is a request whose answer nobody waits for yet.
type attempt struct {
	wish   wish
	answer chan answer
	hangUp context.CancelFunc
}

// opening is when every scenario begins, a Monday morning.
func opening() time.Time { return time.Date(2026, time.June, 1, 13, 0, 0, 0, time.UTC) }

// named is a sandbox of a name that nobody else has.
func named(env environment, prefix string) *control { return called(env, prefix+unheardOf()) }

// called is the sandbox of that name.
func called(env environment, name string) *control {
	return &control{wire: wire{env.http}, base: env.control, token: env.controlToken, sandbox: name, patience: env.patience}
}

// unheardOf is a word that nobody has used. It has no digits: beside an order's number they would look like a card's.
func unheardOf() string {
	id := make([]byte, 12)
	_, _ = rand.Read(id) // never fails
	for i, b := range id {
		id[i] = 'a' + b%26
	}
	return string(id)
}

// makeOrigin fills the sandbox of which the scenarios get copies, which is sooner done than filling one for each. Its ids
// come from the seed.
func makeOrigin(ctx context.Context, env environment, seed int64) (*control, error) {
	origin := named(env, "scenarios-")
	if err := origin.create(ctx, opening(), seed); err != nil {
		return nil, fmt.Errorf("make the sandbox that the scenarios begin with: %w", err)
	}
	return origin, nil
}

func newWorld(env environment) *world {
	env.reach = &reach{faces: env.reach.faces, tokens: env.reach.tokens}
	steer := named(env, "scenario-")
	if env.lone != "" {
		steer, env.keys = called(env, env.lone), unheardOf()+"-"
	}
	name, w := steer.sandbox, wire{env.http}
	reader := &auditor{site: firstSite, orgUser: orgUser{wire: w, api: env.api, sandbox: name}, control: steer}
	return &world{
		env: env, control: steer,
		auditor:   reader,
		operators: &operators{wire: w, base: env.operator, token: env.operatorToken, sandbox: name},
		office:    &reader.orgUser,
		shopper:   newShopper(env, name),
	}
}

func newShopper(env environment, sandbox string) *shopper {
	return &shopper{wire: wire{env.http}, api: env.api, orderOps: env.orderOps, sandbox: sandbox, site: firstSite, reach: env.reach}
}

// begin makes the sandbox and lets in those who work in it.
func (w *world) begin(ctx context.Context) error {
	if w.env.lone != "" {
		if err := w.beginAnew(ctx); err != nil {
			return fmt.Errorf("set sandbox %s back: %w", w.env.lone, err)
		}
	} else if err := w.control.fork(ctx, w.env.origin); err != nil {
		return fmt.Errorf("make the sandbox: %w", err)
	}
	return w.letIn(ctx)
}

// letIn lets in those who work in the systems.
func (w *world) letIn(ctx context.Context) (err error) {
	if err := w.auditor.logIn(ctx); err != nil {
		return fmt.Errorf("let the auditor in: %w", err)
	}
	w.cameIn, err = w.control.now(ctx)
	return err
}

// now reads the order in every system.
func (w *world) now(ctx context.Context) (snapshot, error) { return w.auditor.order(ctx, w.orderNo) }

// remember takes the present as what later steps compare with.
func (w *world) remember(ctx context.Context) (err error) {
	if w.before, err = w.now(ctx); err != nil {
		return err
	}
	whole, err := w.control.journal(ctx, w.mark)
	w.mark = max(w.mark, whole.last())
	return err
}

// since is the journal since the last remembered present.
func (w *world) since(ctx context.Context) (journal, error) { return w.control.journal(ctx, w.mark) }

// latest is the answer that the shopper got last.
func (w *world) latest() (answer, error) {
	if len(w.answers) == 0 {
		return answer{}, fmt.Errorf("the shopper has no answer yet")
	}
	return w.answers[len(w.answers)-1], nil
}

// gather waits for the answers of everything that is under way.
func (w *world) gather(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, w.env.patience)
	defer cancel()
	for len(w.underWay) > 0 {
		select {
		case a := <-w.underWay[0].answer:
			w.answers = append(w.answers, w.untilOver(ctx, w.underWay[0].wish, a))
			w.underWay = w.underWay[1:]
		case <-ctx.Done():
			return fmt.Errorf("%d requests got no answer: %w", len(w.underWay), ctx.Err())
		}
	}
	return nil
}
