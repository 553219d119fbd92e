// Package inbound takes in what other systems tell order-ops of their own accord: the platform events of order management,
// sent by the simulator or, in production, by a relay. It proves where an event comes from, keeps each once, and says in
// the audit log and in a metric that it came. Acting on events is for those who read what was kept.
package inbound
