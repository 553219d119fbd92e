package identity

import (
	"crypto/sha256"
	"encoding/hex"
)

// Kind is what sort of caller somebody is.
type Kind string

// The kinds.
const (
	// Anonymous callers showed nothing.
	Anonymous Kind = "anonymous"
	// Guests have a token and no account, or proved that a single order is theirs.
	Guest Kind = "guest"
	// Registered shoppers are logged in.
	Registered Kind = "registered"
	// Agents work in order management and may see every order.
	Agent Kind = "agent"
	// Opaque callers showed a token that only commerce can read, such as one of Account Manager.
	Opaque Kind = "opaque"
)

// Identity is who asks. Nothing of it but Actor may be logged or stored: a token lets somebody in, and the id of a customer
// identifies a person.
type Identity struct {
	Kind Kind
	// CustomerID is commerce's id of a shopper; empty when the token names none.
	CustomerID string
	// ClientID is the API client that the token was given to, as it stands in the token.
	ClientID string
	// Site is the channel that a token of SLAS is for; empty for others.
	Site string
	// SessionID is the log-in session that a token of SLAS belongs to, its usid; empty for others.
	SessionID string
	// UserID is the org's id of an agent.
	UserID string
	// OrderNo is the only order that the caller may see; empty means that commerce decides.
	OrderNo string
	// Channel is the kind of front end: the API client's configured name, or "".
	Channel string
	// Token is the credential as it came, to be shown to commerce.
	Token string
}

// Actor names the caller for the audit log: an agent by the org's id, a shopper by a pseudonym that is the same for all of
// the shopper's actions and tells nobody who it is.
func (i Identity) Actor() string {
	switch i.Kind {
	case Agent:
		return "agent:" + i.UserID
	case Guest, Registered:
		if i.CustomerID == "" {
			return string(i.Kind)
		}
		return string(i.Kind) + ":" + pseudonym(i.CustomerID)
	case Opaque:
		return "commerce:" + pseudonym(i.Token)
	case Anonymous:
		return string(i.Kind)
	default:
		return string(Anonymous)
	}
}

// pseudonym is the beginning of a hash, long enough that two callers will not share it.
func pseudonym(of string) string {
	sum := sha256.Sum256([]byte("order-ops actor " + of))
	return hex.EncodeToString(sum[:6])
}
