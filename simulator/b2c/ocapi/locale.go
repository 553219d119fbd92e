package ocapi

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/text/language"

	"github.com/somsim/somsim/simulator/binding"
)

// checkLocale refuses a parameter locale that is none, is of no known language or country, or is not the site's. The
// locale "default" is every site's.
func (a *API) checkLocale(c *binding.Call) error {
	locale := c.Request.Query("locale")
	if locale == "" || locale == "default" {
		return nil
	}
	_, err := language.Parse(locale)
	var unknown language.ValueError
	switch {
	case errors.As(err, &unknown):
		return refuseLocale("b2c.locale.known", "UnknownLocale", locale)
	case err != nil:
		return refuseLocale("b2c.locale.well-formed", "MalformedLocale", locale)
	}
	site, err := a.domain.Site(c.Tx, c.Request.Vars["site"])
	if err != nil {
		return err
	}
	own := strings.ReplaceAll(site.Locale, "_", "-")
	if base, _, _ := strings.Cut(own, "-"); !strings.EqualFold(strings.ReplaceAll(locale, "_", "-"), own) && !strings.EqualFold(locale, base) {
		return refuseLocale("b2c.locale.supported", "UnsupportedLocale", locale)
	}
	return nil
}

func refuseLocale(rule, fault, locale string) error {
	return Refuse(rule, fault, fmt.Sprintf("The locale '%s' cannot be used.", locale), "locale", locale)
}

// mayExpand refuses to expand what a resource does not have.
func mayExpand(expand string, known ...string) error {
	for _, part := range strings.FieldsFunc(expand, func(r rune) bool { return r == ',' }) {
		if !slices.Contains(known, strings.TrimSpace(part)) {
			return Refuse("b2c.expand.known", "InvalidExpandValue", fmt.Sprintf("The resource has nothing to expand as '%s'.", part), "expandValue", part)
		}
	}
	return nil
}
