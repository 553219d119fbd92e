package ocapiface

import (
	"bytes"
	"context"
	stdjson "encoding/json"
	"errors"
	"strings"

	"github.com/go-json-experiment/json"

	"github.com/somsim/somsim/orderops"
)

// unreadable names the attribute of a body that cannot be read. The document says of all others what they have to be.
func unreadable(raw []byte) error {
	var all map[string]stdjson.RawMessage
	if stdjson.Unmarshal(raw, &all) == nil {
		for _, name := range []string{"c_expectedRefund", "c_expectedTotal"} {
			var amount *orderops.Amount
			if value, sent := all[name]; sent && stdjson.Unmarshal(value, &amount) != nil {
				return orderops.Refuse(orderops.InvalidRequest, "%s is no amount: it is a number such as 12.50, or a string that holds one", name)
			}
		}
	}
	return orderops.Refuse(orderops.InvalidRequest, "an attribute of the body is not of its type")
}

// nothingElse refuses what an action knows nothing of: a misspelt c_preview would make a question the change itself, and what
// is meant for the order would be lost. Behind a hook other attributes are commerce's; names of OCAPI's own begin with _.
func nothingElse(ctx context.Context, action orderops.Action, raw []byte) error {
	if action == "" || hookedIn(ctx) != nil {
		return nil
	}
	var all map[string]stdjson.RawMessage
	if err := stdjson.Unmarshal(raw, &all); err != nil {
		return unreadable(raw)
	}
	for name, value := range all {
		if strings.HasPrefix(name, "_") || bytes.Equal(value, []byte("null")) {
			continue
		}
		single, err := stdjson.Marshal(map[string]stdjson.RawMessage{name: value})
		if err != nil {
			return unreadable(raw)
		}
		var known patchInput
		if err := json.Unmarshal(single, &known, json.RejectUnknownMembers(true)); errors.Is(err, json.ErrUnknownName) {
			return orderops.Refuse(orderops.InvalidRequest, "%.60q is no attribute of c_action %s; send it in a change of its own", name, action)
		}
	}
	return nil
}
