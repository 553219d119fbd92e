package states

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
)

// trackingStates is the vocabulary that consumers may use of analytics. The
// collector tells nothing; what becomes of the event is in the journal.
func trackingStates() map[string]prepare {
	return map[string]prepare{
		"no event was sent":             coming(""),
		"the refund was sent already":   sentAlready,
		"the stream has another secret": coming("tracking.secret.known"),
	}
}

// coming expects an event that is right in itself and that is counted, or is
// left out for that rule.
func coming(rule string) prepare {
	return func(s *Stage, _ string) (Values, error) {
		s.expects(func() error {
			hit, err := s.latestHit()
			if err != nil {
				return err
			}
			if hit.Rule != rule {
				return fmt.Errorf("the event came to rule %q, want %q", hit.Rule, rule)
			}
			return s.valid(hit.Request.Body)
		})
		return nil, nil
	}
}

// sentAlready sends the refund of the pacts.
func sentAlready(s *Stage, _ string) (Values, error) {
	event := map[string]any{"client_id": "1.2", "events": []any{map[string]any{
		"name": "refund", "params": map[string]any{
			"transaction_id": "00000101", "value": 149.59, "currency": "USD", "event_id": "6f1b6d0c9a2e4f7785c1d2e3a4b5c6d7",
			"items": []any{map[string]any{"item_id": "SHIRT-M", "quantity": 1}},
		},
	}}}
	header := http.Header{"X-Sandbox": {s.sandbox()}}
	if err := s.exchange(http.MethodPost, s.api+"/mp/collect?measurement_id=G-SOMSIM&api_secret=somsim", header, event, nil); err != nil {
		return nil, err
	}
	return coming("tracking.event.once")(s, "")
}

// hit is what the journal keeps of a call of the collector.
type hit struct {
	Rule    string
	Request struct{ Body string }
}

func (s *Stage) latestHit() (hit, error) {
	var journal struct{ Entries []hit }
	address := s.control + "/control/v1/sandboxes/" + s.sandbox() + "/journal?system=tracking&operation=collectEvents"
	if err := s.exchange(http.MethodGet, address, nil, nil, &journal); err != nil {
		return hit{}, err
	}
	if len(journal.Entries) == 0 {
		return hit{}, errors.New("no event arrived")
	}
	return journal.Entries[len(journal.Entries)-1], nil
}

// valid asks the vendor's validation server, which tells what the collector
// does not.
func (s *Stage) valid(body string) error {
	var answer struct {
		ValidationMessages []json.RawMessage `json:"validationMessages"`
	}
	_, err := s.send(http.MethodPost, s.api+"/debug/mp/collect", http.Header{"X-Sandbox": {s.sandbox()}}, "application/json", body, &answer)
	if err == nil && len(answer.ValidationMessages) > 0 {
		err = fmt.Errorf("the event is wrong: %s", answer.ValidationMessages)
	}
	return err
}
