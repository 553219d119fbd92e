package control_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
)

// laterWork is what GET …/due-work answers.
type laterWork struct {
	Work []struct {
		Kind    string
		At      string
		Changes []struct{ Entity, Key, Before, After string }
	}
}

func (p plane) later(sandbox string) (got laterWork) {
	p.t.Helper()
	status, text := p.call("GET /sandboxes/"+sandbox+"/due-work", "")
	if err := json.Unmarshal([]byte(text), &got); status != http.StatusOK || err != nil {
		p.t.Fatalf("status %d: %s", status, text)
	}
	return got
}

// What changed because its time had come is nobody's exchange: it has a list of its own, in the order in which it happened,
// in sandboxes that keep their past.
func TestWhatBecameDueIsListedWithWhatItChanged(t *testing.T) {
	t.Parallel()
	p := newPlane(t)
	if status, text := p.call("POST /sandboxes", `{"name":"due","clock":"manual","keep_worlds":1}`); status != http.StatusCreated {
		t.Fatal(text)
	}
	if got := p.later("due"); len(got.Work) != 0 {
		t.Errorf("before anything was due: %+v", got)
	}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, p.sim.URL+"/slots/v1/bookings/booking-000001/successor",
		strings.NewReader(`{"holder_ref":"somebody"}`))
	if err != nil {
		t.Fatal(err)
	}
	req.Header = http.Header{"Authorization": {"Bearer somsim"}, "X-Sandbox": {"due"}, "Content-Type": {"application/json"}}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	if err := resp.Body.Close(); err != nil || resp.StatusCode != http.StatusCreated {
		t.Fatalf("hold: status %d, %v", resp.StatusCode, err)
	}
	if status, text := p.call("POST /sandboxes/due/clock/advance", `{"duration":"24h"}`); status != http.StatusOK {
		t.Fatal(text)
	}
	found := 0
	at := ""
	for _, one := range p.later("due").Work {
		if one.At < at {
			t.Errorf("%s at %s comes after what happened at %s", one.Kind, one.At, at)
		}
		at = one.At
		for _, c := range one.Changes {
			if c.Entity == "slots.Hold" && strings.Contains(c.Before, `"held"`) && strings.Contains(c.After, `"expired"`) {
				found++
			}
		}
	}
	if found != 1 {
		t.Errorf("the hold that lapsed is listed %d times: %+v", found, p.later("due"))
	}
	if status, text := p.call("GET /sandboxes/nowhere/due-work", ""); status != http.StatusNotFound || !strings.Contains(text, "nowhere") {
		t.Errorf("a sandbox that is not there: %d %s", status, text)
	}
}
