package service

import (
	"time"

	"github.com/somsim/somsim/orderops"
	"github.com/somsim/somsim/orderops/b2cclient"
	"github.com/somsim/somsim/orderops/cancel"
	"github.com/somsim/somsim/orderops/modify"
)

// longestEdit is how long an order may be edited at most: commerce reserves the units of a basket for four hours at most, and a
// follow-up basket that takes over the last units of its order holds them for modify.ReservedBeyond longer than it may be
// edited. The slot service holds slots for four hours, so this fits it too.
const longestEdit = b2cclient.MaxReserved - modify.ReservedBeyond

// modifyProblems finds what is wrong with the policies for modifying orders.
func (c Config) modifyProblems() []Problem {
	var list []Problem
	for site, policy := range c.Modify.When {
		if policy != orderops.KeepUntilConfirm && policy != orderops.CancelFirst {
			list = append(list, Problem{"modify-policy", site + "=" + string(policy), "is keep_until_confirm or cancel_first"})
		}
	}
	for site, policy := range c.Modify.Prices {
		if policy != orderops.PricesOfToday && policy != orderops.KeepOriginalPrice {
			list = append(list, Problem{"modify-prices", site + "=" + string(policy), "is today or keep_original_price"})
		}
	}
	for site, policy := range c.Cancel.Coupons {
		if policy != orderops.RestoreCoupons && policy != orderops.BurnCoupons {
			list = append(list, Problem{"coupons", site + "=" + string(policy), "is restore or burn"})
		}
	}
	for site, policy := range c.Cancel.Prices {
		if policy != cancel.KeepPrice && policy != cancel.Reprice {
			list = append(list, Problem{"cancel-prices", site + "=" + string(policy), "is keep_price or reprice"})
		}
	}
	for _, code := range c.Cancel.BurnFor {
		if _, known := c.Cancel.Reasons[code]; !known {
			list = append(list, Problem{"burn-coupons-for", code, "is no reason code"})
		}
	}
	if c.Modify.EditFor < time.Minute || c.Modify.EditFor > longestEdit {
		list = append(list, Problem{"edit-for", c.Modify.EditFor.String(), "is from 1m to 3h45m: commerce keeps what is in a basket for 4h at most, and it is kept 15m longer than it may be edited"})
	}
	if c.Modify.HoldStatus == "" {
		list = append(list, Problem{"hold-status", "", "is required"})
	}
	if _, known := c.Cancel.Reasons[c.Modify.Reason]; !known {
		list = append(list, Problem{"modify-reason", c.Modify.Reason, "is no reason code"})
	}
	return list
}
