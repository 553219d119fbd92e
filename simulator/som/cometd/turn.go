package cometd

import (
	"encoding/json"
	"slices"
	"strconv"
	"time"

	"github.com/somsim/somsim/simulator/binding"
	"github.com/somsim/somsim/simulator/sandbox"
	"github.com/somsim/somsim/simulator/som"
)

// longPolling is the one kind of connection there is.
const longPolling = "long-polling"

// mostEvents is how many events one answer holds. The vendor tells no number; whatever is left comes with the next.
const mostEvents = 100

type streamingInput struct {
	Version string `path:"version"`
	Body    batch
}

// turn is one request: its messages are handled in their order, each gets one reply.
type turn struct {
	*API
	call *binding.Call
	// alone is set when the request has one message. Only such a connect waits.
	alone   bool
	answers []json.RawMessage
}

func (a *API) streaming(c *binding.Call, in streamingInput) ([]json.RawMessage, error) {
	if err := checkVersion(in.Version); err != nil {
		return nil, err
	}
	t := &turn{API: a, call: c, alone: len(in.Body) == 1, answers: []json.RawMessage{}}
	for _, m := range in.Body {
		if err := t.take(m); err != nil {
			return nil, err
		}
	}
	return t.answers, nil
}

// take handles one message; its error is none of the message's, but of the whole request.
func (t *turn) take(m message) error {
	handle := map[string]func(message) (reply, error){
		"/meta/handshake": t.handshake, "/meta/connect": t.connect, "/meta/disconnect": t.disconnect,
		"/meta/subscribe": t.subscribe, "/meta/unsubscribe": t.unsubscribe,
	}[m.Channel]
	if handle == nil {
		handle = t.publish
	}
	r, err := handle(m)
	if later, asks := err.(*binding.Later); asks { //nolint:errorlint // it is never wrapped
		return later
	}
	if err != nil {
		t.call.Note(err)
		r = refusalOf(m, err)
	}
	text, err := json.Marshal(r)
	t.answers = append(t.answers, text)
	return err
}

func (t *turn) handshake(m message) (reply, error) {
	if types := m.SupportedConnectionTypes; !slices.Contains(types, longPolling) {
		kind := ""
		if len(types) > 0 {
			kind = types[0]
		}
		return reply{}, badConnection(kind)
	}
	client := t.domain.Handshake(t.call.Tx, t.call.Principal.Token, t.call.Principal.ID)
	r := m.reply()
	r.Ext = &replyExt{Replay: true, PayloadFormat: true}
	r.Version, r.MinimumVersion, r.ClientID = "1.0", "1.0", client.ID
	r.SupportedConnectionTypes, r.Successful = []string{longPolling}, true
	return r, nil
}

// connect sends the client what waits for it, or waits itself. The first one is answered at once: with it the client learns
// how long the next ones take.
func (t *turn) connect(m message) (reply, error) {
	if m.ConnectionType != longPolling {
		return reply{}, badConnection(m.ConnectionType)
	}
	client, err := t.client(m)
	if t.call.Waited != nil && (err != nil || strconv.FormatUint(client.Connects, 10) != t.call.Waited.Memo) {
		return t.replaced(m), nil
	}
	if err != nil {
		return reply{}, err
	}
	if t.call.Waited == nil {
		client.Connects++
	} else if _, err := t.domain.StreamingSession(t.call.Tx, t.call.Principal.Token); err != nil {
		return reply{}, err
	}
	client.Token = t.call.Principal.Token
	t.domain.ExtendSession(t.call.Tx, client.Token)
	client, events := t.domain.Receive(t.call.Tx, client, mostEvents)
	first := client.Connects == 1
	if limit := t.patience(m); len(events) == 0 && !first && t.alone && limit > 0 && t.call.Waited == nil {
		t.domain.Heard(t.call.Tx, client, limit)
		return reply{}, t.wait(client, limit)
	}
	t.domain.Heard(t.call.Tx, client, 0)
	for _, e := range events {
		t.answers = append(t.answers, Message(e))
	}
	r := t.done(m, client)
	if first {
		r.Advice = &advice{Reconnect: reconnectRetry, Timeout: t.domain.StreamingTimeout().Milliseconds()}
	}
	return r, nil
}

// patience is how long a connect may wait; a client may ask for less than there is.
func (t *turn) patience(m message) time.Duration {
	if m.Advice.Timeout == nil {
		return t.domain.StreamingTimeout()
	}
	return min(max(0, time.Duration(*m.Advice.Timeout)*time.Millisecond), t.domain.StreamingTimeout())
}

// wait asks for time: until there is an event, the client is gone or connects anew, or its session has ended.
func (t *turn) wait(client som.StreamingClient, limit time.Duration) error {
	return &binding.Later{
		Until: t.call.Arrived().Add(limit), Memo: strconv.FormatUint(client.Connects, 10),
		Ready: func(tx *sandbox.Tx) bool {
			now, err := t.domain.StreamingClient(tx, client.ID, client.UserID)
			if err != nil || now.Connects != client.Connects {
				return true
			}
			if _, err := t.domain.StreamingSession(tx, client.Token); err != nil {
				return true
			}
			_, events := t.domain.Receive(tx, now, 1)
			return len(events) > 0
		},
	}
}

// replaced answers a connect whose client has disconnected or connected anew while it waited. Whoever hears it has to stop:
// two loops of one client would end each other's waits for ever.
func (*turn) replaced(m message) reply {
	r := m.reply()
	r.ClientID, r.Successful, r.Advice = m.ClientID, true, &advice{Reconnect: reconnectNone}
	return r
}

func (t *turn) subscribe(m message) (reply, error) {
	client, err := t.client(m)
	if err != nil {
		return reply{}, err
	}
	if len(m.Subscription) == 0 {
		m.Subscription = texts{""}
	}
	for _, channel := range m.Subscription {
		replay, err := m.replay(channel)
		if err != nil {
			return reply{}, err
		}
		if client, err = t.domain.Subscribe(t.call.Tx, client, channel, replay); err != nil {
			return reply{}, err
		}
	}
	return t.heard(m, client), nil
}

func (t *turn) unsubscribe(m message) (reply, error) {
	client, err := t.client(m)
	if err != nil {
		return reply{}, err
	}
	for _, channel := range m.Subscription {
		client = client.Unsubscribe(channel)
	}
	return t.heard(m, client), nil
}

func (t *turn) disconnect(m message) (reply, error) {
	client, err := t.client(m)
	if err != nil {
		return reply{}, err
	}
	t.domain.Disconnect(t.call.Tx, client.ID)
	return t.done(m, client), nil
}

// publish refuses what is sent to a channel: platform events are published by other APIs.
func (t *turn) publish(m message) (reply, error) {
	if _, err := t.client(m); err != nil {
		return reply{}, err
	}
	return reply{}, &som.Error{Code: som.CodeStreamingForbidden, Message: "publish_denied", Rule: "som.streaming.publish"}
}

func (t *turn) client(m message) (som.StreamingClient, error) {
	return t.domain.StreamingClient(t.call.Tx, m.ClientID, t.call.Principal.ID)
}

// heard stores a client whose subscriptions have changed. A connect of it that waits keeps its time.
func (t *turn) heard(m message, client som.StreamingClient) reply {
	t.domain.Heard(t.call.Tx, client, t.domain.StreamingTimeout())
	return t.done(m, client)
}

func (*turn) done(m message, client som.StreamingClient) reply {
	r := m.reply()
	r.ClientID, r.Subscription, r.Successful = client.ID, m.Subscription, true
	return r
}
