package control

import (
	"net/http"
	"slices"
	"strings"

	"github.com/somsim/somsim/simulator/binding"
	"github.com/somsim/somsim/simulator/sandbox"
)

// ElapsedRules are rules about elapsed time, which hold under a manual clock only where they are armed by name.
type ElapsedRules interface {
	ElapsedRules(tx *sandbox.Tx) (known, armed []string)
	// ArmElapsedRule arms a rule that is known, or no longer does.
	ArmElapsedRule(tx *sandbox.Tx, rule string, on bool)
}

type elapsedRulesWire struct {
	Armed []string `json:"armed"`
	Known []string `json:"known"`
}

func (a *API) getElapsedRules(_ *binding.Call, in named) (elapsedRulesWire, error) {
	w, err := a.world(in.Name)
	if err != nil {
		return elapsedRulesWire{}, err
	}
	tx := w.Read()
	defer tx.Abort()
	known, armed := a.Elapsed.ElapsedRules(tx)
	return elapsedRulesWire{Armed: append([]string{}, armed...), Known: known}, nil
}

func (a *API) armElapsedRules(c *binding.Call, in struct {
	Name string `path:"name"`
	Body struct {
		Armed []string `json:"armed"`
	}
},
) (elapsedRulesWire, error) {
	w, err := a.world(in.Name)
	if err != nil {
		return elapsedRulesWire{}, err
	}
	err = w.Update(func(tx *sandbox.Tx) error {
		known, _ := a.Elapsed.ElapsedRules(tx)
		for _, rule := range in.Body.Armed {
			if !slices.Contains(known, rule) {
				return refuse(http.StatusBadRequest, "there is no rule %q about elapsed time; there are %s", rule, strings.Join(known, ", "))
			}
		}
		for _, rule := range known {
			a.Elapsed.ArmElapsedRule(tx, rule, slices.Contains(in.Body.Armed, rule))
		}
		return nil
	})
	if err != nil {
		return elapsedRulesWire{}, err
	}
	return a.getElapsedRules(c, named{in.Name})
}
