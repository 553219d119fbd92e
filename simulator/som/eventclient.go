package som

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/somsim/somsim/simulator/clock"
	"github.com/somsim/somsim/simulator/sandbox"
)

// StreamingClient is a client of the Streaming API between its handshake and its end.
type StreamingClient struct {
	ID, UserID string
	// Token is the access token that the client shook hands with.
	Token         string
	Subscriptions []Subscription
	// Connects counts the connects that were begun. Only the youngest may wait.
	Connects uint64
	// ExpiresAt is when the client is forgotten unless it is heard of.
	ExpiresAt time.Time
}

// Subscription is a channel that a streaming client listens to.
type Subscription struct {
	Channel string
	// After is the replay id of the last event the client was sent, or began behind.
	After uint64
}

func (c StreamingClient) clone() StreamingClient {
	c.Subscriptions = slices.Clone(c.Subscriptions)
	return c
}

// StreamingTimeout is how long a connect waits for an event. Source: Streaming API Developer Guide, clients and timeouts.
func (d *SOM) StreamingTimeout() time.Duration { return d.decided.streamWait }

// Replay ids with a meaning of their own. Source: Streaming API Developer Guide, message durability.
const (
	ReplayNew int64 = -1
	ReplayAll int64 = -2
)

// The codes of errors of the Streaming API. Source: Streaming API Developer Guide, error codes.
const (
	CodeStreamingRequest   Code = "400"
	CodeStreamingForbidden Code = "403"
)

// Handshake makes a streaming client for a session. Clients that were not heard of in time are forgotten.
func (d *SOM) Handshake(tx *sandbox.Tx, token, userID string) StreamingClient {
	d.forgetStreams(tx)
	c := StreamingClient{ID: strings.ReplaceAll(tx.UUID("som.streaming-client"), "-", ""), UserID: userID, Token: token}
	d.Heard(tx, c, 0)
	return c
}

// StreamingClient finds the living client of a user.
func (d *SOM) StreamingClient(tx *sandbox.Tx, id, userID string) (StreamingClient, error) {
	c, ok := d.streams.Get(tx.Tx, id)
	if !ok || c.UserID != userID || d.streamExpired(tx, &c) {
		return StreamingClient{}, refuse("som.streaming.known-client", CodeStreamingForbidden, "Unknown client")
	}
	return c, nil
}

// streamExpired tells whether a client was not heard of in time. Under a manual clock there is no such time: whoever
// advances it gives clients no chance to be heard of in between.
func (d *SOM) streamExpired(tx *sandbox.Tx, c *StreamingClient) bool {
	return tx.ClockMode() == clock.ModeReal && !tx.Now().Before(c.ExpiresAt)
}

func (d *SOM) forgetStreams(tx *sandbox.Tx) {
	var gone []string
	d.streams.Scan(tx.Tx, func(c *StreamingClient) bool {
		if d.streamExpired(tx, c) {
			gone = append(gone, c.ID)
		}
		return true
	})
	for _, id := range gone {
		d.streams.Delete(tx.Tx, id)
	}
}

// Heard stores a client that was just heard of and will be answered within a time.
func (d *SOM) Heard(tx *sandbox.Tx, c StreamingClient, within time.Duration) {
	c.ExpiresAt = tx.Now().Add(within + d.decided.streamReturn)
	d.streams.Put(tx.Tx, c)
}

// Disconnect ends a client.
func (d *SOM) Disconnect(tx *sandbox.Tx, id string) { d.streams.Delete(tx.Tx, id) }

// Subscribe has a client listen to a channel, from a replay id on. A channel that it listens to already begins anew.
func (d *SOM) Subscribe(tx *sandbox.Tx, c StreamingClient, channel string, replay int64) (StreamingClient, error) {
	if err := checkChannel(channel); err != nil {
		return c, err
	}
	after, err := d.replayFrom(tx, replay)
	if err != nil {
		return c, err
	}
	c = c.without(channel)
	c.Subscriptions = append(c.Subscriptions, Subscription{Channel: channel, After: after})
	return c, nil
}

// Unsubscribe has a client no longer listen to a channel.
func (c StreamingClient) Unsubscribe(channel string) StreamingClient { return c.without(channel) }

