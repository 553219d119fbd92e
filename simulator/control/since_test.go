package control_test

import (
	"net/http"
	"strings"
	"testing"
)

// release gives a booking back behind the back of its order, which breaks slots.booking.
func (p plane) release(sandbox, booking string) {
	p.t.Helper()
	req, err := http.NewRequestWithContext(p.t.Context(), http.MethodDelete, p.sim.URL+"/slots/v1/bookings/"+booking, nil)
	if err != nil {
		p.t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer somsim")
	req.Header.Set("X-Sandbox", sandbox)
	resp, err := (&http.Client{}).Do(req)
	if err != nil {
		p.t.Fatal(err)
	}
	if err := resp.Body.Close(); err != nil || resp.StatusCode != http.StatusNoContent {
		p.t.Fatalf("status %d, %v", resp.StatusCode, err)
	}
}

func TestViolationsNameTheExchangeThatBeganThem(t *testing.T) {
	t.Parallel()
	p := newPlane(t)
	for name, keep := range map[string]string{"all": "100", "one": "1", "none": "0"} {
		if status, text := p.call("POST /sandboxes", `{"name":"`+name+`","clock":"manual","keep_worlds":`+keep+`}`); status != http.StatusCreated {
			t.Fatal(text)
		}
		p.release(name, "booking-000001")
		p.release(name, "booking-000002")
	}
	for name, want := range map[string][]string{"all": {`"since":1}`, `"since":2}`}, "one": nil, "none": nil} {
		_, text := p.call("GET /sandboxes/"+name+"/invariants", "")
		if strings.Count(text, `"invariant":"slots.booking"`) != 2 {
			t.Errorf("%s: %s", name, text)
		}
		for _, since := range want {
			if !strings.Contains(text, since) {
				t.Errorf("%s lacks %s: %s", name, since, text)
			}
		}
		if len(want) == 0 && strings.Contains(text, `"since"`) {
			t.Errorf("%s claims to know: %s", name, text)
		}
		if status, text := p.call("DELETE /sandboxes/"+name, ""); status != http.StatusNoContent {
			t.Errorf("%d %s", status, text)
		}
	}
	if status, text := p.call("POST /sandboxes", `{"name":"x","keep_worlds":1001}`); status != http.StatusBadRequest || !strings.Contains(text, "keep_worlds") {
		t.Errorf("%d %s", status, text)
	}
}
