package returnby

import "time"

// anchorAt is when the anchor happened, as far as is known now, never earlier than what was captured. Provisional means
// that it was guessed.
func anchorAt(policy *Policy, line Line, zone *time.Location) (at time.Time, provisional bool) {
	at, provisional = observed(policy, line, zone)
	was := line.Captured
	switch {
	case was == nil || was.AnchorAt.IsZero():
		return at, provisional
	case at.After(was.AnchorAt):
		return at, provisional
	case at.IsZero():
		return was.AnchorAt, was.Provisional
	case at.Equal(was.AnchorAt):
		return at, provisional && was.Provisional
	default: // earlier than was told: the date stays, a guess that came true is none any more
		return was.AnchorAt, was.Provisional && provisional
	}
}

// observed is the anchor by the line alone.
func observed(policy *Policy, line Line, zone *time.Location) (at time.Time, provisional bool) {
	if policy.Anchor == Ordered {
		return line.OrderedAt, false
	}
	first, unknown := policy.PerItemAnchor == FirstDelivery, false
	for _, parcel := range line.Parcels {
		t, guessed := parcel.ShippedAt, false
		if policy.Anchor != Shipped {
			t, guessed = arrival(policy, parcel, zone)
		}
		unknown = unknown || t.IsZero() || guessed
		if t.IsZero() || !at.IsZero() && t.Before(at) != first {
			continue
		}
		at, provisional = t, guessed
	}
	if at.IsZero() {
		return at, false
	}
	return at, provisional || unknown && !first // the last parcel may still be under way
}

// arrival is when a parcel arrived, or when it may have: some calendar days after it left.
func arrival(policy *Policy, parcel Parcel, zone *time.Location) (at time.Time, guessed bool) {
	if !parcel.ArrivedAt.IsZero() || parcel.ShippedAt.IsZero() {
		return parcel.ArrivedAt, false
	}
	left := parcel.ShippedAt.In(zone)
	return DayOf(left, zone).Add(*policy.TransitDays).At(shown(left), zone), true
}
