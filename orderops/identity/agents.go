package identity

import (
	"context"
	"crypto/sha256"
	"slices"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"

	"github.com/somsim/somsim/orderops"
	"github.com/somsim/somsim/orderops/remote"
)

// User is what the org says of a session's user.
type User struct {
	ID       string
	Username string
	// Type tells people who work in the org, STANDARD, from customers and partners whom it lets in too.
	Type   string
	Active bool
}

// standardUser is the type of people who work in the org.
const standardUser = "STANDARD"

// agentLife is how long the org's word about a session is taken for good. A session that was ended works on for as long.
const agentLife = time.Minute

// agentsKept bounds the sessions that are remembered.
const agentsKept = 1024

// Agents proves sessions of an org.
type Agents struct {
	clock   Clock
	ask     func(ctx context.Context, token string) (User, error)
	allowed []string
	known   *lru.Cache[agentKey, agent]
}

// agentKey is a session, hashed: a token is not kept longer than it is used.
type agentKey struct {
	sandbox string
	hash    [sha256.Size]byte
}

type agent struct {
	id    Identity
	until time.Time
}

// Everybody stands, in a list of agents, for all who work in the org.
const Everybody = "*"

// NewAgents makes a proof over the org's own answer about a session. allowed are the user names of agents.
func NewAgents(clock Clock, ask func(ctx context.Context, token string) (User, error), allowed []string) (*Agents, error) {
	known, err := lru.New[agentKey, agent](agentsKept)
	if err != nil {
		return nil, err
	}
	return &Agents{clock: clock, ask: ask, allowed: allowed, known: known}, nil
}

func (a *Agents) identify(ctx context.Context, token string) (Identity, error) {
	if a == nil {
		return Identity{}, orderops.Refuse(orderops.Unauthenticated, "sessions of an org are not accepted here")
	}
	key := agentKey{remote.ScopeOf(ctx).Sandbox, sha256.Sum256([]byte(token))}
	now := a.clock.Now(ctx)
	if kept, ok := a.known.Get(key); ok && now.Before(kept.until) {
		kept.id.Token = token
		return kept.id, nil
	}
	user, err := a.ask(ctx, token)
	switch {
	case remote.ClassOf(err) == remote.Unauthorized:
		return Identity{}, invalid()
	case err != nil:
		return Identity{}, err
	case !user.Active || user.Type != standardUser || !a.permits(user.Username):
		return Identity{}, orderops.Refuse(orderops.Forbidden, "the user is no agent")
	}
	id := Identity{Kind: Agent, UserID: user.ID, Channel: "agent"}
	a.known.Add(key, agent{id, now.Add(agentLife)})
	id.Token = token
	return id, nil
}

func (a *Agents) forget(sandbox string) {
	if a == nil {
		return
	}
	for _, key := range a.known.Keys() {
		if key.sandbox == sandbox {
			a.known.Remove(key)
		}
	}
}

func (a *Agents) permits(username string) bool {
	return slices.Contains(a.allowed, Everybody) || slices.Contains(a.allowed, username)
}
