package oci

import (
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/sandbox"
)

// Count is what a location says about its stock of a SKU. What it leaves out stays as it was, and is nothing in a new
// record.
type Count struct {
	// ActionRequestID makes repetitions harmless: a count with an id that was seen before is not taken again.
	ActionRequestID string
	LocationID, SKU string
	// OnHand and SafetyStock stay when they are nil.
	OnHand, SafetyStock *decimal.Decimal
	// EffectiveDate is when OnHand was counted; zero means now.
	EffectiveDate time.Time
	// Futures replace what was expected when they are not nil.
	Futures []Future
	// ExcludedGroups, when they are not nil, are the groups that may not promise this SKU of the location.
	ExcludedGroups []string
}

func (c Count) record() string {
	parts := []string{"count", recordKey(c.LocationID, c.SKU), c.EffectiveDate.UTC().Format(time.RFC3339Nano)}
	for _, n := range []*decimal.Decimal{c.OnHand, c.SafetyStock} {
		if n == nil {
			parts = append(parts, "-")
			continue
		}
		parts = append(parts, n.String())
	}
	for _, f := range c.Futures {
		parts = append(parts, f.Quantity.String(), f.ExpectedDate.UTC().Format(time.RFC3339Nano))
	}
	return strings.Join(append(parts, c.ExcludedGroups...), "\x02")
}

// UpdateRecord takes a count in: it makes the inventory record or changes it. Errors have the codes [LocationNotFound],
// [InvalidRecord] and [DuplicateActionRequest].
func (o *OCI) UpdateRecord(tx *sandbox.Tx, c Count) error {
	if _, ok := o.locations.Peek(tx.Tx, c.LocationID); !ok {
		return refuse(LocationNotFound, "oci.place.known", "there is no location %s", c.LocationID)
	}
	if err := c.check(tx.Now()); err != nil {
		return err
	}
	if done, ok := o.actions.Peek(tx.Tx, c.ActionRequestID); ok {
		return done.same(c.record())
	}
	r, ok := o.records.Get(tx.Tx, recordKey(c.LocationID, c.SKU))
	if !ok {
		r = Record{LocationID: c.LocationID, SKU: c.SKU}
	}
	o.records.Put(tx.Tx, c.into(r, tx.Now()))
	if c.ActionRequestID != "" {
		o.actions.Put(tx.Tx, doneAction{ID: c.ActionRequestID, Record: c.record()})
	}
	return nil
}

func (c Count) check(now time.Time) error {
	wrong := func(format string, args ...any) error {
		return refuse(InvalidRecord, "oci.record.valid", "inventory of "+c.SKU+" at "+c.LocationID+": "+format, args...)
	}
	switch {
	case c.SKU == "":
		return wrong("there is no SKU")
	case !countable(c.OnHand), !countable(c.SafetyStock):
		return wrong("nobody can count that many")
	case c.OnHand != nil && c.OnHand.IsNegative():
		return wrong("%s are on hand", c.OnHand)
	case c.SafetyStock != nil && c.SafetyStock.IsNegative():
		return wrong("the safety stock is %s", c.SafetyStock)
	}
	for _, f := range c.Futures {
		if !countable(&f.Quantity) {
			return wrong("nobody can count that many")
		}
		if !f.Quantity.IsPositive() || !f.ExpectedDate.After(now) {
			return wrong("%s are expected at %s, want a quantity above 0 and a date to come", f.Quantity, f.ExpectedDate.UTC().Format(time.RFC3339))
		}
	}
	return nil
}

// countable reports whether a quantity is one that stock can have: below a hundred million, with six decimals at most. It
// looks at the form first, since comparing costs as much as writing the number out.
func countable(n *decimal.Decimal) bool {
	return n == nil || n.Exponent() <= 8 && n.Exponent() >= -6 && n.Coefficient().BitLen() <= 64 && n.LessThan(decimal.New(1, 8))
}

func (c Count) into(r Record, now time.Time) Record {
	if c.OnHand != nil || r.EffectiveDate.IsZero() {
		if r.EffectiveDate = c.EffectiveDate.UTC(); c.EffectiveDate.IsZero() {
			r.EffectiveDate = now
		}
	}
	if c.OnHand != nil {
		r.OnHand = *c.OnHand
	}
	if c.SafetyStock != nil {
		r.SafetyStock = *c.SafetyStock
	}
	if c.Futures != nil {
		r.Futures = slices.Clone(c.Futures)
	}
	if c.ExcludedGroups != nil {
		r.ExcludedGroups = slices.Clone(c.ExcludedGroups)
	}
	return r
}

// counts reports whether a group may promise the SKU that a location has.
func (o *OCI) counts(tx *sandbox.Tx, groupID, locationID, sku string) bool {
	r, ok := o.records.Peek(tx.Tx, recordKey(locationID, sku))
	return ok && !slices.Contains(r.ExcludedGroups, groupID)
}

// Promising returns the locations of a group that have a record of the SKU which the group may promise.
func (o *OCI) Promising(tx *sandbox.Tx, g Group, sku string) []string {
	var ids []string
	for _, id := range g.LocationIDs {
		if o.counts(tx, g.ID, id, sku) {
			ids = append(ids, id)
		}
	}
	return ids
}

// GroupsOf returns the ids of the groups that may promise a SKU of a location, sorted.
func (o *OCI) GroupsOf(tx *sandbox.Tx, locationID, sku string) []string {
	var ids []string
	for _, g := range o.groups.PeekList(tx.Tx, "location", locationID) {
		if o.counts(tx, g.ID, locationID, sku) {
			ids = append(ids, g.ID)
		}
	}
	slices.Sort(ids)
	return ids
}

// message is what a refusal says, or an error of another kind.
func message(err error) string {
	var refused *Error
	if errors.As(err, &refused) {
		return refused.Message
	}
	return err.Error()
}
