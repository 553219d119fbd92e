package states

import (
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
)

// ErrUnknown is about a state that nobody here can bring about.
var ErrUnknown = errors.New("no such state")

// vocabulary is what consumers may say of a provider: states, each of which
// begins with a fresh sandbox, and troubles that come on top of one.
type vocabulary struct {
	states   map[string]prepare
	troubles map[string]func(*Stage) error
}

// vocabularies lists those of every provider.
func vocabularies() map[string]vocabulary {
	return map[string]vocabulary{
		"b2c-ocapi": {b2cStates(), troubles("b2c", words{"TooManyRequestsException", "ServiceUnavailableException", "InternalServerErrorException"})},
		"b2c-slas":  {slasStates(), troubles("b2c", words{"too_many_requests", "temporarily_unavailable", "server_error"})},
		"loyalty":   {loyaltyStates(), troubles("loyalty", words{"RATE_LIMITED", "SERVICE_UNAVAILABLE", "INTERNAL_SERVER_ERROR"})},
		"oci":       {ociStates(), troubles("oci", words{"TOO_MANY_REQUESTS", "SERVICE_UNAVAILABLE", "INTERNAL_SERVER_ERROR"})},
		"order-ops": {orderOpsStates(), nil},
		"sap-cdc":   {cdcStates(), cdcTroubles()},
		"slots":     {slotsStates(), troubles("slots", words{"TOO_MANY_REQUESTS", "SERVICE_UNAVAILABLE", "INTERNAL_ERROR"})},
		"som":       {somStates(), somTroubles()},
		"tracking":  {trackingStates(), troubles("tracking", words{"RESOURCE_EXHAUSTED", "UNAVAILABLE", "INTERNAL"})},
		"worldline": {worldlineStates(), worldlineTroubles()},
	}
}

// slasStates is the vocabulary that consumers may use of the log-in of shoppers: its keys are there from the first.
func slasStates() map[string]prepare {
	return map[string]prepare{"preset omnichannel": nothing, "a guest has come": (*Stage).guest, "a guest was mailed a code for an order": (*Stage).guestWithCode}
}

// guest logs somebody in who is nobody in particular.
func (s *Stage) guest(string) (Values, error) {
	const path = "/shopper/auth/v1/organizations/f_ecom_zzte_053/oauth2/token"
	var answer struct {
		AccessToken string `json:"access_token"`
	}
	header := as(basic(commerceClient + "~" + s.sandbox()))
	_, err := s.send(http.MethodPost, s.api+path, header, "application/x-www-form-urlencoded", "grant_type=client_credentials&channel_id=RefArch", &answer)
	s.stands("Bearer "+answer.AccessToken, "Bearer guest-token")
	return nil, err
}

// worldlineTroubles adds one that no other system has.
func worldlineTroubles() map[string]func(*Stage) error {
	on := troubles("worldline", words{"TOO_MANY_REQUESTS", "SERVICE_UNAVAILABLE", "INTERNAL_SERVER_ERROR"})
	on["the first call under the key is still running"] = func(s *Stage) error {
		return s.arm(fault{"running", faultMatch{System: "worldline"}, faultEffect{"vendor_error", "DUPLICATE_REQUEST", http.StatusConflict}, 0})
	}
	return on
}

// Providers are the pacticipants whose states are known, sorted.
func Providers() []string { return slices.Sorted(maps.Keys(vocabularies())) }

// Known are the sentences that consumers may use of a provider, sorted.
func Known(provider string) []string {
	v := vocabularies()[provider]
	return slices.Sorted(func(yield func(string) bool) {
		for name := range v.states {
			if !yield(name) {
				return
			}
		}
		for name := range v.troubles {
			if !yield(name) {
				return
			}
		}
	})
}

// SetUp brings the stage into a state of a provider and returns the ids that
// the pact's requests need. A state that comes first makes a fresh sandbox; a
// trouble comes on top of the present one. An unknown state is ErrUnknown.
func (s *Stage) SetUp(provider, name string, params map[string]any) (map[string]any, error) {
	orderNumber, _ := params["orderNumber"].(string)
	v := vocabularies()[provider]
	if arm := v.troubles[name]; arm != nil {
		s.expects(nil) // a failure is all that comes of it
		return nil, s.failed(name, orderNumber, arm(s))
	}
	prepare := v.states[name]
	if prepare == nil {
		return nil, fmt.Errorf("%w of %s: %q", ErrUnknown, provider, name)
	}
	if err := s.renew(); err != nil {
		return nil, s.failed(name, orderNumber, err)
	}
	found, err := prepare(s, orderNumber)
	return found, s.failed(name, orderNumber, err)
}

// failed says which state could not be brought about.
func (s *Stage) failed(name, orderNumber string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("the state %q of order %q could not be brought about: %w", name, orderNumber, err)
}

// LookAfter looks once at what has come of the interaction in the present
// state, where there is more to see than the answer.
func (s *Stage) LookAfter() error {
	s.mu.Lock()
	look := s.look
	s.look = nil
	s.mu.Unlock()
	if look == nil {
		return nil
	}
	return look()
}

// IsTrouble says whether a sentence is about a failure on top of a state, which
// nobody can expect of a system that is not simulated.
func IsTrouble(provider, name string) bool { return vocabularies()[provider].troubles[name] != nil }
