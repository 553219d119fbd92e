package control_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
)

type listedEvents struct {
	Events []struct {
		Channel string
		Data    struct {
			Payload map[string]any
			Event   struct {
				EventUuid string
				ReplayID  int `json:"replayId"`
			}
		}
	}
}

func (p plane) events(query string) listedEvents {
	p.t.Helper()
	status, text := p.call("GET /sandboxes/default/som/events"+query, "")
	var out listedEvents
	if err := json.Unmarshal([]byte(text), &out); err != nil || status != http.StatusOK {
		p.t.Fatalf("%v: %d %s", err, status, text)
	}
	return out
}

func TestEventsCanBeRead(t *testing.T) {
	t.Parallel()
	p := newPlane(t)
	all := p.events("")
	if len(all.Events) < 50 {
		t.Fatalf("%d events", len(all.Events))
	}
	for i, e := range all.Events {
		if i > 0 && e.Data.Event.ReplayID <= all.Events[i-1].Data.Event.ReplayID {
			t.Fatalf("event %d has the replay id %d", i, e.Data.Event.ReplayID)
		}
		if len(e.Data.Event.EventUuid) != 36 || e.Data.Payload["CreatedDate"] == "" || e.Data.Payload["CreatedById"] == "" {
			t.Fatalf("event %d is %+v", i, e)
		}
	}
	created := p.events("?channel=/event/OrderSummaryCreatedEvent")
	if n := len(created.Events); n < 50 || n >= len(all.Events) {
		t.Errorf("%d of %d tell of orders", n, len(all.Events))
	}
	if n := len(p.events("?type=OrderSummaryCreatedEvent").Events); n != len(created.Events) {
		t.Errorf("%d events of the type", n)
	}
	third := created.Events[2].Data.Event.ReplayID
	rest := p.events(fmt.Sprintf("?type=OrderSummaryCreatedEvent&after_replay_id=%d&limit=2", third))
	if len(rest.Events) != 2 || rest.Events[0].Data.Event.ReplayID != created.Events[3].Data.Event.ReplayID {
		t.Errorf("after the third come %+v", rest)
	}
	last := all.Events[len(all.Events)-1].Data.Event.ReplayID
	if _, text := p.call(fmt.Sprintf("GET /sandboxes/default/som/events?after_replay_id=%d", last), ""); text != `{"events":[]}` {
		t.Errorf("after the last: %s", text)
	}
}

func TestEventsThatCannotBeAskedFor(t *testing.T) {
	t.Parallel()
	p := newPlane(t)
	for query, want := range map[string]string{
		"?channel=/topic/x": `there is no channel \"/topic/x\"; there are /event/FOStatusChangedEvent, /event/FulfillOrdItemQtyChgEvent`,
		"?type=Nothing":     `there is no channel \"/event/Nothing\"`,
		"?type=FOStatusChangedEvent&channel=/event/ProcessExceptionEvent": `\"FOStatusChangedEvent\" is not the type`,
		"?after_replay_id=-1": "after_replay_id",
		"?limit=0":            "limit",
		"?since=1":            "since",
	} {
		if status, text := p.call("GET /sandboxes/default/som/events"+query, ""); status != http.StatusBadRequest || !strings.Contains(text, want) {
			t.Errorf("%s: %d %s", query, status, text)
		}
	}
	if status, text := p.call("GET /sandboxes/none/som/events", ""); status != http.StatusNotFound {
		t.Errorf("%d %s", status, text)
	}
}
