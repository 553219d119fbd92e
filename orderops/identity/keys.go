package identity

import (
	"context"
	"crypto"
	"fmt"
	"sync"
	"time"

	"github.com/lestrrat-go/jwx/v3/jwk"

	"github.com/somsim/somsim/orderops/remote"
)

// How long fetched keys serve. A key that is not known has them fetched again, at most once in keysPause, so that made-up
// key ids do not become calls; keys that cannot be fetched anew serve on until keysLife, so that the log-in of shoppers may
// be away for a while.
const (
	keysFresh = time.Hour
	keysLife  = 24 * time.Hour
	keysPause = 10 * time.Second
)

// Clock tells the time of the caller's world.
type Clock interface {
	Now(ctx context.Context) time.Time
	// Refresh looks at the clock anew before something is decided by it.
	Refresh(ctx context.Context)
}

// Keys are the published keys of one signer, kept for each sandbox.
type Keys struct {
	clock Clock
	fetch func(ctx context.Context) ([]byte, error)
	mu    sync.Mutex
	all   map[string]*keySet
}

// keySet is what is known of a signer's keys in one sandbox. mu is held while they are fetched: whoever needs them waits
// for the same answer.
type keySet struct {
	mu      sync.Mutex
	set     jwk.Set
	fetched time.Time // when the set came
	tried   time.Time // when it was last asked for
}

// NewKeys makes a cache over a way to fetch a JSON web key set.
func NewKeys(clock Clock, fetch func(ctx context.Context) ([]byte, error)) *Keys {
	return &Keys{clock: clock, fetch: fetch, all: map[string]*keySet{}}
}

// key finds a public key by its id. The error is that of the fetch; found is false when the signer has no such key.
func (k *Keys) key(ctx context.Context, id string) (key crypto.PublicKey, found bool, err error) {
	now := k.clock.Now(ctx)
	kept := k.of(remote.ScopeOf(ctx).Sandbox)
	kept.mu.Lock()
	defer kept.mu.Unlock()
	key, found = kept.find(id)
	if stale := now.Sub(kept.fetched) > keysFresh; found && !stale {
		return key, true, nil
	}
	if !kept.tried.IsZero() && now.Sub(kept.tried) < keysPause && kept.set != nil {
		return key, found, nil
	}
	if err := kept.renew(ctx, now, k.fetch); err != nil {
		if found && now.Sub(kept.fetched) <= keysLife {
			return key, true, nil
		}
		return nil, false, err
	}
	key, found = kept.find(id)
	return key, found, nil
}

// forget drops the keys of a sandbox.
func (k *Keys) forget(sandbox string) {
	if k == nil {
		return
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	delete(k.all, sandbox)
}

func (k *Keys) of(sandbox string) *keySet {
	k.mu.Lock()
	defer k.mu.Unlock()
	kept, ok := k.all[sandbox]
	if !ok {
		kept = &keySet{}
		k.all[sandbox] = kept
	}
	return kept
}

func (s *keySet) find(id string) (crypto.PublicKey, bool) {
	if s.set == nil {
		return nil, false
	}
	key, ok := s.set.LookupKeyID(id)
	if !ok {
		return nil, false
	}
	var public any
	if jwk.Export(key, &public) != nil {
		return nil, false
	}
	return public, true
}

func (s *keySet) renew(ctx context.Context, now time.Time, fetch func(ctx context.Context) ([]byte, error)) error {
	s.tried = now
	raw, err := fetch(ctx)
	if err != nil {
		return err
	}
	set, err := jwk.Parse(raw)
	if err != nil {
		return fmt.Errorf("read keys: %w", err)
	}
	s.set, s.fetched = set, now
	return nil
}
