package cometd

import "github.com/somsim/somsim/simulator/binding"

func (a *API) routes() map[string]binding.Handler {
	return map[string]binding.Handler{
		"streaming":        binding.JSON(a.streaming),
		"streamingMessage": binding.JSON(a.streaming),
	}
}
