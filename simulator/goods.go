package simulator

import (
	"github.com/somsim/somsim/simulator/preset"
	"github.com/somsim/somsim/simulator/sandbox"
	"github.com/somsim/somsim/simulator/warehouse"
)

// presets are the starting worlds; when goods are to move, the warehouse of each is switched on.
func (p parts) presets(moving bool) map[string]sandbox.Preset {
	all := preset.All(p.domains)
	if !moving {
		return all
	}
	for name, fill := range all {
		all[name] = func(tx *sandbox.Tx) error {
			if err := fill(tx); err != nil {
				return err
			}
			return p.goods.Switch(tx, warehouse.Defaults())
		}
	}
	return all
}
