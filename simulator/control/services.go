package control

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"github.com/somsim/somsim/simulator/binding"
	"github.com/somsim/somsim/simulator/sandbox"
)

type serviceInput struct {
	Service string `path:"service"`
	Body    struct {
		TickURL string `json:"tick_url"`
	}
}

func (a *API) registerService(_ *binding.Call, in serviceInput) (binding.Empty, error) {
	if u, err := url.Parse(in.Body.TickURL); err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return binding.Empty{}, refuse(http.StatusBadRequest, "body tick_url: %q is not like http://127.0.0.1:8702/tick", in.Body.TickURL)
	}
	if err := a.Egress(in.Body.TickURL); err != nil {
		return binding.Empty{}, refuse(http.StatusForbidden, "body tick_url: %v", err)
	}
	a.Worlds.Register(in.Service, &httpTicker{name: in.Service, url: in.Body.TickURL, client: a.Client, worlds: a.Worlds})
	return binding.Empty{}, nil
}

// httpTicker tells a service over HTTP that time has moved.
type httpTicker struct {
	name, url string
	client    *http.Client
	worlds    *sandbox.Worlds
}

type tickRequest struct {
	Sandbox string    `json:"sandbox"`
	Now     time.Time `json:"now"`
	// World is another word when the sandbox is not the one of that name that it was: what the service remembers of it is
	// of a world that is gone.
	World string `json:"world"`
}

type tickResponse struct {
	Ran     int        `json:"ran"`
	NextDue *time.Time `json:"next_due"`
}

// Tick implements sandbox.Ticker.
func (t *httpTicker) Tick(ctx context.Context, name string, now time.Time) (int, *time.Time, error) {
	in := tickRequest{Sandbox: name, Now: now}
	if w, ok := t.worlds.Get(name); ok {
		in.World = w.Incarnation()
	}
	body, err := json.Marshal(in)
	if err != nil {
		return 0, nil, fmt.Errorf("tick of %s: %w", t.name, err)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, t.url, bytes.NewReader(body))
	if err != nil {
		return 0, nil, fmt.Errorf("tick of %s: %w", t.name, err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Baggage", "sandbox="+name)
	resp, err := t.client.Do(req)
	if err != nil {
		return 0, nil, fmt.Errorf("tick of %s: %w", t.name, err)
	}
	defer func() { _ = resp.Body.Close() }()
	if resp.StatusCode != http.StatusOK {
		return 0, nil, fmt.Errorf("tick of %s at %s: status %d", t.name, t.url, resp.StatusCode)
	}
	var out tickResponse
	if err := json.NewDecoder(resp.Body).Decode(&out); err != nil {
		return 0, nil, fmt.Errorf("tick of %s: %w", t.name, err)
	}
	return out.Ran, out.NextDue, nil
}