func (c StreamingClient) without(channel string) StreamingClient {
	c = c.clone()
	c.Subscriptions = slices.DeleteFunc(c.Subscriptions, func(s Subscription) bool { return s.Channel == channel })
	return c
}

func checkChannel(channel string) error {
	switch _, known := EventOfChannel(channel); {
	case channel == "":
		return refuse("som.streaming.channel", CodeStreamingRequest, "Channel name not specified")
	case !strings.HasPrefix(channel, "/"):
		return refuse("som.streaming.channel", CodeStreamingRequest, "Channel subscriptions must start with a leading '/'")
	case !known:
		return refuse("som.streaming.channel", CodeStreamingRequest, "The channel you requested to subscribe to does not exist {%s}", channel)
	}
	return nil
}

// replayFrom returns the replay id that events have to follow. The id of an event must be that of one that is retained.
func (d *SOM) replayFrom(tx *sandbox.Tx, replay int64) (uint64, error) {
	switch {
	case replay == ReplayNew:
		return d.LastReplayID(tx), nil
	case replay == ReplayAll:
		return 0, nil
	case replay > 0:
		known := Event{ReplayID: uint64(replay)}
		if e, ok := d.events.Peek(tx.Tx, known.key()); ok && d.retained(tx, e) {
			return e.ReplayID, nil
		}
	}
	return 0, BadReplayID(strconv.FormatInt(replay, 10))
}

// BadReplayID is the refusal of a replay id that there is no event of.
func BadReplayID(given string) error {
	return refuse("som.streaming.replay-id", CodeStreamingRequest, "The replayId {%s} you provided was invalid.  "+
		"Please provide a valid ID, -2 to replay all events, or -1 to replay only new events.", given)
}

// Receive takes the events that wait for a client, at most limit of them, in the order of their replay ids whatever their
// channels. The client it returns has them behind it, and all others that were looked at.
func (d *SOM) Receive(tx *sandbox.Tx, c StreamingClient, limit int) (StreamingClient, []Event) {
	var out []Event
	from, after := c.positions()
	seen, first := from, Event{ReplayID: from + 1}
	d.events.Visit(tx.Tx, first.key(), "", func(e *Event) bool {
		seen = e.ReplayID
		if position, listens := after[EventChannel(e.Name)]; listens && e.ReplayID > position && d.retained(tx, e) {
			out = append(out, e.clone())
		}
		return len(out) < limit
	})
	c = c.clone()
	for i := range c.Subscriptions {
		c.Subscriptions[i].After = max(c.Subscriptions[i].After, seen)
	}
	return c, out
}

// positions are where the client's channels stand, and where the one that is farthest behind does.
func (c StreamingClient) positions() (least uint64, after map[string]uint64) {
	after = make(map[string]uint64, len(c.Subscriptions))
	for i, s := range c.Subscriptions {
		after[s.Channel] = s.After
		if i == 0 || s.After < least {
			least = s.After
		}
	}
	return least, after
}

// StreamingSession finds the session of an access token, also one that is over by the clock as long as a streaming client
// of it lives: the platform keeps extending it. Source: Streaming API Developer Guide, handling errors.
func (d *SOM) StreamingSession(tx *sandbox.Tx, token string) (Session, error) {
	s, err := d.Authenticate(tx, token)
	if err == nil {
		return s, nil
	}
	r, known := d.sessions.Get(tx.Tx, token)
	if !known || !d.active(tx, r.UserID) || !d.streamsOf(tx, token) {
		return Session{}, err
	}
	return d.session(tx, r), nil
}

func (d *SOM) streamsOf(tx *sandbox.Tx, token string) bool {
	found := false
	d.streams.Scan(tx.Tx, func(c *StreamingClient) bool {
		found = c.Token == token && !d.streamExpired(tx, c)
		return !found
	})
	return found
}

// ExtendSession lets a session live on from now.
func (d *SOM) ExtendSession(tx *sandbox.Tx, token string) {
	if r, ok := d.sessions.Get(tx.Tx, token); ok {
		r.ExpiresAt = tx.Now().Add(d.decided.sessionLife)
		d.sessions.Put(tx.Tx, r)
	}
}
