package somrest

import (
	"net/http"
	"strings"

	"github.com/somsim/somsim/simulator/binding"
	"github.com/somsim/somsim/simulator/som"
)

// authenticate finds the session of a bearer token.
func (a *API) authenticate(c *binding.Call) (binding.Principal, error) {
	token := accessToken(c.Request)
	if token == "" {
		return binding.Principal{}, &som.Error{
			Code: som.CodeInvalidSession, Message: "Session expired or invalid", Rule: "som.session.missing",
		}
	}
	s, err := a.domain.Authenticate(c.Tx, token)
	if err != nil {
		return binding.Principal{}, err
	}
	caller := binding.Principal{Kind: "user", ID: s.UserID, Client: s.ClientID, Token: s.Token}
	if !counted(c.Request) {
		return caller, nil
	}
	if err := a.domain.MayUseAPI(s); err != nil {
		return binding.Principal{}, err
	}
	return caller, a.domain.Admit(c.Tx)
}

// accessToken is the access token of a request: in the header or, for who is logged in, in a parameter.
func accessToken(r *binding.Request) string {
	if token, ok := credential(r, "Bearer", "OAuth"); ok {
		return token
	}
	if !counted(r) {
		return r.Query("oauth_token")
	}
	return ""
}

// sandboxOf reads the sandbox out of the access token, or out of what a caller logs in with.
func sandboxOf(r *binding.Request) string {
	switch {
	case r.Path == tokenPath, r.Path == revokePath, r.Path == introspectPath, r.Path == authorizePath:
		if found := readForm(r).sandboxes(); len(found) > 0 {
			return found[0].sandbox
		}
		return ""
	case strings.HasPrefix(r.Path, soapPath):
		in, err := readEnvelope(r.Body)
		if err != nil {
			return ""
		}
		return in.sandbox()
	default:
		return som.SandboxOfToken(accessToken(r))
	}
}

const (
	tokenPath      = "/services/oauth2/token"
	revokePath     = "/services/oauth2/revoke"
	introspectPath = "/services/oauth2/introspect"
)

// method lets a client that cannot send PATCH say it in the query of a POST, as the vendor documents.
func method(r *http.Request) string {
	if r.Method == http.MethodPost {
		if override := r.URL.Query().Get("_HttpMethod"); override != "" {
			return override
		}
	}
	return r.Method
}
