package sosl

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Statement is a search over objects: what to find, in which of their fields, and what to return of each.
type Statement struct {
	Find Expr
	// Scope is ALL, NAME, EMAIL, PHONE or SIDEBAR.
	Scope string
	// Returning are the objects, in their order; none means all, and ids alone.
	Returning []Returned
	// Limit bounds all objects together.
	Limit int
}

// Returned is what to return of one object, in the words of SOQL.
type Returned struct {
	Object, Fields, Where, OrderBy string
	// Limit and Offset are texts, empty for none.
	Limit, Offset string
}

// MaxRows is how many rows a search returns at most. Source: SOQL and SOSL Reference, SOSL limits.
const MaxRows = 2000

// maxSOSL is how long a statement may be, in bytes. Source: SOQL and SOSL Reference, SOSL limits.
const maxSOSL = 100_000

var (
	inClause        = regexp.MustCompile(`(?is)^\s*IN\s+(ALL|NAME|EMAIL|PHONE|SIDEBAR)\s+FIELDS\b`)
	returningClause = regexp.MustCompile(`(?is)^\s*RETURNING\b`)
	limitClause     = regexp.MustCompile(`(?is)\bLIMIT\s+(\d+)\s*$`)
	tailClause      = regexp.MustCompile(`(?is)\b(WITH\s+.*|UPDATE\s+(TRACKING|VIEWSTAT)(\s*,\s*(TRACKING|VIEWSTAT))*)\s*$`)
	offsetClause    = regexp.MustCompile(`(?is)\bOFFSET\s`)
	rowsClause      = regexp.MustCompile(`(?is)\bLIMIT\s`)
	orderClause     = regexp.MustCompile(`(?is)\bORDER\s+BY\s`)
	usingClause     = regexp.MustCompile(`(?is)\bUSING\s+ListView\s*=`)
	whereClause     = regexp.MustCompile(`(?is)\bWHERE\s`)
	objectClause    = regexp.MustCompile(`(?is)^\s*(\w+)\s*(?:\((.*)\))?\s*$`)
)

// Parse reads FIND {…} [IN … FIELDS] [RETURNING …] [LIMIT n]. WITH and UPDATE clauses are read over.
func Parse(text string) (*Statement, error) {
	if len(text) > maxSOSL {
		return nil, refuse("SOSL statement is too long")
	}
	words, rest, err := findClause(text)
	if err != nil {
		return nil, err
	}
	q := &Statement{Scope: "ALL", Limit: MaxRows}
	if q.Find, err = ParseWords(words); err != nil {
		return nil, err
	}
	if in := inClause.FindStringSubmatch(rest); in != nil {
		q.Scope, rest = strings.ToUpper(in[1]), rest[len(in[0]):]
	}
	rest = cutTail(rest, tailClause)
	if limit := limitClause.FindStringSubmatchIndex(rest); limit != nil && outside(rest)[limit[0]] {
		q.Limit, rest = LimitOf(rest[limit[2]:limit[3]]), rest[:limit[0]]
	}
	q.Returning, err = returning(cutTail(rest, tailClause))
	if err != nil {
		return nil, err
	}
	return q, nil
}

// returning reads RETURNING Object(…), Object …, or nothing.
func returning(text string) ([]Returned, error) {
	if strings.TrimSpace(text) == "" {
		return nil, nil
	}
	head := returningClause.FindString(text)
	if head == "" {
		return nil, refuse("unexpected token: " + strings.TrimSpace(text))
	}
	var all []Returned
	for _, part := range splitOutside(text[len(head):], ',') {
		r, err := parseReturned(part)
		if err != nil {
			return nil, err
		}
		all = append(all, r)
	}
	return all, nil
}

// findClause takes FIND {…} off the text.
func findClause(text string) (words, rest string, err error) {
	trimmed := strings.TrimSpace(text)
	if len(trimmed) < len("FIND") || !strings.EqualFold(trimmed[:4], "FIND") {
		return "", "", refuse("unexpected token: " + trimmed)
	}
	rest = strings.TrimSpace(trimmed[4:])
	if !strings.HasPrefix(rest, "{") {
		return "", "", refuse("expecting a left brace, found '" + rest + "'")
	}
	for i := 1; i < len(rest); i++ {
		switch rest[i] {
		case '\\':
			i++
		case '}':
			return rest[1:i], rest[i+1:], nil
		}
	}
	return "", "", refuse("expecting a right brace, found <EOF>")
}

func cutTail(text string, tail *regexp.Regexp) string {
	if at := tail.FindStringIndex(text); at != nil && outside(text)[at[0]] {
		return text[:at[0]]
	}
	return text
}

// LimitOf reads how many rows are wanted, [MaxRows] at most.
func LimitOf(digits string) int {
	n, err := strconv.Atoi(digits)
	if err != nil || n > MaxRows {
		return MaxRows
	}
	return n
}

// parseReturned reads Object(fields WHERE … ORDER BY … LIMIT … OFFSET …).
func parseReturned(text string) (Returned, error) {
	parts := objectClause.FindStringSubmatch(text)
	if parts == nil {
		return Returned{}, refuse("unexpected token: " + strings.TrimSpace(text))
	}
	r := Returned{Object: parts[1]}
	clauses := []struct {
		word *regexp.Regexp
		into *string
	}{{offsetClause, &r.Offset}, {rowsClause, &r.Limit}, {orderClause, &r.OrderBy}, {whereClause, &r.Where}, {usingClause, new(string)}}
	rest := parts[2]
	places := outside(rest)
	for _, clause := range clauses { // from the last one to the first
		for _, at := range slices.Backward(clause.word.FindAllStringIndex(rest, -1)) {
			if places[at[0]] {
				*clause.into, rest = strings.TrimSpace(rest[at[1]:]), rest[:at[0]]
				break
			}
		}
	}
	r.Fields = strings.TrimSpace(rest)
	return r, nil
}

// outside tells of each place in a text, and of its end, whether it lies outside of quotes and brackets.
func outside(text string) []bool {
	places := make([]bool, len(text)+1)
	depth, quoted := 0, false
	for i := 0; i < len(text); i++ {
		places[i] = depth == 0 && !quoted
		switch c := text[i]; {
		case quoted && c == '\\':
			i++
		case c == '\'':
			quoted = !quoted
		case quoted:
		case c == '(':
			depth++
		case c == ')':
			depth--
		}
	}
	places[len(text)] = depth == 0 && !quoted
	return places
}

func splitOutside(text string, separator byte) []string {
	var parts []string
	from, places := 0, outside(text)
	for i := range len(text) {
		if text[i] == separator && places[i] {
			parts = append(parts, text[from:i])
			from = i + 1
		}
	}
	return append(parts, text[from:])
}

// SOQL is the query for the rows of the object with the given ids.
func (r Returned) SOQL(ids []string) string {
	b := &strings.Builder{}
	fields := r.Fields
	if fields == "" {
		fields = "Id"
	}
	b.WriteString("SELECT " + fields + " FROM " + r.Object + " WHERE Id IN ('" + strings.Join(ids, "','") + "')")
	for _, clause := range []struct{ word, text string }{{" ORDER BY ", r.OrderBy}, {" LIMIT ", r.Limit}, {" OFFSET ", r.Offset}} {
		if clause.word == " ORDER BY " && r.Where != "" {
			b.WriteString(" AND (" + r.Where + ")")
		}
		if clause.text != "" {
			b.WriteString(clause.word + clause.text)
		}
	}
	return b.String()
}
