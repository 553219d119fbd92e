// Package courier takes out what the simulated systems tell others: events, webhooks. It knows nothing of what it carries.
//
// A domain hands a message over in the transaction in which the thing happened ([Courier.Send]); what waits is rows of the
// sandbox, in a queue for each target, so it forks and is dropped with the rest. It is delivered outside transactions
// ([Courier.Tick]): in order, signed, at least once, again after a while when the target does not take it. Delivering is
// work of the sandbox, so advancing its clock waits for it. Each attempt is an exchange in the sandbox's journal, under the
// operation of its [Line], and faults can strike it.
package courier
