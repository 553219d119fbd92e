package ga4

import "github.com/somsim/somsim/simulator/binding"

func (a *API) routes() map[string]binding.Handler {
	return map[string]binding.Handler{
		"collectEvents":  binding.Raw(a.collectEvents),
		"validateEvents": binding.Raw(a.validateEvents),
	}
}
