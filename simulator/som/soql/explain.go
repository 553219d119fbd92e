package soql

import (
	"cmp"
	"slices"

	"github.com/somsim/somsim/simulator/som/sobject"
)

// Explanation tells how a query would be run. Source: REST API, Query Performance Feedback.
type Explanation struct {
	SourceQuery string
	// Plans are the ways to run it, the one that is taken first.
	Plans []AccessPlan
}

// AccessPlan is one way to find the rows of a query.
type AccessPlan struct {
	// Cardinality is the number of rows the way is expected to lead to, ObjectCardinality that of all rows of the object.
	Cardinality, ObjectCardinality int
	// Fields are the indexed fields; none for a scan.
	Fields []string
	// Operation is Index or TableScan.
	Operation string
	// RelativeCost above 1 means that the query is not selective.
	RelativeCost float64
	Object       string
	Notes        []PlanNote
}

// PlanNote says why a filter has not been used.
type PlanNote struct {
	Description string
	Fields      []string
	Object      string
}

const (
	// smallScan is the cost of a scan of next to nothing, as the vendor's example has it.
	smallScan = 0.65
	// costlyRows is the number of rows that cost 1.
	costlyRows = 10_000
)

// Explain tells how Run would find the rows of a query, without shaping any.
func (e *Engine) Explain(src Source, text string, opt Options) (*Explanation, error) {
	p, err := e.prepare(text, &opt)
	if err != nil {
		return nil, err
	}
	x := &execution{catalog: e.catalog, src: src, opt: opt}
	total := 0
	src.Scan(p.object.Name, func(*sobject.Record) bool {
		total++
		return true
	})
	all := x.indexPlans(p, total)
	expected := total
	if len(all) > 0 {
		expected = all[0].Cardinality
	}
	all = append(all, AccessPlan{
		Cardinality: expected, ObjectCardinality: total, Operation: "TableScan", RelativeCost: smallScan + float64(total)/costlyRows,
		Object: p.object.Name, Notes: x.unindexed(p), Fields: []string{},
	})
	return &Explanation{SourceQuery: text, Plans: all}, nil
}

func (x *execution) indexPlans(p *plan, total int) []AccessPlan {
	var all []AccessPlan
	for _, r := range x.routes(p.object, p.where) {
		found := len(inIDOrder(r.find()))
		all = append(all, AccessPlan{
			Cardinality: found, ObjectCardinality: total, Fields: r.fields, Operation: "Index", RelativeCost: float64(found) / costlyRows,
			Object: p.object.Name, Notes: x.unindexed(p),
		})
	}
	// Run looks no further once it has found few rows; so those plans are equally good.
	slices.SortStableFunc(all, func(a, b AccessPlan) int {
		return cmp.Compare(max(a.Cardinality, fewRows), max(b.Cardinality, fewRows))
	})
	return all
}

// unindexed notes the filters that no index helps with; that on IsDeleted is one of them.
func (x *execution) unindexed(p *plan) []PlanNote {
	note := func(field string) PlanNote {
		return PlanNote{
			Description: "Not considering filter for optimization because unindexed", Fields: []string{field}, Object: p.object.Name,
		}
	}
	var notes []PlanNote
	if p.where != nil {
		for _, part := range conjuncts(p.where) {
			if _, ok := x.route(p.object, part); ok {
				continue
			}
			for _, field := range fieldsOf(part) {
				notes = append(notes, note(field))
			}
		}
	}
	if !x.opt.IncludeDeleted {
		notes = append(notes, note("IsDeleted"))
	}
	return notes
}

// fieldsOf are the fields a part of WHERE looks at.
func fieldsOf(p predicate) []string {
	switch p := p.(type) {
	case allOf:
		return fieldsOfAll(p)
	case anyOf:
		return fieldsOfAll(p)
	case negate:
		return fieldsOf(p.inner)
	case *compareWith:
		return []string{p.term.path.text}
	case *likeTo:
		return []string{p.term.path.text}
	case *oneOf:
		return []string{p.term.path.text}
	case *includes:
		return []string{p.term.path.text}
	case *joinedTo:
		return []string{p.term.path.text}
	default:
		return nil
	}
}

func fieldsOfAll(parts []predicate) []string {
	var all []string
	for _, part := range parts {
		for _, field := range fieldsOf(part) {
			if !slices.Contains(all, field) {
				all = append(all, field)
			}
		}
	}
	return all
}
