package features

import (
	"context"
	"encoding/json"
	"maps"
)

func (w *world) keySteps() []step {
	return []step{
		{when, `^the shopper asks for something else under the same key in the (storefront|app)$`, w.reuseKey},
	}
}

// reuseKey asks for another thing under the key of the last request, whatever that was about: a cancel or a return for
// another reason, a modification that would merge a basket, a confirmation that expects another total.
func (w *world) reuseKey(ctx context.Context, where string) error {
	if err := w.remember(ctx); err != nil {
		return err
	}
	if c := w.follow.change; c.key != "" {
		c.channel, c.wants = channelOf(where), maps.Clone(c.wants)
		if c.wants == nil {
			c.wants = map[string]any{}
		}
		if c.action == "modify" {
			c.wants["on_existing_basket"] = "merge"
		} else {
			c.wants["expected_total"] = json.Number("1.23")
		}
		w.answers = append(w.answers, w.shopper.change(ctx, c))
		return w.answers[len(w.answers)-1].lost
	}
	other := w.wish
	other.channel, other.partial = channelOf(where), !other.partial
	w.answers = append(w.answers, w.shopper.cancel(ctx, other))
	return w.answers[len(w.answers)-1].lost
}
