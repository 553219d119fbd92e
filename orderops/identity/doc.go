// Package identity finds out who asks. Shoppers come with a token of OCAPI or of SLAS, both JSON web tokens that are proved
// by the keys that commerce publishes, or with one of SAP Customer Data Cloud, where they have logged in, for which SLAS gives
// order-ops theirs; people who work in order management come with the session of their org, which the org is asked about. What none of these is, commerce alone can judge: it is passed on and proves itself there, or not. Whoever
// it is, commerce still decides whose orders a shopper sees; this package lets order-ops refuse early, name the caller in the
// audit log and give agents wider rights.
package identity
