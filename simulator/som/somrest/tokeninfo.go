package somrest

import (
	"net/http"

	"github.com/somsim/somsim/simulator/binding"
	"github.com/somsim/somsim/simulator/som"
)

// revoke ends a token. It answers 200 and nothing else.
func (a *API) revoke(c *binding.Call) (*binding.Response, error) {
	if err := a.domain.Revoke(c.Tx, readForm(c.Request).Get("token")); err != nil {
		return nil, err
	}
	return &binding.Response{Status: http.StatusOK, Header: http.Header{}}, nil
}

// introspection is what an app learns about one of its tokens (RFC 7662). A token that is not active tells nothing else.
type introspection struct {
	Active    bool   `json:"active"`
	Scope     string `json:"scope,omitempty"`
	ClientID  string `json:"client_id,omitempty"`
	Username  string `json:"username,omitempty"`
	Sub       string `json:"sub,omitempty"`
	TokenType string `json:"token_type,omitempty"`
	Exp       int64  `json:"exp,omitempty"`
	Iat       int64  `json:"iat,omitempty"`
	Nbf       int64  `json:"nbf,omitempty"`
}

func (a *API) introspect(c *binding.Call, _ struct{}) (introspection, error) {
	form := readForm(c.Request)
	if err := form.agreesOnSandbox(); err != nil {
		return introspection{}, err
	}
	in, err := a.domain.Introspect(c.Tx, form.client(), form.Get("token"))
	if err != nil || !in.Active {
		return introspection{}, err
	}
	out := introspection{
		Active: true, Scope: in.Scope, ClientID: in.ClientID, Username: in.Username, Sub: identityURL(c, in.UserID),
		TokenType: tokenKind(in), Iat: in.IssuedAt.Unix(), Nbf: in.IssuedAt.Unix(),
	}
	if !in.ExpiresAt.IsZero() {
		out.Exp = in.ExpiresAt.Unix()
	}
	return out, nil
}

func tokenKind(in som.Introspection) string {
	if in.Refresh {
		return "refresh_token"
	}
	return "access_token"
}
