package ocapi

import (
	"crypto/rsa"
	_ "embed"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/somsim/somsim/simulator/b2c"
	"github.com/somsim/somsim/simulator/binding"
	"github.com/somsim/somsim/simulator/sandbox"
)

// simulationOnlyKey signs shoppers' tokens. It is public, so what it signs proves nothing outside a simulation; being
// fixed, it makes equal runs give equal tokens.
//
//go:embed simulation_only_key.pem
var simulationOnlyKey []byte

// shopperLife is how long a shopper's token lives.
const shopperLife = 30 * time.Minute

func simulationKey() (*rsa.PrivateKey, error) {
	key, err := jwt.ParseRSAPrivateKeyFromPEM(simulationOnlyKey)
	if err != nil {
		return nil, fmt.Errorf("simulation-only key: %w", err)
	}
	return key, nil
}

// subject is the JSON text inside the claim sub.
type subject struct {
	Version      string       `json:"_v"`
	CustomerInfo customerInfo `json:"customer_info"`
}

type customerInfo struct {
	CustomerID string `json:"customer_id"`
	Guest      bool   `json:"guest"`
}

// issue returns a new token for a customer. RS256 signs the same text the same way every time.
func (a *API) issue(c *binding.Call, client string, customer b2c.Customer) (string, error) {
	sub, err := json.Marshal(subject{"1", customerInfo{customer.CustomerID, customer.Guest}})
	if err != nil {
		return "", fmt.Errorf("token for customer %s: %w", customer.CustomerID, err)
	}
	token := jwt.NewWithClaims(jwt.SigningMethodRS256, jwt.MapClaims{
		"_v": "1", "iss": scoped(client, c.Tx.Sandbox()), "sub": string(sub),
		"iat": c.Now().Unix(), "exp": c.Now().Add(shopperLife).Unix(),
	})
	token.Header["_v"], token.Header["kid"] = "1", "somsim-simulation-only"
	delete(token.Header, "typ")
	signed, err := token.SignedString(a.key)
	if err != nil {
		return "", fmt.Errorf("token for customer %s: %w", customer.CustomerID, err)
	}
	return signed, nil
}

// shopper checks a token: signature, life, sandbox, client, that the customer exists and has not given it back.
func (a *API) shopper(c *binding.Call, client, token string) (binding.Principal, error) {
	claims, err := a.claims(token)
	if err == nil {
		err = jwt.NewValidator(jwt.WithTimeFunc(c.Now), jwt.WithExpirationRequired()).Validate(claims)
	}
	if errors.Is(err, jwt.ErrTokenExpired) {
		return binding.Principal{}, &b2c.Error{
			Code: b2c.ExpiredToken, Rule: "b2c.token.lifetime", Message: "The customer JWT is expired.",
		}
	}
	var sub subject
	if err != nil || claims.Issuer != scoped(client, c.Tx.Sandbox()) || json.Unmarshal([]byte(claims.Subject), &sub) != nil {
		return binding.Principal{}, invalidToken()
	}
	customer, err := a.domain.Customer(c.Tx, sub.CustomerInfo.CustomerID)
	if err != nil || a.domain.TokenEnded(c.Tx, token) {
		return binding.Principal{}, invalidToken()
	}
	kind := kindRegistered
	if customer.Guest {
		kind = kindGuest
	}
	return binding.Principal{Kind: kind, ID: customer.CustomerID, Client: client, Token: token}, nil
}

// claims returns what a token says, if we have signed it; its life is not looked at.
func (a *API) claims(token string) (jwt.RegisteredClaims, error) {
	if claims, ok := a.verified.Get(token); ok {
		return claims, nil
	}
	var claims jwt.RegisteredClaims
	_, err := jwt.ParseWithClaims(token, &claims, func(*jwt.Token) (any, error) { return &a.key.PublicKey, nil },
		jwt.WithValidMethods([]string{jwt.SigningMethodRS256.Alg()}), jwt.WithoutClaimsValidation())
	if err == nil {
		a.verified.Add(token, claims)
	}
	return claims, err
}

func invalidToken() error {
	return &b2c.Error{
		Code: b2c.InvalidAccessToken, Rule: "b2c.token.issued", Message: "The request is unauthorized, the access token is invalid.",
	}
}

// isJWT tells a shopper's token from a system's, which is opaque.
func isJWT(token string) bool { return strings.Count(token, ".") == 2 }

// issuingSandbox reads, without trusting it, which sandbox a shopper's token says it comes from.
func issuingSandbox(token string) string {
	payload, err := base64.RawURLEncoding.DecodeString(strings.Split(token, ".")[1])
	var claims struct {
		Issuer string `json:"iss"`
	}
	if err != nil || json.Unmarshal(payload, &claims) != nil {
		return ""
	}
	if _, name := splitSandbox(claims.Issuer); name != "" {
		return name
	}
	return sandbox.Default
}

// webKey is the public key of shoppers' tokens as a JSON web key.
func (a *API) webKey() rsaWebKey {
	return rsaWebKey{
		KeyType: "RSA", Use: "sig", Algorithm: jwt.SigningMethodRS256.Alg(), KeyID: "somsim-simulation-only",
		N: base64.RawURLEncoding.EncodeToString(a.key.N.Bytes()), E: base64.RawURLEncoding.EncodeToString(big.NewInt(int64(a.key.E)).Bytes()),
	}
}

type rsaWebKey struct {
	KeyType   string `json:"kty"`
	Use       string `json:"use"`
	Algorithm string `json:"alg"`
	KeyID     string `json:"kid"`
	N         string `json:"n"`
	E         string `json:"e"`
}
