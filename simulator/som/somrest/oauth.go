package somrest

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"strconv"

	"github.com/somsim/somsim/simulator/binding"
	"github.com/somsim/somsim/simulator/som"
)

// tokenOutput is the answer of the token endpoint. It has no expires_in: the classic answer of the platform does not.
type tokenOutput struct {
	AccessToken    string `json:"access_token"`
	Signature      string `json:"signature"`
	Scope          string `json:"scope"`
	InstanceURL    string `json:"instance_url"`
	ID             string `json:"id"`
	TokenType      string `json:"token_type"`
	IssuedAt       string `json:"issued_at"`
	APIInstanceURL string `json:"api_instance_url"`
}

func (a *API) token(c *binding.Call, _ struct{}) (tokenOutput, error) {
	s, err := a.grant(c, readGrant(c.Request))
	if err != nil {
		return tokenOutput{}, err
	}
	id := identityURL(c, s.UserID)
	issued := strconv.FormatInt(s.IssuedAt.UnixMilli(), 10)
	return tokenOutput{
		AccessToken: s.Token, Signature: sign(id + issued), Scope: "api id", InstanceURL: c.BaseURL(), ID: id,
		TokenType: "Bearer", IssuedAt: issued, APIInstanceURL: c.BaseURL(),
	}, nil
}

func (a *API) grant(c *binding.Call, g grant) (som.Session, error) {
	clientID, ofClient := som.SplitCredential(g.clientID)
	username, ofUser := som.SplitCredential(g.username)
	if ofClient != "" && ofUser != "" && ofClient != ofUser {
		return som.Session{}, &binding.SandboxError{
			Reason: fmt.Sprintf("the request names two sandboxes: %q in client_id and %q in username", ofClient, ofUser),
		}
	}
	switch g.grantType {
	case "client_credentials":
		return a.domain.ClientCredentials(c.Tx, clientID, g.secret)
	case "password":
		return a.domain.PasswordGrant(c.Tx, clientID, g.secret, username, g.password)
	default:
		return som.Session{}, &som.Error{Code: codeUnsupportedGrant, Message: "grant type not supported", Rule: "som.oauth.grant-type"}
	}
}

// codeUnsupportedGrant is the OAuth error of a grant_type that is missing or not simulated.
const codeUnsupportedGrant som.Code = "unsupported_grant_type"

// sign makes the signature of an identity URL; the key is of no org and fit for simulation alone.
func sign(text string) string {
	mac := hmac.New(sha256.New, []byte("somsim"))
	mac.Write([]byte(text))
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

func identityURL(c *binding.Call, userID string) string {
	return c.BaseURL() + "/id/" + som.OrganizationID() + "/" + userID
}
