package journal

import (
	"slices"
	"strings"
)

// Redacted stands where something was taken out.
const Redacted = "[redacted]"

// A Redactor takes credentials, card numbers and mail addresses out of what is recorded. Fields that a specification marks
// x-sensitive are added to the built-in names.
type Redactor struct {
	// byLast are the sensitive names by their last byte in lower case, so that a text is searched in one pass.
	byLast [256][]string
	// lengths has the bits of the lengths of those names: most names of a document are of another one.
	lengths [256]uint64
	// ofObjects are the fields that are sensitive in the rows of one object alone.
	ofObjects []objectField
}

// objectField is a field of the rows of one object, told apart by the mark with which the text of such a row begins: one
// as the domain keeps rows, where fields have their name as a value, and one as Salesforce's APIs answer them.
type objectField struct {
	mark  string
	field *Redactor
}

func only(name string) *Redactor {
	r := &Redactor{}
	r.know(name)
	return r
}

// know adds a name in lower case. One that holds a quotation mark ends in others, so its length tells nothing.
func (r *Redactor) know(name string) {
	last := name[len(name)-1]
	r.byLast[last] = append(r.byLast[last], name)
	if strings.Contains(name, `"`) {
		r.lengths[last] = ^uint64(0)
		return
	}
	r.lengths[last] |= bitOf(len(name))
}

// longest is the length of a name that has a bit of its own.
const longest = 63

// bitOf is the bit of a length; all that are longer share the last.
func bitOf(length int) uint64 { return 1 << min(length, longest) }

//nolint:gochecknoglobals // constants that Go cannot spell
var (
	sensitiveNames = []string{
		"access_token", "refresh_token", "id_token", "client_secret", "password", "secret", "assertion", "client_assertion", "signature", "sessionId",
		"SAMLResponse", "SAMLRequest", "code_verifier", "id_token_hint",
	}
	// onlyInForms are names that hold a secret in a form or a query, and all kinds of things elsewhere.
	onlyInForms = []string{"code"}
)

// NewRedactor returns a redactor for the built-in names and the given ones. A name with underscores is also known without:
// first_name is FirstName in the rows of a domain. One with a point, as Account.Name, is a field of the rows of that object alone.
func NewRedactor(extra ...string) *Redactor {
	r := &Redactor{}
	names := map[string]bool{"": true}
	for _, name := range slices.Concat(sensitiveNames, onlyInForms, extra) {
		for _, name := range []string{strings.ToLower(name), strings.ToLower(strings.ReplaceAll(name, "_", ""))} {
			if names[name] {
				continue
			}
			names[name] = true
			if _, _, scoped := strings.Cut(name, "."); scoped {
				continue
			}
			r.know(name)
		}
	}
	for _, name := range extra {
		if object, field, scoped := strings.Cut(name, "."); scoped {
			field = strings.ToLower(field)
			r.ofObjects = append(r.ofObjects,
				objectField{rowMark + object + `"`, only(`name":"` + field)}, objectField{documentMark + object + `"`, only(field)})
		}
	}
	return r
}

// The words with which the text of any row begins that has an object: as the domain keeps it, and as Salesforce answers it.
const (
	rowMark      = `"Object":"`
	documentMark = `"type":"`
)

// Text returns a body, a query or a rendered row without credentials, card numbers and mail addresses.
func (r *Redactor) Text(s string) string {
	if len(r.ofObjects) > 0 && (strings.Contains(s, rowMark) || strings.Contains(s, documentMark)) {
		for _, o := range r.ofObjects {
			s = o.without(s)
		}
	}
	return withoutMails(withoutCards(withoutTokens(r.withoutFields(s))))
}

// without takes the field out of every row that begins with the mark: out of what follows it, up to the next row.
func (o objectField) without(s string) string {
	head, rest, found := strings.Cut(s, o.mark)
	if !found {
		return s
	}
	row, more := rest, ""
	if next := min(index(rest, rowMark), index(rest, documentMark)); next < len(rest) {
		row, more = rest[:next], rest[next:]
	}
	return head + o.mark + o.field.withoutFields(row) + o.without(more)
}

// index is where a text begins in another, or its length.
func index(s, what string) int {
	if i := strings.Index(s, what); i >= 0 {
		return i
	}
	return len(s)
}

// withoutFields takes out the values of sensitive fields of JSON, forms and XML. Whichever it is, what ends a name tells:
// a quotation mark, an equals sign, an angle bracket. It is written out, and no regular expression, since it reads every
// byte that goes through the simulator.
func (r *Redactor) withoutFields(s string) string {
	var out strings.Builder
	kept := 0
	quote := strings.LastIndexByte(s[:min(1, len(s))], '"') // the last one before i
	for i := 1; i < len(s); i++ {
		switch s[i] {
		case '"':
			length := bitOf(longest)
			if quote >= 0 {
				length = bitOf(i - 1 - quote)
			}
			quote = i
			if r.lengths[lower(s[i-1])]&length == 0 || !valueFollows(s, i+1) {
				continue
			}
		case '=', '>':
		default:
			continue
		}
		from, to, with := r.valueAfter(s, i)
		if to <= from {
			continue
		}
		if kept == 0 {
			out.Grow(len(s))
		}
		out.WriteString(s[kept:from])
		out.WriteString(with)
		kept, i = to, to-1
		quote = strings.LastIndexByte(s[:to], '"')
	}
	if kept == 0 {
		return s
	}
	out.WriteString(s[kept:])
	return out.String()
}

