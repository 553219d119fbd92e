package som

import (
	"time"

	"github.com/somsim/somsim/simulator/sandbox"
)

// defaultDailyRequests is the number of API requests an Enterprise Edition org starts with.
const defaultDailyRequests = 100_000

// usageHours is the length of the window that requests are counted in. Source: specs/som/SOURCES.md, API limits.
const usageHours = 24

// usageRow counts the API requests of an org. There is one.
type usageRow struct {
	// Hour is the newest hour counted, in hours since 1970; Counts holds it and the 23 before, each at its number modulo 24.
	Hour   int64
	Counts [usageHours]int
	// Max replaces the configured limit; 0 leaves it.
	Max int
}

const usageKey = "the org"

// Usage is how many API requests were made in the last 24 hours, and how many may be.
type Usage struct{ Used, Max int }

// Usage counts the API requests of the last 24 hours, in whole hours: those of an hour are forgotten together.
func (d *SOM) Usage(tx *sandbox.Tx) Usage {
	row, ok := d.usage.Peek(tx.Tx, usageKey)
	if !ok {
		return Usage{Max: d.dailyRequests(0)}
	}
	current := row.at(tx.Now())
	return current.sum(d.dailyRequests(row.Max))
}

// CountRequest counts one API request and returns what that makes. A request over the limit is refused and not counted.
func (d *SOM) CountRequest(tx *sandbox.Tx) Usage {
	row, _ := d.usage.Get(tx.Tx, usageKey)
	row = row.at(tx.Now())
	u := row.sum(d.dailyRequests(row.Max))
	if u.Used >= u.Max {
		return u
	}
	row.Counts[row.Hour%usageHours]++
	u.Used++
	d.usage.Put(tx.Tx, row)
	return u
}

// LimitRequests sets how many API requests the org may make in 24 hours; 0 returns to the configured number.
func (d *SOM) LimitRequests(tx *sandbox.Tx, dailyRequests int) {
	row, _ := d.usage.Get(tx.Tx, usageKey)
	row.Max = dailyRequests
	d.usage.Put(tx.Tx, row)
}

func (d *SOM) dailyRequests(ofRow int) int {
	switch {
	case ofRow > 0:
		return ofRow
	case d.settings.DailyRequests > 0:
		return d.settings.DailyRequests
	default:
		return defaultDailyRequests
	}
}

// at is the row with the hours that have passed since it was written forgotten. A clock that was set back counts into
// the newest hour.
func (r usageRow) at(now time.Time) usageRow {
	hour := now.Unix() / int64(time.Hour/time.Second)
	if hour-r.Hour >= usageHours {
		r.Counts, r.Hour = [usageHours]int{}, hour
	}
	for r.Hour < hour {
		r.Hour++
		r.Counts[r.Hour%usageHours] = 0
	}
	return r
}

func (r usageRow) sum(limit int) Usage {
	u := Usage{Max: limit}
	for _, n := range r.Counts {
		u.Used += n
	}
	return u
}

// Admit refuses a request when the org has used up its limit.
func (d *SOM) Admit(tx *sandbox.Tx) error {
	if u := d.Usage(tx); u.Used >= u.Max {
		return refuse("som.limit.daily-requests", CodeRequestLimit, "TotalRequests Limit exceeded.")
	}
	return nil
}
