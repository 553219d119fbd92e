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
	Scope   *nameAt       `parser:"('USING' 'SCOPE' @@)?"`
	Where   *condition    `parser:"('WHERE' @@)?"`
	With    *nameAt       `parser:"('WITH' @@)?"`
	Group   *groupClause  `parser:"('GROUP' 'BY' @@)?"`
	OrderBy []*orderTerm  `parser:"('ORDER' 'BY' @@ (',' @@)*)?"`
	Limit   *bound        `parser:"('LIMIT' @@)?"`
	Offset  *bound        `parser:"('OFFSET' @@)?"`
	AllRows bool          `parser:"(@'ALL' 'ROWS')?"`
	For     []*forClause  `parser:"@@*"`
}

// selectItem is a child subquery, a TYPEOF or an expression: a field with its parent path, or a function, FIELDS() and COUNT() among them.
type selectItem struct {
	Pos      lexer.Position
	Subquery *Query      `parser:"  '(' @@ ')'"`
	TypeOf   *typeOf     `parser:"| 'TYPEOF' @@"`
	Value    *expression `parser:"| @@"`
	Alias    string      `parser:"  @Ident?"`
}

// expression is a dotted name, or a function of others.
type expression struct {
	Pos  lexer.Position
	Name string        `parser:"@Ident"`
	Call bool          `parser:"( @'('"`
	Args []*expression `parser:"  (@@ (',' @@)*)? ')' )?"`
}

type typeOf struct {
	Relationship *nameAt     `parser:"@@"`
	When         []*typeCase `parser:"@@+"`
	Else         []*nameAt   `parser:"('ELSE' @@ (',' @@)*)? 'END'"`
}

type typeCase struct {
	Object *nameAt   `parser:"'WHEN' @@"`
	Fields []*nameAt `parser:"'THEN' @@ (',' @@)*"`
}

type from struct {
	Pos    lexer.Position
	Object string `parser:"@Ident"`
	// An alias may have any name that does not begin the next clause.
	Alias   string        `parser:"( (?! ('ORDER' | 'GROUP') 'BY' | 'OFFSET' | 'WITH' | 'USING' | 'FOR' | 'ALL' | 'HAVING') @Ident )?"`
	Parents []*fromParent `parser:"(',' @@)*"`
}

// fromParent gives a parent a short name, as in FROM Contact c, c.Account a.
type fromParent struct {
	Path  *nameAt `parser:"@@"`
	Alias string  `parser:"@Ident"`
}

// groupClause is GROUP BY with fields, date functions, or one ROLLUP() or CUBE() of them.
type groupClause struct {
	Keys   []*expression `parser:"@@ (',' @@)*"`
	Having *condition    `parser:"('HAVING' @@)?"`
}

// forClause is FOR VIEW, FOR REFERENCE, FOR UPDATE or UPDATE with TRACKING or VIEWSTAT.
type forClause struct {
	Pos    lexer.Position
	For    string   `parser:"  'FOR' @('VIEW' | 'REFERENCE' | 'UPDATE')"`
	Update []string `parser:"| 'UPDATE' @('TRACKING' | 'VIEWSTAT') (',' @('TRACKING' | 'VIEWSTAT'))*"`
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
	Field *expression `parser:"@@"`
	Op    string      `parser:"( @(Operator | 'LIKE')"`
	Value *literal    `parser:"  @@"`
	Multi string      `parser:"| @('INCLUDES' | 'EXCLUDES')"`
	Sets  literals    `parser:"  '(' @@ (',' @@)* ')'"`
	NotIn bool        `parser:"| @'NOT'? 'IN' '('"`
	Semi  *Query      `parser:"  ( @@"`
	List  literals    `parser:"  | @@ (',' @@)* ) ')' )"`
}

type literals []*literal

type nameAt struct {
	Pos  lexer.Position
	Name string `parser:"@Ident"`
}

type literal struct {
	Pos      lexer.Position
	String   *string `parser:"  @String"`
	DateTime *string `parser:"| @DateTime"`
	Date     *string `parser:"| @Date"`
	Time     *string `parser:"| @Time"`
	Number   *string `parser:"| @Number"`
	Money    *string `parser:"| @Money"`
	Word     *string `parser:"| @('NULL' | 'TRUE' | 'FALSE')"`
	// Span is a named date such as TODAY or LAST_N_DAYS:7, or an amount without decimals such as USD500.
	Span *string `parser:"| @(Span | Ident)"`
}

type orderTerm struct {
	Value *expression `parser:"@@"`
	Desc  bool        `parser:"('ASC' | @'DESC')?"`
	Nulls string      `parser:"('NULLS' @('FIRST' | 'LAST'))?"`
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
		{Name: "Time", Pattern: `\d{2}:\d{2}:\d{2}(\.\d+)?[Zz]?`},
		{Name: "Number", Pattern: `[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?\b`},
		{Name: "String", Pattern: `'(\\.|[^'\\])*'`},
		{Name: "Keyword", Pattern: `(?i)(SELECT|FROM|WHERE|AND|OR|NOT|IN|LIKE|NULLS|NULL|TRUE|FALSE|ASC|DESC|LIMIT)\b`},
		{Name: "Span", Pattern: `[A-Za-z_]+:\d+\b`},
		{Name: "Money", Pattern: `[A-Za-z]{3}\d+\.\d+\b`},
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
