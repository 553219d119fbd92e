// Package messages writes the contracts about what one system tells another of its own accord: platform events, webhooks,
// events for analytics. They are Pact messages and lie in contracts/pacts/messages, one file for each pair: the consumer
// is whoever is told.
package messages
