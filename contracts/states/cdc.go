package states

import (
	"errors"
	"net/http"
	"net/url"
)

// firstUID is the first shopper's at the identity provider.
const firstUID = "c0ffee00000000000000000000000001"

// cdcStates is the vocabulary that consumers may use of SAP Customer Data Cloud.
func cdcStates() map[string]prepare {
	return map[string]prepare{
		"preset omnichannel": nothing,
		"the account of the first shopper was switched off": (*Stage).switchedOff,
	}
}

// cdcTroubles are told by a number in an answer whose status is one of success, but for a gateway that is closed.
func cdcTroubles() map[string]func(*Stage) error {
	on := troubles("cdc", words{"403048", "500001", "500001"})
	for state, code := range map[string]string{"too many calls were made": "403048", "the system breaks down": "500001"} {
		on[state] = func(s *Stage) error {
			return s.arm(fault{"trouble", faultMatch{System: "cdc"}, faultEffect{Kind: "vendor_error", Code: code}, 0})
		}
	}
	return on
}

func (s *Stage) switchedOff(string) (Values, error) {
	form := url.Values{"apiKey": {"somsim~" + s.sandbox()}, "userKey": {"somsim"}, "secret": {"somsim"}, "UID": {firstUID}, "isActive": {"false"}}
	var answer struct {
		ErrorCode *int `json:"errorCode"`
	}
	_, err := s.send(http.MethodPost, s.api+"/accounts.setAccountInfo", nil, "application/x-www-form-urlencoded", form.Encode(), &answer)
	if err == nil && (answer.ErrorCode == nil || *answer.ErrorCode != 0) {
		err = errors.New("the account could not be switched off")
	}
	return nil, err
}
