package gigya

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math/big"
	"strconv"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/somsim/somsim/simulator/cdc"
	"github.com/somsim/somsim/simulator/sandbox"
)

// keyID is the kid of the one key.
const keyID = "somsim-simulation-only"

// jwtLife is how long a JWT lives unless the caller says otherwise.
const jwtLife = 300 * time.Second

// accountsGetJWT vouches for an account to other systems.
func (a *API) accountsGetJWT(m *method) (answer, error) {
	acc, err := a.caller(m, m.text("targetUID"))
	if err != nil {
		return answer{}, err
	}
	life, err := m.jwtLife()
	if err != nil {
		return answer{}, err
	}
	key := m.site.APIKey
	if name := m.Tx.Sandbox(); name != sandbox.Default { // as clients write it: a token works in its own sandbox
		key += "~" + name
	}
	claims := jwt.MapClaims{
		"iss": "https://fidm.gigya.com/jwt/" + key + "/", "apiKey": key, "sub": acc.UID,
		"iat": m.Now().Unix(), "exp": m.Now().Add(life).Unix(),
	}
	if audience := m.text("audience"); audience != "" {
		claims["aud"] = audience
	}
	for _, field := range strings.FieldsFunc(m.text("fields"), func(r rune) bool { return r == ',' || r == ' ' }) {
		if value, ok := property(acc, field); ok {
			claims[field[strings.LastIndex(field, ".")+1:]] = value
		}
	}
	token := jwt.NewWithClaims(jwt.SigningMethodRS256, claims)
	token.Header["kid"] = keyID
	signed, err := token.SignedString(a.key)
	if err != nil {
		return answer{}, fmt.Errorf("sign JWT of account %s: %w", acc.UID, err)
	}
	return answer{IDToken: signed}, nil
}

func (m *method) jwtLife() (time.Duration, error) {
	if m.text("expiration") == "" {
		return jwtLife, nil
	}
	seconds, err := strconv.Atoi(m.text("expiration"))
	if err != nil || seconds <= 0 || seconds > 86400 {
		return 0, invalidParameter("expiration", "is no number of seconds up to a day")
	}
	return time.Duration(seconds) * time.Second, nil
}

// property reads a field of an account by its name, with or without "profile." before it, or "data.".
func property(acc cdc.Account, field string) (json.RawMessage, bool) {
	if name, ok := strings.CutPrefix(field, "data."); ok {
		value, there := acc.Data[name]
		return json.RawMessage(value), there
	}
	value, there := withEmail(acc)[strings.TrimPrefix(field, "profile.")]
	return json.RawMessage(value), there
}

type webKey struct {
	Algorithm string `json:"alg"`
	Exponent  string `json:"e"`
	KeyID     string `json:"kid"`
	KeyType   string `json:"kty"`
	Modulus   string `json:"n"`
	Use       string `json:"use"`
}

// accountsGetJWTPublicKey publishes the key that JWTs are signed with: in a list for V2, by itself before.
func (a *API) accountsGetJWTPublicKey(m *method) (answer, error) {
	key := webKey{
		Algorithm: jwt.SigningMethodRS256.Alg(), KeyID: keyID, KeyType: "RSA", Use: "sig",
		Modulus:  base64.RawURLEncoding.EncodeToString(a.key.N.Bytes()),
		Exponent: base64.RawURLEncoding.EncodeToString(big.NewInt(int64(a.key.E)).Bytes()),
	}
	if strings.EqualFold(m.text("V2"), "true") {
		return answer{Keys: []webKey{key}}, nil
	}
	return answer{webKey: &key}, nil
}
