package somrest

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// sosl is a search over objects: what to find, in which of their fields, and what to return of each.
type sosl struct {
	find findExpr
	// scope is ALL, NAME, EMAIL, PHONE or SIDEBAR.
	scope string
	// returning are the objects, in their order; none means all, and ids alone.
	returning []returned
	// limit bounds all objects together.
	limit int
}

// returned is what to return of one object, in the words of SOQL.
type returned struct {
	object, fields, where, orderBy string
	// limit and offset are texts, empty for none.
	limit, offset string
}

// maxFound is how many rows a search returns at most. Source: SOQL and SOSL Reference, SOSL limits.
const maxFound = 2000

// maxSOSL is how long a statement may be, in bytes. Source: SOQL and SOSL Reference, SOSL limits.
const maxSOSL = 100_000

var (
	soslIn        = regexp.MustCompile(`(?is)^\s*IN\s+(ALL|NAME|EMAIL|PHONE|SIDEBAR)\s+FIELDS\b`)
	soslReturning = regexp.MustCompile(`(?is)^\s*RETURNING\b`)
	soslLimit     = regexp.MustCompile(`(?is)\bLIMIT\s+(\d+)\s*$`)
	soslTail      = regexp.MustCompile(`(?is)\b(WITH\s+.*|UPDATE\s+(TRACKING|VIEWSTAT)(\s*,\s*(TRACKING|VIEWSTAT))*)\s*$`)
	soslOffset    = regexp.MustCompile(`(?is)\bOFFSET\s`)
	soslRows      = regexp.MustCompile(`(?is)\bLIMIT\s`)
	soslOrder     = regexp.MustCompile(`(?is)\bORDER\s+BY\s`)
	soslUsing     = regexp.MustCompile(`(?is)\bUSING\s+ListView\s*=`)
	soslWhere     = regexp.MustCompile(`(?is)\bWHERE\s`)
	soslObject    = regexp.MustCompile(`(?is)^\s*(\w+)\s*(?:\((.*)\))?\s*$`)
)

// parseSOSL reads FIND {…} [IN … FIELDS] [RETURNING …] [LIMIT n]. WITH and UPDATE clauses are read over.
func parseSOSL(text string) (*sosl, error) {
	if len(text) > maxSOSL {
		return nil, badSearch("SOSL statement is too long")
	}
	words, rest, err := findClause(text)
	if err != nil {
		return nil, err
	}
	q := &sosl{scope: "ALL", limit: maxFound}
	if q.find, err = parseFind(words); err != nil {
		return nil, err
	}
	if in := soslIn.FindStringSubmatch(rest); in != nil {
		q.scope, rest = strings.ToUpper(in[1]), rest[len(in[0]):]
	}
	rest = cutTail(rest, soslTail)
	if limit := soslLimit.FindStringSubmatchIndex(rest); limit != nil && outside(rest)[limit[0]] {
		q.limit, rest = foundLimit(rest[limit[2]:limit[3]]), rest[:limit[0]]
	}
	rest = cutTail(rest, soslTail)
	if head := soslReturning.FindString(rest); head != "" {
		for _, part := range splitOutside(rest[len(head):], ',') {
			r, err := parseReturned(part)
			if err != nil {
				return nil, err
			}
			q.returning = append(q.returning, r)
		}
		return q, nil
	}
	if strings.TrimSpace(rest) != "" {
		return nil, badSearch("unexpected token: " + strings.TrimSpace(rest))
	}
	return q, nil
}

// findClause takes FIND {…} off the text.
func findClause(text string) (words, rest string, err error) {
	trimmed := strings.TrimSpace(text)
	if len(trimmed) < len("FIND") || !strings.EqualFold(trimmed[:4], "FIND") {
		return "", "", badSearch("unexpected token: " + trimmed)
	}
	rest = strings.TrimSpace(trimmed[4:])
	if !strings.HasPrefix(rest, "{") {
		return "", "", badSearch("expecting a left brace, found '" + rest + "'")
	}
	for i := 1; i < len(rest); i++ {
		switch rest[i] {
		case '\\':
			i++
		case '}':
			return rest[1:i], rest[i+1:], nil
		}
	}
	return "", "", badSearch("expecting a right brace, found <EOF>")
}

func cutTail(text string, tail *regexp.Regexp) string {
	if at := tail.FindStringIndex(text); at != nil && outside(text)[at[0]] {
		return text[:at[0]]
	}
	return text
}

func foundLimit(digits string) int {
	n, err := strconv.Atoi(digits)
	if err != nil || n > maxFound {
		return maxFound
	}
	return n
}

// parseReturned reads Object(fields WHERE … ORDER BY … LIMIT … OFFSET …).
func parseReturned(text string) (returned, error) {
	parts := soslObject.FindStringSubmatch(text)
	if parts == nil {
		return returned{}, badSearch("unexpected token: " + strings.TrimSpace(text))
	}
	r := returned{object: parts[1]}
	clauses := []struct {
		word *regexp.Regexp
		into *string
	}{{soslOffset, &r.offset}, {soslRows, &r.limit}, {soslOrder, &r.orderBy}, {soslUsing, new(string)}, {soslWhere, &r.where}}
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
	r.fields = strings.TrimSpace(rest)
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

// soql is the query for the rows of the object with the given ids.
func (r returned) soql(ids []string) string {
	b := &strings.Builder{}
	fields := r.fields
	if fields == "" {
		fields = "Id"
	}
	b.WriteString("SELECT " + fields + " FROM " + r.object + " WHERE Id IN ('" + strings.Join(ids, "','") + "')")
	for _, clause := range []struct{ word, text string }{{" ORDER BY ", r.orderBy}, {" LIMIT ", r.limit}, {" OFFSET ", r.offset}} {
		if clause.word == " ORDER BY " && r.where != "" {
			b.WriteString(" AND (" + r.where + ")")
		}
		if clause.text != "" {
			b.WriteString(clause.word + clause.text)
		}
	}
	return b.String()
}
