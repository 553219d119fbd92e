package somrest

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"net/http"
	"strconv"

	"github.com/golang-jwt/jwt/v5"

	"github.com/somsim/somsim/simulator/binding"
	"github.com/somsim/somsim/simulator/som"
)

// tokenOutput is the answer of the token endpoint. It has no expires_in: the classic answer of the platform does not.
type tokenOutput struct {
	AccessToken    string `json:"access_token"`
	RefreshToken   string `json:"refresh_token,omitempty"`
	IDToken        string `json:"id_token,omitempty"`
	Signature      string `json:"signature"`
	Scope          string `json:"scope"`
	InstanceURL    string `json:"instance_url"`
	ID             string `json:"id"`
	TokenType      string `json:"token_type"`
	TokenFormat    string `json:"token_format"`
	IssuedAt       string `json:"issued_at"`
	APIInstanceURL string `json:"api_instance_url"`
}

// AnswerHeader keeps tokens out of caches (RFC 6749, 5.1).
func (tokenOutput) AnswerHeader() http.Header { return http.Header{"Cache-Control": {"no-store"}} }

func (a *API) token(c *binding.Call, _ struct{}) (tokenOutput, error) {
	form := readForm(c.Request)
	if err := form.agreesOnSandbox(); err != nil {
		return tokenOutput{}, err
	}
	s, err := a.grant(c, form)
	if err != nil {
		return tokenOutput{}, err
	}
	id := identityURL(c, s.UserID)
	issued := strconv.FormatInt(s.IssuedAt.UnixMilli(), 10)
	out := tokenOutput{
		AccessToken: s.Token, RefreshToken: s.Refresh, Signature: sign(id+issued, s.Secret), Scope: s.Scope, InstanceURL: c.BaseURL(),
		ID: id, TokenType: "Bearer", TokenFormat: "opaque", IssuedAt: issued, APIInstanceURL: c.BaseURL(),
	}
	if form.Get("grant_type") == "authorization_code" && s.Identifies() {
		out.IDToken, err = a.idToken(c, s)
	}
	return out, err
}

// grant opens a session in the way that the form asks for.
func (a *API) grant(c *binding.Call, form oauthForm) (som.Session, error) {
	client := form.client()
	switch form.Get("grant_type") {
	case "client_credentials":
		return a.domain.ClientCredentials(c.Tx, client)
	case "password":
		username, _ := som.SplitCredential(form.Get("username"))
		return a.domain.PasswordGrant(c.Tx, client, username, form.Get("password"))
	case "refresh_token":
		return a.domain.Refresh(c.Tx, client, form.Get("refresh_token"), form.Get("scope"))
	case "authorization_code":
		return a.domain.ExchangeCode(c.Tx, client, form.Get("code"), form.Get("redirect_uri"), form.Get("code_verifier"))
	case jwtBearer:
		return a.assertion(c, form.Get("assertion"))
	default:
		return som.Session{}, &som.Error{Code: codeUnsupportedGrant, Message: "grant type not supported", Rule: "som.oauth.grant-type"}
	}
}

// jwtBearer is the grant type of a token that an app signed itself (RFC 7523).
const jwtBearer = "urn:ietf:params:oauth:grant-type:jwt-bearer"

// codeUnsupportedGrant is the OAuth error of a grant_type that is missing or not simulated.
const codeUnsupportedGrant som.Code = "unsupported_grant_type"

// assertion checks the signature of what an app claims; the claims themselves are the org's to judge.
func (a *API) assertion(c *binding.Call, signed string) (som.Session, error) {
	claims := jwt.RegisteredClaims{}
	parser := jwt.NewParser(jwt.WithValidMethods([]string{jwt.SigningMethodRS256.Alg()}), jwt.WithoutClaimsValidation())
	_, err := parser.ParseWithClaims(signed, &claims, func(*jwt.Token) (any, error) {
		issuer, _ := som.SplitCredential(claims.Issuer)
		certificate, err := a.domain.AppCertificate(c.Tx, issuer)
		if err != nil {
			return nil, err
		}
		return jwt.ParseRSAPublicKeyFromPEM([]byte(certificate))
	})
	var refused *som.Error
	switch {
	case errors.As(err, &refused):
		return som.Session{}, refused
	case err != nil:
		return som.Session{}, &som.Error{Code: som.CodeInvalidGrant, Message: "invalid assertion", Rule: "som.oauth.assertion"}
	}
	in := som.Assertion{Audience: claims.Audience}
	in.Issuer, _ = som.SplitCredential(claims.Issuer)
	in.Subject, _ = som.SplitCredential(claims.Subject)
	if claims.ExpiresAt != nil {
		in.ExpiresAt = claims.ExpiresAt.Time
	}
	return a.domain.JWTBearer(c.Tx, in, c.BaseURL())
}

// sign makes the signature of an identity URL and its time, by which an app with a secret knows that the org sent them.
func sign(text, secret string) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(text))
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

func identityURL(c *binding.Call, userID string) string {
	return c.BaseURL() + "/id/" + som.OrganizationID() + "/" + userID
}
