package control_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

// hold puts an order on hold in the simulated org, which publishes an event.
func (p plane) hold() {
	p.t.Helper()
	form := url.Values{"grant_type": {"client_credentials"}, "client_id": {"somsim"}, "client_secret": {"somsim"}}
	resp, err := (&http.Client{}).Post(p.sim.URL+"/services/oauth2/token", "application/x-www-form-urlencoded", strings.NewReader(form.Encode()))
	if err != nil {
		p.t.Fatal(err)
	}
	var session struct {
		AccessToken string `json:"access_token"`
	}
	err = json.NewDecoder(resp.Body).Decode(&session)
	_ = resp.Body.Close()
	if err != nil {
		p.t.Fatal(err)
	}
	created := p.events("?type=OrderSummaryCreatedEvent").Events[0].Data.Payload["OrderSummaryId"].(string)
	req, err := http.NewRequestWithContext(p.t.Context(), http.MethodPatch, p.sim.URL+"/services/data/v60.0/sobjects/OrderSummary/"+created, strings.NewReader(`{"Status":"On Hold"}`))
	if err != nil {
		p.t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+session.AccessToken)
	req.Header.Set("Content-Type", "application/json")
	patched, err := http.DefaultClient.Do(req)
	if err != nil {
		p.t.Fatal(err)
	}
	_ = patched.Body.Close()
	if patched.StatusCode != http.StatusNoContent {
		p.t.Fatalf("patch: %d", patched.StatusCode)
	}
}

// step is a request and what its answer has to be.
type step struct {
	request, body string
	status        int
	text          string
}

func (p plane) steps(all ...step) {
	p.t.Helper()
	for _, s := range all {
		if status, text := p.call(s.request, s.body); status != s.status || !strings.Contains(text, s.text) {
			p.t.Errorf("%s %s: %d %s, want %d %s", s.request, s.body, status, text, s.status, s.text)
		}
	}
}

func TestEventsAreDeliveredToTargets(t *testing.T) {
	t.Parallel()
	p := newPlane(t)
	arrived := make(chan string, 4)
	target := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		arrived <- r.Header.Get("Order-Ops-Signature") + " " + r.Header.Get("Baggage") + " " + string(body)
		w.WriteHeader(http.StatusAccepted)
	}))
	t.Cleanup(target.Close)
	const one = "/sandboxes/default/targets/ops"
	p.steps(
		step{"GET /sandboxes/default/targets", "", 200, `{"targets":[]}`},
		step{"PUT " + one, `{"line":"som.events","url":"` + target.URL + `/events","secret":"s3cret"}`, 200, `"waiting":0,"delivered":0,"given_up":0,"deliveries":[]}`},
	)
	p.hold()
	p.steps(
		step{"GET /sandboxes/default/targets", "", 200, `"waiting":1,"delivered":0`},
		step{"GET /sandboxes/default/targets", "", 200, `"attempts":0}`},
		step{"POST /sandboxes/default/clock/advance", `{"duration":"0s"}`, 200, `"rounds":1,"ran":1,"ticks":0`},
		step{"GET /sandboxes/default/targets", "", 200, `"waiting":0,"delivered":1`},
	)
	got := <-arrived
	if !strings.HasPrefix(got, "t=1780318800,v1=") || !strings.Contains(got, " sandbox=default {\"data\":") || !strings.Contains(got, `"NewStatus":"On Hold"`) {
		t.Errorf("arrived %s", got)
	}
	last := p.events("?type=OrderSumStatusChangedEvent").Events
	if uuid := last[len(last)-1].Data.Event.EventUuid; !strings.Contains(got, uuid) {
		t.Errorf("it is not the event %s: %s", uuid, got)
	}
	_, entries := p.call("GET /sandboxes/default/journal?operation=deliverEvent", "")
	if !strings.Contains(entries, `"outbound":true`) || !strings.Contains(entries, `"path":"`+target.URL+`/events"`) || strings.Contains(entries, "s3cret") || strings.Contains(entries, "v1=") {
		t.Errorf("the journal has %s", entries)
	}
	p.steps(step{"DELETE " + one, "", 204, ""}, step{"DELETE " + one, "", 404, `unknown target: \"ops\"`})
}

func TestTargetsThatAreRefused(t *testing.T) {
	t.Parallel()
	p := newPlane(t)
	const one = "PUT /sandboxes/default/targets/ops"
	p.steps(
		step{one, `{"line":"som.events","url":"http://example.com/x","secret":"s"}`, 403, "is outside this machine"},
		step{one, `{"line":"gossip","url":"http://127.0.0.1/x","secret":"s"}`, 400, `there is no \"gossip\"; there are`},
		step{one, `{"line":"som.events","url":"nowhere","secret":"s"}`, 400, "it is not like http://"},
		step{one, `{"line":"som.events","url":"http://u:p@127.0.0.1/x","secret":"s"}`, 400, "it holds a user"},
		step{one, `{"line":"som.events","url":"http://127.0.0.1/x","secret":""}`, 400, "secret"},
		step{one, `{"line":"som.events","url":"http://127.0.0.1/x"}`, 400, "secret"},
		step{one, `{"line":"som.events","url":"http://127.0.0.1/x","secret":"s","speed":1}`, 400, "speed"},
		step{"PUT /sandboxes/default/targets/A%20b", `{"line":"som.events","url":"http://127.0.0.1/x","secret":"s"}`, 400, "target"},
		step{"PUT /sandboxes/none/targets/ops", `{"line":"som.events","url":"http://127.0.0.1/x","secret":"s"}`, 404, "unknown sandbox"},
		step{"GET /sandboxes/none/targets", "", 404, "unknown sandbox"},
		step{"DELETE /sandboxes/none/targets/ops", "", 404, "unknown sandbox"},
	)
}

func TestFaultsOfDeliveriesAreForDeliveries(t *testing.T) {
	t.Parallel()
	p := newPlane(t)
	arm := func(match, effect string) string {
		return `{"name":"f","match":` + match + `,"effect":` + effect + `}`
	}
	const delivery, call = `{"system":"som","operation":"deliverEvent"}`, `{"system":"som","operation":"submitCancel"}`
	const faults = "POST /sandboxes/default/faults"
	p.steps(
		step{faults, arm(delivery, `{"kind":"duplicate"}`), 201, "duplicate"},
		step{faults, arm(delivery, `{"kind":"reorder"}`), 201, "reorder"},
		step{faults, arm(delivery, `{"kind":"lost_before"}`), 201, "lost_before"},
		step{faults, arm(delivery, `{"kind":"duplicate","phase":"after"}`), 400, "effect.phase: it means nothing"},
		step{faults, arm(delivery, `{"kind":"vendor_error","code":"X"}`), 400, "which the simulator sends out"},
		step{faults, arm(call, `{"kind":"duplicate"}`), 400, "is for what the simulator sends out"},
		step{faults, arm(`{"system":"som"}`, `{"kind":"reorder"}`), 400, "is for what the simulator sends out"},
		step{faults, arm(`{}`, `{"kind":"reorder"}`), 400, "is for what the simulator sends out"},
		step{faults, arm(`{"system":"slots","operation":"deliverEvent"}`, `{"kind":"reset"}`), 400, "no operation"},
	)
}
