package cdc

import (
	"slices"
	"strconv"
	"strings"

	"github.com/alecthomas/participle/v2"
	"github.com/alecthomas/participle/v2/lexer"
	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/sandbox"
)

// The most that a search finds, and what it does unless told.
const (
	defaultFound = 300
	maxFound     = 5000
)

// query is a search as it is written.
type query struct {
	Count  bool     `parser:"'SELECT' ( @('COUNT' '(' '*' ')')"`
	All    bool     `parser:"| @'*'"`
	Fields []string `parser:"| @Ident (',' @Ident)* )"`
	From   string   `parser:"'FROM' @('accounts' | 'emailAccounts')"`
	Where  *anyOf   `parser:"('WHERE' @@)?"`
	Order  *order   `parser:"('ORDER' 'BY' @@)?"`
	Start  int      `parser:"('START' @Number)?"`
	Limit  *int     `parser:"('LIMIT' @Number)?"`
}

type order struct {
	Field string `parser:"@Ident"`
	Down  bool   `parser:"(@'DESC' | 'ASC')?"`
}

type anyOf struct {
	Terms []*allOf `parser:"@@ ('OR' @@)*"`
}

type allOf struct {
	Terms []*test `parser:"@@ ('AND' @@)*"`
}

// test is a condition on a field, or conditions in parentheses.
type test struct {
	Group    *anyOf   `parser:"  '(' @@ ')'"`
	Field    string   `parser:"| @Ident ("`
	Operator string   `parser:"    @('=' | '!=' | '<=' | '>=' | '<' | '>' | 'CONTAINS')"`
	Value    string   `parser:"    @(String | Number | 'TRUE' | 'FALSE')"`
	In       []string `parser:"  | 'IN' '(' @(String | Number) (',' @(String | Number))* ')'"`
	Null     bool     `parser:"  | 'IS' ( @'NULL'"`
	NotNull  bool     `parser:"         | @('NOT' 'NULL') ) )"`
}

func searchParser() (*participle.Parser[query], error) {
	words, err := lexer.NewSimple([]lexer.SimpleRule{
		{Name: "String", Pattern: `"(\\.|[^"\\])*"|'(\\.|[^'\\])*'`},
		{Name: "Number", Pattern: `-?\d+(\.\d+)?`},
		{Name: "Ident", Pattern: `[A-Za-z_][A-Za-z0-9_.]*`},
		{Name: "Sign", Pattern: `!=|<=|>=|[=<>(),*]`},
		{Name: "Space", Pattern: `\s+`},
	})
	if err != nil {
		return nil, err
	}
	return participle.Build[query](participle.Lexer(words), participle.CaseInsensitive("Ident"), participle.Elide("Space"), participle.UseLookahead(2))
}

// Found is what a search came to.
type Found struct {
	// Fields are the names that were asked for; nil stands for all. Count says that only the number was.
	Fields   []string
	Count    bool
	Accounts []Account
	// Total is how many there are beside those on this page.
	Total int
}

// Search finds accounts by a query in the vendor's language; without ORDER BY they come by UID. The error has the code
// [InvalidParameter].
func (d *CDC) Search(tx *sandbox.Tx, text string) (Found, error) {
	q, err := readQuery(text)
	if err != nil {
		return Found{}, err
	}
	found := Found{Fields: q.Fields, Count: q.Count}
	var all []Account
	d.accounts.Scan(tx.Tx, func(a *Account) bool {
		if q.Where == nil || q.Where.holds(*a) {
			all = append(all, a.clone())
		}
		return true
	})
	if q.Order != nil {
		slices.SortStableFunc(all, func(a, b Account) int { return q.Order.compare(a, b) })
	}
	found.Total = len(all)
	from := min(max(q.Start, 0), len(all))
	found.Accounts = all[from:min(from+q.most(), len(all))]
	return found, nil
}

func (q *query) most() int {
	if q.Limit == nil {
		return defaultFound
	}
	return *q.Limit
}

func readQuery(text string) (*query, error) {
	parser, err := searchParser()
	if err != nil {
		return nil, err
	}
	q, err := parser.ParseString("query", text)
	if err != nil {
		return nil, refuse(InvalidParameter, "cdc.search.query", "%s", strings.TrimPrefix(err.Error(), "query:"))
	}
	if most := q.most(); most < 0 || most > maxFound || q.Start < 0 {
		return nil, refuse(InvalidParameter, "cdc.search.query", "LIMIT is at most %d, and neither LIMIT nor START is negative.", maxFound)
	}
	for _, name := range q.names() {
		if !searchable(name) {
			return nil, refuse(InvalidParameter, "cdc.search.query", "There is no field %s.", name)
		}
	}
	return q, nil
}

// names are the fields that a query is about.
func (q *query) names() []string {
	names := slices.Clone(q.Fields)
	if q.Order != nil {
		names = append(names, q.Order.Field)
	}
	if q.Where != nil {
		names = append(names, q.Where.names()...)
	}
	return names
}

