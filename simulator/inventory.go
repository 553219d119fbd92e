package simulator

import (
	"errors"
	"net/http"

	"github.com/somsim/somsim/simulator/binding"
	"github.com/somsim/somsim/simulator/oci"
	"github.com/somsim/somsim/simulator/oci/ociconnect"
	"github.com/somsim/somsim/simulator/oci/ocijson"
	"github.com/somsim/somsim/simulator/sandbox"
	"github.com/somsim/somsim/simulator/som"
	"github.com/somsim/somsim/simulator/som/connect"
	"github.com/somsim/somsim/simulator/som/sobject"
	"github.com/somsim/somsim/simulator/som/somrest"
)

// inventoryFace is Omnichannel Inventory as the Salesforce org shows it.
func inventoryFace(d *oci.OCI, platform *somrest.API) (*binding.Face, error) {
	return ociconnect.New(d, ociconnect.Org{
		Platform: orgPlatform{platform}, Records: orgRecords{platform.Domain()}, Routes: routes,
		ActionStatus: platform.Choices().ActionStatus, NullErrors: platform.Choices().NullErrors,
	})
}

// orgPlatform lets inventory speak as the org does.
type orgPlatform struct{ *somrest.API }

func (p orgPlatform) Failure(c *binding.Call, err error) (code, message string) {
	f := p.Explain(c, asOrg(err))
	return f.Code, f.Message
}

// Answer has the form that shows the output of the operation. Who has no session hears no more than from the rest of the
// platform.
func (p orgPlatform) Answer(c *binding.Call, err error, output []string) *binding.Response {
	f := p.Explain(c, asOrg(err))
	if output == nil || f.Status == http.StatusUnauthorized {
		return f.Response()
	}
	return connect.WithOutput(output, f)
}

// asOrg turns a refusal of inventory into one of the org, so that what an org answers to a rule can be chosen for both.
func asOrg(err error) error {
	var refused *oci.Error
	var unclear *ocijson.Refusal
	switch {
	case errors.As(err, &refused):
		return &som.Error{Code: som.Code(refused.Code), Message: refused.Message, Rule: refused.Rule}
	case errors.As(err, &unclear):
		return &som.Error{Code: som.CodeInvalidInput, Message: unclear.Detail, Rule: unclear.Rule}
	default:
		return err
	}
}

// routes finds routes by the arithmetic of Order Management.
func routes(ordered, stock []ociconnect.Stock, splits int) ([][]string, error) {
	return som.Routes(stocks(ordered), stocks(stock), splits)
}

func stocks(in []ociconnect.Stock) []som.Stock {
	out := make([]som.Stock, len(in))
	for i, s := range in {
		out[i] = som.Stock(s)
	}
	return out
}

// orgRecords reads the rows of the org that inventory asks for.
type orgRecords struct{ *som.SOM }

// Structure is every location and group that is enabled and meant for inventory, by external reference. The vendor
// publishes rows whose IsEnabled and ShouldSyncWithOci are set; a location has no IsEnabled.
func (r orgRecords) Structure(tx *sandbox.Tx) oci.Graph {
	var graph oci.Graph
	rows := r.Rows(tx)
	rows.Scan("Location", func(l *sobject.Record) bool {
		if reference := l.Text("ExternalReference"); published(l) && reference != "" {
			graph.Locations = append(graph.Locations, oci.Location{ID: reference, Name: l.Text("Name")})
		}
		return true
	})
	rows.Scan("LocationGroup", func(g *sobject.Record) bool {
		if published(g) && g.Bool("IsEnabled") {
			graph.Groups = append(graph.Groups, oci.Group{ID: g.Text("ExternalReference"), Name: g.Text("LocationGroupName"), LocationIDs: members(rows, g.ID)})
		}
		return true
	})
	return graph
}

func published(row *sobject.Record) bool {
	return row.Bool("ShouldSyncWithOci") && !row.Bool("IsDeleted")
}

// members are the external references of a group's locations.
func members(rows som.Rows, groupID string) []string {
	var references []string
	for _, assignment := range rows.Lookup("LocationGroupAssignment", "LocationGroupId", groupID) {
		if l, ok := rows.Get(assignment.Text("LocationId")); ok && !assignment.Bool("IsDeleted") && l.Text("ExternalReference") != "" {
			references = append(references, l.Text("ExternalReference"))
		}
	}
	return references
}

// SKU finds a product by its id or its stock keeping unit.
func (r orgRecords) SKU(tx *sandbox.Tx, name string) (sku, id string, ok bool) {
	rows := r.Rows(tx)
	if long, err := sobject.NormalizeID(name); err == nil {
		if p, found := rows.Get(long); found && p.Object == "Product2" && p.Text("StockKeepingUnit") != "" {
			return p.Text("StockKeepingUnit"), p.ID, true
		}
	}
	rows.Scan("Product2", func(p *sobject.Record) bool {
		if ok = p.Text("StockKeepingUnit") == name; ok {
			sku, id = name, p.ID
		}
		return !ok
	})
	return sku, id, ok
}

// Reference returns the external reference of a location or a location group.
func (r orgRecords) Reference(tx *sandbox.Tx, id string) (string, bool) {
	long, err := sobject.NormalizeID(id)
	if err != nil {
		return "", false
	}
	row, ok := r.Rows(tx).Get(long)
	if !ok || row.Object != "Location" && row.Object != "LocationGroup" || row.Text("ExternalReference") == "" {
		return "", false
	}
	return row.Text("ExternalReference"), true
}
