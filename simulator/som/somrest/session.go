package somrest

import (
	"encoding/base64"
	"net/http"
	"net/url"
	"strings"

	"github.com/somsim/somsim/simulator/binding"
	"github.com/somsim/somsim/simulator/som"
)

// authenticate finds the session of a bearer token.
func (a *API) authenticate(c *binding.Call) (binding.Principal, error) {
	token, ok := credential(c.Request, "Bearer", "OAuth")
	if !ok || token == "" {
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
	return caller, a.domain.Admit(c.Tx)
}

// sandboxOf reads the sandbox out of the access token, or out of what a caller logs in with.
func sandboxOf(r *binding.Request) string {
	if token, ok := credential(r, "Bearer", "OAuth"); ok {
		return som.SandboxOfToken(token)
	}
	switch {
	case r.Path == tokenPath:
		form := readGrant(r)
		_, ofClient := som.SplitCredential(form.clientID)
		_, ofUser := som.SplitCredential(form.username)
		if ofClient == "" {
			return ofUser
		}
		return ofClient
	case strings.HasPrefix(r.Path, soapPath):
		login, _ := readLogin(r.Body)
		_, name := som.SplitCredential(login.Username)
		return name
	default:
		return ""
	}
}

const tokenPath = "/services/oauth2/token"

// grant is what a caller asks a token with.
type grant struct{ grantType, clientID, secret, username, password string }

// readGrant reads the form; client id and secret may be in the header instead (HTTP Basic).
func readGrant(r *binding.Request) grant {
	form, err := url.ParseQuery(string(r.Body))
	if err != nil {
		form = url.Values{}
	}
	g := grant{
		form.Get("grant_type"), form.Get("client_id"), form.Get("client_secret"), form.Get("username"), form.Get("password"),
	}
	if encoded, ok := credential(r, "Basic"); ok {
		if plain, err := base64.StdEncoding.DecodeString(encoded); err == nil {
			g.clientID, g.secret, _ = strings.Cut(string(plain), ":")
		}
	}
	return g
}

// method lets a client that cannot send PATCH say it in the query of a POST, as the vendor documents.
func method(r *http.Request) string {
	if override := r.URL.Query().Get("_HttpMethod"); override != "" && r.Method == http.MethodPost {
		return override
	}
	return r.Method
}