func (o *anyOf) names() []string {
	var names []string
	for _, all := range o.Terms {
		for _, t := range all.Terms {
			if t.Group != nil {
				names = append(names, t.Group.names()...)
			} else {
				names = append(names, t.Field)
			}
		}
	}
	return names
}

func (o *anyOf) holds(a Account) bool {
	return slices.ContainsFunc(o.Terms, func(all *allOf) bool {
		return !slices.ContainsFunc(all.Terms, func(t *test) bool { return !t.holds(a) })
	})
}

func (t *test) holds(a Account) bool {
	if t.Group != nil {
		return t.Group.holds(a)
	}
	values := a.values(t.Field)
	switch {
	case t.Null:
		return len(values) == 0
	case t.NotNull:
		return len(values) > 0
	case t.In != nil:
		return slices.ContainsFunc(t.In, func(wanted string) bool { return anyIs(values, "=", literal(wanted)) })
	case t.Operator == "!=":
		return !anyIs(values, "=", literal(t.Value))
	}
	return anyIs(values, strings.ToLower(t.Operator), literal(t.Value))
}

// anyIs reports whether one of the values stands so to what is wanted.
func anyIs(values []string, operator, wanted string) bool {
	return slices.ContainsFunc(values, func(value string) bool {
		if operator == "contains" {
			return strings.Contains(strings.ToLower(value), strings.ToLower(wanted))
		}
		order := compareValues(value, wanted)
		switch operator {
		case "<":
			return order < 0
		case "<=":
			return order <= 0
		case ">":
			return order > 0
		case ">=":
			return order >= 0
		}
		return order == 0
	})
}

// compareValues compares numbers as such, and texts without regard to case.
func compareValues(a, b string) int {
	x, errX := decimal.NewFromString(a)
	y, errY := decimal.NewFromString(b)
	if errX == nil && errY == nil {
		return x.Cmp(y)
	}
	return strings.Compare(strings.ToLower(a), strings.ToLower(b))
}

func (o *order) compare(a, b Account) int {
	first := func(values []string) string { return strings.Join(values, ",") }
	sign := compareValues(first(a.values(o.Field)), first(b.values(o.Field)))
	if o.Down {
		return -sign
	}
	return sign
}

// literal is a value of a query without its quotes.
func literal(text string) string {
	if len(text) < 2 || text[0] != '"' && text[0] != '\'' {
		return strings.ToLower(text)
	}
	return strings.NewReplacer(`\"`, `"`, `\'`, `'`, `\\`, `\`).Replace(text[1 : len(text)-1])
}

// plain are the fields besides those of profile and data. Each tells its values; none where the account has none.
func plain() map[string]func(a Account) []string {
	some := func(texts ...string) []string {
		return slices.DeleteFunc(texts, func(s string) bool { return s == "" })
	}
	return map[string]func(a Account) []string{
		"UID":               func(a Account) []string { return some(a.UID) },
		"isActive":          func(a Account) []string { return some(strconv.FormatBool(!a.Disabled)) },
		"isRegistered":      func(a Account) []string { return some(strconv.FormatBool(a.Registered)) },
		"isVerified":        func(a Account) []string { return some(strconv.FormatBool(a.Verified)) },
		"loginIDs.username": func(a Account) []string { return some(a.Username) },
		"loginIDs.emails":   func(a Account) []string { return some(a.Email) },
		"emails.verified":   func(a Account) []string { return some(a.proved(true)) },
		"emails.unverified": func(a Account) []string { return some(a.proved(false)) },
		"created":           func(a Account) []string { return some(sortable(a.CreatedAt)) },
		"createdTimestamp":  func(a Account) []string { return some(strconv.FormatInt(a.CreatedAt.UnixMilli(), 10)) },
		"lastUpdated":       func(a Account) []string { return some(sortable(a.UpdatedAt)) },
		"lastUpdatedTimestamp": func(a Account) []string {
			return some(strconv.FormatInt(a.UpdatedAt.UnixMilli(), 10))
		},
	}
}

func (a Account) proved(verified bool) string {
	if a.Verified == verified {
		return a.Email
	}
	return ""
}

// searchable reports whether a query may name a field.
func searchable(name string) bool {
	group, rest, found := strings.Cut(name, ".")
	if found && rest == "" {
		return false
	}
	return plain()[name] != nil || slices.Contains([]string{"profile", "data", "emails", "loginIDs"}, group) && (group == "profile" || group == "data" || !found)
}

// values are those of a field: a property that holds a text tells it without quotes.
func (a Account) values(name string) []string {
	if of := plain()[name]; of != nil {
		return of(a)
	}
	group, property, _ := strings.Cut(name, ".")
	text := a.Profile[property]
	switch {
	case group == "data":
		text = a.Data[property]
	case name == "profile.email" && a.Email != "":
		return []string{a.Email}
	}
	if text == "" {
		return nil
	}
	if unquoted, err := strconv.Unquote(text); err == nil {
		text = unquoted
	}
	return []string{text}
}
