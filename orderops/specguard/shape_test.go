package specguard

import (
	"encoding/json"
	"slices"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"pgregory.net/rapid"
)

// A shape and the validator are of one mind about whatever might be answered, right or wrong.
func TestShapesAgreeWithTheValidator(t *testing.T) {
	t.Parallel()
	g := guardOfOrderOps(t)
	var medias []*openapi3.MediaType
	for media := range g.shapes {
		medias = append(medias, media)
	}
	var fitting, not int
	rapid.Check(t, func(t *rapid.T) {
		media := medias[rapid.IntRange(0, len(medias)-1).Draw(t, "answer")]
		made := maker{t: t, wrong: rapid.SampledFrom([]int{0, 1, 8}).Draw(t, "per cent wrong")}
		body, err := json.Marshal(made.value(media.Schema.Value, 0))
		if err != nil {
			t.Fatal(err)
		}
		var value any
		if err := json.Unmarshal(body, &value); err != nil {
			t.Fatal(err)
		}
		refused := media.Schema.Value.VisitJSON(value, openapi3.VisitAsResponse())
		if fits := g.shapes[media].fits(body); fits != (refused == nil) {
			t.Fatalf("fits %t, the validator says %v of %s", fits, refused, body)
		}
		if refused == nil {
			fitting++
		} else {
			not++
		}
	})
	if fitting < 10 || not < 10 {
		t.Errorf("only %d that fit and %d that do not", fitting, not)
	}
}

// maker makes answers after a schema, a few of whose parts are wrong.
type maker struct {
	t     *rapid.T
	wrong int
}

func (m maker) value(s *openapi3.Schema, depth int) any {
	switch {
	case rapid.IntRange(0, 99).Draw(m.t, "wrong") < m.wrong:
		return rapid.SampledFrom([]any{nil, true, 1.5, "x", []any{}, map[string]any{"x": 1.0}, "2026-02-30T24:00:00Z", 7.0, ""}).Draw(m.t, "anything")
	case s.Nullable && rapid.IntRange(0, 3).Draw(m.t, "null") == 0:
		return nil
	case len(s.AllOf) > 0:
		return m.value(s.AllOf[0].Value, depth)
	case len(s.OneOf) > 0:
		return m.value(s.OneOf[rapid.IntRange(0, len(s.OneOf)-1).Draw(m.t, "one of")].Value, depth)
	case len(s.Enum) > 0:
		return rapid.SampledFrom(s.Enum).Draw(m.t, "word")
	case s.Type.Is(openapi3.TypeObject):
		return m.object(s, depth)
	case s.Type.Is(openapi3.TypeArray):
		list := []any{}
		for range rapid.IntRange(0, max(0, 2-depth/3)).Draw(m.t, "length") {
			list = append(list, m.value(s.Items.Value, depth+1))
		}
		return list
	default:
		return m.scalar(s)
	}
}

func (m maker) object(s *openapi3.Schema, depth int) any {
	object := map[string]any{}
	for name, property := range s.Properties {
		required := slices.Contains(s.Required, name)
		if required && rapid.IntRange(0, 99).Draw(m.t, "left out") >= m.wrong || !required && depth < 6 && rapid.Bool().Draw(m.t, "there") {
			object[name] = m.value(property.Value, depth+1)
		}
	}
	if more := s.AdditionalProperties; more.Schema != nil && depth < 6 {
		object["more"] = m.value(more.Schema.Value, depth+1)
	} else if rapid.IntRange(0, 99).Draw(m.t, "beyond") < m.wrong {
		object["beyond"] = 1
	}
	return object
}

func (m maker) scalar(s *openapi3.Schema) any {
	switch {
	case s.Type.Is(openapi3.TypeBoolean):
		return rapid.Bool().Draw(m.t, "truth")
	case s.Type.Is(openapi3.TypeInteger):
		return rapid.IntRange(-2, 600).Draw(m.t, "integer")
	case s.Type.Is(openapi3.TypeNumber):
		return rapid.SampledFrom([]float64{0, 1, 2.5, 1e21, -3}).Draw(m.t, "number")
	case s.Format == "date-time":
		return rapid.SampledFrom([]string{
			"2026-03-01T15:00:00Z", "2026-03-01T15:00:00.123Z", "2026-03-31T23:59:60Z", "2026-03-01T15:00:00+01:00", "2026-13-01T15:00:00Z",
			"2026-03-01T15:00:00.Z", "2026-03-32T15:00:00Z", "2026-03-01", "2026-03-01T15:00:00.12x3Z",
		}).Draw(m.t, "instant")
	default:
		return rapid.SampledFrom([]string{"", "a", "order-1", "00000113", "\u00fc\"\\", "GET"}).Draw(m.t, "text")
	}
}

// Objects and lists of answers that channels read all day are decided by their shapes.
func TestNothingThatIsReadOftenIsLeftToTheValidator(t *testing.T) {
	t.Parallel()
	g := guardOfOrderOps(t)
	for _, route := range []string{
		"GET /order-ops/v1/orders", "GET /order-ops/v1/orders/{order_no}", "GET /s/{site}/dw/shop/{version}/orders/{order_no}",
		"GET /s/{site}/dw/shop/{version}/customers/{customer_id}/orders",
	} {
		ok := g.routes[route].Operation.Responses.Status(200).Value
		if len(ok.Headers) > 0 {
			t.Errorf("%s: its headers are checked by the validator", route)
		}
		for _, media := range ok.Content {
			if left := leftTo(g.shapes[media], map[*shape]bool{}); left != nil {
				t.Errorf("%s: %+v", route, left.schema)
			}
		}
	}
}

// leftTo is the first object or list below a shape that is decided by the validator.
func leftTo(s *shape, seen map[*shape]bool) *shape {
	if s == nil || seen[s] {
		return nil
	}
	seen[s] = true
	if scalar := s.schema != nil && (s.schema.Type.Is(openapi3.TypeInteger) || s.schema.Type.Is(openapi3.TypeNumber) || s.schema.Type.Is(openapi3.TypeString)); s.form == asked && !scalar {
		return s
	}
	for _, m := range s.members {
		if left := leftTo(m.shape, seen); left != nil {
			return left
		}
	}
	if left := leftTo(s.items, seen); left != nil {
		return left
	}
	return leftTo(s.others, seen)
}
