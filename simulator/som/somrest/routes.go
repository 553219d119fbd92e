package somrest

import (
	"github.com/somsim/somsim/simulator/binding"
	"github.com/somsim/somsim/simulator/som/composite"
)

// routes is the table of operations.
func (a *API) routes() map[string]binding.Handler {
	requests := &composite.Requests{Refuse: a.answerError}
	return map[string]binding.Handler{
		"token":        binding.JSON(a.token),
		"authorize":    binding.Raw(a.authorize),
		"approve":      binding.Raw(a.approve),
		"revoke":       binding.Raw(a.revoke),
		"introspect":   binding.JSON(a.introspect),
		"userinfo":     binding.JSON(a.userinfo),
		"identity":     binding.JSON(a.identity),
		"identityKeys": binding.JSON(a.identityKeys),
		"soap":         binding.Raw(a.soap),

		"listVersions":  binding.JSON(a.listVersions),
		"listResources": binding.JSON(a.listResources),
		"limits":        binding.JSON(a.limits),
		"countRecords":  binding.JSON(a.countRecords),

		"describeGlobal":   binding.Raw(a.describeGlobal),
		"describe":         binding.Raw(a.describe),
		"basicInformation": binding.JSON(a.basicInformation),

		"query":        binding.Raw(a.query),
		"queryMore":    binding.Raw(a.queryMore),
		"queryAll":     binding.Raw(a.queryAll),
		"queryAllMore": binding.Raw(a.queryMore),

		"search":             binding.Raw(a.search),
		"searchByParameters": binding.Raw(a.searchByParameters),
		"searchByBody":       binding.Raw(a.searchByBody),
		"listRecent":         binding.Raw(a.listRecent),

		"createRow":      binding.Raw(a.createRow),
		"getRow":         binding.Raw(a.getRow),
		"updateRow":      binding.Raw(a.updateRow),
		"deleteRow":      binding.Raw(a.deleteRow),
		"getKeyedRow":    binding.Raw(a.getKeyedRow),
		"patchKeyedRow":  binding.Raw(a.patchKeyedRow),
		"deleteKeyedRow": binding.Raw(a.deleteKeyedRow),
		"getRelated2":    binding.Raw(a.getRelated),
		"getRelated3":    binding.Raw(a.getRelated),
		"getRelated4":    binding.Raw(a.getRelated),
		"getRelated5":    binding.Raw(a.getRelated),
		"listDeleted":    binding.Raw(a.listDeleted),
		"listUpdated":    binding.Raw(a.listUpdated),

		"listComposites":     binding.Raw(a.listComposites),
		"composite":          binding.Raw(requests.Composite),
		"batch":              binding.Raw(requests.Batch),
		"graph":              binding.Raw(requests.Graph),
		"createTree":         binding.Raw(a.createTree),
		"createRows":         binding.Raw(a.createRows),
		"updateRows":         binding.Raw(a.updateRows),
		"deleteRows":         binding.Raw(a.deleteRows),
		"upsertRows":         binding.Raw(a.upsertRows),
		"retrieveRows":       binding.Raw(a.retrieveRows),
		"retrieveRowsByBody": binding.Raw(a.retrieveRows),
	}
}
