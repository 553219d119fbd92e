package cometd

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/som"
	"github.com/somsim/somsim/simulator/som/sobject"
	"github.com/somsim/somsim/simulator/som/somrest"
)

// Message renders an event as clients of the Streaming API get it. Source: Platform Events Developer Guide, subscribe to
// platform event notifications with CometD.
func Message(e som.Event) json.RawMessage {
	var out strings.Builder
	kind, _ := som.EventTypeOf(e.Name)
	out.WriteString(`{"data":{"schema":"` + schemaID(kind) + `","payload":{"CreatedDate":` +
		text(e.At.UTC().Format("2006-01-02T15:04:05.000Z")) + `,"CreatedById":` + text(e.CreatedByID))
	for _, name := range kind.Fields {
		out.WriteString(`,"` + name + `":` + rendered(e.Field(name)))
	}
	out.WriteString(`},"event":{"EventUuid":` + text(e.UUID) + `,"replayId":` + decimal.NewFromUint64(e.ReplayID).String() +
		`}},"channel":` + text(som.EventChannel(e.Name)) + `}`)
	return json.RawMessage(out.String())
}

// schemaID stands for the fields of an event: it changes when they do, and has the length of the vendor's.
func schemaID(kind som.EventType) string {
	digest := sha256.Sum256([]byte(kind.Name + " " + strings.Join(kind.Fields, " ")))
	return base64.RawURLEncoding.EncodeToString(digest[:16])
}

func rendered(v sobject.Value) string {
	switch v := v.(type) {
	case string:
		return text(v)
	case bool:
		if v {
			return "true"
		}
		return "false"
	case decimal.Decimal:
		return somrest.Number(v, false)
	default:
		return "null"
	}
}

func text(s string) string {
	out, err := json.Marshal(s)
	if err != nil { // a text always can be rendered
		return `""`
	}
	return string(out)
}
