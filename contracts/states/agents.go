package states

import (
	"net/http"
	"net/url"
)

// pactAgent stands for a living session in order management of somebody who serves customers.
const pactAgent = "Bearer 00D000000000001!agent-session"

// withAgent logs an agent in first.
func withAgent(next prepare) prepare {
	return func(s *Stage, number string) (Values, error) {
		form := url.Values{
			"grant_type": {"password"}, "client_id": {"somsim"}, "client_secret": {"somsim"},
			"username": {"dev~" + s.sandbox() + "@somsim.test"}, "password": {"somsim"},
		}
		var answer struct {
			AccessToken string `json:"access_token"`
		}
		_, err := s.send(http.MethodPost, s.api+"/services/oauth2/token", nil, "application/x-www-form-urlencoded", form.Encode(), &answer)
		if err != nil {
			return nil, err
		}
		s.stands("Bearer "+answer.AccessToken, pactAgent)
		return next(s, number)
	}
}

// sessionEnded ends the agent's session.
func (s *Stage) sessionEnded(string) (Values, error) {
	form := url.Values{"token": {s.real(pactAgent)[len("Bearer "):]}}
	_, err := s.send(http.MethodPost, s.api+"/services/oauth2/revoke", nil, "application/x-www-form-urlencoded", form.Encode(), nil)
	return nil, err
}
