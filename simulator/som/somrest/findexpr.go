package somrest

import (
	"strings"
	"unicode"

	"github.com/somsim/somsim/simulator/som"
)

// findExpr is what a search looks for: words and phrases, joined by AND, OR and AND NOT. Words side by side all have to
// be there; an asterisk stands for any characters, a question mark for one. Case never counts.
// Source: SOQL and SOSL Reference, "FIND {SearchQuery}".
type findExpr interface {
	// in tells whether texts, each split into words, hold what is looked for.
	in(texts [][]string) bool
}

type (
	findPhrase []string
	findAll    []findExpr
	findAny    []findExpr
	findNot    struct{ findExpr }
)

func (p findPhrase) in(texts [][]string) bool {
	for _, words := range texts {
		for at := range len(words) - len(p) + 1 {
			if p.startsAt(words[at:]) {
				return true
			}
		}
	}
	return false
}

func (p findPhrase) startsAt(words []string) bool {
	for i, pattern := range p {
		if !wildcard(pattern, words[i]) {
			return false
		}
	}
	return true
}

func (a findAll) in(texts [][]string) bool {
	for _, e := range a {
		if !e.in(texts) {
			return false
		}
	}
	return true
}

func (a findAny) in(texts [][]string) bool {
	for _, e := range a {
		if e.in(texts) {
			return true
		}
	}
	return false
}

func (n findNot) in(texts [][]string) bool { return !n.findExpr.in(texts) }

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

// searchWords splits a text as the index does: letters and digits make words, in lower case. A search keeps its
// wildcards.
func searchWords(text string, keep string) []string {
	return strings.FieldsFunc(strings.ToLower(text), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune(keep, r)
	})
}

// parseFind reads a search. Backslashes take the meaning off the character that follows.
func parseFind(text string) (findExpr, error) {
	p := &findParser{tokens: findTokens(text)}
	e, ok := p.either()
	if !ok || p.at < len(p.tokens) {
		return nil, badSearch("No viable alternative in the search string: " + text)
	}
	if letters := strings.Trim(strings.Join(searchWords(text, ""), ""), " "); len([]rune(letters)) < 2 {
		return nil, badSearch("search term must be longer than one character: " + text)
	}
	return e, nil
}

func badSearch(message string) error {
	return &som.Error{Code: "MALFORMED_SEARCH", Rule: "som.search.malformed", Message: message}
}

// findToken is an operator, a bracket, or a term; quoted terms are never operators.
type findToken struct {
	text   string
	quoted bool
}

func (t findToken) is(word string) bool { return !t.quoted && strings.EqualFold(t.text, word) }

func findTokens(text string) []findToken {
	var tokens []findToken
	var word strings.Builder
	end := func() {
		if word.Len() > 0 {
			tokens = append(tokens, findToken{text: word.String()})
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
			tokens = append(tokens, findToken{string(runes[i+1 : closing]), true})
			i = closing
		case r == '(' || r == ')':
			end()
			tokens = append(tokens, findToken{text: string(r)})
		case unicode.IsSpace(r):
			end()
		default:
			word.WriteRune(r)
		}
	}
	end()
	return tokens
}

type findParser struct {
	tokens []findToken
	at     int
	depth  int
}

func (p *findParser) next(word string) bool {
	if p.at < len(p.tokens) && p.tokens[p.at].is(word) {
		p.at++
		return true
	}
	return false
}

func (p *findParser) either() (findExpr, bool) {
	var list findAny
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

func (p *findParser) both() (findExpr, bool) {
	var list findAll
	for {
		not := len(list) > 0 && p.next("NOT")
		e, ok := p.term()
		if !ok {
			return nil, false
		}
		if not {
			e = findNot{e}
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

// maxFindDepth bounds the brackets inside each other.
const maxFindDepth = 50

func (p *findParser) term() (findExpr, bool) {
	if p.at == len(p.tokens) {
		return nil, false
	}
	if p.next("(") {
		if p.depth++; p.depth > maxFindDepth {
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
	words := searchWords(t.text, "*?")
	return findPhrase(words), len(words) > 0
}
