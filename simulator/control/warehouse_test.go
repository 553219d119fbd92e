package control_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/somsim/somsim/simulator"
)

// asked is what the control plane answers about a warehouse, without its work.
func (p plane) asked(line, body string) map[string]any {
	p.t.Helper()
	status, text := p.call(line, body)
	var answer map[string]any
	if err := json.Unmarshal([]byte(text), &answer); err != nil || status != 200 {
		p.t.Fatalf("%d %s", status, text)
	}
	delete(answer, "report")
	return answer
}

func TestAWarehouseIsSwitchedAndAsked(t *testing.T) {
	t.Parallel()
	p := newPlane(t)
	want := map[string]any{
		"on": false, "short_picked": 5.0, "backordered": 3.0, "hold_statuses": []any{"On Hold"}, "hours": nil,
		"durations": map[string]any{
			"allocate": "30m0s", "assign": "30m0s", "pick": "2h0m0s", "pack": "1h0m0s", "ship": "3h0m0s", "deliver": "36h0m0s", "collect": "20h0m0s",
			"backorder": "24h0m0s",
		},
	}
	if diff := cmp.Diff(want, p.asked("GET /sandboxes/default/warehouse", "")); diff != "" {
		t.Error(diff)
	}
	want["on"], want["short_picked"], want["backordered"], want["hold_statuses"] = true, 0.0, 100.0, []any{}
	want["durations"].(map[string]any)["pick"] = "10m0s"
	want["durations"].(map[string]any)["deliver"] = "48h0m0s"
	want["hours"] = map[string]any{"from": "08:30", "until": "24:00", "days": []any{"monday", "saturday"}, "zone": "Europe/Berlin"}
	got := p.asked("PUT /sandboxes/default/warehouse", `{"on":true,"short_picked":0,"backordered":100,"hold_statuses":[],"durations":{"pick":"10m","deliver":"P2D"},
		"hours":{"from":"08:30","until":"24:00","days":["monday","saturday"],"zone":"Europe/Berlin"}}`)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	p.call("POST /sandboxes/default/fork", `{"name":"copy"}`)
	if diff := cmp.Diff(want, p.asked("GET /sandboxes/copy/warehouse", "")); diff != "" {
		t.Errorf("the copy is otherwise: %s", diff)
	}
	want["on"], want["hours"] = false, nil
	if diff := cmp.Diff(want, p.asked("PUT /sandboxes/default/warehouse", `{"on":false,"around_the_clock":true}`)); diff != "" {
		t.Errorf("what was left out did not stay: %s", diff)
	}
}

func TestAWarehouseReportsItsWork(t *testing.T) {
	t.Parallel()
	p := newPlane(t, func(c *simulator.Config) { c.Warehouse = true })
	if status, text := p.call("POST /sandboxes/default/clock/advance", `{"duration":"1h"}`); status != 200 {
		t.Fatal(text)
	}
	_, text := p.call("GET /sandboxes/default/warehouse", "")
	var answer struct {
		Report struct {
			Waiting map[string]int
			Next    string
		}
	}
	if err := json.Unmarshal([]byte(text), &answer); err != nil || answer.Report.Waiting["assign"] == 0 || answer.Report.Next == "" {
		t.Errorf("%v %s", err, text)
	}
}

func TestAWarehouseCannotWorkAnyhow(t *testing.T) {
	t.Parallel()
	p := newPlane(t)
	hours := func(from, until, day, zone string) string {
		return `{"on":true,"hours":{"from":"` + from + `","until":"` + until + `","days":["` + day + `"],"zone":"` + zone + `"}}`
	}
	cases := []struct{ name, body, want string }{
		{"nothing said", `{}`, "on"},
		{"an unknown setting", `{"on":true,"speed":1}`, "speed"},
		{"no duration", `{"on":true,"durations":{"pick":"soon"}}`, "pick"},
		{"no time at all", `{"on":true,"durations":{"pick":"0s","pack":"91d"}}`, "pack"},
		{"too short", `{"on":true,"durations":{"pick":"10ms"}}`, "pick: 10ms is not between 1s and 2160h0m0s"},
		{"too long", `{"on":true,"durations":{"deliver":"P91D"}}`, "deliver: 2184h0m0s is not between"},
		{"a percentage that is none", `{"on":true,"short_picked":101}`, "short_picked"},
		{"no such zone", hours("08:00", "18:00", "monday", "Mars/Base"), `there is no time zone \"Mars/Base\"`},
		{"backwards", hours("18:00", "08:00", "monday", "UTC"), "do not begin before they end"},
		{"never", hours("08:00", "08:00", "monday", "UTC"), "begin and end at 08:00"},
		{"beyond midnight", hours("08:00", "25:00", "monday", "UTC"), `\"25:00\" is not like 09:30`},
		{"no such day", hours("08:00", "18:00", "someday", "UTC"), "days"},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			status, text := p.call("PUT /sandboxes/default/warehouse", tc.body)
			if status != 400 || !strings.Contains(text, tc.want) {
				t.Errorf("%d %s", status, text)
			}
			if on := p.asked("GET /sandboxes/default/warehouse", "")["on"]; on != false {
				t.Error("it is on")
			}
		})
	}
	for _, line := range []string{"GET /sandboxes/nowhere/warehouse", `PUT /sandboxes/nowhere/warehouse`} {
		body := ""
		if strings.HasPrefix(line, "PUT") {
			body = `{"on":true}`
		}
		if status, text := p.call(line, body); status != 404 {
			t.Errorf("%s: %d %s", line, status, text)
		}
	}
}
