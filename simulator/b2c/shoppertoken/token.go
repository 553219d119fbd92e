// Package shoppertoken writes and reads the tokens by which SLAS tells the other APIs of B2C Commerce who a shopper is:
// JWTs signed with ES256. It looks at signatures alone; whether a token still holds is the caller's to ask.
package shoppertoken

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/sha256"
	_ "embed"
	"encoding/asn1"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"
	lru "github.com/hashicorp/golang-lru/v2"

	"github.com/somsim/somsim/simulator/sandbox"
)

// simulationOnlyKey signs. It is public, so what it signs proves nothing outside a simulation; being fixed, it makes equal
// runs give equal tokens.
//
//go:embed simulation_only_key.pem
var simulationOnlyKey []byte

// KeyID is the kid of the one key.
const KeyID = "somsim-simulation-only"

// ErrInvalid is behind every token that was not signed here, or says nothing that can be read.
var ErrInvalid = errors.New("the token is not one of SLAS")

// Key signs tokens and verifies them.
type Key struct {
	private *ecdsa.PrivateKey
	// verified remembers tokens whose signature was found to be ours.
	verified *lru.Cache[string, Claims]
}

// Open returns the key of the simulation.
func Open() (*Key, error) {
	private, err := jwt.ParseECPrivateKeyFromPEM(simulationOnlyKey)
	if err != nil {
		return nil, fmt.Errorf("simulation-only key: %w", err)
	}
	verified, err := lru.New[string, Claims](1024)
	if err != nil {
		return nil, fmt.Errorf("cache of verified tokens: %w", err)
	}
	return &Key{private, verified}, nil
}

// Public is the public key as a JSON web key.
type Public struct {
	KeyType   string `json:"kty"`
	Curve     string `json:"crv"`
	Use       string `json:"use"`
	Algorithm string `json:"alg"`
	KeyID     string `json:"kid"`
	X         string `json:"x"`
	Y         string `json:"y"`
}

// Public returns the key that verifies.
func (k *Key) Public() (Public, error) {
	point, err := k.private.PublicKey.Bytes() // 4, x, y
	if err != nil {
		return Public{}, fmt.Errorf("public key of shopper tokens: %w", err)
	}
	half := (len(point) - 1) / 2
	return Public{
		KeyType: "EC", Curve: elliptic.P256().Params().Name, Use: "sig", Algorithm: "ES256", KeyID: KeyID,
		X: base64.RawURLEncoding.EncodeToString(point[1 : 1+half]), Y: base64.RawURLEncoding.EncodeToString(point[1+half:]),
	}, nil
}

// Sign writes a token: the same claims give the same text, since RFC 6979 leaves nothing to chance.
func (k *Key) Sign(claims jwt.Claims) (string, error) {
	token := jwt.NewWithClaims(jwt.SigningMethodES256, claims)
	token.Header["kid"] = KeyID
	text, err := token.SigningString()
	if err != nil {
		return "", fmt.Errorf("shopper token: %w", err)
	}
	digest := sha256.Sum256([]byte(text))
	der, err := k.private.Sign(nil, digest[:], crypto.SHA256)
	if err != nil {
		return "", fmt.Errorf("sign shopper token: %w", err)
	}
	var point struct{ R, S *big.Int }
	if _, err := asn1.Unmarshal(der, &point); err != nil {
		return "", fmt.Errorf("sign shopper token: %w", err)
	}
	signature := append(point.R.FillBytes(make([]byte, 32)), point.S.FillBytes(make([]byte, 32))...)
	return text + "." + base64.RawURLEncoding.EncodeToString(signature), nil
}

// verify checks a signature and reads the claims.
func (k *Key) verify(token string, claims jwt.Claims) error {
	_, err := jwt.ParseWithClaims(token, claims, func(*jwt.Token) (any, error) { return &k.private.PublicKey, nil },
		jwt.WithValidMethods([]string{jwt.SigningMethodES256.Alg()}), jwt.WithoutClaimsValidation())
	if err != nil {
		return fmt.Errorf("%w: %w", ErrInvalid, err)
	}
	return nil
}

// Claims are what an access token says, in the vendor's names.
type Claims struct {
	jwt.RegisteredClaims
	// Authentication (aut) is the vendor's constant GUID; Grant is ours: the log-in that the token belongs to.
	Authentication string `json:"aut"`
	Grant          string `json:"somsim_grant"`
	Scope          string `json:"scp"`
	SubjectType    string `json:"sty"`
	Isbound        string `json:"isb"`
	Context        string `json:"ctx"`
	Ist            int    `json:"ist"`
	DoNotTrack     string `json:"dnt"`
}

// Read returns what a token says, if it was signed here; its life is not looked at. The error wraps [ErrInvalid].
func (k *Key) Read(token string) (Claims, error) {
	if claims, ok := k.verified.Get(token); ok {
		return claims, nil
	}
	var claims Claims
	if err := k.verify(token, &claims); err != nil {
		return Claims{}, err
	}
	if claims.Grant == "" || claims.ExpiresAt == nil {
		return Claims{}, fmt.Errorf("%w: it is no access token", ErrInvalid)
	}
	k.verified.Add(token, claims)
	return claims, nil
}

// Alive tells whether a token's time has not passed.
func (c Claims) Alive(now time.Time) bool { return now.Before(c.ExpiresAt.Time) }

// Scopes are what the token permits.
func (c Claims) Scopes() []string { return strings.Fields(c.Scope) }

// part is a value of the parts, joined by "::", of the claims sub and isb.
func part(text, name string) string {
	for _, piece := range strings.Split(text, "::") {
		if value, ok := strings.CutPrefix(piece, name+":"); ok {
			return value
		}
	}
	return ""
}

// ClientID is the client that the token was given to, without its sandbox.
func (c Claims) ClientID() string {
	id, _, _ := strings.Cut(part(c.Subject, "scid"), "~")
	return id
}

// Sandbox is where the token works.
func (c Claims) Sandbox() string { return sandboxOf(c.Subject) }

// SiteID is the channel that the token was given for.
func (c Claims) SiteID() string { return part(c.Isbound, "chid") }

func sandboxOf(subject string) string {
	_, name, named := strings.Cut(part(subject, "scid"), "~")
	if !named {
		return sandbox.Default
	}
	return name
}

// SandboxOf reads, without trusting it, which sandbox a token says it comes from: empty when it is none of SLAS.
func SandboxOf(token string) string {
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return ""
	}
	payload, err := base64.RawURLEncoding.DecodeString(parts[1])
	var claims struct {
		Subject string `json:"sub"`
		Sandbox string `json:"somsim_sandbox"`
	}
	if err != nil || json.Unmarshal(payload, &claims) != nil {
		return ""
	}
	if claims.Sandbox != "" {
		return claims.Sandbox
	}
	if !strings.HasPrefix(claims.Subject, "cc-slas::") {
		return ""
	}
	return sandboxOf(claims.Subject)
}
