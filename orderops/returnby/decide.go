package returnby

import (
	"time"

	"github.com/shopspring/decimal"
)

// Line is what has to be known of a line of an order.
type Line struct {
	Site      string
	ProductID string
	// Categories are those that order management has the product in; the file may know more.
	Categories []string
	Fulfilment Fulfilment
	OrderedAt  time.Time
	// Parcels are those that brought units of this line; voided ones are left out.
	Parcels []Parcel
	// Available is how many units were handed over and have not been announced for return.
	Available decimal.Decimal
	// Captured is what was kept of an earlier decision about this line.
	Captured *Captured
}

// Parcel is when goods left and arrived, or were collected; zero where nobody said.
type Parcel struct {
	ShippedAt time.Time
	ArrivedAt time.Time
}

// Captured is what one decision leaves for the next: the policy and the anchor are settled once.
type Captured struct {
	// Policy is the rule as it was, so that editing the file changes nothing for orders that were placed before.
	Policy Policy
	// AnchorAt is the latest anchor so far; zero before there is one. A correction may only extend.
	AnchorAt    time.Time
	Provisional bool
	// By is the latest date that customers were told; zero before there was one.
	By time.Time
}

// Why is the reason of a decision.
type Why string

// The reasons.
const (
	// Open: the line may be given back.
	Open Why = "open"
	// WindowClosed: the last instant has passed.
	WindowClosed Why = "window_closed"
	// NotReturnable: goods of this kind are not taken back.
	NotReturnable Why = "not_returnable"
	// NothingToReturn: no unit was handed over that is not on its way back already.
	NothingToReturn Why = "nothing_to_return"
)

// Decision is until when a line may be given back and whether it may now.
type Decision struct {
	Returnable bool
	Why        Why
	// Quantity is how many units may be given back now.
	Quantity decimal.Decimal
	// By is the last instant that customers are told, in the policy's zone; zero while there is none: before the anchor,
	// without a limit, or for what is not taken back at all.
	By time.Time
	// Until is By with the grace that is granted silently.
	Until time.Time
	// Provisional says that By counts from a guess, since nobody has said when the goods arrived. It can only move later.
	Provisional bool
	// Reason is the policy's sentence about goods that are not taken back.
	Reason   string
	PolicyID string
	Version  int
	// Anchor is the event that counts, AnchorAt when it happened; zero when it has not.
	Anchor   Anchor
	AnchorAt time.Time
	// Days are those of the policy; Override is the id of the season that prolonged them, Shifted that the last day moved
	// to a working day.
	Days     int
	Override string
	Shifted  bool
	// Settled says that the policy was captured before.
	Settled bool
	// Kept says that By was told before and would be earlier now.
	Kept bool
	Zone *time.Location
	// Capture is what to keep for the next decision.
	Capture Captured
}

// Decide says until when a line may be given back and whether it may at now, which is when the request came in: `now` is
// compared in whole milliseconds and the last one is in time.
func (p *Policies) Decide(line Line, now time.Time) Decision {
	policy := p.choose(line)
	d := Decision{PolicyID: policy.ID, Version: policy.Version, Zone: p.zoneOf(policy, line.Site), Settled: line.Captured != nil}
	d.Capture.Policy = *policy
	d.Capture.Policy.TimeZone, d.Capture.Policy.zone = d.Zone.String(), d.Zone
	switch {
	case policy.NonReturnable:
		d.Why, d.Reason = NotReturnable, policy.Reason
		return d
	case policy.Unlimited:
		return d.settle(line, now)
	}
	d.Anchor, d.Days = policy.Anchor.of(line), *policy.Days
	d.AnchorAt, d.Provisional = anchorAt(policy, line, d.Zone)
	if !d.AnchorAt.IsZero() {
		p.reckon(&d, policy, line)
	}
	d.Capture.AnchorAt, d.Capture.Provisional, d.Capture.By = d.AnchorAt, d.Provisional, d.By
	return d.settle(line, now)
}

// settle compares with the time and the units that are left.
func (d Decision) settle(line Line, now time.Time) Decision {
	switch {
	case !line.Available.IsPositive():
		d.Why = NothingToReturn
	case !d.Until.IsZero() && now.Truncate(time.Millisecond).After(d.Until):
		d.Why = WindowClosed
	default:
		d.Why, d.Returnable, d.Quantity = Open, true, line.Available
	}
	return d
}

// reckon counts the days.
func (p *Policies) reckon(d *Decision, policy *Policy, line Line) {
	anchor := DayOf(d.AnchorAt, d.Zone)
	last := anchor.Add(d.Days)
	for _, o := range policy.Overrides {
		event := anchor
		if o.Of == OfOrder {
			event = DayOf(line.OrderedAt, d.Zone)
		}
		if o.From.After(event) || event.After(o.To) {
			continue
		}
		day := o.FixedDate
		if o.Days != nil {
			day = anchor.Add(*o.Days)
		}
		if day.After(last) {
			last, d.Override = day, o.ID
		}
	}
	if policy.HolidayShift == NextWorkingDay {
		for !p.works(last) {
			last, d.Shifted = last.Add(1), true
		}
	}
	if policy.EndOfDay == nil || *policy.EndOfDay {
		d.By = last.End(d.Zone)
	} else {
		d.By = last.At(shown(d.AnchorAt.In(d.Zone).Truncate(time.Millisecond)), d.Zone)
	}
	if was := line.Captured; was != nil && was.By.After(d.By) {
		d.By, d.Kept = was.By.In(d.Zone), true
	}
	d.Until = d.By.Add(time.Duration(policy.GraceHours) * time.Hour)
}

// of is the anchor as it is called for a line.
func (a Anchor) of(line Line) Anchor {
	switch {
	case a == Delivered && line.Fulfilment == Pickup:
		return Collected
	case a == Collected && line.Fulfilment == Delivery:
		return Delivered
	}
	return a
}
