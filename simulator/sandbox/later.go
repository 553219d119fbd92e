package sandbox

import (
	"slices"
	"time"

	"github.com/somsim/somsim/simulator/store"
)

// Later is what a piece of due work changed, which no exchange did and the journal does not tell.
type Later struct {
	// Kind is that of the due work, At the sandbox's time when it ran.
	Kind    string
	At      time.Time
	Changes []store.Change
}

// maxLater bounds what a sandbox keeps of them; the oldest go first.
const maxLater = 1000

// noteLater keeps what due work did, in sandboxes that keep their past.
func (w *World) noteLater(l Later) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.past.most == 0 || len(l.Changes) == 0 {
		return
	}
	if len(w.later) == maxLater {
		w.later = w.later[1:]
	}
	w.later = append(w.later, l)
}

// Later lists what due work changed, the oldest first. Only a sandbox that keeps its past ([Options.Keep]) knows.
func (w *World) Later() []Later {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.later)
}
