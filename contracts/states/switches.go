package states

import (
	_ "embed" // for Switches
	"errors"
	"net/http"
)

// Switches are those that the pacts with order-ops count on, as order-ops reads
// them: nothing may be done with orders of one site of the preset.
//
//go:embed switches.yaml
var Switches []byte

// outlet is that site.
const outlet = "RefArchOutlet"

// siteSwitchedOff is an order with which order-ops lets nothing be done.
func (s *Stage) siteSwitchedOff(number string) (Values, error) {
	if _, err := s.logInAt(outlet, 3); err != nil {
		return nil, err
	}
	var order struct {
		Status  string   `json:"status"`
		Allowed []string `json:"allowed_actions"`
	}
	err := s.exchange(http.MethodGet, s.orderOps+"/order-ops/v1/orders/"+number+"?site="+outlet, as(s.real(pactShopper)), nil, &order)
	if err == nil && (len(order.Allowed) > 0 || order.Status != "confirmed") {
		err = errors.New("order-ops lets something be done with it: start it with --switches contracts/states/switches.yaml")
	}
	return nil, err
}
