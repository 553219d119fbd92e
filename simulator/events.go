package simulator

import (
	"encoding/json"

	"github.com/somsim/somsim/simulator/sandbox"
	"github.com/somsim/somsim/simulator/som"
	"github.com/somsim/somsim/simulator/som/cometd"
)

// events let the control plane see the platform events of the org of a sandbox.
type events struct{ *som.SOM }

func (events) Channels() []string {
	var all []string
	for _, kind := range som.EventTypes() {
		all = append(all, som.EventChannel(kind.Name))
	}
	return all
}

func (e events) Events(tx *sandbox.Tx, channels []string, after uint64, limit int) []json.RawMessage {
	q := som.EventQuery{After: after, Limit: limit}
	for _, channel := range channels {
		if kind, ok := som.EventOfChannel(channel); ok {
			q.Names = append(q.Names, kind.Name)
		}
	}
	var out []json.RawMessage
	for _, event := range e.SOM.Events(tx, q) {
		out = append(out, cometd.Message(event))
	}
	return out
}
