package slotsrest

import (
	"time"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/binding"
	"github.com/somsim/somsim/simulator/slots"
)

type slotDocument struct {
	SlotID     string   `json:"slot_id"`
	Type       string   `json:"type"`
	LocationID string   `json:"location_id"`
	Start      string   `json:"start"`
	End        string   `json:"end"`
	TimeZone   string   `json:"time_zone"`
	CutoffAt   *string  `json:"cutoff_at"`
	Price      price    `json:"price"`
	Currency   string   `json:"currency"`
	Capacity   capacity `json:"capacity"`
	// Weight is missing where weight does not matter.
	Weight *weight `json:"weight_kg,omitempty"`
}

type weight struct {
	Total     kilograms `json:"total"`
	Held      kilograms `json:"held"`
	Booked    kilograms `json:"booked"`
	Available kilograms `json:"available"`
}

// kilograms are grams, written as a number of kilograms.
type kilograms int64

// MarshalJSON writes the weight.
func (k kilograms) MarshalJSON() ([]byte, error) {
	return []byte(decimal.New(int64(k), -3).String()), nil
}

type capacity struct {
	Total     int `json:"total"`
	Held      int `json:"held"`
	Booked    int `json:"booked"`
	Available int `json:"available"`
}

// price is written as a number with two decimals.
type price decimal.Decimal

// MarshalJSON writes the price.
func (p price) MarshalJSON() ([]byte, error) { return []byte(decimal.Decimal(p).StringFixed(2)), nil }

func (a *API) slotDocument(c *binding.Call, s slots.Slot) slotDocument {
	location, _ := a.domain.Location(c.Tx, s.LocationID)
	room := a.domain.Room(c.Tx, s)
	doc := slotDocument{
		SlotID: s.ID, Type: string(s.Type), LocationID: s.LocationID, Start: instant(s.Start), End: instant(s.End),
		TimeZone: location.TimeZone, Price: price(s.Price), Currency: s.Currency,
		Capacity: capacity{room.Total, room.Held, room.Booked, room.Available()},
	}
	if w := room.Weight; w.Total > 0 {
		doc.Weight = &weight{kilograms(w.Total), kilograms(w.Held), kilograms(w.Booked), kilograms(w.Available())}
	}
	if !s.CutoffAt.IsZero() {
		cutoff := instant(s.CutoffAt)
		doc.CutoffAt = &cutoff
	}
	return doc
}

func instant(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

type listSlotsInput struct {
	Type       string `query:"type"`
	Location   string `query:"location"`
	PostalCode string `query:"postal_code"`
	From       string `query:"from"`
	To         string `query:"to"`
}

type slotList struct {
	Slots []slotDocument `json:"slots"`
}

func (a *API) listSlots(c *binding.Call, in listSlotsInput) (slotList, error) {
	f := slots.Filter{Type: slots.Type(in.Type), LocationID: in.Location, PostalCode: in.PostalCode}
	var err error
	if f.From, err = parsed("from", in.From); err != nil {
		return slotList{}, err
	}
	if f.To, err = parsed("to", in.To); err != nil {
		return slotList{}, err
	}
	list := slotList{Slots: []slotDocument{}}
	for _, s := range a.domain.Find(c.Tx, f) {
		list.Slots = append(list.Slots, a.slotDocument(c, s))
	}
	return list, nil
}

// parsed reads an instant; the specification's pattern lets days pass that no month has.
func parsed(name, text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return time.Time{}, &refusal{
			status: 400, code: "INVALID_REQUEST", rule: "slots.request.valid", message: "query " + name + ": " + text + " is no instant",
		}
	}
	return t, nil
}

type slotInput struct {
	SlotID string `path:"slot_id"`
}

func (a *API) getSlot(c *binding.Call, in slotInput) (slotDocument, error) {
	s, err := a.domain.Slot(c.Tx, in.SlotID)
	if err != nil {
		return slotDocument{}, err
	}
	return a.slotDocument(c, s), nil
}
