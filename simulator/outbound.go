package simulator

import (
	"errors"
	"fmt"
	"time"

	"github.com/somsim/somsim/simulator/control"
	"github.com/somsim/somsim/simulator/courier"
	"github.com/somsim/somsim/simulator/sandbox"
	"github.com/somsim/somsim/simulator/som"
	"github.com/somsim/somsim/simulator/som/cometd"
)

// EventTarget is an order-ops that gets the platform events of every sandbox.
type EventTarget struct {
	// URL is where it takes events; empty is nowhere. Secret is what deliveries are signed with.
	URL, Secret string
}

// WebhookTarget is an order-ops that gets the webhooks of the payment platform about every sandbox.
type WebhookTarget struct {
	// URL is where it takes them; empty is nowhere. KeyID and Secret are what they are signed with.
	URL, KeyID, Secret string
}

// somEvents is the line on which platform events go out, orderOpsTarget the name of the target that is configured,
// orderOpsWebhooks that of the one for webhooks.
const (
	somEvents      = "som.events"
	orderOpsTarget = "order-ops"

	orderOpsWebhooks = "order-ops-webhooks"
)

// SignatureHeader carries the signature of a delivered platform event.
const SignatureHeader = "Order-Ops-Signature"

// lines are the kinds of things that the simulated systems send out. Salesforce retains platform events for 72 hours, so a
// relay tries for no longer; its waits are ours.
func lines() []courier.Line {
	return append(paymentLines(), courier.Line{
		Name: somEvents, System: "som", Operation: "deliverEvent", Sign: courier.Timestamped(SignatureHeader),
		Backoff: []time.Duration{
			time.Second, 5 * time.Second, 30 * time.Second, 2 * time.Minute, 10 * time.Minute, 30 * time.Minute, time.Hour, 3 * time.Hour, 6 * time.Hour,
		},
		GiveUpAfter: 72 * time.Hour,
	})
}

// deliveryTimeout is how long a target may take to answer.
const deliveryTimeout = 10 * time.Second

func (s *Simulator) startCourier(org *som.SOM) error {
	s.courier.Start(courier.Options{
		Worlds: s.Worlds, Redactor: s.Worlds.Redactor, Timeout: deliveryTimeout, Egress: control.Egress(s.config.Egress), Log: s.config.Log,
	})
	s.Worlds.Outbound(s.courier)
	org.RelayEvents(func(tx *sandbox.Tx, e som.Event) {
		s.courier.Send(tx, somEvents, func() courier.Message { return courier.Message{Subject: e.UUID, Body: cometd.Message(e)} })
	})
	var problems []error
	if s.config.OrderOps.URL != "" {
		problems = append(problems, s.SendEvents(s.config.OrderOps))
	}
	if s.config.Webhooks.URL != "" {
		problems = append(problems, s.SendWebhooks(s.config.Webhooks))
	}
	return errors.Join(problems...)
}

// SendWebhooks has what happens to payments in any sandbox told to an order-ops from now on, as the payment platform tells it.
func (s *Simulator) SendWebhooks(to WebhookTarget) error {
	err := s.courier.Stand(courier.Target{Name: orderOpsWebhooks, Line: directWebhooks, URL: to.URL, KeyID: to.KeyID, Secret: to.Secret})
	if err != nil {
		return fmt.Errorf("webhooks of the payment platform: %w", err)
	}
	return nil
}

// SendEvents has the platform events of every sandbox delivered to an order-ops from now on; what was there before, as what
// a preset did, is not.
func (s *Simulator) SendEvents(to EventTarget) error {
	err := s.courier.Stand(courier.Target{Name: orderOpsTarget, Line: somEvents, URL: to.URL, Secret: to.Secret})
	if err != nil {
		return fmt.Errorf("events of order management: %w", err)
	}
	return nil
}
