package service

import (
	"time"

	"github.com/somsim/somsim/orderops"
)

// longestEdit is how long the slot service holds a slot at most.
const longestEdit = 4 * time.Hour

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
	for _, code := range c.Cancel.BurnFor {
		if _, known := c.Cancel.Reasons[code]; !known {
			list = append(list, Problem{"burn-coupons-for", code, "is no reason code"})
		}
	}
	if c.Modify.EditFor < time.Minute || c.Modify.EditFor > longestEdit {
		list = append(list, Problem{"edit-for", c.Modify.EditFor.String(), "is from 1m to 4h, the longest that a slot is held"})
	}
	if c.Modify.HoldStatus == "" {
		list = append(list, Problem{"hold-status", "", "is required"})
	}
	if _, known := c.Cancel.Reasons[c.Modify.Reason]; !known {
		list = append(list, Problem{"modify-reason", c.Modify.Reason, "is no reason code"})
	}
	return list
}
