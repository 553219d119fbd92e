package main

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/orderops/service"
	"github.com/somsim/somsim/orderops/settle"
)

func isDuration(value string) error {
	if d, err := time.ParseDuration(value); err != nil || d <= 0 {
		return fmt.Errorf("%q is not a duration like 5s", value)
	}
	return nil
}

func isSpan(value string) error {
	if _, err := time.ParseDuration(value); err != nil {
		return fmt.Errorf("%q is not a duration like 24h", value)
	}
	return nil
}

func isCount(value string) error {
	if n, err := strconv.Atoi(value); err != nil || n < 1 {
		return fmt.Errorf("%q is not a whole number above zero", value)
	}
	return nil
}

func isReasons(value string) error {
	_, err := parseReasons(value)
	return err
}

func isPairs(value string) error {
	_, err := parsePairs(value, "CLIENTID=channel")
	return err
}

// parseReasons reads code=Value pairs.
func parseReasons(value string) (map[string]string, error) { return parsePairs(value, "code=Value") }

// parsePairs reads NAME=value pairs, separated by commas; form is what they should look like.
func parsePairs(value, form string) (map[string]string, error) {
	pairs := map[string]string{}
	for _, pair := range strings.Split(value, ",") {
		if strings.TrimSpace(pair) == "" {
			continue
		}
		code, picklist, ok := strings.Cut(pair, "=")
		if code, picklist = strings.TrimSpace(code), strings.TrimSpace(picklist); !ok || code == "" || picklist == "" {
			return nil, fmt.Errorf("%q is not %s", pair, form)
		}
		pairs[code] = picklist
	}
	return pairs, nil
}

func isPercentage(value string) error {
	if _, err := pointValues(value); err != nil {
		return fmt.Errorf("%q is not a percentage like 10", value)
	}
	return nil
}

// bySite reads a word for all sites, SITE=word pairs, or both, separated by commas.
func bySite[W ~string](value string) map[string]W {
	words := map[string]W{}
	for _, entry := range strings.Split(value, ",") {
		site, word, paired := strings.Cut(strings.TrimSpace(entry), "=")
		if !paired {
			site, word = service.AllSites, site
		}
		words[strings.TrimSpace(site)] = W(strings.TrimSpace(word))
	}
	return words
}

// pointValues reads amounts of money by site.
func pointValues(value string) (settle.BySite[decimal.Decimal], error) {
	if value == "" {
		return nil, nil
	}
	amounts := settle.BySite[decimal.Decimal]{}
	for site, word := range bySite[string](value) {
		amount, err := decimal.NewFromString(word)
		if err != nil {
			return nil, fmt.Errorf("%q is not an amount of money like 0.10", word)
		}
		amounts[site] = amount
	}
	return amounts, nil
}

func isPointValue(value string) error {
	_, err := pointValues(value)
	return err
}

// list reads words separated by commas, in lower case.
func list(value string) []string { return words(strings.ToLower(value)) }

// words reads words separated by commas.
func words(value string) []string {
	var found []string
	for _, word := range strings.Split(value, ",") {
		if word = strings.TrimSpace(word); word != "" {
			found = append(found, word)
		}
	}
	return found
}
