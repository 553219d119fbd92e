package warehouse

import (
	"fmt"
	"time"

	"github.com/somsim/somsim/simulator/ident"
	"github.com/somsim/somsim/simulator/sandbox"
)

// fraction is a number in [0,1) that the sandbox's seed gives to a question about a subject: the same however often and
// in whatever order it is asked.
func fraction(tx *sandbox.Tx, question, subject string) float64 {
	return ident.Fraction(tx.Seed(), "warehouse."+question+"/"+subject, 1)
}

// happens decides by chance what happens to a percentage of subjects.
func happens(tx *sandbox.Tx, percent int, question, subject string) bool {
	return fraction(tx, question, subject)*100 < float64(percent)
}

// stretched makes a duration between three and five quarters as long, in whole seconds.
func stretched(d time.Duration, by float64) time.Duration {
	return max(time.Duration(float64(d)*(0.75+by/2)).Truncate(time.Second), shortest)
}

// together moves a time to the next full second, minute or five minutes, according to how long it took to get there, so
// that many orders are done in few rounds.
func together(at time.Time, took time.Duration) time.Time {
	step := time.Second
	switch {
	case took >= time.Hour:
		step = 5 * time.Minute
	case took >= 10*time.Minute:
		step = time.Minute
	}
	if full := at.Truncate(step); full.Before(at) {
		return full.Add(step)
	}
	return at
}

// trackingNumber is one in the form of UPS, out of the sandbox's seed.
func trackingNumber(tx *sandbox.Tx, fulfillmentOrderID string) string {
	return fmt.Sprintf("1Z999AA1%010d", int64(fraction(tx, "tracking", fulfillmentOrderID)*1e10))
}
