package cometd_test

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/somsim/somsim/simulator"
	"github.com/somsim/somsim/simulator/clock"
	"github.com/somsim/somsim/simulator/journal"
	"github.com/somsim/somsim/simulator/sandbox"
)

const (
	statusChanged = "/event/OrderSumStatusChangedEvent"
	created       = "/event/OrderSummaryCreatedEvent"
)

// parked runs a connect in the background and returns once it waits: that is when it has committed that it does.
func (o *org) parked(client string) <-chan answer {
	o.t.Helper()
	looking, waits := make(chan struct{}), make(chan error, 1)
	looks := 0
	go func() {
		waits <- o.Default.AwaitState(o.t.Context(), o.Default.Now().Add(time.Hour), func(*sandbox.Tx) bool {
			if looks++; looks == 1 {
				close(looking)
			}
			return looks > 1
		})
	}()
	<-looking
	got := make(chan answer, 1)
	go func() {
		events, reply := o.connect(client)
		reply.Subscription = events
		got <- reply
	}()
	if err := <-waits; err != nil {
		o.t.Fatal(err)
	}
	select {
	case reply := <-got:
		o.t.Fatalf("it does not wait: %+v", reply)
	default:
	}
	return got
}

func TestAnEventReachesAClientThatWaits(t *testing.T) {
	t.Parallel()
	o := newOrg(t)
	client := o.handshake()
	if got := o.subscribe(client, statusChanged, -1); !got.Successful || got.Subscription != statusChanged {
		t.Fatalf("subscribe: %+v", got)
	}
	waiting := o.parked(client)
	summary := o.setStatus("On Hold")
	reply := <-waiting
	events, _ := reply.Subscription.([]string)
	if !reply.Successful || reply.Advice != nil || len(events) != 1 || !strings.HasPrefix(events[0], "OrderSumStatusChangedEvent ") {
		t.Errorf("got %+v", reply)
	}
	o.subscribe(client, statusChanged, -2)
	_, all := o.send(fmt.Sprintf(`[{"channel":"/meta/connect","clientId":%q,"connectionType":"long-polling"}]`, client))
	payload := all[0].Data.Payload
	if payload["OrderSummaryId"] != summary || payload["NewStatus"] != "On Hold" || payload["OldStatus"] != "Created" ||
		payload["CreatedDate"] != "2026-06-01T13:00:00.000Z" || !strings.HasPrefix(fmt.Sprint(payload["CreatedById"]), "005") ||
		len(all[0].Data.Event.EventUuid) != 36 || len(all[0].Data.Schema) != 22 {
		t.Errorf("the event is %+v", all[0])
	}
}

func TestSubscriptionsBeginWhereTheySay(t *testing.T) {
	t.Parallel()
	o := newOrg(t)
	client := o.handshake()
	for _, status := range []string{"On Hold", "Approved", "On Hold"} {
		o.setStatus(status)
	}
	o.subscribe(client, statusChanged, -2)
	all, _ := o.connect(client)
	if len(all) != 3 || !slices.IsSortedFunc(all, func(a, b string) int { return strings.Compare(a, b) }) {
		t.Fatalf("all are %q", all)
	}
	var second uint64
	if _, err := fmt.Sscanf(all[1], "OrderSumStatusChangedEvent %d", &second); err != nil {
		t.Fatal(err)
	}
	for name, tc := range map[string]struct {
		replay any
		want   []string
	}{
		"after an event":         {second, all[2:]},
		"after an event as text": {fmt.Sprintf(`"%d"`, second), all[2:]},
		"all":                    {-2, all},
	} {
		if got := o.subscribe(client, statusChanged, tc.replay); !got.Successful {
			t.Fatalf("%s: %+v", name, got)
		}
		if got, _ := o.connect(client); !slices.Equal(got, tc.want) {
			t.Errorf("%s: got %q, want %q", name, got, tc.want)
		}
	}
	o.subscribe(client, statusChanged, -1)
	waiting := o.parked(client)
	o.setStatus("Approved")
	if reply := <-waiting; len(reply.Subscription.([]string)) != 1 {
		t.Errorf("new ones are %v", reply.Subscription)
	}
}

