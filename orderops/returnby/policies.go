package returnby

import "time"

// Policies are all rules of a file. They do not change; a changed file is read anew.
type Policies struct {
	list       []Policy
	zone       *time.Location
	siteZones  map[string]*time.Location
	categories map[string][]string
	weekend    map[time.Weekday]bool
	holidays   map[Day]bool
}

// choose is the policy of a line: the one captured, or of those in force when the order was placed the most specific;
// of two alike the first in the file.
func (p *Policies) choose(line Line) *Policy {
	if line.Captured != nil {
		return &line.Captured.Policy
	}
	line.Categories = append(p.categoriesOf(line.ProductID), line.Categories...)
	var best *Policy
	narrowest := -1
	for i := range p.list {
		policy := &p.list[i]
		if specificity, ok := policy.matches(line); ok && specificity > narrowest && p.inForce(policy, line) {
			best, narrowest = policy, specificity
		}
	}
	return best // the file has one that applies to every line
}

// inForce says that an order placed then is under this version of the policy and not under a later one.
func (p *Policies) inForce(policy *Policy, line Line) bool {
	ordered := DayOf(line.OrderedAt, p.zoneOf(policy, line.Site))
	if policy.InForceFrom.After(ordered) {
		return false
	}
	for i := range p.list {
		other := &p.list[i]
		if other.ID == policy.ID && other.InForceFrom.After(policy.InForceFrom) && !other.InForceFrom.After(ordered) {
			return false
		}
	}
	return true
}

func (p *Policies) zoneOf(policy *Policy, site string) *time.Location {
	if policy.zone != nil {
		return policy.zone
	}
	if zone, ok := p.siteZones[site]; ok {
		return zone
	}
	return p.zone
}

func (p *Policies) categoriesOf(product string) []string {
	var list []string
	for category, products := range p.categories {
		if named(products, product) {
			list = append(list, category)
		}
	}
	return list
}

// works says that a day is a working day.
func (p *Policies) works(d Day) bool { return !p.weekend[d.Weekday()] && !p.holidays[d] }
