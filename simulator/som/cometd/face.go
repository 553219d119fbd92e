package cometd

import (
	"strings"

	"github.com/somsim/somsim/simulator/binding"
	"github.com/somsim/somsim/simulator/som"
	"github.com/somsim/somsim/simulator/som/somrest"
)

// API answers the operations of the face.
type API struct{ domain *som.SOM }

// New returns the face on its platform.
func New(platform *somrest.API) (*binding.Face, error) {
	a := &API{platform.Domain()}
	f, err := platform.FaceOf("som/cometd", "som/cometd.yaml", a.routes())
	if err != nil {
		return nil, err
	}
	f.Schemes = map[string]binding.Authenticator{"session": a.authenticate}
	f.Errors, f.Method, f.Version, f.Settle = answerError, nil, nil, nil // its requests are none of the API requests of a day
	f.Sandbox = func(r *binding.Request) string { return som.SandboxOfToken(accessToken(r)) }
	return f, nil
}

// authenticate finds the session of an access token.
func (a *API) authenticate(c *binding.Call) (binding.Principal, error) {
	token := accessToken(c.Request)
	if token == "" {
		return binding.Principal{}, &som.Error{Code: som.CodeInvalidSession, Message: "Request requires authentication", Rule: "som.session.missing"}
	}
	s, err := a.domain.StreamingSession(c.Tx, token)
	if err == nil {
		err = a.domain.MayUseAPI(s)
	}
	if err != nil {
		return binding.Principal{}, err
	}
	return binding.Principal{Kind: "user", ID: s.UserID, Client: s.ClientID, Token: s.Token}, nil
}

func accessToken(r *binding.Request) string {
	scheme, token, _ := strings.Cut(strings.TrimSpace(r.Header.Get("Authorization")), " ")
	if !strings.EqualFold(scheme, "Bearer") && !strings.EqualFold(scheme, "OAuth") {
		return ""
	}
	return strings.TrimSpace(token)
}
