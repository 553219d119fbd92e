package binding

import "sync"

// claims are the exchanges under way that say they do the same work ([Face.Claim]), in the order in which they arrived. It
// is no state of sandboxes but of their callers.
type claims struct {
	mu   sync.Mutex
	held map[string][]*exchange
}

func (cs *claims) take(key string, x *exchange) {
	cs.mu.Lock()
	defer cs.mu.Unlock()
	if cs.held == nil {
		cs.held = map[string][]*exchange{}
	}
	cs.held[key] = append(cs.held[key], x)
}

func (cs *claims) drop(key string, x *exchange) {
	cs.mu.Lock()
	defer cs.mu.Unlock()
	var left []*exchange
	for _, other := range cs.held[key] {
		if other != x {
			left = append(left, other)
		}
	}
	if cs.held[key] = left; left == nil {
		delete(cs.held, key)
	}
}

// first reports whether no exchange that is still under way took the key before.
func (cs *claims) first(key string, x *exchange) bool {
	cs.mu.Lock()
	defer cs.mu.Unlock()
	held := cs.held[key]
	return len(held) == 0 || held[0] == x
}

// claimed is the key of the work of an exchange in its sandbox; empty when it claims none.
func (x *exchange) claimed() string {
	if x.face.Claim == nil || x.world == nil {
		return ""
	}
	key := x.face.Claim(x.req)
	if key == "" {
		return ""
	}
	return x.world.Name() + "\x01" + x.face.System + "\x01" + key
}

func (x *exchange) claim() {
	if x.claimKey = x.claimed(); x.claimKey != "" {
		x.router.claims.take(x.claimKey, x)
	}
}

func (x *exchange) unclaim() {
	if x.claimKey != "" {
		x.router.claims.drop(x.claimKey, x)
	}
}

// Contended reports whether an exchange that arrived earlier does the same work ([Face.Claim]) and has no answer yet.
func (c *Call) Contended() bool {
	x := c.exchange
	return x.claimKey != "" && !x.router.claims.first(x.claimKey, x)
}
