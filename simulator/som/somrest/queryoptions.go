package somrest

import (
	"regexp"
	"strconv"
	"sync"
	"time"

	"github.com/somsim/somsim/simulator/binding"
	"github.com/somsim/somsim/simulator/som/soql"
)

const (
	// queryOptionsHeader carries batchSize=N.
	queryOptionsHeader = "Sforce-Query-Options"
	// smallestBatch and largestBatch are what a batch size is held to; the largest is the default.
	smallestBatch, largestBatch = 200, 2000
)

var batchSize = regexp.MustCompile(`(?i)(?:^|[,;\s])batchSize\s*=\s*(\d{1,9})`)

// queryOptions are what the answer to a query depends on: version, clock, and the settings of the user.
func (a *API) queryOptions(c *binding.Call) soql.Options {
	opt := soql.Options{
		Version: Version(c.Request), Now: c.Now(), User: c.Principal.ID, Batch: largestBatch, Rates: a.choices.ConversionRates,
	}
	if user, ok := a.domain.Rows(c.Tx).Get(c.Principal.ID); ok {
		opt.Zone = a.zones.zone(user.Text("TimeZoneSidKey"))
		opt.Currency = user.Text("CurrencyIsoCode")
	}
	if sent := batchSize.FindStringSubmatch(c.Request.Header.Get(queryOptionsHeader)); sent != nil {
		n, _ := strconv.Atoi(sent[1]) // nine digits always are a number
		opt.Batch = min(max(n, smallestBatch), largestBatch)
	}
	return opt
}

// zones remembers time zones, which take long to load.
type zones struct{ known sync.Map }

// zone finds a time zone by its name; UTC when there is none of that name.
func (z *zones) zone(name string) *time.Location {
	if known, ok := z.known.Load(name); ok {
		return known.(*time.Location)
	}
	found, err := time.LoadLocation(name)
	if err != nil {
		found = time.UTC
	}
	z.known.Store(name, found)
	return found
}
