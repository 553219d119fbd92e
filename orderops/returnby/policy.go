package returnby

import (
	"slices"
	"strings"
	"time"
)

// Policy is one rule of the file: to which lines it applies and until when they may come back.
type Policy struct {
	ID      string `yaml:"id"`
	Version int    `yaml:"version"`
	// InForceFrom is the day from which orders are placed under this version; zero means always.
	InForceFrom Day       `yaml:"in_force_from,omitempty"`
	AppliesTo   AppliesTo `yaml:"applies_to,omitempty"`
	// Days are counted from the day of the anchor, which is day zero.
	Days   *int   `yaml:"days,omitempty"`
	Anchor Anchor `yaml:"anchor,omitempty"`
	// TimeZone is an IANA name, or Store for the one of the order's site.
	TimeZone string `yaml:"time_zone,omitempty"`
	// EndOfDay has the window last until the end of its last day; otherwise it ends at the anchor's time of the day.
	EndOfDay *bool `yaml:"end_of_day,omitempty"`
	// GraceHours are granted after the date that is told, in hours that really pass.
	GraceHours int `yaml:"grace_hours,omitempty"`
	// TransitDays are assumed where a carrier never says that something arrived.
	TransitDays   *int           `yaml:"transit_days,omitempty"`
	PerItemAnchor ItemAnchor     `yaml:"per_item_anchor,omitempty"`
	HolidayShift  HolidayShift   `yaml:"holiday_shift,omitempty"`
	Overrides     []Override     `yaml:"overrides,omitempty"`
	NonReturnable bool           `yaml:"non_returnable,omitempty"`
	Reason        string         `yaml:"reason,omitempty"` // for people, of what cannot be returned
	Unlimited     bool           `yaml:"unlimited,omitempty"`
	zone          *time.Location // nil for Store
}

// AppliesTo selects lines. What is left out selects all; of several values any will do.
type AppliesTo struct {
	Sites []string `yaml:"sites,omitempty"`
	// Categories are those that the file or order management puts a product in.
	Categories []string `yaml:"categories,omitempty"`
	// Products are product codes; one that ends in * stands for all that begin so.
	Products   []string   `yaml:"products,omitempty"`
	Fulfilment Fulfilment `yaml:"fulfilment,omitempty"`
}

// Fulfilment is how goods reach the customer.
type Fulfilment string

// The kinds of fulfilment.
const (
	Delivery Fulfilment = "delivery"
	Pickup   Fulfilment = "pickup"
)

// Anchor is the event that days are counted from.
type Anchor string

// The anchors. Goods that are collected have been delivered when they were collected, not when they were ready, and the
// other way round: the two say the same of a line.
const (
	Delivered Anchor = "delivered"
	Collected Anchor = "collected"
	Shipped   Anchor = "shipped"
	Ordered   Anchor = "ordered"
)

// ItemAnchor says which parcel counts for a line that comes in several.
type ItemAnchor string

// The parcels that may count.
const (
	FirstDelivery ItemAnchor = "first_delivery"
	LastDelivery  ItemAnchor = "last_delivery"
)

// HolidayShift says what happens to a last day on which nobody works.
type HolidayShift string

// The shifts.
const (
	NoShift        HolidayShift = "none"
	NextWorkingDay HolidayShift = "next_working_day"
)

// Store stands for the time zone of the order's site.
const Store = "store"

// Override prolongs windows in a season. It never shortens one: of all dates the latest wins.
type Override struct {
	ID string `yaml:"id"`
	// From and To are the first and the last day, in the policy's zone, on which an order was placed or arrived.
	From Day `yaml:"from"`
	To   Day `yaml:"to"`
	Of   Of  `yaml:"of,omitempty"`
	// Days replace the policy's, FixedDate is a last day whatever the anchor; one of them is given.
	Days      *int `yaml:"days,omitempty"`
	FixedDate Day  `yaml:"fixed_date,omitempty"`
}

// Of is the event that has to fall into a season.
type Of string

// The events of a season.
const (
	OfAnchor Of = "anchor"
	OfOrder  Of = "order"
)

// matches says that the policy applies to a line, and how narrowly: product before category, category before kind of
// fulfilment, that before site.
func (p *Policy) matches(line Line) (specificity int, ok bool) {
	a := p.AppliesTo
	for weight, part := range []struct{ named, hit bool }{
		{len(a.Sites) > 0, slices.Contains(a.Sites, line.Site)},
		{a.Fulfilment != "", a.Fulfilment == line.Fulfilment},
		{len(a.Categories) > 0, slices.ContainsFunc(line.Categories, func(c string) bool { return slices.Contains(a.Categories, c) })},
		{len(a.Products) > 0, named(a.Products, line.ProductID)},
	} {
		if part.named && !part.hit {
			return 0, false
		}
		if part.named {
			specificity |= 1 << weight
		}
	}
	return specificity, true
}

// named says that a product code is one of a list, in which a final * stands for any end.
func named(list []string, product string) bool {
	return slices.ContainsFunc(list, func(entry string) bool {
		prefix, open := strings.CutSuffix(entry, "*")
		return entry == product || open && strings.HasPrefix(product, prefix)
	})
}
