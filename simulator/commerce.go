package simulator

import (
	"encoding/json"
	"time"

	"github.com/somsim/somsim/simulator/b2c"
	"github.com/somsim/somsim/simulator/b2c/ocapi"
	"github.com/somsim/somsim/simulator/control"
	"github.com/somsim/somsim/simulator/sandbox"
)

// ErrHooks is behind every mistake in [Config.Hooks].
var ErrHooks = ocapi.ErrHooks

// ErrOCAPISettings is behind every mistake in [Config.OCAPISettings].
var ErrOCAPISettings = ocapi.ErrSettings

// commerce lets the control plane see and set what API clients of B2C Commerce may do in a sandbox, and how its orders get
// to order management.
type commerce struct {
	domain *b2c.B2C
	// mayCall tells whether an address may be called by hooks.
	mayCall func(address string) error
}

func (c commerce) OCAPISettings(tx *sandbox.Tx) (json.RawMessage, error) {
	return ocapi.RenderSettings(c.domain.Settings(tx))
}

func (c commerce) SetOCAPISettings(tx *sandbox.Tx, text []byte) error {
	settings, err := ocapi.ParseSettings(text)
	if err == nil {
		c.domain.SetSettings(tx, settings)
	}
	return err
}

func (c commerce) ResetOCAPISettings(tx *sandbox.Tx) { c.domain.SetSettings(tx, nil) }

// Hooks are who is called at the extension points of the APIs.
func (c commerce) Hooks(tx *sandbox.Tx) (json.RawMessage, error) {
	return ocapi.RenderHooks(c.domain.Hooks(tx))
}

// SetHooks replaces them.
func (c commerce) SetHooks(tx *sandbox.Tx, text []byte) error {
	hooks, err := ocapi.ParseHooks(text)
	if err != nil {
		return err
	}
	for _, hook := range hooks.Hooks {
		if err := c.mayCall(hook.URL); err != nil {
			return err
		}
	}
	c.domain.SetHooks(tx, &hooks)
	return nil
}

// ResetHooks returns to those the simulator was started with.
func (c commerce) ResetHooks(tx *sandbox.Tx) { c.domain.SetHooks(tx, nil) }

// WebAppPages are the pages of hybrid sites that the progressive web app has, and all that there are.
func (c commerce) WebAppPages(tx *sandbox.Tx) (has, all []string) {
	for _, page := range b2c.Pages() {
		all = append(all, page.Name)
	}
	return c.domain.WebAppPages(tx), all
}

func (c commerce) SetWebAppPages(tx *sandbox.Tx, pages []string) error {
	return c.domain.SetWebAppPages(tx, pages)
}

// Expire ends what one side of hybrid sites knows its shoppers by.
func (c commerce) Expire(tx *sandbox.Tx, side string) error {
	return c.domain.Expire(tx, b2c.Side(side))
}

func (c commerce) OrderExport(tx *sandbox.Tx) (attached bool, delay time.Duration) {
	h := c.domain.Handover(tx)
	return h.Attached, h.Delay
}

func (c commerce) SetOrderExport(tx *sandbox.Tx, attached bool, delay time.Duration) error {
	return c.domain.SetHandover(tx, b2c.Handover{Attached: attached, Delay: delay})
}

func (c commerce) SearchLag(tx *sandbox.Tx) time.Duration { return c.domain.SearchIndex(tx).Lag }

func (c commerce) SetSearchLag(tx *sandbox.Tx, lag time.Duration) error {
	return c.domain.SetSearchIndex(tx, b2c.SearchIndex{Lag: lag})
}

func (c commerce) OrderAttributes(tx *sandbox.Tx, site string) ([]control.OrderAttribute, error) {
	if _, err := c.domain.Site(tx, site); err != nil {
		return nil, err
	}
	var out []control.OrderAttribute
	for _, a := range c.domain.Definitions(tx, site).Attributes {
		out = append(out, control.OrderAttribute{ID: a.ID, Type: string(a.Type), Values: a.Values})
	}
	return out, nil
}

func (c commerce) SetOrderAttributes(tx *sandbox.Tx, site string, attributes []control.OrderAttribute) error {
	d := b2c.AttributeDefinitions{SiteID: site}
	for _, a := range attributes {
		d.Attributes = append(d.Attributes, b2c.AttributeDefinition{ID: a.ID, Type: b2c.AttributeType(a.Type), Values: a.Values})
	}
	return c.domain.DefineAttributes(tx, d)
}

// ElapsedRules are the rules about elapsed time that there are, and those that are armed.
func (c commerce) ElapsedRules(tx *sandbox.Tx) (known, armed []string) {
	for _, rule := range b2c.ElapsedRules() {
		known = append(known, rule)
		if c.domain.Armed(tx, rule) {
			armed = append(armed, rule)
		}
	}
	return known, armed
}

func (c commerce) ArmElapsedRule(tx *sandbox.Tx, rule string, on bool) { c.domain.Arm(tx, rule, on) }

// Mails are those to an address.
func (c commerce) Mails(tx *sandbox.Tx, to string) []control.Mail {
	var out []control.Mail
	for _, m := range c.domain.Mailbox(tx, to) {
		out = append(out, control.Mail{Kind: string(m.Kind), To: m.To, Code: m.Code, About: m.About, SentAt: m.SentAt, ExpiresAt: m.ExpiresAt})
	}
	return out
}
