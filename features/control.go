package features

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/features/report"
)

// control steers one sandbox: its life, its clock, its faults and its journal.
type control struct {
	wire
	base, token, sandbox string
	// patience bounds, in real time, how long a step waits for something to happen.
	patience time.Duration
	// at is the sandbox's time, which only those who steer it move; zero until somebody asked. armed says that there may be faults.
	at    time.Time
	armed bool
}

func (c *control) request(method, path string, body any) request {
	header := map[string]string{}
	if c.token != "" {
		header["Authorization"] = "Bearer " + c.token
	}
	return request{method, c.base + "/control/v1/sandboxes" + path, header, body}
}

func (c *control) own(method, path string, body any) request {
	return c.request(method, "/"+c.sandbox+path, body)
}

// create makes the sandbox from the preset omnichannel, with a clock that stands at an instant.
func (c *control) create(ctx context.Context, at time.Time, seed int64) error {
	return c.call(ctx, c.request(http.MethodPost, "", map[string]any{
		"name": c.sandbox, "from": "omnichannel", "seed": seed, "clock": "manual", "at": at,
	}), nil)
}

// kept is how many states a scenario's sandbox keeps, so that a broken invariant names the exchange that began it.
const kept = 200

// fork makes the sandbox from another one, as it is now.
func (c *control) fork(ctx context.Context, origin string) error {
	return c.call(ctx, c.request(http.MethodPost, "", map[string]any{"name": c.sandbox, "from": origin, "keep_worlds": kept}), nil)
}

func (c *control) delete(ctx context.Context) error {
	return c.call(ctx, c.own(http.MethodDelete, "", nil), nil)
}

func (c *control) now(ctx context.Context) (time.Time, error) {
	if !c.at.IsZero() {
		return c.at, nil
	}
	var out struct {
		Now time.Time `json:"now"`
	}
	err := c.call(ctx, c.own(http.MethodGet, "/clock", nil), &out)
	c.at = out.Now
	return out.Now, err
}

// advance lets time pass; it returns how many pieces of work became due on the way and were done.
func (c *control) advance(ctx context.Context, by time.Duration) (int, error) {
	var out struct {
		Now   time.Time `json:"now"`
		Ran   int       `json:"ran"`
		Ticks int       `json:"ticks"`
	}
	err := c.call(ctx, c.own(http.MethodPost, "/clock/advance", map[string]string{"duration": by.String()}), &out)
	c.at = out.Now
	return out.Ran + out.Ticks, err
}

// fault is a failure to arm, as the control plane takes it.
type fault struct {
	Name   string      `json:"name"`
	Match  faultMatch  `json:"match"`
	Effect faultEffect `json:"effect"`
}

type faultMatch struct {
	System    string `json:"system,omitempty"`
	Operation string `json:"operation,omitempty"`
	Order     string `json:"order,omitempty"`
	Contains  string `json:"contains,omitempty"`
	Nth       int    `json:"nth,omitempty"`
}

type faultEffect struct {
	Kind   string `json:"kind"`
	Status int    `json:"status,omitempty"`
	Code   string `json:"code,omitempty"`
	Record string `json:"record,omitempty"`
	Phase  string `json:"phase,omitempty"`
	// RetryAfter is in seconds.
	RetryAfter int `json:"retry_after,omitempty"`
}

// armedFault is a fault with the number of calls it has struck.
type armedFault struct {
	Name  string `json:"name"`
	Fired int    `json:"fired"`
}

func (c *control) arm(ctx context.Context, f fault) error {
	c.armed = true
	return c.call(ctx, c.own(http.MethodPost, "/faults", f), nil)
}

func (c *control) faults(ctx context.Context) ([]armedFault, error) {
	if !c.armed {
		return nil, nil
	}
	var out struct {
		Faults []armedFault `json:"faults"`
	}
	err := c.call(ctx, c.own(http.MethodGet, "/faults", nil), &out)
	return out.Faults, err
}

// disarm removes the fault of that name. A fault that never struck tested nothing, which is an error.
func (c *control) disarm(ctx context.Context, name string) error {
	armed, err := c.faults(ctx)
	if err != nil {
		return err
	}
	for _, f := range armed {
		if f.Name == name && f.Fired == 0 {
			err = fmt.Errorf("the fault %q was armed and never struck", name)
		}
	}
	if gone := c.call(ctx, c.own(http.MethodDelete, "/faults?name="+url.QueryEscape(name), nil), nil); gone != nil {
		return gone
	}
	return err
}

// disarmAll removes every fault and returns the names of all and of those that never struck.
func (c *control) disarmAll(ctx context.Context) (all, idle []string, err error) {
	armed, err := c.faults(ctx)
	if err != nil || len(armed) == 0 {
		return nil, nil, err
	}
	for _, f := range armed {
		all = append(all, f.Name)
		if f.Fired == 0 {
			idle = append(idle, f.Name)
		}
	}
	return all, idle, c.call(ctx, c.own(http.MethodDelete, "/faults", nil), nil)
}

