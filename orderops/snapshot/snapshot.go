// Package snapshot keeps what order management last said of orders, sealed, for pages that are asked for while it is away.
// It is an option: nothing is kept without a time to live and a key.
package snapshot

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"

	"github.com/somsim/somsim/orderops/command"
	"github.com/somsim/somsim/orderops/history"
	"github.com/somsim/somsim/orderops/remote"
)

// Store keeps sealed snapshots.
type Store interface {
	KeepSnapshot(ctx context.Context, sandbox string, s command.Sealed) error
	// Snapshots are those of orders that were kept after an instant.
	Snapshots(ctx context.Context, sandbox string, orderNos []string, after time.Time) ([]command.Sealed, error)
}

// keptInMind bounds the orders of which it is remembered that their snapshot is up to date.
const keptInMind = 10000

// Snapshots keeps and recalls.
type Snapshots struct {
	store Store
	ttl   time.Duration
	seal  cipher.AEAD
	count func(outcome string)
	// fresh remembers what was kept last: an order that is looked at again and again is not written again and again.
	fresh *lru.Cache[string, written]
}

type written struct {
	hash [sha256.Size]byte
	at   time.Time
}

// New makes snapshots that live for ttl, sealed with AES-256-GCM under a key of 32 bytes.
func New(store Store, ttl time.Duration, key []byte, count func(outcome string)) (*Snapshots, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, fmt.Errorf("key of snapshots: %w", err)
	}
	seal, err := cipher.NewGCM(block)
	if err != nil {
		return nil, fmt.Errorf("key of snapshots: %w", err)
	}
	fresh, err := lru.New[string, written](keptInMind)
	return &Snapshots{store: store, ttl: ttl, seal: seal, count: count, fresh: fresh}, err
}

// Keep seals what order management says of an order. A snapshot that says the same is written again only when a quarter of
// its life has passed.
func (s *Snapshots) Keep(ctx context.Context, orderNo string, order *history.SOMOrder, now time.Time) error {
	kept := *order
	kept.AsOf = time.Time{}
	plain, err := json.Marshal(kept)
	if err != nil {
		return fmt.Errorf("snapshot of order %s: %w", orderNo, err)
	}
	sandbox := remote.ScopeOf(ctx).Sandbox
	name, hash := sandbox+"/"+orderNo, sha256.Sum256(plain)
	if last, ok := s.fresh.Get(name); ok && last.hash == hash && now.Sub(last.at).Abs() < s.ttl/4 {
		return nil
	}
	nonce := make([]byte, s.seal.NonceSize())
	_, _ = rand.Read(nonce) // never fails
	sealed := s.seal.Seal(nonce, nonce, plain, []byte(name))
	if err := s.store.KeepSnapshot(ctx, sandbox, command.Sealed{
		OrderNo: orderNo, Body: base64.StdEncoding.EncodeToString(sealed), At: now, // nonce and ciphertext
	}); err != nil {
		return err
	}
	s.fresh.Add(name, written{hash, now})
	s.count("kept")
	return nil
}

// ForgetSandbox forgets what was written for a sandbox that was made anew under its name, and is written no more.
func (s *Snapshots) ForgetSandbox(sandbox string) {
	for _, name := range s.fresh.Keys() {
		if strings.HasPrefix(name, sandbox+"/") {
			s.fresh.Remove(name)
		}
	}
}

// Recall opens the snapshots of orders that still live, by order number. One that does not open, because the key is another
// or the row was changed, is as good as none.
func (s *Snapshots) Recall(ctx context.Context, orderNos []string, now time.Time) (map[string]*history.SOMOrder, error) {
	sandbox := remote.ScopeOf(ctx).Sandbox
	rows, err := s.store.Snapshots(ctx, sandbox, orderNos, now.Add(-s.ttl))
	if err != nil {
		return nil, err
	}
	found := map[string]*history.SOMOrder{}
	for _, row := range rows {
		order, err := s.open(sandbox+"/"+row.OrderNo, row.Body)
		if err != nil {
			s.count("unreadable")
			continue
		}
		order.AsOf = row.At
		found[row.OrderNo] = order
		s.count("served")
	}
	return found, nil
}

func (s *Snapshots) open(name, body string) (*history.SOMOrder, error) {
	sealed, err := base64.StdEncoding.DecodeString(body)
	if err != nil || len(sealed) < s.seal.NonceSize() {
		return nil, errors.New("no sealed snapshot")
	}
	plain, err := s.seal.Open(nil, sealed[:s.seal.NonceSize()], sealed[s.seal.NonceSize():], []byte(name))
	if err != nil {
		return nil, err
	}
	var order history.SOMOrder
	return &order, json.Unmarshal(plain, &order)
}
