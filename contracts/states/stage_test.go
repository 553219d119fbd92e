package states

import (
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
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

// Every product is reserved by a request of its own, and one of which nothing is left by none.
func TestWhatIsLeftOfEachProductIsReservedByARequestOfItsOwn(t *testing.T) {
	t.Parallel()
	left := map[string]string{"MUG": "3", "BOWL": "2", "NONE": "0"}
	asked := map[string]string{}
	api := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if product, of := strings.CutPrefix(r.URL.Path, shopPath+"/products/"); of {
			_, _ = io.WriteString(w, `{"inventory":{"ats":`+left[product]+`}}`)
			return
		}
		var body struct {
			ID      string `json:"actionRequestId"`
			Records []struct {
				SKU      string      `json:"stockKeepingUnit"`
				Quantity json.Number `json:"quantity"`
			} `json:"createRecords"`
		}
		if err := json.NewDecoder(r.Body).Decode(&body); err != nil || len(body.Records) != 1 || asked[body.ID] != "" {
			t.Errorf("asked for %+v: %v", body, err)
			return
		}
		asked[body.ID] = body.Records[0].SKU + " " + body.Records[0].Quantity.String()
	}))
	t.Cleanup(api.Close)
	s := &Stage{ctx: t.Context(), api: api.URL, name: "pact", stand: map[string]string{}, client: api.Client()}
	for _, product := range []string{"MUG", "NONE", "BOWL"} {
		if err := s.reserveRest(product); err != nil {
			t.Fatal(err)
		}
	}
	if got := slices.Sorted(maps.Values(asked)); !slices.Equal(got, []string{"BOWL 2", "MUG 3"}) {
		t.Errorf("reserved was %q", got)
	}
}
