package orderops

// CouponPolicy says what becomes of the codes of an order that is cancelled as a whole before anything of it has shipped.
type CouponPolicy string

// The policies. Whatever the policy, a code stays used while a part of the order is left.
const (
	RestoreCoupons CouponPolicy = "restore" // they can be used again, as far as nobody has used them meanwhile
	BurnCoupons    CouponPolicy = "burn"    // they stay used
)

// CouponOutcome is what has become of a code.
type CouponOutcome struct {
	Code string `json:"code"`
	// Outcome is restored, kept or burned.
	Outcome string `json:"outcome"`
}

// What becomes of codes.
const (
	CouponRestored = "restored" // comes back with the cancel of the order in commerce
	CouponKept     = "kept"     // a part of the order still lives by it
	CouponBurned   = "burned"   // a person takes it out of use, which commerce's cancel has freed
)
