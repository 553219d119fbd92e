package soql

import (
	"fmt"

	lru "github.com/hashicorp/golang-lru/v2"

	"github.com/somsim/somsim/simulator/som/sobject"
)

const (
	// keptPlans is how many plans an engine remembers.
	keptPlans = 512
	// keptText is the longest text, in bytes, whose plan is worth its memory.
	keptText = 16 << 10
	// defaultVersion is the API version when a caller names none; child subqueries nest from 58 on.
	defaultVersion = 60
)

// Engine answers queries over the objects of one catalog. It is safe for concurrent use.
type Engine struct {
	catalog *sobject.Catalog
	plans   *lru.Cache[string, *plan]
}

// NewEngine is an engine over the catalog, which must not change any more.
func NewEngine(c *sobject.Catalog) *Engine {
	plans, _ := lru.New[string, *plan](keptPlans) // fails for a size below one only
	return &Engine{catalog: c, plans: plans}
}

// Run answers a query from the rows of src, or its first page. A refusal is an *[Error].
func (e *Engine) Run(src Source, text string, opt Options) (*Result, error) {
	p, err := e.prepare(text, &opt)
	if err != nil {
		return nil, err
	}
	return (&execution{catalog: e.catalog, src: src, opt: opt}).query(p)
}

// Page answers the next page of a query or a subquery from the ids that an earlier page left; place and text are those of that page. Rows that
// have been deleted since are passed over. TotalSize is the number of rows from here on.
func (e *Engine) Page(src Source, text string, place []int, ids []string, opt Options) (*Result, error) {
	p, err := e.prepare(text, &opt)
	if err != nil {
		return nil, err
	}
	for _, at := range place {
		if at < 0 || at >= len(p.columns) || p.columns[at].child == nil {
			return nil, refuse(InvalidQueryLocator, "invalid query locator")
		}
		p = p.columns[at].child.plan
	}
	x := &execution{catalog: e.catalog, src: src, opt: opt}
	row := func(i int) *sobject.Record {
		if r, ok := src.Get(ids[i]); ok && x.visible(r) {
			return r
		}
		return nil
	}
	return x.page(p, paged{n: len(ids), id: func(i int) string { return ids[i] }, row: row}), nil
}

// Check refuses what Run would refuse, without reading a row.
func (e *Engine) Check(text string, version int) error {
	_, err := e.prepare(text, &Options{Version: version})
	return err
}

// prepare finds the plan of a text and completes the options by what the text itself says.
func (e *Engine) prepare(text string, opt *Options) (*plan, error) {
	p, err := e.plan(text)
	if err != nil {
		return nil, err
	}
	if opt.Version == 0 {
		opt.Version = defaultVersion
	}
	if opt.Currency == "" {
		opt.Currency = CorporateCurrency
	}
	opt.IncludeDeleted = opt.IncludeDeleted || p.allRows
	return p, checkVersion(p, opt.Version)
}

func (e *Engine) plan(text string) (*plan, error) {
	if p, ok := e.plans.Get(text); ok {
		return p, nil
	}
	q, err := Parse(text)
	if err != nil {
		return nil, err
	}
	p, err := compile(e.catalog, text, q)
	if err != nil {
		return nil, err
	}
	p.locate(nil)
	if len(text) <= keptText {
		e.plans.Add(text, p)
	}
	return p, nil
}

const (
	// nestingSince is the API version from which child subqueries may hold child subqueries; FIELDS() and TYPEOF came with the other two.
	nestingSince, fieldsSince, typeOfSince = 58, 51, 46
	// maxLevels counts the root and the subqueries below one another; before nestingSince it was oldLevels.
	maxLevels, oldLevels = 5, 2
)

// checkVersion holds the plan to what the version allows (SOQL limits page).
func checkVersion(p *plan, version int) error {
	allowed := maxLevels
	if version < nestingSince {
		allowed = oldLevels
	}
	switch {
	case p.levels > allowed:
		return refuse(MalformedQuery,
			"SOQL statements cannot query aggregate relationships more than %s away from the root entity object.", plural(allowed-1, "level"))
	case p.fields && version < fieldsSince:
		return refuse(MalformedQuery, "The SOQL FIELDS function is not supported in this version of the API")
	case p.typeOf && version < typeOfSince:
		return refuse(MalformedQuery, "TYPEOF is not supported in this version of the API")
	default:
		return nil
	}
}

func plural(n int, noun string) string {
	if n == 1 {
		return fmt.Sprintf("%d %s", n, noun)
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
