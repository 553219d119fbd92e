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

// Run answers a query from the rows of src. A refusal is an *[Error].
func (e *Engine) Run(src Source, text string, opt Options) (*Result, error) {
	p, err := e.plan(text)
	if err != nil {
		return nil, err
	}
	if opt.Version == 0 {
		opt.Version = defaultVersion
	}
	if err := checkDepth(p, opt.Version); err != nil {
		return nil, err
	}
	x := &execution{catalog: e.catalog, src: src, opt: opt}
	return x.query(p), nil
}

// Check refuses what Run would refuse, without reading a row.
func (e *Engine) Check(text string, version int) error {
	p, err := e.plan(text)
	if err != nil {
		return err
	}
	return checkDepth(p, version)
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
	if len(text) <= keptText {
		e.plans.Add(text, p)
	}
	return p, nil
}

const (
	// nestingSince is the API version from which child subqueries may hold child subqueries.
	nestingSince = 58
	// maxLevels counts the root and the subqueries below one another; before nestingSince it was oldLevels.
	maxLevels, oldLevels = 5, 2
)

// checkDepth holds the plan to the levels of nesting the version allows (SOQL limits page).
func checkDepth(p *plan, version int) error {
	allowed := maxLevels
	if version < nestingSince {
		allowed = oldLevels
	}
	if p.levels <= allowed {
		return nil
	}
	return refuse(MalformedQuery,
		"SOQL statements cannot query aggregate relationships more than %s away from the root entity object.", plural(allowed-1, "level"))
}

func plural(n int, noun string) string {
	if n == 1 {
		return fmt.Sprintf("%d %s", n, noun)
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
