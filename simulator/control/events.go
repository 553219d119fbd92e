package control

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"

	"github.com/somsim/somsim/simulator/binding"
	"github.com/somsim/somsim/simulator/sandbox"
)

// Events are the platform events of the Salesforce org of a sandbox.
type Events interface {
	// Channels lists the channels there are, such as /event/OrderSummaryCreatedEvent.
	Channels() []string
	// Events lists the retained events of channels (none: all) after a replay id, at most limit of them (0: all), as clients
	// of the Streaming API get them.
	Events(tx *sandbox.Tx, channels []string, after uint64, limit int) []json.RawMessage
}

type eventsInput struct {
	Name    string `path:"name"`
	Channel string `query:"channel"`
	Type    string `query:"type"`
	After   int    `query:"after_replay_id"`
	Limit   int    `query:"limit"`
}

type eventsOutput struct {
	Events []json.RawMessage `json:"events"`
}

func (a *API) listEvents(_ *binding.Call, in eventsInput) (eventsOutput, error) {
	w, err := a.world(in.Name)
	if err != nil {
		return eventsOutput{}, err
	}
	channels, err := a.channels(in)
	if err != nil {
		return eventsOutput{}, err
	}
	tx := w.Read()
	defer tx.Abort()
	out := eventsOutput{Events: []json.RawMessage{}}
	out.Events = append(out.Events, a.Events.Events(tx, channels, uint64(in.After), in.Limit)...) //nolint:gosec // the document says that it is not negative
	return out, nil
}

// channels are what a request filters by: a channel, or the type of event at its end.
func (a *API) channels(in eventsInput) ([]string, error) {
	known := a.Events.Channels()
	channel := in.Channel
	switch {
	case in.Channel == "" && in.Type == "":
		return nil, nil
	case in.Type != "" && channel == "":
		channel = "/event/" + in.Type
	case in.Type != "" && channel != "/event/"+in.Type:
		return nil, refuse(http.StatusBadRequest, "query type: %q is not the type of the events of %q", in.Type, in.Channel)
	}
	if !slices.Contains(known, channel) {
		return nil, refuse(http.StatusBadRequest, "query channel: there is no channel %q; there are %s", channel, strings.Join(known, ", "))
	}
	return []string{channel}, nil
}
