package tracking

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/shopspring/decimal"
	"golang.org/x/text/currency"
)

// Limits of what a request may hold.
const (
	MaxBytes       = 130_000
	maxEvents      = 25
	maxParams      = 25
	maxItems       = 200
	maxValueLength = 100
	// maxExponent keeps numbers from being written out with a million zeros.
	maxExponent = 18
	maxAge      = 72 * time.Hour
	// maxAhead is how far a sender's clock may be ahead.
	maxAhead = time.Minute
)

// Hit is a request as it was received, however wrong.
type Hit struct {
	MeasurementID, Secret, ClientID, UserID string
	// Bytes is the size of its body. Malformed tells why that is no payload at all.
	Bytes     int
	Malformed string
	// Timestamp is timestamp_micros as it was sent; empty when it was not.
	Timestamp string
	Events    []Candidate
}

// Candidate is an event as it was received.
type Candidate struct {
	Name   string
	Params Params
	// Items are the parameters of each item.
	Items []Params
}

// Params are the parameters of an event or an item that hold one value, in the order they came.
type Params []Param

// Param is one of them. Numbers are given as their digits.
type Param struct {
	Name, Value string
	Number      bool
}

func (ps Params) text(name string) string {
	if i := slices.IndexFunc(ps, func(p Param) bool { return p.Name == name }); i >= 0 {
		return ps[i].Value
	}
	return ""
}

// number returns a parameter as a number, or false when it is there and is none.
func (ps Params) number(name string) (*decimal.Decimal, bool) {
	i := slices.IndexFunc(ps, func(p Param) bool { return p.Name == name })
	if i < 0 {
		return nil, true
	}
	n, err := decimal.NewFromString(ps[i].Value)
	if err != nil || !ps[i].Number || n.Exponent() > maxExponent || n.Exponent() < -maxExponent {
		return nil, false
	}
	return &n, true
}

// event is the candidate as it is kept, accepted so far.
func (c Candidate) event(h Hit, now time.Time) Event {
	at, _ := h.at(now)
	e := Event{
		MeasurementID: h.MeasurementID, ClientID: h.ClientID, UserID: h.UserID, Name: c.Name, Status: Accepted,
		TransactionID: c.Params.text("transaction_id"), EventID: c.Params.text("event_id"), Currency: c.Params.text("currency"),
		At: at, ReceivedAt: now,
	}
	e.Value, _ = c.Params.number("value")
	for _, ps := range c.Items {
		item := Item{ID: ps.text("item_id"), Name: ps.text("item_name"), Quantity: decimal.NewFromInt(1)}
		if n, _ := ps.number("quantity"); n != nil {
			item.Quantity = *n
		}
		if n, _ := ps.number("price"); n != nil {
			item.Price = *n
		}
		e.Items = append(e.Items, item)
	}
	return e
}

// at is when the events were: now when the sender does not say, or says nonsense, which is told.
func (h Hit) at(now time.Time) (at time.Time, ok bool) {
	if h.Timestamp == "" {
		return now, true
	}
	micros, err := strconv.ParseInt(h.Timestamp, 10, 64)
	if err != nil {
		return now, false
	}
	return time.UnixMicro(micros).UTC(), true
}

// credentials tells what the collector alone looks at.
func (h Hit) credentials() []*Problem {
	var found []*Problem
	if h.Secret != Secret {
		found = append(found, problem(ValueInvalid, every, "tracking.secret.known", "api_secret", "The api_secret is missing or not the stream's."))
	}
	if h.MeasurementID == "" {
		found = append(found, problem(ValueRequired, every, "tracking.stream.named", "measurement_id", "Measurement requires a measurement_id."))
	}
	return found
}

// Check tells what is wrong with a request, event by event.
func (h Hit) Check(now time.Time) []*Problem {
	if h.Malformed != "" {
		return []*Problem{problem(ValueInvalid, every, "tracking.payload.json", "", "Unable to parse the payload: %s", h.Malformed)}
	}
	var found []*Problem
	if h.Bytes >= MaxBytes {
		found = append(found, problem(ValueOutOfBounds, every, "tracking.payload.size", "", "The payload has %d bytes, which is not below %d.", h.Bytes, MaxBytes))
	}
	if h.ClientID == "" {
		found = append(found, problem(ValueRequired, every, "tracking.client.required", "client_id", "Measurement requires a client_id."))
	}
	if len(h.Events) == 0 {
		found = append(found, problem(ValueRequired, every, "tracking.payload.json", "events", "Measurement requires at least one event."))
	}
	if n := len(h.Events); n > maxEvents {
		found = append(found, problem(ExceededMaxEntities, every, "tracking.events.count", "events", "There are %d events, at most %d are allowed.", n, maxEvents))
	}
	if at, ok := h.at(now); !ok || at.Sub(now) > maxAhead || now.Sub(at) > maxAge {
		found = append(found, problem(ValueOutOfBounds, every, "tracking.timestamp.range", "timestamp_micros", "timestamp_micros [%s] is not within the last 72 hours.", h.Timestamp))
	}
	for i, c := range h.Events {
		found = append(found, c.check(i)...)
	}
	return found
}

