package returnby

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// maxDays bounds every number of days and grace: ten years.
const maxDays = 3660

// checker collects what is wrong with a file.
type checker struct{ problems []string }

func (c *checker) problem(where, format string, args ...any) {
	c.problems = append(c.problems, where+": "+fmt.Sprintf(format, args...))
}

func (c *checker) zone(where, name string, fallback *time.Location) *time.Location {
	if name == "" && fallback != nil {
		return fallback
	}
	zone, err := time.LoadLocation(name)
	if err != nil || name == "" || name == "Local" {
		c.problem(where, "time zone %q is not known; it is a name like Europe/Berlin", name)
		return time.UTC
	}
	return zone
}

func (c *checker) workingDays(p *Policies, w workingDays) {
	if w.Weekend == nil {
		w.Weekend = []string{"saturday", "sunday"}
	}
	for _, name := range w.Weekend {
		day, ok := weekday(name)
		if !ok {
			c.problem("working_days: weekend", "%q is not a day of the week like saturday", name)
		}
		p.weekend[day] = true
	}
	for _, day := range w.Holidays {
		p.holidays[day] = true
	}
	if len(p.weekend) == 7 {
		c.problem("working_days: weekend", "leaves no working day")
	}
}

func weekday(name string) (time.Weekday, bool) {
	for day := time.Sunday; day <= time.Saturday; day++ {
		if strings.EqualFold(day.String(), name) {
			return day, true
		}
	}
	return 0, false
}

// policy checks one policy that has been filled and gives it its zone.
func (c *checker) policy(p *Policy, index int) {
	where := fmt.Sprintf("policy %q", p.ID)
	if p.ID == "" {
		where = fmt.Sprintf("policy number %d", index+1)
		c.problem(where, "id is required")
	}
	if p.Version < 1 {
		c.problem(where, "version is a whole number from 1")
	}
	if p.TimeZone != Store {
		p.zone = c.zone(where+": time_zone", p.TimeZone, nil)
	}
	oneOf(c, where+": anchor", p.Anchor, Delivered, Collected, Shipped, Ordered)
	oneOf(c, where+": per_item_anchor", p.PerItemAnchor, FirstDelivery, LastDelivery)
	oneOf(c, where+": holiday_shift", p.HolidayShift, NoShift, NextWorkingDay)
	oneOf(c, where+": applies_to: fulfilment", p.AppliesTo.Fulfilment, "", Delivery, Pickup)
	c.days(where+": days", *p.Days)
	c.days(where+": transit_days", *p.TransitDays)
	if p.GraceHours < 0 || p.GraceHours > maxDays*24 {
		c.problem(where+": grace_hours", "%d is not between 0 and %d", p.GraceHours, maxDays*24)
	}
	if p.NonReturnable && p.Unlimited {
		c.problem(where, "cannot be both non_returnable and unlimited")
	}
	if p.NonReturnable && p.Reason == "" {
		c.problem(where, "reason is required of what is non_returnable: customers are told")
	}
	for i := range p.Overrides {
		c.override(where, i, p.Overrides[i])
	}
}

func (c *checker) override(where string, index int, o Override) {
	where = fmt.Sprintf("%s: override %q", where, o.ID)
	if o.ID == "" {
		c.problem(where, "id is required (number %d)", index+1)
	}
	oneOf(c, where+": of", o.Of, OfAnchor, OfOrder)
	switch {
	case o.From.IsZero() || o.To.IsZero():
		c.problem(where, "from and to are required")
	case o.From.After(o.To):
		c.problem(where, "from %s is after to %s", o.From, o.To)
	}
	if (o.Days == nil) == o.FixedDate.IsZero() {
		c.problem(where, "needs either days or fixed_date")
	}
	if o.Days != nil {
		c.days(where+": days", *o.Days)
	}
}

func (c *checker) days(where string, n int) {
	if n < 0 || n > maxDays {
		c.problem(where, "%d is not between 0 and %d", n, maxDays)
	}
}

// versions checks that each version of a policy is there once and that no two begin on the same day.
func (c *checker) versions(list []Policy) {
	for i, p := range list {
		for _, other := range list[:i] {
			if other.ID != p.ID || p.ID == "" {
				continue
			}
			if other.Version == p.Version {
				c.problem(fmt.Sprintf("policy %q", p.ID), "version %d is there twice", p.Version)
			}
			if other.InForceFrom == p.InForceFrom {
				c.problem(fmt.Sprintf("policy %q", p.ID), "versions %d and %d are in force from the same day", other.Version, p.Version)
			}
		}
		if p.ID == defaultID {
			c.problem(fmt.Sprintf("policy %q", p.ID), "is the name of the built-in one")
		}
	}
}

func oneOf[T ~string](c *checker, where string, value T, allowed ...T) {
	if slices.Contains(allowed, value) {
		return
	}
	var words []string
	for _, a := range allowed {
		if a != "" {
			words = append(words, string(a))
		}
	}
	c.problem(where, "%q is not one of %s", string(value), strings.Join(words, ", "))
}
