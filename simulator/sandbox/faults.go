package sandbox

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/somsim/somsim/simulator/fault"
	"github.com/somsim/somsim/simulator/ident"
)

// Strike counts a call against every fault of the sandbox and returns the rules that strike it, by name.
func (w *World) Strike(c fault.Call) ([]fault.Rule, error) {
	var struck []fault.Rule
	err := w.Update(func(tx *Tx) error {
		struck = tx.Strike(c)
		return nil
	})
	return struck, err
}

// Strike is [World.Strike] inside a transaction, for the sub-requests of a composite. What it counts becomes part of the
// transaction when that commits, whatever is rolled back before; [World.Recount] keeps it when the transaction does not.
func (tx *Tx) Strike(c fault.Call) []fault.Rule {
	t := tx.world.worlds.tables
	if !t.armed(tx.Tx) {
		return nil
	}
	c.Now = tx.Now()
	c.Chance = func(rule string, matched int) float64 {
		return ident.Fraction(tx.meta.Seed, "fault "+rule, uint64(matched))
	}
	c.Concerns = func(order string) bool { return c.Mentions(tx.world.aliases(tx, order)) }
	var struck []fault.Rule
	for _, rule := range t.faults.Range(tx.Tx, "", "", "", 0) {
		if counted, ok := tx.counted[rule.Name]; ok {
			rule = counted
		}
		counted, strikes := rule.Try(c)
		if counted.Matched != rule.Matched {
			tx.count(counted)
		}
		if strikes {
			struck = append(struck, counted)
		}
	}
	return struck
}

func (tx *Tx) count(counted fault.Rule) {
	if !tx.Writable() {
		tx.world.worlds.tables.faults.Put(tx.Tx, counted) // makes the transaction fail, to be run again as a writing one
		return
	}
	if tx.counted == nil {
		tx.counted = map[string]fault.Rule{}
	}
	tx.counted[counted.Name] = counted
}

// Commit makes the changes visible, with what was counted against faults.
func (tx *Tx) Commit() error {
	if len(tx.counted) > 0 {
		for _, name := range slices.Sorted(maps.Keys(tx.counted)) {
			tx.world.worlds.tables.faults.Put(tx.Tx, tx.counted[name])
		}
		tx.counted = nil
	}
	err := tx.Tx.Commit()
	if tx.Writable() {
		tx.world.commits.tell()
	}
	return err
}

// Recount keeps what a transaction that did not commit has counted against faults: a call that was struck and undone was
// struck nevertheless, and the same call again is the next one.
func (w *World) Recount(dropped *Tx) error {
	if len(dropped.counted) == 0 {
		return nil
	}
	return w.Update(func(tx *Tx) error {
		for name, counted := range dropped.counted {
			if rule, armed := w.worlds.tables.faults.Get(tx.Tx, name); armed {
				rule.Matched, rule.Fired = max(rule.Matched, counted.Matched), max(rule.Fired, counted.Fired)
				w.worlds.tables.faults.Put(tx.Tx, rule)
			}
		}
		return nil
	})
}

// aliases returns the texts by which a call shows that it is about an order.
func (w *World) aliases(tx *Tx, orderNo string) []string {
	all := []string{orderNo}
	for _, of := range w.worlds.Aliases {
		all = append(all, of(tx, orderNo)...)
	}
	return all
}

// Arm adds a fault, replacing one of the same name.
func (w *World) Arm(r fault.Rule) error {
	return w.Update(func(tx *Tx) error {
		w.worlds.tables.faults.Put(tx.Tx, r)
		return nil
	})
}

// Faults lists the armed rules with their counts, by name.
func (w *World) Faults() []fault.Rule {
	tx := w.db.Read()
	defer tx.Abort()
	return w.worlds.tables.faults.Range(tx, "", "", "", 0)
}

// AwaitDisarmed blocks until there is no fault of that name, or the context ends.
func (w *World) AwaitDisarmed(ctx context.Context, name string) error {
	for {
		moved := w.movement()
		tx := w.db.Read()
		_, armed := w.worlds.tables.faults.Peek(tx, name)
		tx.Abort()
		if !armed {
			return nil
		}
		select {
		case <-moved:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// Disarm removes the fault of that name, or all of them when the name is empty.
func (w *World) Disarm(name string) error {
	defer w.wake()
	return w.Update(func(tx *Tx) error {
		if name != "" {
			if !w.worlds.tables.faults.Delete(tx.Tx, name) {
				return fmt.Errorf("no fault %q in sandbox %s", name, w.name)
			}
			return nil
		}
		for _, r := range w.worlds.tables.faults.Range(tx.Tx, "", "", "", 0) {
			w.worlds.tables.faults.Delete(tx.Tx, r.Name)
		}
		return nil
	})
}
