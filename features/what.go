package features

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// what is of an order that somebody wants something done with.
type what struct {
	amounts []amount // none: the whole order
	// partial takes what is possible, and leaves out the rest.
	partial bool
	// oneByOne is the product of which each unit is asked for by itself.
	oneByOne string
}

// amount is how many units of a product.
type amount struct {
	units   int
	product string
}

// wholes are the words for an order, or for all that is possible of it.
func wholes() map[string]what {
	return map[string]what{
		"the order": {}, "everything": {}, "what is still open": {partial: true}, "what can be returned": {partial: true},
	}
}

// The forms of amounts in expressions. What is none of them is understood too, and an error says what there is.
const (
	unitsOfProduct = `\d+ units? of "[^"]+"`
	unitsInShort   = `"\d+ [^"]+"`
	eachUnit       = `the units of "[^"]+" one by one`
	anythingElse   = `.+?`
)

func whatGroup() string {
	words := slices.Sorted(maps.Keys(wholes()))
	return choiceOf("what", append(words, unitsOfProduct, unitsOfProduct+` and `+unitsOfProduct, unitsInShort, eachUnit, anythingElse))
}

// choiceOf is a group of several forms, which are listed for people under its name.
func choiceOf(name string, forms []string) string {
	return "(?P<" + name + ">" + strings.Join(forms, "|") + ")"
}

var (
	oneAmount     = regexp.MustCompile(`^(\d+) units? of "([^"]+)"(?:(?:, | and )(.+))?$`)
	shortList     = regexp.MustCompile(`^"(\d+ [^"]+)"$`)
	unitsOneByOne = regexp.MustCompile(`^the units of "([^"]+)" one by one$`)
)

// parseAmounts reads units of products, as in: 1 unit of "TEA-SET", 2 units of "BOWL" and 1 unit of "CAP"; or, in short,
// "1 TEA-SET, 2 BOWL, 1 CAP".
func parseAmounts(text string) ([]amount, error) {
	if short := shortList.FindStringSubmatch(text); short != nil {
		return parseList(short[1])
	}
	var list []amount
	for rest := text; rest != ""; {
		found := oneAmount.FindStringSubmatch(rest)
		if found == nil {
			return nil, fmt.Errorf(`%q is no number of units, as 2 units of "BOWL" is, or 1 unit of "CAP" and 2 units of "BOWL", or "1 CAP, 2 BOWL"`, rest)
		}
		var err error
		if list, err = another(list, found[1], found[2]); err != nil {
			return nil, err
		}
		rest = found[3]
	}
	return list, nil
}

// parseList reads units of products in short: 1 TEA-SET, 2 BOWL.
func parseList(text string) (list []amount, err error) {
	for entry := range strings.SplitSeq(text, ", ") {
		units, product, ok := strings.Cut(entry, " ")
		if !ok {
			return nil, fmt.Errorf("%q is no number of units and a product", entry)
		}
		if list, err = another(list, units, product); err != nil {
			return nil, err
		}
	}
	return list, nil
}

func another(list []amount, units, product string) ([]amount, error) {
	n, err := strconv.Atoi(units)
	if err != nil {
		return nil, fmt.Errorf("%q is no number of units: %w", units, err)
	}
	if slices.ContainsFunc(list, func(a amount) bool { return a.product == product }) {
		return nil, fmt.Errorf("%s is named twice", product)
	}
	return append(list, amount{n, product}), nil
}

// parseWhat reads what people say of an order, or of a part of it.
func parseWhat(text string) (what, error) {
	if whole, ok := wholes()[text]; ok {
		return whole, nil
	}
	if found := unitsOneByOne.FindStringSubmatch(text); found != nil {
		return what{oneByOne: found[1]}, nil
	}
	amounts, err := parseAmounts(text)
	if err != nil {
		err = fmt.Errorf("%q is nothing of an order: there is %s, the units of \"BOWL\" one by one; and %w", text, strings.Join(slices.Sorted(maps.Keys(wholes())), ", "), err)
	}
	return what{amounts: amounts}, err
}

// wished are the lines of the order that amounts are of, as order management has them.
func (w *world) wished(amounts []amount) ([]wishedItem, error) {
	var items []wishedItem
	for _, a := range amounts {
		lines := w.before.summary.products()
		at := slices.IndexFunc(lines, func(l summaryLine) bool { return l.ProductCode == a.product })
		if at < 0 {
			return nil, fmt.Errorf("the order has no %s", a.product)
		}
		items = append(items, wishedItem{lines[at].ID, a.units})
	}
	return items, nil
}
