package simulator

import (
	"encoding/json"
	"time"

	"github.com/somsim/somsim/simulator/b2c"
	"github.com/somsim/somsim/simulator/b2c/ocapi"
	"github.com/somsim/somsim/simulator/sandbox"
)

// ErrOCAPISettings is behind every mistake in [Config.OCAPISettings].
var ErrOCAPISettings = ocapi.ErrSettings

// commerce lets the control plane see and set what API clients of B2C Commerce may do in a sandbox, and how its orders get
// to order management.
type commerce struct{ domain *b2c.B2C }

func (c commerce) OCAPISettings(tx *sandbox.Tx) (json.RawMessage, error) {
	return ocapi.RenderSettings(c.domain.Settings(tx))
}

func (c commerce) SetOCAPISettings(tx *sandbox.Tx, text []byte) error {
	settings, err := ocapi.ParseSettings(text)
	if err == nil {
		c.domain.SetSettings(tx, settings)
	}
	return err
}

func (c commerce) ResetOCAPISettings(tx *sandbox.Tx) { c.domain.SetSettings(tx, nil) }

func (c commerce) OrderExport(tx *sandbox.Tx) (attached bool, delay time.Duration) {
	h := c.domain.Handover(tx)
	return h.Attached, h.Delay
}

func (c commerce) SetOrderExport(tx *sandbox.Tx, attached bool, delay time.Duration) error {
	return c.domain.SetHandover(tx, b2c.Handover{Attached: attached, Delay: delay})
}
