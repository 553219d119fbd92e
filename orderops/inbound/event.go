package inbound

import (
	"encoding/json"
	"errors"
	"regexp"
	"strings"
	"time"

	"github.com/somsim/somsim/orderops/command"
)

// message is a platform event as clients of the Streaming API get it.
type message struct {
	Channel string `json:"channel"`
	Data    struct {
		Payload map[string]json.RawMessage `json:"payload"`
		Event   struct {
			EventUuid string `json:"EventUuid"`
			ReplayID  int64  `json:"replayId"`
		} `json:"event"`
	} `json:"data"`
}

var (
	channelPattern = regexp.MustCompile(`^/event/[A-Za-z0-9_]{1,80}$`)
	uuidPattern    = regexp.MustCompile(`^[0-9A-Za-z-]{1,64}$`)
)

// parse reads an event; its error says what is wrong with it, in words that repeat nothing of it.
func parse(body []byte) (message, error) {
	var m message
	if err := json.Unmarshal(body, &m); err != nil {
		return m, errors.New("the body is no JSON document of a platform event")
	}
	switch {
	case !channelPattern.MatchString(m.Channel):
		return m, errors.New("channel is not like /event/OrderSummaryCreatedEvent")
	case !uuidPattern.MatchString(m.Data.Event.EventUuid):
		return m, errors.New("data.event.EventUuid is missing or no UUID")
	case m.Data.Event.ReplayID < 0:
		return m, errors.New("data.event.replayId is negative")
	case m.Data.Payload == nil:
		return m, errors.New("data.payload is missing")
	}
	return m, nil
}

func (m message) kind() string { return strings.TrimPrefix(m.Channel, "/event/") }

// reference is an id of the payload; empty when there is none.
func (m message) reference(name string) string {
	var id string
	if json.Unmarshal(m.Data.Payload[name], &id) != nil || !uuidPattern.MatchString(id) {
		return ""
	}
	return id
}

func (m message) kept(sandbox string, body []byte, at time.Time) command.Event {
	return command.Event{
		Sandbox: sandbox, UUID: m.Data.Event.EventUuid, Channel: m.Channel, ReplayID: m.Data.Event.ReplayID, Body: string(body), ReceivedAt: at,
	}
}
