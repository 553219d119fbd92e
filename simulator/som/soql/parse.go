package soql

import (
	"errors"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/alecthomas/participle/v2"
	"github.com/alecthomas/participle/v2/lexer"
)

const (
	// maxStatement is the number of characters of a statement (SOQL limits page).
	maxStatement = 100_000
	// maxNesting bounds parentheses so that no text can exhaust the stack; far beyond what the other limits leave room for.
	maxNesting = 200
)

// parser is built once, on first use; the grammar is constant.
var parser = sync.OnceValues(newParser)

// Parse reads a statement by the grammar alone. Errors are *[Error].
func Parse(text string) (*Query, error) {
	if utf8.RuneCountInString(text) > maxStatement {
		return nil, refuse(QueryTooComplicated, "SOQL statements cannot be longer than 100,000 characters")
	}
	if nesting(text) > maxNesting {
		return nil, refuse(QueryTooComplicated, "the query is nested too deeply")
	}
	p, err := parser()
	if err != nil {
		return nil, err
	}
	q, err := p.ParseString("", text)
	if err != nil {
		return nil, malformed(p, text, err)
	}
	return q, nil
}

// nesting is the depth of parentheses outside of text literals.
func nesting(text string) int {
	depth, deepest, quoted := 0, 0, false
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case quoted && c == '\\':
			i++
		case c == '\'':
			quoted = !quoted
		case quoted:
		case c == '(':
			depth++
			deepest = max(deepest, depth)
		case c == ')':
			depth--
		}
	}
	return deepest
}

// malformed words an error of the grammar as Salesforce words its own.
func malformed(p *participle.Parser[Query], text string, err error) error {
	var unexpected *participle.UnexpectedTokenError
	if errors.As(err, &unexpected) {
		culprit := afterJoint(p, text, unexpected.Unexpected)
		return unexpectedToken(text, culprit.Pos, culprit.Value)
	}
	var placed participle.Error
	if !errors.As(err, &placed) {
		return refuse(MalformedQuery, "%v", err)
	}
	pos := placed.Position()
	pos.Offset = min(pos.Offset, len(text))
	var lexing *lexer.Error
	if !errors.As(err, &lexing) {
		return refuse(MalformedQuery, "%s", placed.Message()).at(text, pos)
	}
	rest := text[pos.Offset:]
	if strings.HasPrefix(rest, "'") {
		return refuse(MalformedQuery, "mismatched character '<EOF>' expecting '''").at(text, pos)
	}
	c, _ := utf8.DecodeRuneInString(rest)
	return refuse(MalformedQuery, "no viable alternative at character '%c'", c).at(text, pos)
}

// afterJoint moves the blame from a comma, a parenthesis, AND or OR, which the parser takes back when what follows does not fit, to what follows, if nothing that
// could follow begins so.
func afterJoint(p *participle.Parser[Query], text string, token lexer.Token) lexer.Token {
	if joint := strings.ToUpper(token.Value); joint != "," && joint != "(" && joint != "AND" && joint != "OR" {
		return token
	}
	tokens, err := p.Lex("", strings.NewReader(text))
	if err != nil {
		return token
	}
	kinds := lexer.SymbolsByRune(p.Lexer())
	i := slices.IndexFunc(tokens, func(t lexer.Token) bool { return t.Pos.Offset > token.Pos.Offset && kinds[t.Type] != "Space" })
	if i < 0 || tokens[i].Value == "(" || kinds[tokens[i].Type] == "Ident" {
		return token
	}
	return tokens[i]
}

func unexpectedToken(text string, pos lexer.Position, token string) *Error {
	pos.Offset = min(pos.Offset, len(text))
	if token == "" {
		token = "<EOF>"
	}
	return refuse(MalformedQuery, "unexpected token: '%s'", token).at(text, pos)
}
