package main

import (
	"cmp"
	"fmt"
	"net/url"

	"github.com/somsim/somsim/internal/settings"
	"github.com/somsim/somsim/simulator"
)

// eventsPath is where order-ops takes the platform events of order management.
const eventsPath = "/order-ops/v1/events/som"

// webhooksPath is where it takes the webhooks of the payment platform.
const webhooksPath = "/order-ops/v1/events/worldline"

// eventSettings tell a simulator without an order-ops of its own where to deliver platform events.
func eventSettings() []settings.Setting {
	return []settings.Setting{
		{Name: "orderops-events", Usage: "address that gets the platform events of every sandbox, such as http://127.0.0.1:8702" + eventsPath, Check: addressOfEvents},
		{Name: "orderops-events-secret", Secret: true},
		{
			Name: "orderops-webhooks", Check: addressOfEvents,
			Usage: "address that gets the payment platform's webhooks about every sandbox, such as http://127.0.0.1:8702" + webhooksPath,
		},
		{Name: "orderops-webhooks-key-id", Fallback: wellKnownSecret, Usage: "id of the key that webhooks are signed with"},
		{Name: "orderops-webhooks-secret", Secret: true},
	}
}

func addressOfEvents(value string) error {
	if value == "" {
		return nil
	}
	if u, err := url.Parse(value); err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || u.User != nil {
		return fmt.Errorf("%q is not like http://127.0.0.1:8702%s", value, eventsPath)
	}
	return nil
}

// wellKnownSecret is what an order-ops in simulation mode checks events with unless it is told another.
const wellKnownSecret = "somsim"

func webhookTarget(v settings.Values) simulator.WebhookTarget {
	return simulator.WebhookTarget{
		URL: v["orderops-webhooks"], KeyID: v["orderops-webhooks-key-id"], Secret: cmp.Or(v["orderops-webhooks-secret"], wellKnownSecret),
	}
}

func eventTarget(v settings.Values) simulator.EventTarget {
	return simulator.EventTarget{URL: v["orderops-events"], Secret: cmp.Or(v["orderops-events-secret"], wellKnownSecret)}
}
