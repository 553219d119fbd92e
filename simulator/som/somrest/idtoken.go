package somrest

import (
	"crypto/rsa"
	_ "embed" // the key
	"encoding/base64"
	"fmt"
	"math/big"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/somsim/somsim/simulator/binding"
	"github.com/somsim/somsim/simulator/som"
)

// simulationOnlyKey signs the tokens that identify users. It is public, so what it signs proves nothing outside a
// simulation; being fixed, it makes equal runs give equal tokens.
//
//go:embed simulation_only_key.pem
var simulationOnlyKey []byte

// keyID names the key in tokens and in the list of keys.
const keyID = "somsim-simulation-only"

// idTokenLife is how long a token that identifies a user can be believed.
const idTokenLife = 2 * time.Minute

func signingKey() (*rsa.PrivateKey, error) {
	key, err := jwt.ParseRSAPrivateKeyFromPEM(simulationOnlyKey)
	if err != nil {
		return nil, fmt.Errorf("simulation-only key: %w", err)
	}
	return key, nil
}

// idToken tells an app who logged in (OpenID Connect). RS256 signs the same text the same way every time.
func (a *API) idToken(c *binding.Call, s som.Session) (string, error) {
	key, err := signingKey()
	if err != nil {
		return "", err
	}
	token := jwt.NewWithClaims(jwt.SigningMethodRS256, jwt.RegisteredClaims{
		Issuer: c.BaseURL(), Subject: identityURL(c, s.UserID), Audience: jwt.ClaimStrings{s.ClientID},
		IssuedAt: jwt.NewNumericDate(c.Now()), ExpiresAt: jwt.NewNumericDate(c.Now().Add(idTokenLife)),
	})
	token.Header["kid"] = keyID
	return token.SignedString(key)
}

type keysOutput struct {
	Keys []webKey `json:"keys"`
}

// webKey is a public key of RSA (RFC 7517).
type webKey struct {
	Kty string `json:"kty"`
	Use string `json:"use"`
	Alg string `json:"alg"`
	Kid string `json:"kid"`
	N   string `json:"n"`
	E   string `json:"e"`
}

// identityKeys lists what the tokens that identify users are checked with.
func (a *API) identityKeys(*binding.Call, struct{}) (keysOutput, error) {
	key, err := signingKey()
	if err != nil {
		return keysOutput{}, err
	}
	encode := base64.RawURLEncoding.EncodeToString
	return keysOutput{[]webKey{{
		Kty: "RSA", Use: "sig", Alg: "RS256", Kid: keyID, N: encode(key.N.Bytes()), E: encode(big.NewInt(int64(key.E)).Bytes()),
	}}}, nil
}
