package service

import (
	"encoding/base64"
	"time"

	"github.com/somsim/somsim/orderops/command"
	"github.com/somsim/somsim/orderops/history"
	"github.com/somsim/somsim/orderops/snapshot"
)

// SnapshotConfig says whether snapshots are kept.
type SnapshotConfig struct {
	// TTL is how long one is good for; zero keeps none.
	TTL time.Duration
	// Key seals them: base64 of 32 bytes.
	Key string
}

// longestSnapshot is after what time commands, and with them snapshots, are forgotten.
const longestSnapshot = 30 * 24 * time.Hour

func (c SnapshotConfig) key() ([]byte, bool) {
	key, err := base64.StdEncoding.DecodeString(c.Key)
	return key, err == nil && len(key) == 32
}

func (c SnapshotConfig) problems() []Problem {
	var list []Problem
	if c.TTL < 0 || c.TTL > longestSnapshot {
		list = append(list, Problem{"snapshots-ttl", c.TTL.String(), "is 0, which keeps none, to 720h"})
	}
	if _, ok := c.key(); c.TTL > 0 && !ok {
		list = append(list, Problem{"snapshots-key", "(hidden)", "is required for snapshots, from the environment or the file: base64 of 32 random bytes"})
	}
	return list
}

// keepSnapshots has the history keep what order management said, where that is configured.
func (s *Service) keepSnapshots(h *history.History, store *command.Store) error {
	if s.cfg.Snapshots.TTL == 0 {
		return nil
	}
	key, _ := s.cfg.Snapshots.key() // checked with the configuration
	kept, err := snapshot.New(store, s.cfg.Snapshots.TTL, key, s.telemetry.Snapshot)
	if err != nil {
		return err
	}
	h.Snapshots = kept
	s.remembers(kept.ForgetSandbox)
	return nil
}