func TestSubscriptionsThatAreRefused(t *testing.T) {
	t.Parallel()
	o := newOrg(t)
	client := o.handshake()
	missing := func(channel string) string {
		return "400::The channel you requested to subscribe to does not exist {" + channel + "}"
	}
	badReplay := func(id string) string {
		return "400::The replayId {" + id + "} you provided was invalid.  Please provide a valid ID, -2 to replay all events, or -1 to replay only new events."
	}
	for _, tc := range []struct {
		name, channel string
		replay        any
		want          string
	}{
		{"a push topic", "/topic/Orders", -1, missing("/topic/Orders")},
		{"change data capture", "/data/OrderSummaryChangeEvent", -1, missing("/data/OrderSummaryChangeEvent")},
		{"a generic channel", "/u/notices", -1, missing("/u/notices")},
		{"an unknown event", "/event/Nothing__e", -1, missing("/event/Nothing__e")},
		{"an event in other letters", "/event/ordersummarycreatedevent", -1, missing("/event/ordersummarycreatedevent")},
		{"every event at once", "/event/*", -1, missing("/event/*")},
		{"no slash", "event/FOStatusChangedEvent", -1, "400::Channel subscriptions must start with a leading '/'"},
		{"no name", "", -1, "400::Channel name not specified"},
		{"an event that does not exist yet", statusChanged, 999999, badReplay("999999")},
		{"zero", statusChanged, 0, badReplay("0")},
		{"another negative number", statusChanged, -3, badReplay("-3")},
		{"a word", statusChanged, `"latest"`, badReplay("latest")},
	} {
		got := o.subscribe(client, tc.channel, tc.replay)
		if got.Successful || got.Error != tc.want || got.Advice != nil {
			t.Errorf("%s: got %+v, want %s", tc.name, got, tc.want)
		}
		if rule := o.last().Rule; !strings.HasPrefix(rule, "som.streaming.") {
			t.Errorf("%s: the journal has the rule %q", tc.name, rule)
		}
	}
	if got := o.one(`{"channel":"/meta/subscribe","clientId":%q}`, client); got.Error != "400::Channel name not specified" {
		t.Errorf("got %+v", got)
	}
}

func (o *org) last() journal.Entry {
	entries, _ := o.Default.Journal(journal.Query{})
	return entries[len(entries)-1]
}

func TestAnEventThatIsNoLongerRetainedIsNoPlaceToBegin(t *testing.T) {
	t.Parallel()
	o := newOrg(t)
	client := o.handshake()
	o.setStatus("On Hold")
	o.subscribe(client, statusChanged, -2)
	events, _ := o.connect(client)
	var id uint64
	if _, err := fmt.Sscanf(events[len(events)-1], "OrderSumStatusChangedEvent %d", &id); err != nil {
		t.Fatal(err)
	}
	if _, err := o.Default.Advance(t.Context(), 72*time.Hour); err != nil {
		t.Fatal(err)
	}
	if got := o.subscribe(client, statusChanged, id); !strings.HasPrefix(got.Error, fmt.Sprintf("400::The replayId {%d} you provided was invalid.", id)) {
		t.Errorf("got %+v", got)
	}
}

func TestAdvancingTheClockEndsTheWait(t *testing.T) {
	t.Parallel()
	o := newOrg(t)
	client := o.handshake()
	waiting := o.parked(client)
	if _, err := o.Default.Advance(t.Context(), 109*time.Second); err != nil {
		t.Fatal(err)
	}
	select {
	case reply := <-waiting:
		t.Fatalf("it ends early: %+v", reply)
	default:
	}
	if _, err := o.Default.Advance(t.Context(), time.Second); err != nil {
		t.Fatal(err)
	}
	if reply := <-waiting; !reply.Successful || len(reply.Subscription.([]string)) != 0 {
		t.Errorf("got %+v", reply)
	}
	// Under a manual clock nobody is forgotten, and the session lives as long as its client does.
	if _, err := o.Default.Advance(t.Context(), 30*24*time.Hour); err != nil {
		t.Fatal(err)
	}
	waiting = o.parked(client)
	if _, err := o.Default.Advance(t.Context(), 2*time.Minute); err != nil {
		t.Fatal(err)
	}
	if reply := <-waiting; !reply.Successful {
		t.Errorf("after a month: %+v", reply)
	}
}

func TestAClientThatIsNotHeardOfIsForgotten(t *testing.T) {
	t.Parallel()
	o := newOrg(t, func(c *simulator.Config) { c.Clock = clock.ModeReal })
	client := o.handshake()
	jump := func(d time.Duration) {
		if err := o.Default.MoveTo(o.Default.Now().Add(d)); err != nil {
			t.Fatal(err)
		}
	}
	at := `{"channel":"/meta/connect","clientId":%q,"connectionType":"long-polling","advice":{"timeout":0}}`
	jump(30 * time.Second)
	if got := o.one(at, client); !got.Successful {
		t.Errorf("after half a minute: %+v", got)
	}
	waiting := o.parked(client)
	jump(100 * time.Second)
	o.subscribe(client, created, -1)
	jump(20 * time.Second)
	if got := <-waiting; !got.Successful {
		t.Errorf("after it waited to the end: %+v", got)
	}
	jump(41 * time.Second)
	if got := o.one(at, client); got.Error != "403::Unknown client" || got.Advice.Reconnect != "handshake" {
		t.Errorf("after 41 seconds: %+v", got)
	}
}

