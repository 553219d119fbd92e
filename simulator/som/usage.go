package som

import "github.com/somsim/somsim/simulator/sandbox"

// defaultDailyRequests is the number of API requests an Enterprise Edition org starts with.
const defaultDailyRequests = 100_000

// usageHours is the length of the window that requests are counted in. Source: specs/som/SOURCES.md, API limits.
const usageHours = 24

// requests is the kind of tally that API requests are.
const requests = "som.requests"

// quotaRow replaces the configured number of API requests. There is one or none.
type quotaRow struct{ Max int }

const quotaKey = "the org"

// Usage is how many API requests were made in the last 24 hours, and how many may be.
type Usage struct{ Used, Max int }

// Usage counts the API requests of the last 24 hours, in whole hours: those of an hour are forgotten together.
func (d *SOM) Usage(tx *sandbox.Tx) Usage {
	return Usage{Used: tx.Tallied(requests, usageHours), Max: d.dailyRequests(tx)}
}

// CountRequest counts one API request and returns what that makes. A request over the limit is refused and not counted.
// A reading transaction will do.
func (d *SOM) CountRequest(tx *sandbox.Tx) Usage {
	u := Usage{Max: d.dailyRequests(tx)}
	u.Used, _ = tx.Tally(requests, usageHours, u.Max)
	return u
}

// LimitRequests sets how many API requests the org may make in 24 hours; 0 returns to the configured number.
func (d *SOM) LimitRequests(tx *sandbox.Tx, dailyRequests int) {
	d.quota.Put(tx.Tx, quotaRow{Max: dailyRequests})
}

func (d *SOM) dailyRequests(tx *sandbox.Tx) int {
	if row, ok := d.quota.Peek(tx.Tx, quotaKey); ok && row.Max > 0 {
		return row.Max
	}
	if d.settings.DailyRequests > 0 {
		return d.settings.DailyRequests
	}
	return defaultDailyRequests
}

// Admit refuses a request when the org has used up its limit.
func (d *SOM) Admit(tx *sandbox.Tx) error {
	if u := d.Usage(tx); u.Used >= u.Max {
		return refuse("som.limit.daily-requests", CodeRequestLimit, "TotalRequests Limit exceeded.")
	}
	return nil
}
