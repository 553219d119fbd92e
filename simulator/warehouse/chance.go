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

// stretched makes a duration between three and five quarters as long, in steps that keep a day's tasks together: of a
// second, or for what takes an hour or more, of five minutes.
func stretched(d time.Duration, by float64) time.Duration {
	step := time.Second
	if d >= time.Hour {
		step = 5 * time.Minute
	}
	stretched := time.Duration(float64(d) * (0.75 + by/2))
	return max(stretched.Truncate(step), shortest)
}

// trackingNumber is one in the form of UPS, out of the sandbox's seed.
func trackingNumber(tx *sandbox.Tx, fulfillmentOrderID string) string {
	return fmt.Sprintf("1Z999AA1%010d", int64(fraction(tx, "tracking", fulfillmentOrderID)*1e10))
}
