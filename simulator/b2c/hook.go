package b2c

import (
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/somsim/somsim/simulator/sandbox"
	"github.com/somsim/somsim/simulator/store"
)

// Hook is who is called at an extension point: in life a script of a cartridge, here an address.
type Hook struct {
	// Name is that of the extension point, such as dw.ocapi.shop.order.afterPATCH.
	Name string
	URL  string
	// Secret is what calls are signed with; empty for none.
	Secret string
}

// Hooks are all hooks of a sandbox, in the order in which those of the same point are called.
type Hooks struct {
	Hooks []Hook
	// Timeout is how long a hook may take, in real time.
	Timeout time.Duration
}

func (h Hooks) clone() Hooks {
	h.Hooks = slices.Clone(h.Hooks)
	return h
}

// hooking is what is set about the shop's own code: hooks with their circuit breakers, and its storefronts.
type hooking struct {
	hooks    store.Table[Hooks]
	breakers store.Table[breaker]
	// hybrid says how a site is divided between its storefronts.
	hybrid store.Table[hybridRow]
	// attached are the hooks of sandboxes without their own.
	attached *atomic.Pointer[Hooks]
}

func declareHooking(s *store.Schema) hooking {
	return hooking{
		hybrid: declareHybrid(s),
		hooks: store.Add(s, store.Def[Hooks]{
			Name: "b2c.Hooks", Internal: true, Clone: Hooks.clone, Key: func(*Hooks) string { return theRow },
		}),
		breakers: store.Add(s, store.Def[breaker]{Name: "b2c.HookBreaker", Internal: true, Key: func(b *breaker) string { return b.Point }}),
		attached: &atomic.Pointer[Hooks]{},
	}
}

// AttachHooks sets the hooks of every sandbox that has none of its own; there are none otherwise.
func (b *B2C) AttachHooks(h Hooks) { b.attached.Store(&h) }

// SetHooks replaces the hooks of a sandbox; nil returns to those that were attached. What breakers remember is forgotten.
func (b *B2C) SetHooks(tx *sandbox.Tx, h *Hooks) {
	for _, known := range b.breakers.Range(tx.Tx, "", "", "", 0) {
		b.breakers.Delete(tx.Tx, known.Point)
	}
	if h == nil {
		b.hooks.Delete(tx.Tx, theRow)
		return
	}
	b.hooks.Put(tx.Tx, *h)
}

// Hooks returns the hooks of a sandbox, which the caller may not alter.
func (b *B2C) Hooks(tx *sandbox.Tx) Hooks {
	if own, ok := b.hooks.Peek(tx.Tx, theRow); ok {
		return *own
	}
	if h := b.attached.Load(); h != nil {
		return *h
	}
	return Hooks{}
}

// Hooked reports whether there is a hook at an extension point, or at any point that begins with the given text.
func (h Hooks) Hooked(prefix string) bool {
	return slices.ContainsFunc(h.Hooks, func(hook Hook) bool { return strings.HasPrefix(hook.Name, prefix) })
}

// At returns the hooks of one extension point.
func (h Hooks) At(point string) []Hook {
	var found []Hook
	for _, hook := range h.Hooks {
		if hook.Name == point {
			found = append(found, hook)
		}
	}
	return found
}

// HookOrder sets custom attributes of an order on behalf of a hook, which may write what no caller may.
func (b *B2C) HookOrder(tx *sandbox.Tx, orderNo string, set Attributes, unset []string) (Order, error) {
	o, err := b.Order(tx, Reader{}, orderNo)
	if err != nil {
		return Order{}, err
	}
	if err := b.checkDefined(tx, o.SiteID, set); err != nil {
		return Order{}, err
	}
	o.Custom = o.Custom.altered(set, unset)
	return b.save(tx, o)
}
