package simulator

import (
	"errors"
	"fmt"
	"maps"

	"github.com/somsim/somsim/simulator/b2c/data"
	"github.com/somsim/somsim/simulator/b2c/ocapi"
	"github.com/somsim/somsim/simulator/b2c/scapi"
	"github.com/somsim/somsim/simulator/b2c/slas"
	"github.com/somsim/somsim/simulator/b2c/storefront"
	"github.com/somsim/somsim/simulator/binding"
	"github.com/somsim/somsim/simulator/cdc/gigya"
	"github.com/somsim/somsim/simulator/loyalty/square"
	"github.com/somsim/somsim/simulator/oci/headless"
	"github.com/somsim/somsim/simulator/preset"
	"github.com/somsim/somsim/simulator/sandbox"
	"github.com/somsim/somsim/simulator/slots/slotsrest"
	"github.com/somsim/somsim/simulator/som/cometd"
	"github.com/somsim/somsim/simulator/som/connect"
	"github.com/somsim/somsim/simulator/som/somrest"
	"github.com/somsim/somsim/simulator/store"
	"github.com/somsim/somsim/simulator/tracking/ga4"
	"github.com/somsim/somsim/simulator/warehouse"
	"github.com/somsim/somsim/simulator/worldline/direct"
	"github.com/somsim/somsim/simulator/worldline/globalcollect"
	"github.com/somsim/somsim/simulator/worldline/payer"
)

// system is a simulated system: a domain with its faces.
type system struct {
	domain
	faces []func() (*binding.Face, error)
}

// domain is what every simulated system offers the engine.
type domain interface {
	Runners() map[string]sandbox.Runner
	Aliases(tx *sandbox.Tx, orderNo string) []string
}

// systems is the list of everything that is simulated. To add a system, add its folder and a line here.
func systems(d preset.Domains, org Org) []system {
	type faces = []func() (*binding.Face, error)
	platform := somrest.New(d.SOM, somrest.Choose(org.choices()))
	return []system{
		{d.SOM, faces{
			platform.Face,
			func() (*binding.Face, error) { return connect.New(platform) },
			func() (*binding.Face, error) { return inventoryFace(d.OCI, platform) },
			func() (*binding.Face, error) { return cometd.New(platform) },
		}},
		{d.B2C, faces{
			func() (*binding.Face, error) { return ocapi.New(d.B2C) },
			func() (*binding.Face, error) { return ocapi.NewBaskets(d.B2C) },
			func() (*binding.Face, error) { return ocapi.NewCustomers(d.B2C) },
			func() (*binding.Face, error) { return slas.New(d.B2C) },
			func() (*binding.Face, error) { return storefront.New(d.B2C) },
			func() (*binding.Face, error) { return scapi.New(d.B2C) },
			func() (*binding.Face, error) { return data.New(d.B2C) },
		}},
		{d.Slots, faces{func() (*binding.Face, error) { return slotsrest.New(d.Slots) }}},
		{d.Worldline, faces{
			func() (*binding.Face, error) { return direct.New(d.Worldline) },
			func() (*binding.Face, error) { return globalcollect.New(d.Worldline) },
			func() (*binding.Face, error) { return payer.New(d.Worldline) },
		}},
		{d.OCI, faces{func() (*binding.Face, error) { return headless.New(d.OCI) }}},
		{d.Loyalty, faces{func() (*binding.Face, error) { return square.New(d.Loyalty) }}},
		{d.CDC, faces{func() (*binding.Face, error) { return gigya.New(d.CDC) }}},
		{d.Tracking, faces{func() (*binding.Face, error) { return ga4.New(d.Tracking) }}},
	}
}

// parts is what the systems add up to.
type parts struct {
	domains preset.Domains
	// goods moves goods in sandboxes where it is switched on.
	goods   *warehouse.Warehouse
	faces   []*binding.Face
	runners map[string]sandbox.Runner
	aliases []func(tx *sandbox.Tx, orderNo string) []string
	// sensitive are the fields of the org that tell who somebody is.
	sensitive []string
}

// build declares the tables of all systems and makes their faces; problems come back all at once.
func build(schema *store.Schema, org Org) (parts, error) {
	catalog, err := org.catalog()
	if err != nil {
		return parts{}, err
	}
	p := parts{runners: map[string]sandbox.Runner{}, domains: preset.Declare(schema, catalog), sensitive: catalog.Sensitive()}
	p.domains.SOM.Configure(org.Settings)
	p.domains.SOM.UseGateway(gateway{p.domains.Worldline})
	p.domains.B2C.UseInventory(commerceStock{p.domains.OCI})
	p.domains.B2C.UseOrderManagement(handover{p.domains.SOM, p.domains.Worldline})
	p.domains.B2C.UseOrderDesk(orderDesk{p.domains.SOM})
	p.domains.B2C.UsePaymentProcessor(cashier{p.domains.Worldline})
	p.goods = warehouse.Declare(schema, p.domains)
	maps.Copy(p.runners, p.goods.Runners())
	var problems []error
	for _, s := range systems(p.domains, org) {
		problems = append(problems, p.add(s))
	}
	return p, errors.Join(problems...)
}

func (p *parts) add(s system) error {
	var name string
	for _, open := range s.faces {
		face, err := open()
		if err != nil {
			return err
		}
		name = face.System
		p.faces = append(p.faces, face)
	}
	p.aliases = append(p.aliases, s.Aliases)
	for kind, runner := range s.Runners() {
		if p.runners[kind] != nil {
			return fmt.Errorf("%s: due work %q has two runners", name, kind)
		}
		p.runners[kind] = runner
	}
	return nil
}
