package features

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
)

// operatorTag marks scenarios in which somebody who runs order-ops acts.
const operatorTag = "@operator"

// These mark what only comes about where order-ops, or order management, owns the money.
const (
	ownedByUsTag  = "@owner-order-ops"
	ownedBySOMTag = "@owner-som"
)

// tag is one tag of a selection, with a tilde before it for scenarios that do not have it.
var tag = regexp.MustCompile(`^~?@?[A-Za-z0-9_.-]+$`)

// selection is what the tags select, without the scenarios that need operators where there are none, or
// another owner of the money. Godog takes any
// text for a selection, and some it does not survive, so it is checked here.
func (o Options) selection() (string, error) {
	var wanted []string
	if strings.TrimSpace(o.Tags) != "" {
		for _, either := range strings.Split(o.Tags, "&&") {
			for _, one := range strings.Split(either, ",") {
				if !tag.MatchString(strings.TrimSpace(one)) {
					return "", fmt.Errorf("tags: %q is no selection; write @a, ~@a for all without it, @a,@b for either and @a && @b for both", o.Tags)
				}
			}
			wanted = append(wanted, strings.TrimSpace(either))
		}
	}
	if o.Operator == "" {
		wanted = append(wanted, "~"+operatorTag)
	}
	if o.MoneyOwner == ownedBySOM {
		return strings.Join(append(wanted, "~"+ownedByUsTag), " && "), nil
	}
	return strings.Join(append(wanted, "~"+ownedBySOMTag), " && "), nil
}

// nothingChosen says why no scenario would run.
func (o Options) nothingChosen() error {
	switch {
	case len(o.Only) > 0:
		return errors.New("none of the scenarios asked for is in the feature files")
	case o.Shard != "" && strings.TrimSpace(o.Tags) == "":
		return fmt.Errorf("part %s of the scenarios is empty: there are fewer scenarios than parts", o.Shard)
	case strings.TrimSpace(o.Tags) == "":
		return errors.New("the feature files hold no scenario")
	case o.Operator == "":
		return fmt.Errorf("no scenario has the tags %q and does without operators of order-ops", o.Tags)
	default:
		return fmt.Errorf("no scenario has the tags %q", o.Tags)
	}
}
