package courier

import (
	"errors"
	"net/url"
	"slices"

	"github.com/somsim/somsim/simulator/sandbox"
)

// Stand registers a target in every sandbox there is and in every one that is made from a preset later. A sandbox may
// replace or drop it. Its address may be called, whatever is said of others: it was configured.
func (c *Courier) Stand(t Target) error {
	if err := c.check(t); err != nil {
		return err
	}
	c.mu.Lock()
	c.standing = append(slices.DeleteFunc(slices.Clone(c.standing), func(s Target) bool { return s.Name == t.Name }), t)
	c.mu.Unlock()
	var problems []error
	for _, w := range c.worlds.All() {
		problems = append(problems, w.Update(func(tx *sandbox.Tx) error {
			_, err := c.Register(tx, t)
			return err
		}))
	}
	return errors.Join(problems...)
}

// Born registers the standing targets in a sandbox that has just been filled: what its preset did is told to nobody.
func (c *Courier) Born(tx *sandbox.Tx) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, t := range c.standing {
		c.targets.Put(tx.Tx, t)
	}
}

// mayCall tells whether an address may be called: that of a standing target, and what the simulator may call anyway.
func (c *Courier) mayCall(address string) error {
	host := hostOf(address)
	c.mu.Lock()
	standing := slices.Contains(c.trusted, host) || slices.ContainsFunc(c.standing, func(t Target) bool { return hostOf(t.URL) == host })
	c.mu.Unlock()
	if standing {
		return nil
	}
	return c.egress(address)
}

// Trust lets the host of an address be called, whatever is said of others: it was configured.
func (c *Courier) Trust(address string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.trusted = append(c.trusted, hostOf(address))
}

// MayCall tells whether an address may be called; the error says why not.
func (c *Courier) MayCall(address string) error { return c.mayCall(address) }

func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Host
}
