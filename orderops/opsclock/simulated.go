package opsclock

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/somsim/somsim/orderops/remote"
)

// Simulated is the time of the sandbox of each context, read from the simulator's control plane. A reading is kept until
// a tick, or Refresh, brings a newer one: a manual clock stands still in between, a real one is the machine's clock
// moved by a constant.
type Simulated struct {
	control string
	token   string
	http    *http.Client
	log     *slog.Logger
	wall    Wall

	mu       sync.Mutex
	readings map[string]reading
	worlds   map[string]string // by sandbox, as ticks name them
}

// reading is what is known of one sandbox's clock.
type reading struct {
	manual bool
	now    time.Time     // of a manual clock
	offset time.Duration // of a real clock, against the machine's
}

// NewSimulated makes a clock over the base URL of a control plane and its bearer token, empty where it wants none.
func NewSimulated(control, token string, client *http.Client, log *slog.Logger) *Simulated {
	return &Simulated{control: strings.TrimSuffix(control, "/"), token: token, http: client, log: log, readings: map[string]reading{}, worlds: map[string]string{}}
}

// Now implements Clock. When the control plane cannot be asked, the machine's clock has to do.
func (c *Simulated) Now(ctx context.Context) time.Time { return c.at(c.reading(ctx)) }

func (c *Simulated) at(r reading) time.Time {
	if r.manual {
		return r.now
	}
	return c.wall.Now(context.Background()).Add(r.offset)
}

// Wait implements Clock.
func (c *Simulated) Wait(ctx context.Context, d time.Duration) error {
	if c.reading(ctx).manual {
		return ctx.Err()
	}
	return c.wall.Wait(ctx, d)
}

// Manual says whether the sandbox of ctx has a clock that only moves when it is advanced.
func (c *Simulated) Manual(ctx context.Context) bool { return c.reading(ctx).manual }

// Refresh reads the clock of ctx's sandbox anew.
func (c *Simulated) Refresh(ctx context.Context) {
	fresh, err := c.read(ctx)
	if err != nil {
		c.log.WarnContext(ctx, "sandbox clock not read", "sandbox", remote.ScopeOf(ctx).Sandbox, "error", err.Error())
		return
	}
	c.keep(ctx, fresh)
}

// Anew says that the sandbox of ctx is another one than at the tick before, and remembers it by the word for it.
func (c *Simulated) Anew(ctx context.Context, world string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	name := remote.ScopeOf(ctx).Sandbox
	before := c.worlds[name]
	c.worlds[name] = world
	return before != "" && world != "" && before != world
}

// Told takes over what a tick said the time is.
func (c *Simulated) Told(ctx context.Context, now time.Time) {
	r := c.reading(ctx)
	if r.now = now.UTC(); !r.manual {
		r.offset = now.Sub(c.wall.Now(ctx))
	}
	c.keep(ctx, r)
}

func (c *Simulated) keep(ctx context.Context, r reading) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.readings[remote.ScopeOf(ctx).Sandbox] = r
}

func (c *Simulated) reading(ctx context.Context) reading {
	c.mu.Lock()
	r, ok := c.readings[remote.ScopeOf(ctx).Sandbox]
	c.mu.Unlock()
	if ok {
		return r
	}
	r, err := c.read(ctx)
	if err == nil {
		c.keep(ctx, r)
	}
	return r
}

// readTimeout bounds a question for the time; the control plane is next door.
const readTimeout = 2 * time.Second

func (c *Simulated) read(ctx context.Context) (reading, error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), readTimeout)
	defer cancel()
	target := c.control + "/control/v1/sandboxes/" + url.PathEscape(remote.ScopeOf(ctx).Sandbox) + "/clock"
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, target, nil)
	if err != nil {
		return reading{}, fmt.Errorf("read sandbox clock: %w", err)
	}
	if c.token != "" {
		req.Header.Set("Authorization", "Bearer "+c.token)
	}
	res, err := c.http.Do(req)
	if err != nil {
		return reading{}, fmt.Errorf("read sandbox clock: %w", err)
	}
	defer func() { _ = res.Body.Close() }()
	var answer struct {
		Mode string    `json:"mode"`
		Now  time.Time `json:"now"`
	}
	if err := json.NewDecoder(res.Body).Decode(&answer); err != nil || res.StatusCode != http.StatusOK {
		return reading{}, fmt.Errorf("read sandbox clock: status %d", res.StatusCode)
	}
	return reading{manual: answer.Mode == "manual", now: answer.Now.UTC(), offset: answer.Now.Sub(c.wall.Now(ctx))}, nil
}
