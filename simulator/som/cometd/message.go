package cometd

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"

	"github.com/somsim/somsim/simulator/som"
)

// message is what a client sends. Which fields count depends on its channel.
type message struct {
	Channel string `json:"channel"`
	// ID is the client's own, a text or a number; the reply repeats it.
	ID                       json.RawMessage `json:"id"`
	ClientID                 string          `json:"clientId"`
	ConnectionType           string          `json:"connectionType"`
	SupportedConnectionTypes []string        `json:"supportedConnectionTypes"`
	Subscription             texts           `json:"subscription"`
	Ext                      struct {
		// Replay is true in a handshake, and tells replay ids by channel in a subscription.
		Replay json.RawMessage `json:"replay"`
	} `json:"ext"`
	Advice struct {
		// Timeout is how many milliseconds a connect may wait.
		Timeout *int64 `json:"timeout"`
	} `json:"advice"`
}

// replay is the replay id that a channel is subscribed from. Clients that tell none get what is new.
func (m message) replay(channel string) (int64, error) {
	var given map[string]json.RawMessage
	if json.Unmarshal(m.Ext.Replay, &given) != nil || given[channel] == nil {
		return som.ReplayNew, nil
	}
	text := strings.Trim(string(given[channel]), `"`)
	id, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return 0, som.BadReplayID(text)
	}
	return id, nil
}

// batch is the body of a request: a list of messages, or one by itself.
type batch []message

// UnmarshalJSON implements json.Unmarshaler.
func (b *batch) UnmarshalJSON(text []byte) error {
	if bytes.HasPrefix(bytes.TrimSpace(text), []byte("{")) {
		*b = make(batch, 1)
		return json.Unmarshal(text, &(*b)[0])
	}
	return json.Unmarshal(text, (*[]message)(b))
}

// texts is a list of texts, or one by itself.
type texts []string

// UnmarshalJSON implements json.Unmarshaler.
func (t *texts) UnmarshalJSON(text []byte) error {
	if bytes.HasPrefix(bytes.TrimSpace(text), []byte("[")) {
		return json.Unmarshal(text, (*[]string)(t))
	}
	*t = make(texts, 1)
	return json.Unmarshal(text, &(*t)[0])
}

// MarshalJSON implements json.Marshaler.
func (t texts) MarshalJSON() ([]byte, error) {
	if len(t) == 1 {
		return json.Marshal(t[0])
	}
	return json.Marshal([]string(t))
}

// reply answers a message.
type reply struct {
	Ext                      *replyExt       `json:"ext,omitempty"`
	Advice                   *advice         `json:"advice,omitempty"`
	MinimumVersion           string          `json:"minimumVersion,omitempty"`
	ClientID                 string          `json:"clientId,omitempty"`
	SupportedConnectionTypes []string        `json:"supportedConnectionTypes,omitempty"`
	Channel                  string          `json:"channel,omitempty"`
	ID                       json.RawMessage `json:"id,omitempty"`
	Version                  string          `json:"version,omitempty"`
	Subscription             texts           `json:"subscription,omitempty"`
	Error                    string          `json:"error,omitempty"`
	Successful               bool            `json:"successful"`
}

type replyExt struct {
	Replay        bool    `json:"replay,omitempty"`
	PayloadFormat bool    `json:"payload.format,omitempty"`
	SFDC          *reason `json:"sfdc,omitempty"`
}

type reason struct {
	FailureReason string `json:"failureReason"`
}

// advice tells a client what to do next.
type advice struct {
	Reconnect reconnect `json:"reconnect"`
	// Interval and Timeout are milliseconds.
	Interval int64 `json:"interval"`
	Timeout  int64 `json:"timeout,omitempty"`
}

type reconnect string

const (
	reconnectRetry     reconnect = "retry"
	reconnectHandshake reconnect = "handshake"
	reconnectNone      reconnect = "none"
)

// to begins the reply to a message.
func (m message) reply() reply { return reply{Channel: m.Channel, ID: m.ID} }
