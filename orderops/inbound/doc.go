// Package inbound takes in what other systems tell order-ops of their own accord: the platform events of order management,
// sent by the simulator or, in production, by a relay, and the webhooks of the payment provider. It proves where an event
// comes from, keeps each once, and says in the audit log and in a metric that it came. A refund that the provider takes back
// opens the question of the money again; all else is kept for those who read it.
package inbound