func TestClientsThatAreUnknown(t *testing.T) {
	t.Parallel()
	o := newOrg(t)
	client := o.handshake()
	user := o.token
	for _, m := range []string{
		`{"channel":"/meta/connect","connectionType":"long-polling","clientId":"nobody"}`,
		`{"channel":"/meta/connect","connectionType":"long-polling"}`,
		`{"channel":"/meta/subscribe","clientId":"nobody","subscription":"/event/FOStatusChangedEvent"}`,
		`{"channel":"/meta/unsubscribe","clientId":"nobody","subscription":"/event/FOStatusChangedEvent"}`,
		`{"channel":"/meta/disconnect","clientId":"nobody"}`,
		`{"channel":"/event/FOStatusChangedEvent","clientId":"nobody","data":{}}`,
	} {
		got := o.one("%s", m)
		if got.Successful || got.Error != "403::Unknown client" || got.Advice == nil || got.Advice.Reconnect != "handshake" {
			t.Errorf("%s: %+v", m, got)
		}
	}
	if got := o.one(`{"channel":"/meta/disconnect","clientId":%q}`, client); !got.Successful {
		t.Errorf("disconnect: %+v", got)
	}
	if got := o.one(`{"channel":"/meta/disconnect","clientId":%q}`, client); got.Error != "403::Unknown client" {
		t.Errorf("disconnect again: %+v", got)
	}
	o.Sandbox("blue", sandbox.Options{From: sandbox.Default})
	o.token = o.login("somsim~blue")
	blue := o.handshake()
	o.token = user
	if got := o.subscribe(blue, created, -1); got.Error != "403::Unknown client" {
		t.Errorf("a client of another sandbox: %+v", got)
	}
}

func TestAConnectThatIsReplacedStops(t *testing.T) {
	t.Parallel()
	o := newOrg(t)
	client := o.handshake()
	first := o.parked(client)
	second := o.parked(client)
	if got := <-first; got.Advice == nil || got.Advice.Reconnect != "none" {
		t.Errorf("the first: %+v", got)
	}
	o.one(`{"channel":"/meta/disconnect","clientId":%q}`, client)
	if got := <-second; !got.Successful || got.Advice == nil || got.Advice.Reconnect != "none" {
		t.Errorf("the second: %+v", got)
	}
}

func TestSessionsThatAreNotGood(t *testing.T) {
	t.Parallel()
	o := newOrg(t)
	client := o.handshake()
	waiting := o.parked(client)
	good := o.token
	form := url.Values{"token": {good}}
	resp, err := (&http.Client{}).Post(o.URL+"/services/oauth2/revoke", "application/x-www-form-urlencoded", strings.NewReader(form.Encode()))
	if err != nil || resp.StatusCode != http.StatusOK {
		t.Fatalf("revoke: %v", err)
	}
	_ = resp.Body.Close()
	if got := <-waiting; got.Error != "401::Authentication invalid" || got.Advice == nil || got.Advice.Reconnect != "none" {
		t.Errorf("a session that is revoked while its client waits: %+v", got)
	}
	for _, tc := range []struct{ name, token, want string }{
		{"revoked", good, "401::Authentication invalid"},
		{"none", "", "401::Request requires authentication"},
		{"rubbish", "00D!rubbish", "401::Authentication invalid"},
	} {
		o.token = tc.token
		status, got := o.send(`[{"channel":"/meta/handshake","id":7,"supportedConnectionTypes":["long-polling"]},{"channel":"/meta/connect","clientId":"x","connectionType":"long-polling"}]`)
		if status != http.StatusOK || len(got) != 2 {
			t.Fatalf("%s: %d %+v", tc.name, status, got)
		}
		if got[0].Error != "403::Handshake denied" || got[0].Ext.SFDC.FailureReason != tc.want || got[0].Advice.Reconnect != "none" || got[0].ID != 7.0 {
			t.Errorf("%s: handshake %+v", tc.name, got[0])
		}
		if got[1].Error != tc.want || got[1].Advice.Reconnect != "none" {
			t.Errorf("%s: connect %+v", tc.name, got[1])
		}
	}
}
