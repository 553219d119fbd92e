package sosl

import (
	"strings"
	"unicode"
)

// Expr is what a search looks for: words and phrases, joined by AND, OR and AND NOT. Words side by side all have to
// be there; an asterisk stands for any characters, a question mark for one. Case never counts.
// Source: SOQL and SOSL Reference, "FIND {SearchQuery}".
type Expr interface {
	// In tells whether texts, each split into words, hold what is looked for.
	In(texts [][]string) bool
}

type (
	phrase  []string
	allOf   []Expr
	anyOf   []Expr
	negated struct{ Expr }
)

func (p phrase) In(texts [][]string) bool {
	for _, words := range texts {
		for at := range len(words) - len(p) + 1 {
			if p.startsAt(words[at:]) {
				return true
			}
		}
	}
	return false
}

func (p phrase) startsAt(words []string) bool {
	for i, pattern := range p {
		if !wildcard(pattern, words[i]) {
			return false
		}
	}
	return true
}

func (a allOf) In(texts [][]string) bool {
	for _, e := range a {
		if !e.In(texts) {
			return false
		}
	}
	return true
}

func (a anyOf) In(texts [][]string) bool {
	for _, e := range a {
		if e.In(texts) {
			return true
		}
	}
	return false
}

func (n negated) In(texts [][]string) bool { return !n.Expr.In(texts) }

// wildcard matches a word against a pattern with * and ?.
func wildcard(patternText, wordText string) bool {
	pattern, word := []rune(patternText), []rune(wordText)
	star, mark := -1, 0
	p, w := 0, 0
	for w < len(word) {
		switch {
		case p < len(pattern) && pattern[p] == '*':
			star, mark = p, w
			p++
		case p < len(pattern) && (pattern[p] == '?' || pattern[p] == word[w]):
			p++
			w++
		case star >= 0:
			mark++
			p, w = star+1, mark
		default:
			return false
		}
	}
	return strings.Trim(string(pattern[p:]), "*") == ""
}

// Words splits a text as the index does: letters and digits make words, in lower case.
func Words(text string) []string { return split(text, "") }

// split is Words for a search, which keeps its wildcards.
func split(text, keep string) []string {
	return strings.FieldsFunc(strings.ToLower(text), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune(keep, r)
	})
}

// ParseWords reads a search. Backslashes take the meaning off the character that follows.
func ParseWords(text string) (Expr, error) {
	p := &parser{tokens: tokensOf(text)}
	e, ok := p.either()
	if !ok || p.at < len(p.tokens) {
		return nil, refuse("No viable alternative in the search string: " + text)
	}
	if letters := strings.Trim(strings.Join(split(text, ""), ""), " "); len([]rune(letters)) < 2 {
		return nil, refuse("search term must be longer than one character: " + text)
	}
	return e, nil
}

// token is an operator, a bracket, or a term; quoted terms are never operators.
type token struct {
	text   string
	quoted bool
}

func (t token) is(word string) bool { return !t.quoted && strings.EqualFold(t.text, word) }

func tokensOf(text string) []token {
	var tokens []token
	var word strings.Builder
	end := func() {
		if word.Len() > 0 {
			tokens = append(tokens, token{text: word.String()})
			word.Reset()
		}
	}
	runes := []rune(text)
	for i := 0; i < len(runes); i++ {
		switch r := runes[i]; {
		case r == '\\' && i+1 < len(runes):
			i++
			word.WriteByte(' ') // what is escaped is punctuation, which is no part of a word
		case r == '"':
			end()
			closing := i + 1
			for closing < len(runes) && runes[closing] != '"' {
				closing++
			}
			tokens = append(tokens, token{string(runes[i+1 : closing]), true})
			i = closing
		case r == '(' || r == ')':
			end()
			tokens = append(tokens, token{text: string(r)})
		case unicode.IsSpace(r):
			end()
		default:
			word.WriteRune(r)
		}
	}
	end()
	return tokens
}

type parser struct {
	tokens []token
	at     int
	depth  int
}

func (p *parser) next(word string) bool {
	if p.at < len(p.tokens) && p.tokens[p.at].is(word) {
		p.at++
		return true
	}
	return false
}

func (p *parser) either() (Expr, bool) {
	var list anyOf
	for {
		e, ok := p.both()
		if !ok {
			return nil, false
		}
		if list = append(list, e); !p.next("OR") {
			return list, true
		}
	}
}

func (p *parser) both() (Expr, bool) {
	var list allOf
	for {
		not := len(list) > 0 && p.next("NOT")
		e, ok := p.term()
		if !ok {
			return nil, false
		}
		if not {
			e = negated{e}
		}
		list = append(list, e)
		if p.next("AND") {
			continue
		}
		if p.at == len(p.tokens) || p.tokens[p.at].is("OR") || p.tokens[p.at].is(")") {
			return list, true
		}
	}
}

// maxDepth bounds the brackets inside each other.
const maxDepth = 50

func (p *parser) term() (Expr, bool) {
	if p.at == len(p.tokens) {
		return nil, false
	}
	if p.next("(") {
		if p.depth++; p.depth > maxDepth {
			return nil, false
		}
		e, ok := p.either()
		p.depth--
		return e, ok && p.next(")")
	}
	t := p.tokens[p.at]
	if t.is("AND") || t.is("OR") || t.is("NOT") || t.is(")") {
		return nil, false
	}
	p.at++
	words := split(t.text, "*?")
	return phrase(words), len(words) > 0
}
