package square

import "github.com/somsim/somsim/simulator/binding"

func (a *API) routes() map[string]binding.Handler {
	return map[string]binding.Handler{
		"listLoyaltyPrograms":     binding.JSON(a.listLoyaltyPrograms),
		"retrieveLoyaltyProgram":  binding.JSON(a.retrieveLoyaltyProgram),
		"searchLoyaltyAccounts":   binding.JSON(a.searchLoyaltyAccounts),
		"retrieveLoyaltyAccount":  binding.JSON(a.retrieveLoyaltyAccount),
		"accumulateLoyaltyPoints": binding.JSON(a.accumulateLoyaltyPoints),
		"adjustLoyaltyPoints":     binding.JSON(a.adjustLoyaltyPoints),
		"searchLoyaltyEvents":     binding.JSON(a.searchLoyaltyEvents),
		"createLoyaltyReward":     binding.JSON(a.createLoyaltyReward),
		"searchLoyaltyRewards":    binding.JSON(a.searchLoyaltyRewards),
		"retrieveLoyaltyReward":   binding.JSON(a.retrieveLoyaltyReward),
		"deleteLoyaltyReward":     binding.JSON(a.deleteLoyaltyReward),
		"redeemLoyaltyReward":     binding.JSON(a.redeemLoyaltyReward),
	}
}
