package orderops

import "strings"

// Override is a rule that an agent may set aside for a customer.
type Override string

// The rules that can be set aside. Nothing sets aside what order management itself refuses.
const (
	OverrideCutoff   Override = "cutoff"    // the cut-off of the booked slot
	OverrideReturnBy Override = "return_by" // the last day of a return
)

// Overrides are the rules that are set aside for one action.
type Overrides []Override

// ParseOverrides reads words separated by commas. The refusal names the one that is not known.
func ParseOverrides(text string) (Overrides, error) {
	var list Overrides
	for _, word := range strings.Split(text, ",") {
		switch o := Override(strings.TrimSpace(word)); o {
		case "":
		case OverrideCutoff, OverrideReturnBy:
			list = append(list, o)
		default:
			return nil, Refuse(InvalidRequest, "%q is no rule that can be set aside: cutoff, return_by", o)
		}
	}
	return list, nil
}

// Has says that a rule is set aside.
func (o Overrides) Has(rule Override) bool {
	for _, have := range o {
		if have == rule {
			return true
		}
	}
	return false
}

// String is the list as ParseOverrides reads it.
func (o Overrides) String() string {
	words := make([]string, len(o))
	for i, rule := range o {
		words[i] = string(rule)
	}
	return strings.Join(words, ",")
}