// valueFollows says that what stands before i in quotation marks may be the name of a value. It is asked of every text of
// every document, and most are no names.
func valueFollows(s string, i int) bool {
	if i = afterSpace(s, i); i >= len(s) {
		return false
	}
	if s[i] == ',' {
		i = afterSpace(s, i+1)
		return i+1 < len(s) && s[i] == '"' && lower(s[i+1]) == lower(pairedName[1])
	}
	return s[i] == ':'
}

// valueAfter returns where the value of the sensitive field begins and ends whose name ends before i, if one does, and
// what to put in its place.
func (r *Redactor) valueAfter(s string, i int) (from, to int, with string) {
	start, ok := r.nameBefore(s, i)
	if !ok {
		return 0, 0, ""
	}
	before := byte('&') // a form begins with a name
	if start > 0 {
		before = s[start-1]
	}
	switch {
	case s[i] == '=' && (before == '&' || before == '?' || before == '#'):
		return i + 1, i + 1 + upTo(s[i+1:], "& \"\n#"), Redacted
	case slices.ContainsFunc(onlyInForms, func(name string) bool { return strings.EqualFold(name, s[start:i]) }):
		return 0, 0, ""
	case s[i] == '"' && before == '"':
		if from, to = jsonValue(s, i+1); to == 0 {
			from, to = pairedValue(s, i+1)
		}
		return from, to, `"` + Redacted + `"`
	case s[i] == '>' && (before == '<' || before == ':'):
		return i + 1, i + 1 + upTo(s[i+1:], "<"), Redacted
	}
	return 0, 0, ""
}

// nameBefore returns where the sensitive name begins that ends before i.
func (r *Redactor) nameBefore(s string, i int) (int, bool) {
	last := lower(s[i-1])
	for _, name := range r.byLast[last] {
		start := i - len(name)
		if start < 0 || start > 0 && wordByte(s[start-1]) {
			continue
		}
		if strings.EqualFold(s[start:i], name) {
			return start, true
		}
	}
	return 0, false
}

// jsonValue returns where the text, number or truth value lies that follows a name and a colon; nothing when none does.
func jsonValue(s string, i int) (from, to int) {
	i = afterSpace(s, i)
	if i >= len(s) || s[i] != ':' {
		return 0, 0
	}
	from = afterSpace(s, i+1)
	if from >= len(s) || strings.HasPrefix(s[from:], "null") {
		return 0, 0
	}
	if s[from] != '"' {
		return from, from + upTo(s[from:], ",}]{[ \t\r\n")
	}
	for to = from + 1; to < len(s) && s[to] != '"'; to++ {
		if s[to] == '\\' {
			to++
		}
	}
	return from, min(to+1, len(s))
}

// pairedValue is jsonValue where the name is itself the value of a member and the value that of the next one, as fields of
// rows are kept: {"Name":"Phone","Value":"110"}.
func pairedValue(s string, i int) (from, to int) {
	if i = afterSpace(s, i); i >= len(s) || s[i] != ',' {
		return 0, 0
	}
	if i = afterSpace(s, i+1); len(s) < i+len(pairedName) || !strings.EqualFold(s[i:i+len(pairedName)], pairedName) {
		return 0, 0
	}
	return jsonValue(s, i+len(pairedName))
}

// pairedName is the name of the member that holds the value of the one before it.
const pairedName = `"Value"`

func afterSpace(s string, i int) int {
	for i < len(s) && (s[i] == ' ' || s[i] == '\t' || s[i] == '\r' || s[i] == '\n') {
		i++
	}
	return i
}

// upTo returns how many bytes come before any of the given ones.
func upTo(s, ends string) int {
	if n := strings.IndexAny(s, ends); n >= 0 {
		return n
	}
	return len(s)
}

func lower(c byte) byte {
	if c >= 'A' && c <= 'Z' {
		return c + 'a' - 'A'
	}
	return c
}

// tokenMark begins every JSON web token: it is {" in base 64, as its header begins.
const tokenMark = "eyJ"

// withoutTokens takes out JSON web tokens wherever they stand, whatever they are called: three parts in base 64 for URLs
// with points between them.
func withoutTokens(s string) string {
	var out strings.Builder
	kept := 0
	for i := strings.Index(s, tokenMark); i >= 0; {
		end := tokenEnd(s, i)
		if end > i && (i == 0 || !base64Byte(s[i-1])) {
			out.WriteString(s[kept:i])
			out.WriteString(Redacted)
			kept = end
		}
		from := max(end, i+len(tokenMark))
		next := strings.Index(s[from:], tokenMark)
		if next < 0 {
			break
		}
		i = from + next
	}
	if kept == 0 {
		return s
	}
	out.WriteString(s[kept:])
	return out.String()
}

// tokenEnd returns where the token ends that begins at i; i when none does.
func tokenEnd(s string, i int) int {
	end := i
	for part := range 3 {
		from := end
		for end < len(s) && base64Byte(s[end]) {
			end++
		}
		if end == from {
			return i
		}
		if part < 2 {
			if end == len(s) || s[end] != '.' {
				return i
			}
			end++
		}
	}
	return end
}

func base64Byte(c byte) bool { return wordByte(c) || c == '-' }
