// Package warehouse moves the goods of a sandbox by itself, when it is switched on: orders are allocated to locations,
// picked, packed, handed to a carrier and delivered, or put aside and collected, as the sandbox's clock moves, and their
// money is taken. It stands above the domains and calls what a warehouse management system and an order management flow
// would call through their APIs, so it can make no state that those could not. It knows no HTTP.
//
// An order goes its way by tasks, each due at a time:
//
//	order ──allocate──▶ Allocated ──assign──▶ Assigned ──pick──▶ Pickpack ──pack──▶ Pack Complete ──ship──▶ Fulfilled, Shipped
//	                        ▲                               │         └──▶ Ready for Pickup ──collect──▶ Fulfilled, Delivered
//	                        └────────── backorder ◀─────────┘ a unit was not there
//	Shipped ──transit──▶ In Transit ──deliver──▶ Delivered
//
// A task remembers the status that it expects. Where a person has set another one, cancelled the units or refused the
// money, the warehouse leaves what it finds and says why.
package warehouse
