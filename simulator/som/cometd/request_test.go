package cometd_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/somsim/somsim/simulator/fault"
	"github.com/somsim/somsim/simulator/sandbox"
)

func TestMessagesOfOneRequestAreHandledInOrder(t *testing.T) {
	t.Parallel()
	o := newOrg(t)
	client := o.handshake()
	o.setStatus("On Hold")
	_, got := o.send(fmt.Sprintf(`[
		{"channel":"/meta/subscribe","clientId":%[1]q,"id":"a","subscription":["/event/FOStatusChangedEvent","/event/OrderSumStatusChangedEvent"],
		 "ext":{"replay":{"/event/OrderSumStatusChangedEvent":-2}}},
		{"channel":"/meta/subscribe","clientId":%[1]q,"id":"b","subscription":"/topic/x"},
		{"channel":"/meta/connect","clientId":%[1]q,"id":"c","connectionType":"long-polling"},
		{"channel":"/meta/unsubscribe","clientId":%[1]q,"id":"d","subscription":"/event/OrderSumStatusChangedEvent"},
		{"channel":"/meta/connect","clientId":%[1]q,"id":"e","connectionType":"long-polling"},
		{"channel":"/event/FOStatusChangedEvent","clientId":%[1]q,"id":"f","data":{}}]`, client))
	var lines []string
	for _, a := range got {
		lines = append(lines, fmt.Sprintf("%v %s %v %s", a.ID, a.Channel, a.Successful, a.Error))
	}
	want := []string{
		"a /meta/subscribe true ", "b /meta/subscribe false 400::The channel you requested to subscribe to does not exist {/topic/x}",
		"<nil> /event/OrderSumStatusChangedEvent false ", "c /meta/connect true ", "d /meta/unsubscribe true ", "e /meta/connect true ",
		"f /event/FOStatusChangedEvent false 403:denied_by_security_policy:publish_denied",
	}
	if diff := cmp.Diff(want, lines); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestRequestsThatAreWrongAsAWhole(t *testing.T) {
	t.Parallel()
	o := newOrg(t)
	handshake := `[{"channel":"/meta/handshake","supportedConnectionTypes":["long-polling"]}]`
	for _, tc := range []struct {
		name, path, body string
		status           int
		want             string
	}{
		{"no list", "/cometd/60.0", strings.Trim(handshake, "[]"), 200, `"successful":true`},
		{"the kind in the path", "/cometd/60.0/handshake", handshake, 200, `"successful":true`},
		{"an old version", "/cometd/36.0", handshake, 200, `"failureReason":"400::Unsupported API version. Only API versions '37.0' and above`},
		{"a future version", "/cometd/99.0", handshake, 200, "400::Unsupported API version"},
		{"no JSON", "/cometd/60.0", "hello", 400, "400::Bad request"},
		{"no messages", "/cometd/60.0", "[]", 400, "400::Bad request"},
		{"no channel", "/cometd/60.0", `[{"id":"1"}]`, 400, "400::Bad request"},
		{"websockets", "/cometd/60.0", `[{"channel":"/meta/handshake","supportedConnectionTypes":["websocket"]}]`, 200, "400::Invalid connection type {websocket}"},
		{"two sandboxes", "/sandbox/other/cometd/60.0", handshake, 400, "400::the request names two sandboxes"},
	} {
		status, text := o.post(tc.path, tc.body)
		if status != tc.status || !strings.Contains(text, tc.want) {
			t.Errorf("%s: %d %s, want %d %s", tc.name, status, text, tc.status, tc.want)
		}
	}
	if status, text := o.post("/cometd/60.0", fmt.Sprintf(`[{"channel":"/meta/connect","clientId":%q,"connectionType":"websocket"}]`, o.handshake())); !strings.Contains(text, "400::Invalid connection type {websocket}") {
		t.Errorf("%d %s", status, text)
	}
}

func TestFaultsOfTheStreamingAPI(t *testing.T) {
	t.Parallel()
	o := newOrg(t)
	client := o.handshake()
	for _, tc := range []struct {
		code, message string
		want, advice  string
	}{
		{"403::Unknown client", "", "403::Unknown client", "handshake"},
		{"503", "Server is too busy", "503::Server is too busy", "retry"},
		{"401", "Authentication invalid", "401::Authentication invalid", "none"},
	} {
		rule := fault.Rule{
			Name: "f", Match: fault.Match{System: "som", Operation: "streaming", Contains: "/meta/connect"},
			Effect: fault.Effect{Kind: fault.VendorError, Code: tc.code, Message: tc.message},
		}
		if err := o.Default.Arm(rule); err != nil {
			t.Fatal(err)
		}
		if _, got := o.connect(client); got.Error != tc.want || got.Advice == nil || got.Advice.Reconnect != tc.advice {
			t.Errorf("%s: %+v", tc.code, got)
		}
	}
}

func TestEachSandboxHasItsOwnEvents(t *testing.T) {
	t.Parallel()
	o := newOrg(t)
	o.Sandbox("blue", sandbox.Options{From: sandbox.Default})
	o.setStatus("On Hold")
	o.token = o.login("somsim~blue")
	client := o.handshake()
	o.subscribe(client, statusChanged, -2)
	waiting := make(chan []string, 1)
	go func() {
		events, _ := o.connect(client)
		waiting <- events
	}()
	blue := o.Sandbox("green", sandbox.Options{From: "blue"}) // a fork has the client too
	if _, err := blue.Advance(context.WithoutCancel(t.Context()), time.Hour); err != nil {
		t.Fatal(err)
	}
	o.setStatus("Approved")
	if events := <-waiting; len(events) != 1 {
		t.Errorf("got %q", events)
	}
}
