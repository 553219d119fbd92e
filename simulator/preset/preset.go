// Package preset holds the named starting worlds. A preset is built through the domains' own constructors alone, so that
// it can never be a state those domains could not have reached, and is consistent in every system.
package preset

import (
	"fmt"
	"slices"
	"strings"

	"github.com/somsim/somsim/simulator/b2c"
	"github.com/somsim/somsim/simulator/cdc"
	"github.com/somsim/somsim/simulator/loyalty"
	"github.com/somsim/somsim/simulator/oci"
	"github.com/somsim/somsim/simulator/sandbox"
	"github.com/somsim/somsim/simulator/slots"
	"github.com/somsim/somsim/simulator/som"
	"github.com/somsim/somsim/simulator/som/sobject"
	"github.com/somsim/somsim/simulator/store"
	"github.com/somsim/somsim/simulator/tracking"
	"github.com/somsim/somsim/simulator/worldline"
)

// Domains are the systems that presets fill.
type Domains struct {
	SOM       *som.SOM
	B2C       *b2c.B2C
	Slots     *slots.Slots
	Worldline *worldline.Worldline
	OCI       *oci.OCI
	Loyalty   *loyalty.Loyalty
	Tracking  *tracking.Tracking
	CDC       *cdc.CDC
}

// Declare adds the tables of all systems to the schema. The catalog is the metadata of the org's objects.
func Declare(s *store.Schema, catalog *sobject.Catalog) Domains {
	return Domains{
		SOM: som.Declare(s, catalog), B2C: b2c.Declare(s), Slots: slots.Declare(s), Worldline: worldline.Declare(s),
		OCI: oci.Declare(s), Loyalty: loyalty.Declare(s), Tracking: tracking.Declare(s),
		CDC: cdc.Declare(s),
	}
}

// crowd is how many orders the preset of that name has beside omnichannel's.
const crowd = 10_000

// All returns the presets by name: omnichannel, a shop with customers and orders in many states; empty, the same shop
// before its first order; crowd, the shop with ten thousand orders more, for measuring.
func All(d Domains) map[string]sandbox.Preset {
	return map[string]sandbox.Preset{
		"empty":       d.build(func() []story { return nil }, nil),
		"omnichannel": d.build(omnichannel, sets()),
		"crowd":       d.build(func() []story { return append(omnichannel(), strangers(crowd)...) }, sets()),
	}
}

// Story is what an order of the preset omnichannel is there for.
type Story struct {
	OrderNo string
	// Shopper is the login of whoever ordered.
	Shopper string
	About   string
}

// Stories lists the orders of the preset omnichannel, as docs/orders.md has them for people.
func Stories() []Story {
	var list []Story
	for _, s := range append(omnichannel(), sets()...) {
		list = append(list, Story{s.number, login(s.shopper), s.about})
	}
	slices.SortFunc(list, func(a, b Story) int { return strings.Compare(a.OrderNo, b.OrderNo) })
	return list
}

// build is a preset with some stories, and others that need the goods that come last.
func (d Domains) build(stories func() []story, last []story) sandbox.Preset {
	return func(tx *sandbox.Tx) error {
		s, err := open(d, tx)
		if err != nil {
			return err
		}
		if err := s.tell(stories()); err != nil {
			return err
		}
		if err := s.togetherGoods(); err != nil {
			return err
		}
		return s.tell(last)
	}
}

// strangers are n orders without a slot, spread over the shoppers and the catalogue.
func strangers(n int) []story {
	stories := make([]story, n)
	goods := catalogue()
	for i := range stories {
		stories[i] = story{
			number: fmt.Sprintf("1%07d", i), about: "one of many", shopper: 1 + i%len(shoppers()),
			lines: []line{{goods[i%len(goods)].sku, 2}},
		}
	}
	return stories
}

// tell brings every story to its present.
func (s *shop) tell(stories []story) error {
	for _, story := range stories {
		if err := s.place(story); err != nil {
			return fmt.Errorf("order %s (%s): %w", story.number, story.about, err)
		}
	}
	return nil
}
