package soql

import (
	"fmt"

	"github.com/alecthomas/participle/v2"
	"github.com/alecthomas/participle/v2/lexer"
)

// Query is the tree of one SELECT statement or subquery, as written: names are not yet looked up.
type Query struct {
	Pos     lexer.Position
	Select  []*selectItem `parser:"'SELECT' @@ (',' @@)*"`
	From    *from         `parser:"'FROM' @@"`
	Where   *condition    `parser:"('WHERE' @@)?"`
	OrderBy []*orderTerm  `parser:"('ORDER' 'BY' @@ (',' @@)*)?"`
	Limit   *bound        `parser:"('LIMIT' @@)?"`
	Offset  *bound        `parser:"('OFFSET' @@)?"`
}

// selectItem is a child subquery, COUNT(), FIELDS() or a field with its parent path.
type selectItem struct {
	Pos      lexer.Position
	Subquery *Query `parser:"  '(' @@ ')'"`
	Count    bool   `parser:"| @'COUNT' '(' ')'"`
	Fields   string `parser:"| 'FIELDS' '(' @('ALL' | 'STANDARD' | 'CUSTOM') ')'"`
	Path     string `parser:"| @Ident"`
}

type from struct {
	Pos    lexer.Position
	Object string `parser:"@Ident"`
	// An alias may have any name that does not begin the next clause.
	Alias string `parser:"( (?! ('ORDER' | 'GROUP') 'BY' | 'OFFSET' | 'HAVING' | 'WITH' | 'USING' | 'FOR' | 'ALL') @Ident )?"`
}

// condition joins tests by AND alone or by OR alone: Salesforce wants parentheses where both meet, and around NOT where it is joined.
type condition struct {
	Not   *test   `parser:"  'NOT' @@"`
	First *test   `parser:"| @@"`
	And   []*test `parser:"  ( ('AND' @@)+"`
	Or    []*test `parser:"  | ('OR' @@)+ )?"`
}

type test struct {
	Group   *condition  `parser:"  '(' @@ ')'"`
	Compare *comparison `parser:"| @@"`
}

type comparison struct {
	Field *path    `parser:"@@"`
	Op    string   `parser:"( @(Operator | 'LIKE')"`
	Value *literal `parser:"  @@"`
	NotIn bool     `parser:"| @'NOT'? 'IN' '('"`
	Semi  *Query   `parser:"  ( @@"`
	List  literals `parser:"  | @@ (',' @@)* ) ')' )"`
}

type literals []*literal

type path struct {
	Pos  lexer.Position
	Name string `parser:"@Ident"`
}

type literal struct {
	Pos      lexer.Position
	String   *string `parser:"  @String"`
	DateTime *string `parser:"| @DateTime"`
	Date     *string `parser:"| @Date"`
	Number   *string `parser:"| @Number"`
	Word     *string `parser:"| @('NULL' | 'TRUE' | 'FALSE')"`
	// Span is a named date such as TODAY or LAST_N_DAYS:7.
	Span *string `parser:"| @(Span | Ident)"`
}

type orderTerm struct {
	Field *path  `parser:"@@"`
	Desc  bool   `parser:"('ASC' | @'DESC')?"`
	Nulls string `parser:"('NULLS' @('FIRST' | 'LAST'))?"`
}

type bound struct {
	Pos   lexer.Position
	Value string `parser:"@Number"`
}

// newParser builds the parser. Words with a meaning of their own are a token kind apart, so that no name is taken for one; ORDER, GROUP, COUNT
// and others are names too, since objects and fields are called so.
func newParser() (*participle.Parser[Query], error) {
	tokens, err := lexer.NewSimple([]lexer.SimpleRule{
		{Name: "Space", Pattern: `\s+`},
		{Name: "DateTime", Pattern: `\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(\.\d+)?([Zz]|[+-]\d{2}:?\d{2})`},
		{Name: "Date", Pattern: `\d{4}-\d{2}-\d{2}\b`},
		{Name: "Number", Pattern: `[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?\b`},
		{Name: "String", Pattern: `'(\\.|[^'\\])*'`},
		{Name: "Keyword", Pattern: `(?i)(SELECT|FROM|WHERE|AND|OR|NOT|IN|LIKE|NULLS|NULL|TRUE|FALSE|ASC|DESC|LIMIT)\b`},
		{Name: "Span", Pattern: `[A-Za-z_]+:\d+\b`},
		{Name: "Ident", Pattern: `[A-Za-z]\w*(\.[A-Za-z]\w*)*`},
		{Name: "Operator", Pattern: `<=|>=|<>|!=|=|<|>`},
		{Name: "Punct", Pattern: `[(),]`},
	})
	if err != nil {
		return nil, fmt.Errorf("build the tokens of SOQL: %w", err)
	}
	p, err := participle.Build[Query](participle.Lexer(tokens), participle.Elide("Space"), participle.CaseInsensitive("Keyword", "Ident"), participle.UseLookahead(1))
	if err != nil {
		return nil, fmt.Errorf("build the grammar of SOQL: %w", err)
	}
	return p, nil
}