func (c Candidate) check(i int) []*Problem {
	found := c.checkNames(i)
	if n := len(c.Params); n > maxParams {
		found = append(found, problem(ExceededMaxEntities, i, "tracking.params.count", "events.params", "Event at index: [%d] has %d parameters, at most %d are allowed.", i, n, maxParams))
	}
	if n := len(c.Items); n > maxItems {
		found = append(found, problem(ExceededMaxEntities, i, "tracking.params.count", "events.params.items", "Event at index: [%d] has %d items, at most %d are allowed.", i, n, maxItems))
	}
	for _, p := range c.Params {
		if n := len([]rune(p.Value)); n > maxValueLength {
			found = append(found, problem(ValueOutOfBounds, i, "tracking.params.count", "events.params."+p.Name, "Event at index: [%d] has a value of %d characters, at most %d are allowed.", i, n, maxValueLength))
		}
	}
	return append(append(found, c.checkMoney(i)...), c.checkItems(i)...)
}

var validName = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_]{0,39}$`)

func (c Candidate) checkNames(i int) []*Problem {
	var found []*Problem
	switch {
	case reserved(c.Name):
		found = append(found, problem(NameReserved, i, "tracking.event.reserved", "events", "Event at index: [%d] has name [%s] which is reserved.", i, c.Name))
	case !validName.MatchString(c.Name):
		found = append(found, problem(NameInvalid, i, "tracking.event.name", "events", "Event at index: [%d] has invalid name [%s].", i, c.Name))
	}
	for _, p := range c.Params {
		if !validName.MatchString(p.Name) {
			found = append(found, problem(NameInvalid, i, "tracking.event.name", "events.params", "Event at index: [%d] has a parameter of invalid name [%s].", i, p.Name))
		}
	}
	return found
}

var threeCapitals = regexp.MustCompile(`^[A-Z]{3}$`)

// isCurrency reports whether a code is one of ISO 4217.
func isCurrency(code string) bool {
	_, err := currency.ParseISO(code)
	return err == nil && threeCapitals.MatchString(code)
}

func (c Candidate) checkMoney(i int) []*Problem {
	var found []*Problem
	if (c.Name == Purchase || c.Name == Refund) && c.Params.text("transaction_id") == "" {
		found = append(found, problem(ValueRequired, i, "tracking.transaction.required", "events.params.transaction_id", "Event at index: [%d] requires a transaction_id.", i))
	}
	value, ok := c.Params.number("value")
	if !ok {
		found = append(found, problem(ValueInvalid, i, "tracking.value.currency", "events.params.value", "Event at index: [%d] has a value that is no number.", i))
	}
	if value != nil && value.IsNegative() && (c.Name == Purchase || c.Name == Refund) {
		found = append(found, problem(ValueOutOfBounds, i, "tracking.value.negative", "events.params.value", "Event at index: [%d] has a value below zero.", i))
	}
	switch code := c.Params.text("currency"); {
	case code == "" && value != nil:
		found = append(found, problem(ValueRequired, i, "tracking.value.currency", "events.params.currency", "Event at index: [%d] has a value and requires a currency.", i))
	case code != "" && !isCurrency(code):
		found = append(found, problem(ValueInvalid, i, "tracking.value.currency", "events.params.currency", "Event at index: [%d] has the invalid currency [%s].", i, code))
	}
	return found
}

func (c Candidate) checkItems(i int) []*Problem {
	var found []*Problem
	if c.Name == Purchase && len(c.Items) == 0 {
		found = append(found, problem(ValueRequired, i, "tracking.items.named", "events.params.items", "Event at index: [%d] requires items.", i))
	}
	for n, item := range c.Items {
		path := fmt.Sprintf("events.params.items[%d]", n)
		if item.text("item_id") == "" && item.text("item_name") == "" {
			found = append(found, problem(ValueRequired, i, "tracking.items.named", path, "Item at index: [%d] requires an item_id or an item_name.", n))
		}
		for _, name := range []string{"quantity", "price"} {
			if _, ok := item.number(name); !ok {
				found = append(found, problem(ValueInvalid, i, "tracking.items.named", path+"."+name, "Item at index: [%d] has a %s that is no number.", n, name))
			}
		}
	}
	return found
}

// reserved reports whether the product uses an event name itself.
func reserved(name string) bool {
	for _, prefix := range []string{"_", "firebase_", "ga_", "google_", "gtag."} {
		if strings.HasPrefix(name, prefix) {
			// The published example calls a leading underscore an invalid name, not a reserved one.
			return prefix != "_"
		}
	}
	return slices.Contains(reservedNames(), name)
}

// reservedNames are the events that the product makes by itself.
func reservedNames() []string {
	return []string{
		"ad_activeview", "ad_click", "ad_exposure", "ad_query", "ad_reward", "adunit_exposure", "app_background",
		"app_clear_data", "app_exception", "app_install", "app_remove", "app_store_refund", "app_store_subscription_cancel",
		"app_store_subscription_convert", "app_store_subscription_renew", "app_uninstall", "app_update", "app_upgrade",
		"dynamic_link_app_open", "dynamic_link_app_update", "dynamic_link_first_open", "error", "first_open", "first_visit",
		"in_app_purchase", "notification_dismiss", "notification_foreground", "notification_open", "notification_receive",
		"notification_send", "os_update", "session_start", "screen_view", "user_engagement",
	}
}
