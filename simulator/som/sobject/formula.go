package sobject

import (
	"errors"
	"fmt"
	"strings"
	"sync/atomic"

	"github.com/alecthomas/participle/v2"
	"github.com/shopspring/decimal"
)

// Formula computes a number from other numbers of the same row: sums, differences, products, MAX and MIN, with null counting as zero.
type Formula struct {
	// Text is the expression as the metadata writes it.
	Text string

	root *sum
}

// The grammar: a sum of products of operands.
type (
	sum struct {
		First *product    `parser:"@@"`
		Rest  []*addition `parser:"@@*"`
	}
	addition struct {
		Op   string   `parser:"@('+' | '-')"`
		Term *product `parser:"@@"`
	}
	product struct {
		Factors []*operand `parser:"@@ ('*' @@)*"`
	}
	operand struct {
		Number   string    `parser:"  @(Int | Float)"`
		Function *function `parser:"| @@"`
		Field    string    `parser:"| @Ident"`
		Group    *sum      `parser:"| '(' @@ ')'"`

		constant decimal.Decimal
		field    *Field
		// near is a Hint: rows that are read together mostly have the same fields.
		near atomic.Int64
	}
	function struct {
		Name string `parser:"@('MAX' | 'MIN') '('"`
		Args []*sum `parser:"@@ (',' @@)* ')'"`
	}
)

// Evaluate computes the formula over a row.
func (f *Formula) Evaluate(r *Record) decimal.Decimal { return f.root.evaluate(r) }

func (s *sum) evaluate(r *Record) decimal.Decimal {
	total := s.First.evaluate(r)
	for _, a := range s.Rest {
		switch term := a.Term.evaluate(r); {
		case term.IsZero(): // as most quantities are
		case a.Op == "-":
			total = total.Sub(term)
		default:
			total = total.Add(term)
		}
	}
	return total
}

func (p *product) evaluate(r *Record) decimal.Decimal {
	total := p.Factors[0].evaluate(r)
	for _, o := range p.Factors[1:] {
		total = total.Mul(o.evaluate(r))
	}
	return total
}

func (o *operand) evaluate(r *Record) decimal.Decimal {
	switch {
	case o.Function != nil:
		return o.Function.evaluate(r)
	case o.Group != nil:
		return o.Group.evaluate(r)
	case o.field == nil:
		return o.constant
	case o.field.Formula != nil:
		return o.field.Formula.Evaluate(r)
	default:
		return o.stored(r)
	}
}

// stored is the number that the row has in the field, zero for null.
func (o *operand) stored(r *Record) decimal.Decimal {
	was := Hint(o.near.Load())
	is := was
	d, _ := r.near(o.field.Name, &is).(decimal.Decimal)
	if is != was {
		o.near.Store(int64(is))
	}
	return d
}

func (f *function) evaluate(r *Record) decimal.Decimal {
	values := make([]decimal.Decimal, len(f.Args))
	for i, arg := range f.Args {
		values[i] = arg.evaluate(r)
	}
	if f.Name == "MAX" {
		return decimal.Max(values[0], values[1:]...)
	}
	return decimal.Min(values[0], values[1:]...)
}

type formulaParser = participle.Parser[sum]

func newFormulaParser() (*formulaParser, error) {
	p, err := participle.Build[sum](participle.UseLookahead(2))
	if err != nil {
		return nil, fmt.Errorf("build the grammar of formulas: %w", err)
	}
	return p, nil
}

// parseFormula reads an expression; its field names are still to be bound by bind.
func parseFormula(p *formulaParser, text string) (*Formula, error) {
	root, err := p.ParseString("", text)
	if err != nil {
		return nil, fmt.Errorf("formula %q: %w", text, err)
	}
	return &Formula{Text: text, root: root}, nil
}

// bind finds the fields the formula reads and lists every name that is not a number of the object.
func (f *Formula) bind(o *Object) error {
	var errs []error
	f.root.walk(func(op *operand) {
		switch {
		case op.Number != "":
			d, err := decimal.NewFromString(op.Number)
			if err != nil {
				errs = append(errs, fmt.Errorf("formula %q: number %s: %w", f.Text, op.Number, err))
			}
			op.constant = d
		case op.Field != "":
			field, ok := o.fields[op.Field]
			if !ok || !field.Type.Numeric() {
				errs = append(errs, fmt.Errorf("formula %q reads %s, which is no number of %s", f.Text, op.Field, o.Name))
				return
			}
			op.field = field
		}
	})
	return errors.Join(errs...)
}

// reads lists the fields the bound formula reads directly.
func (f *Formula) reads() []*Field {
	var fields []*Field
	f.root.walk(func(op *operand) {
		if op.field != nil {
			fields = append(fields, op.field)
		}
	})
	return fields
}

func (s *sum) walk(visit func(*operand)) {
	terms := []*product{s.First}
	for _, a := range s.Rest {
		terms = append(terms, a.Term)
	}
	for _, t := range terms {
		for _, op := range t.Factors {
			visit(op)
			if op.Group != nil {
				op.Group.walk(visit)
			}
			if op.Function != nil {
				for _, arg := range op.Function.Args {
					arg.walk(visit)
				}
			}
		}
	}
}

// checkCycles refuses formulas that read themselves, directly or through others.
func checkCycles(o *Object) error {
	const open, done = 1, 2
	state := map[*Field]int{}
	var path []string
	var visit func(f *Field) error
	visit = func(f *Field) error {
		if f.Formula == nil || state[f] == done {
			return nil
		}
		path = append(path, f.Name)
		if state[f] == open {
			return fmt.Errorf("field %s: formulas read each other in a circle: %s", f.Name, strings.Join(path, " → "))
		}
		state[f] = open
		for _, next := range f.Formula.reads() {
			if err := visit(next); err != nil {
				return err
			}
		}
		state[f] = done
		path = path[:len(path)-1]
		return nil
	}
	for _, f := range o.Fields {
		path = path[:0]
		if err := visit(f); err != nil {
			return err
		}
	}
	return nil
}
