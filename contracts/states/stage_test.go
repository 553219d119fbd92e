package states

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"
)

func TestTokensOfThePactAreReplacedAndNothingElse(t *testing.T) {
	t.Parallel()
	s := &Stage{stand: map[string]string{}, name: "pact"}
	s.stands("Bearer real", "Bearer placeholder")
	for sent, want := range map[string]string{"Bearer placeholder": "Bearer real", "Bearer nobody": "Bearer nobody", "": ""} {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.Header.Set("X-Other", "Bearer placeholder")
		if sent != "" {
			r.Header.Set("Authorization", sent)
		}
		s.WithTokens(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			if r.Header.Get("Authorization") != want || r.Header.Get("X-Other") != "Bearer placeholder" {
				t.Errorf("sent %q, arrived %v", sent, r.Header)
			}
		})).ServeHTTP(httptest.NewRecorder(), r)
	}
}

func TestStatesAndTroublesAreKnownByTheirSentences(t *testing.T) {
	t.Parallel()
	for _, provider := range Providers() {
		known := Known(provider)
		if len(known) == 0 || len(slices.Compact(slices.Clone(known))) != len(known) {
			t.Errorf("of %s is known %q", provider, known)
		}
	}
	if !slices.Contains(Known("slots"), "an order has a booking") || !slices.Contains(Known("slots"), "the system is closed") {
		t.Errorf("of slots is known %q", Known("slots"))
	}
}