// deviation is one thing that contradicts an invariant, which it names.
type deviation struct {
	Invariant string `json:"invariant"`
	Entity    string `json:"entity"`
	Detail    string `json:"detail"`
	// Since is the first exchange after which it was so; zero when that is not known.
	Since int64 `json:"since"`
}

// invariants asks what contradicts the truths between the systems.
func (c *control) invariants(ctx context.Context) ([]deviation, error) {
	var out struct {
		Holds      bool        `json:"holds"`
		Deviations []deviation `json:"violations"`
	}
	if err := c.call(ctx, c.own(http.MethodGet, "/invariants", nil), &out); err != nil {
		return nil, err
	}
	if out.Holds != (len(out.Deviations) == 0) {
		return nil, fmt.Errorf("the simulator says that all invariants hold: %t, and names %d deviations", out.Holds, len(out.Deviations))
	}
	return out.Deviations, nil
}

// trackedEvent is something that web analytics counts.
type trackedEvent struct {
	Name    string `json:"event"`
	OrderNo string `json:"transaction_id"`
	// Value is what it is about in money, Items of which units.
	Value decimal.Decimal `json:"value"`
	Items []struct {
		ID       string          `json:"item_id"`
		Quantity decimal.Decimal `json:"quantity"`
	} `json:"items"`
}

// trackedAs reads what web analytics was told and took as accepted, rejected or duplicate.
func (c *control) trackedAs(ctx context.Context, status string) ([]trackedEvent, error) {
	var out struct {
		Events []trackedEvent `json:"events"`
	}
	err := c.call(ctx, c.own(http.MethodGet, "/tracked-events?status="+status, nil), &out)
	return out.Events, err
}

// occasion selects exchanges in the journal.
type occasion struct {
	System    string `json:"system,omitempty"`
	Operation string `json:"operation,omitempty"`
	Contains  string `json:"contains,omitempty"`
	Fault     string `json:"fault,omitempty"`
	// Phase is closed, when empty, or opened: exchanges under way count too.
	Phase string `json:"phase,omitempty"`
}

// usualPatience is how long a step waits where nobody says otherwise, longestAwait how long the simulator does at a time.
const (
	usualPatience = time.Minute
	longestAwait  = time.Minute
)

// await waits until that many exchanges have happened.
func (c *control) await(ctx context.Context, o occasion, count int) error {
	for left := c.patience; ; left -= longestAwait {
		err := c.call(ctx, c.own(http.MethodPost, "/journal/await", map[string]any{
			"match": o, "count": count, "timeout_ms": min(left, longestAwait).Milliseconds(),
		}), nil)
		var no *unexpected
		if left <= longestAwait || !errors.As(err, &no) || no.reply.status != http.StatusGatewayTimeout {
			return err
		}
	}
}

// journal reads the exchanges after the one of that number.
func (c *control) journal(ctx context.Context, after int64) (journal, error) {
	var out struct {
		Entries journal `json:"entries"`
	}
	query := "?after_seq=" + strconv.FormatInt(after, 10)
	err := c.call(ctx, c.own(http.MethodGet, "/journal"+query, nil), &out)
	return out.Entries, err
}

// exchanges reads the whole journal, as a report keeps it, or its outline.
func (c *control) exchanges(ctx context.Context, outline bool) ([]report.Exchange, error) {
	var out struct {
		Entries []report.Exchange `json:"entries"`
	}
	path := "/journal"
	if outline {
		path += "?outline=true"
	}
	err := c.call(ctx, c.own(http.MethodGet, path, nil), &out)
	return out.Entries, err
}

// dueWork reads what changed because its time had come.
func (c *control) dueWork(ctx context.Context) ([]report.Change, error) {
	var out struct {
		Work []struct {
			Changes []report.Change `json:"changes"`
		} `json:"work"`
	}
	err := c.call(ctx, c.own(http.MethodGet, "/due-work", nil), &out)
	var all []report.Change
	for _, one := range out.Work {
		all = append(all, one.Changes...)
	}
	return report.Compacted(all), err
}

// about adds to a run what the simulator says of itself: its operations, its rules, and the states of its objects.
func (c *control) about(ctx context.Context, run *report.Run) error {
	whole := func(path string) request {
		return request{http.MethodGet, c.base + "/control/v1" + path, c.request("", "", nil).header, nil}
	}
	return errors.Join(
		c.call(ctx, whole("/operations"), &struct {
			Operations *[]report.Operation `json:"operations"`
		}{&run.Operations}),
		c.call(ctx, whole("/rules"), &struct {
			Rules *[]report.Rule `json:"rules"`
		}{&run.Rules}),
		c.call(ctx, whole("/states"), &struct {
			Machines *[]report.Machine `json:"machines"`
		}{&run.Machines}),
	)
}
