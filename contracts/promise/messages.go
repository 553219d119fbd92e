package promise

import (
	"encoding/json"
	"fmt"
	"io/fs"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/somsim/somsim/contracts/pactfile"
)

// taker is the operation by which a consumer takes the messages of a provider.
func taker(consumer, provider string) (folder, operation string) {
	switch consumer + " " + provider {
	case "order-ops som":
		return "orderops", "takeEvent"
	case "order-ops worldline":
		return "orderops", "takeWebhook"
	case "tracking order-ops":
		return "tracking", "collectEvents"
	default:
		return "", ""
	}
}

// JudgeMessage lists what of a message is not what the document of its consumer
// says that it takes.
func JudgeMessage(specs fs.FS, consumer, provider string, i pactfile.Interaction) ([]string, error) {
	folder, id := taker(consumer, provider)
	if folder == "" {
		return []string{fmt.Sprintf("no operation of %s is known to take messages of %s", consumer, provider)}, nil
	}
	schema, err := bodyOf(specs, folder, id)
	if err != nil {
		return nil, err
	}
	var content any
	if err := json.Unmarshal(i.Contents.Content, &content); err != nil {
		return []string{fmt.Sprintf("it is no JSON: %v", err)}, nil
	}
	if err := schema.VisitJSON(content); err != nil {
		return []string{fmt.Sprintf("%s %s: %v", folder, id, err)}, nil
	}
	return nil, nil
}

// bodyOf is the schema of what an operation takes as JSON.
func bodyOf(specs fs.FS, folder, id string) (*openapi3.Schema, error) {
	source, err := fs.ReadFile(specs, folder+"/openapi.yaml")
	if err != nil {
		return nil, err
	}
	doc, err := openapi3.NewLoader().LoadFromData(source)
	if err != nil {
		return nil, err
	}
	for _, item := range doc.Paths.Map() {
		for _, op := range item.Operations() {
			if op.OperationID == id && op.RequestBody != nil && op.RequestBody.Value.Content.Get("application/json") != nil {
				return op.RequestBody.Value.Content.Get("application/json").Schema.Value, nil
			}
		}
	}
	return nil, fmt.Errorf("%s has no operation %s that takes JSON", folder, id)
}
