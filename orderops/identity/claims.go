package identity

import (
	"encoding/base64"
	"encoding/json"
	"strings"

	"github.com/golang-jwt/jwt/v5"
)

// scheme is how a token is made and proved.
type scheme string

const (
	schemeNone   scheme = ""
	schemeOCAPI  scheme = "ocapi"  // a JSON web token of the Shop API
	schemeSLAS   scheme = "slas"   // a JSON web token of SLAS
	schemeCDC    scheme = "cdc"    // a JSON web token by which SAP Customer Data Cloud vouches for somebody
	schemeOrg    scheme = "org"    // a session of an org
	schemeGuest  scheme = "guest"  // an access that order-ops gave to a guest
	schemeOpaque scheme = "opaque" // anything else
)

// claims are what is read of a shopper's token. The Shop API puts a JSON document into `sub` and the client into `iss`;
// SLAS puts client and visit into `sub` and who the shopper is into `isb`, both as parts that are joined by "::". Customer
// Data Cloud puts its site into `iss` and the person's id there into `sub`.
type claims struct {
	jwt.RegisteredClaims
	Bound string `json:"isb"`
}

// GuestPrefix is what the accesses that order-ops gives to guests begin with.
const GuestPrefix = "oog_"

const slasPrefix = "cc-slas::"

func (c claims) scheme() scheme {
	switch {
	case strings.HasPrefix(c.Subject, slasPrefix):
		return schemeSLAS
	case strings.HasPrefix(c.Issuer, cdcIssuer):
		return schemeCDC
	default:
		return schemeOCAPI
	}
}

// client is the API client that the token was given to, with the sandbox that a simulator adds.
func (c claims) client() string {
	switch c.scheme() {
	case schemeSLAS:
		return part(c.Subject, "scid")
	case schemeCDC:
		return strings.TrimSuffix(strings.TrimPrefix(c.Issuer, cdcIssuer), "/")
	default:
		return c.Issuer
	}
}

// shopper is the kind and the customer that the token is of.
func (c claims) shopper() (Kind, string) {
	if c.scheme() == schemeSLAS {
		if id := part(c.Bound, "rcid"); id != "" {
			return Registered, id
		}
		return Guest, part(c.Bound, "gcid")
	}
	var subject struct {
		CustomerID string `json:"customer_id"`
		Info       struct {
			CustomerID string `json:"customer_id"`
			Guest      bool   `json:"guest"`
		} `json:"customer_info"`
		Guest bool `json:"guest"`
	}
	if json.Unmarshal([]byte(c.Subject), &subject) != nil {
		return Registered, ""
	}
	kind, id := Registered, subject.Info.CustomerID
	if subject.Guest || subject.Info.Guest {
		kind = Guest
	}
	if id == "" {
		id = subject.CustomerID
	}
	return kind, id
}

// part is a value of parts like "scid:abc::usid:def".
func part(text, name string) string {
	for _, piece := range strings.Split(text, "::") {
		if value, ok := strings.CutPrefix(piece, name+":"); ok {
			return value
		}
	}
	return ""
}

// peek reads a token without trusting it: what kind it is, and what it claims.
func peek(token string) (scheme, claims) {
	if token == "" {
		return schemeNone, claims{}
	}
	if strings.HasPrefix(token, "00D") && strings.Contains(token, "!") {
		return schemeOrg, claims{} // a session begins with the id of its org
	}
	if strings.HasPrefix(token, GuestPrefix) {
		return schemeGuest, claims{}
	}
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return schemeOpaque, claims{}
	}
	var c claims
	payload, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(parts[1], "="))
	if err != nil || json.Unmarshal(payload, &c) != nil {
		return schemeOpaque, claims{}
	}
	return c.scheme(), c
}

// SandboxOf reads, without trusting it, the sandbox of a simulator that a token says it is of: the suffix of its client id.
func SandboxOf(token string) string {
	_, c := peek(token)
	_, name, _ := strings.Cut(c.client(), "~")
	return name
}
