//go:build pact

package consumer_test

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// matcherType is how Pact's library tells a matcher from a value.
const matcherType = "pact:matcher:type"

// exactly has words inside of what is like a type compared as they stand. By
// Pact's rules a matcher holds for everything below it: a status that is
// written down as "booked" in the element of a list would be any text.
func exactly(content any) any {
	source, err := json.Marshal(content)
	if err != nil {
		panic(fmt.Sprintf("a body that is no JSON: %v", err)) // a test's own
	}
	var value any
	if err := json.Unmarshal(source, &value); err != nil {
		panic(fmt.Sprintf("a body that is no JSON: %v", err))
	}
	return exact(value, false)
}

// exact walks through a body; likened says that a matcher holds above.
func exact(value any, likened bool) any {
	switch value := value.(type) {
	case map[string]any:
		kind, isMatcher := value[matcherType]
		if isMatcher {
			if _, isObject := value["value"].(map[string]any); isObject || isList(value["value"]) {
				value["value"] = exact(value["value"], likened || kind == "type")
			}
			return value
		}
		for name, below := range value {
			switch below.(type) {
			case string, bool:
				if likened {
					value[name] = map[string]any{matcherType: "equality", "value": below}
				}
			default:
				value[name] = exact(below, likened)
			}
		}
		return value
	case []any:
		for n, below := range value {
			value[n] = exact(below, likened)
		}
		return value
	default:
		return value
	}
}

func isList(value any) bool {
	_, ok := value.([]any)
	return ok
}

func TestWordsInsideOfListsAreComparedAsTheyStand(t *testing.T) {
	t.Parallel()
	like := func(v any) any { return map[string]any{matcherType: "type", "value": v} }
	equal := func(v any) any { return map[string]any{matcherType: "equality", "value": v} }
	got := exactly(map[string]any{"status": "new", "list": like([]any{map[string]any{"status": "booked", "id": like("1"), "n": 1.5, "done": true, "names": []any{"a"}}})})
	want := map[string]any{"status": "new", "list": like([]any{map[string]any{"status": equal("booked"), "id": like("1"), "n": 1.5, "done": equal(true), "names": []any{"a"}}})}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("body (-want +got):\n%s", diff)
	}
}
