package control

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/somsim/somsim/simulator/binding"
	"github.com/somsim/somsim/simulator/sandbox"
	"github.com/somsim/somsim/simulator/warehouse"
)

// Warehouse moves the goods of sandboxes.
type Warehouse interface {
	Settings(tx *sandbox.Tx) warehouse.Settings
	Switch(tx *sandbox.Tx, s warehouse.Settings) error
	Report(tx *sandbox.Tx) warehouse.Report
}

type durationsWire struct {
	Allocate  string `json:"allocate,omitempty"`
	Assign    string `json:"assign,omitempty"`
	Pick      string `json:"pick,omitempty"`
	Pack      string `json:"pack,omitempty"`
	Ship      string `json:"ship,omitempty"`
	Deliver   string `json:"deliver,omitempty"`
	Collect   string `json:"collect,omitempty"`
	Backorder string `json:"backorder,omitempty"`
}

// fields pairs what the wire says with where it belongs.
func (d *durationsWire) fields(s *warehouse.Settings) []struct {
	name string
	text *string
	to   *time.Duration
} {
	return []struct {
		name string
		text *string
		to   *time.Duration
	}{
		{"allocate", &d.Allocate, &s.Allocate},
		{"assign", &d.Assign, &s.Assign},
		{"pick", &d.Pick, &s.Pick},
		{"pack", &d.Pack, &s.Pack},
		{"ship", &d.Ship, &s.Ship},
		{"deliver", &d.Deliver, &s.Deliver},
		{"collect", &d.Collect, &s.Collect},
		{"backorder", &d.Backorder, &s.Backorder},
	}
}

type hoursWire struct {
	From  string   `json:"from"`
	Until string   `json:"until"`
	Days  []string `json:"days"`
	Zone  string   `json:"zone"`
}

type warehouseWire struct {
	On           bool          `json:"on"`
	Durations    durationsWire `json:"durations"`
	ShortPicked  int           `json:"short_picked"`
	Backordered  int           `json:"backordered"`
	HoldStatuses []string      `json:"hold_statuses"`
	Hours        *hoursWire    `json:"hours"`
	Report       reportWire    `json:"report"`
}

type reportWire struct {
	Waiting     map[warehouse.Stage]int `json:"waiting"`
	Backordered []string                `json:"backordered"`
	Left        []leftWire              `json:"left"`
	Next        *time.Time              `json:"next,omitempty"`
}

type leftWire struct {
	OrderNumber string    `json:"order_number"`
	Subject     string    `json:"subject"`
	Why         string    `json:"why"`
	Since       time.Time `json:"since"`
}

func (a *API) getWarehouse(_ *binding.Call, in named) (warehouseWire, error) {
	w, err := a.world(in.Name)
	if err != nil {
		return warehouseWire{}, err
	}
	tx := w.Read()
	defer tx.Abort()
	return toWarehouseWire(a.Warehouse.Settings(tx), a.Warehouse.Report(tx)), nil
}

func toWarehouseWire(s warehouse.Settings, r warehouse.Report) warehouseWire {
	out := warehouseWire{
		On: s.On, ShortPicked: s.ShortPicked, Backordered: s.Backordered, HoldStatuses: append([]string{}, s.HoldStatuses...),
		Report: reportWire{Waiting: r.Waiting, Backordered: append([]string{}, r.Backordered...), Left: []leftWire{}, Next: optional(r.Next)},
	}
	for _, d := range out.Durations.fields(&s) {
		*d.text = d.to.String()
	}
	for _, l := range r.Left {
		out.Report.Left = append(out.Report.Left, leftWire(l))
	}
	if s.Hours != nil {
		out.Hours = &hoursWire{From: clockTime(s.Hours.From), Until: clockTime(s.Hours.Until), Zone: s.Hours.Zone}
		for _, day := range s.Hours.Days {
			out.Hours.Days = append(out.Hours.Days, strings.ToLower(day.String()))
		}
	}
	return out
}

// clockTime renders a time of the day as 09:30; the end of the day is 24:00.
func clockTime(d time.Duration) string {
	return fmt.Sprintf("%02d:%02d", int(d.Hours()), int(d.Minutes())%60)
}

type setWarehouseInput struct {
	Name string `path:"name"`
	Body struct {
		On           bool          `json:"on"`
		Durations    durationsWire `json:"durations"`
		ShortPicked  *int          `json:"short_picked"`
		Backordered  *int          `json:"backordered"`
		HoldStatuses []string      `json:"hold_statuses"`
		Hours        *hoursWire    `json:"hours"`
		AroundClock  bool          `json:"around_the_clock"`
	}
}

// setWarehouse switches the warehouse of a sandbox; what is left out stays as it is.
func (a *API) setWarehouse(c *binding.Call, in setWarehouseInput) (warehouseWire, error) {
	w, err := a.world(in.Name)
	if err != nil {
		return warehouseWire{}, err
	}
	err = w.Update(func(tx *sandbox.Tx) error {
		s, err := in.onto(a.Warehouse.Settings(tx))
		if err != nil {
			return err
		}
		return a.Warehouse.Switch(tx, s)
	})
	if err != nil {
		return warehouseWire{}, refuse(http.StatusBadRequest, "warehouse: %v", err)
	}
	return a.getWarehouse(c, named{in.Name})
}

func (in setWarehouseInput) onto(s warehouse.Settings) (warehouse.Settings, error) {
	b := in.Body
	s.On = b.On
	for _, d := range b.Durations.fields(&s) {
		if *d.text == "" {
			continue
		}
		value, err := duration(*d.text)
		if err != nil {
			return s, fmt.Errorf("%s: %w", d.name, err)
		}
		*d.to = value
	}
	if b.ShortPicked != nil {
		s.ShortPicked = *b.ShortPicked
	}
	if b.Backordered != nil {
		s.Backordered = *b.Backordered
	}
	if b.HoldStatuses != nil {
		s.HoldStatuses = b.HoldStatuses
	}
	if b.AroundClock {
		s.Hours = nil
	}
	if b.Hours == nil {
		return s, nil
	}
	hours, err := b.Hours.hours()
	s.Hours = &hours
	return s, err
}

func (h hoursWire) hours() (warehouse.Hours, error) {
	out := warehouse.Hours{Zone: h.Zone}
	for text, to := range map[string]*time.Duration{h.From: &out.From, h.Until: &out.Until} {
		if text == h.From && text == h.Until {
			return out, fmt.Errorf("hours: they begin and end at %s", text)
		}
		var hour, minute int
		if n, err := fmt.Sscanf(text, "%02d:%02d", &hour, &minute); n != 2 || err != nil || hour > 24 || minute > 59 {
			return out, fmt.Errorf("hours: %q is not like 09:30", text)
		}
		*to = time.Duration(hour)*time.Hour + time.Duration(minute)*time.Minute
	}
	for _, name := range h.Days {
		day := slices.IndexFunc(weekdays(), func(d time.Weekday) bool { return strings.EqualFold(d.String(), name) })
		if day < 0 {
			return out, fmt.Errorf("hours: there is no day %q", name)
		}
		out.Days = append(out.Days, weekdays()[day])
	}
	return out, nil
}

func weekdays() []time.Weekday {
	return []time.Weekday{time.Sunday, time.Monday, time.Tuesday, time.Wednesday, time.Thursday, time.Friday, time.Saturday}
}
