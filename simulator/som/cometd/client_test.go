package cometd_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/somsim/somsim/simulator"
	"github.com/somsim/somsim/simulator/simtest"
)

// org is a simulator with a client of its Streaming API.
type org struct {
	*simtest.Simulator
	t     *testing.T
	token string
}

func newOrg(t *testing.T, changes ...func(*simulator.Config)) *org {
	t.Helper()
	o := &org{Simulator: simtest.Start(t, changes...), t: t}
	o.token = o.login("somsim")
	return o
}

func (o *org) login(clientID string) string {
	o.t.Helper()
	form := url.Values{"grant_type": {"client_credentials"}, "client_id": {clientID}, "client_secret": {"somsim"}}
	resp, err := (&http.Client{}).Post(o.URL+"/services/oauth2/token", "application/x-www-form-urlencoded", strings.NewReader(form.Encode()))
	if err != nil {
		o.t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	var out struct {
		AccessToken string `json:"access_token"`
	}
	if err := json.NewDecoder(resp.Body).Decode(&out); err != nil || out.AccessToken == "" {
		o.t.Fatalf("no token: %v, %d", err, resp.StatusCode)
	}
	return out.AccessToken
}

// answer is a reply or an event.
type answer struct {
	Channel      string
	ClientID     string
	ID           any
	Successful   bool
	Error        string
	Subscription any
	Advice       *struct {
		Reconnect         string
		Interval, Timeout int64
	}
	Ext struct {
		Replay bool
		SFDC   struct{ FailureReason string }
	}
	Data struct {
		Schema  string
		Payload map[string]any
		Event   struct {
			EventUuid string
			ReplayID  uint64 `json:"replayId"`
		}
	}
}

// send posts messages and returns status and answers.
func (o *org) send(messages string) (int, []answer) {
	o.t.Helper()
	status, text := o.post("/cometd/60.0", messages)
	var out []answer
	if err := json.Unmarshal([]byte(text), &out); err != nil {
		o.t.Fatalf("%v: %s", err, text)
	}
	return status, out
}

func (o *org) post(path, body string) (int, string) {
	o.t.Helper()
	req, err := http.NewRequestWithContext(o.t.Context(), http.MethodPost, o.URL+path, strings.NewReader(body))
	if err != nil {
		o.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	if o.token != "" {
		req.Header.Set("Authorization", "OAuth "+o.token)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		o.t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		o.t.Fatal(err)
	}
	return resp.StatusCode, string(text)
}

// one sends one message and returns the only answer.
func (o *org) one(format string, args ...any) answer {
	o.t.Helper()
	_, out := o.send("[" + fmt.Sprintf(format, args...) + "]")
	if len(out) != 1 {
		o.t.Fatalf("%d answers: %+v", len(out), out)
	}
	return out[0]
}

// handshake begins a client and sends its first connect, which never waits.
func (o *org) handshake() string {
	o.t.Helper()
	got := o.one(`{"channel":"/meta/handshake","version":"1.0","supportedConnectionTypes":["long-polling"],"id":"1","ext":{"replay":true}}`)
	if !got.Successful || got.ClientID == "" || !got.Ext.Replay || got.ID != "1" {
		o.t.Fatalf("handshake: %+v", got)
	}
	first := o.one(`{"channel":"/meta/connect","clientId":%q,"connectionType":"long-polling"}`, got.ClientID)
	if first.Advice == nil || first.Advice.Reconnect != "retry" || first.Advice.Timeout != 110_000 {
		o.t.Fatalf("first connect: %+v", first)
	}
	return got.ClientID
}

func (o *org) subscribe(client, channel string, replay any) answer {
	o.t.Helper()
	return o.one(`{"channel":"/meta/subscribe","clientId":%q,"subscription":%q,"ext":{"replay":{%q:%v}}}`, client, channel, channel, replay)
}

// connect waits for events and returns their payloads' names and replay ids, and the reply.
func (o *org) connect(client string) ([]string, answer) {
	o.t.Helper()
	_, out := o.send(fmt.Sprintf(`[{"channel":"/meta/connect","clientId":%q,"connectionType":"long-polling"}]`, client))
	var events []string
	for _, e := range out[:len(out)-1] {
		events = append(events, fmt.Sprintf("%s %d", strings.TrimPrefix(e.Channel, "/event/"), e.Data.Event.ReplayID))
	}
	return events, out[len(out)-1]
}

// query returns the first record of a query, field by field.
func (o *org) query(soql string) map[string]any {
	o.t.Helper()
	req, err := http.NewRequestWithContext(o.t.Context(), http.MethodGet, o.URL+"/services/data/v60.0/query?q="+url.QueryEscape(soql), nil)
	if err != nil {
		o.t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+o.token)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		o.t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	var out struct{ Records []map[string]any }
	if err := json.NewDecoder(resp.Body).Decode(&out); err != nil || len(out.Records) == 0 {
		o.t.Fatalf("%s: %v, status %d", soql, err, resp.StatusCode)
	}
	return out.Records[0]
}

// setStatus changes the status of an order summary, which publishes an event.
func (o *org) setStatus(status string) (summaryID string) {
	o.t.Helper()
	id := o.query("SELECT Id FROM OrderSummary WHERE OrderNumber = '00000101'")["Id"].(string)
	req, err := http.NewRequestWithContext(o.t.Context(), http.MethodPatch, o.URL+"/services/data/v60.0/sobjects/OrderSummary/"+id,
		strings.NewReader(fmt.Sprintf(`{"Status":%q}`, status)))
	if err != nil {
		o.t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+o.token)
	req.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		o.t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	if resp.StatusCode != http.StatusNoContent {
		text, _ := io.ReadAll(resp.Body)
		o.t.Fatalf("patch: %d %s", resp.StatusCode, text)
	}
	return id
}
