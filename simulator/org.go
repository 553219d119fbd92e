package simulator

import (
	"errors"
	"fmt"
	"io/fs"

	"github.com/somsim/somsim/simulator/choice"
	"github.com/somsim/somsim/simulator/sandbox"
	"github.com/somsim/somsim/simulator/som"
	"github.com/somsim/somsim/simulator/som/sobject"
	"github.com/somsim/somsim/simulator/som/somrest"
	"github.com/somsim/somsim/specs"
)

// Org is what an operator chooses about the simulated Salesforce org. Its zero value is an org as Order Management
// brings it.
type Org struct {
	// Settings hold for every sandbox.
	som.Settings
	// Objects holds the org's own objects and fields, one YAML file each; nil for none. See docs/own-fields.md.
	Objects fs.FS
}

// ErrOrg is behind every mistake in an [Org].
var ErrOrg = errors.New("som")

// catalog is the metadata of the org; mistakes in its own objects come back all at once, one line each.
func (o Org) catalog() (*sobject.Catalog, error) {
	standard, err := fs.Sub(specs.FS, "som/sobjects")
	if err != nil {
		return nil, err
	}
	if o.Objects == nil {
		return sobject.Load(standard)
	}
	catalog, err := sobject.Load(standard, o.Objects)
	if err == nil {
		return catalog, nil
	}
	var joined interface{ Unwrap() []error }
	if !errors.As(err, &joined) {
		return nil, fmt.Errorf("%w-objects: %w", ErrOrg, err)
	}
	var problems []error
	for _, problem := range joined.Unwrap() {
		problems = append(problems, fmt.Errorf("%w-objects: %w", ErrOrg, problem))
	}
	return nil, errors.Join(problems...)
}

// ChoiceTables are what the simulated systems leave open, one table a face and one for rules that all faces of a system
// share. See docs/choices.md.
func ChoiceTables() []choice.Table { return append([]choice.Table{som.Choices()}, somrest.Tables()...) }

// choices are what holds where the vendor leaves it open.
func (o Org) choices() choice.Values {
	if !o.Choices.Declared() {
		return choice.Defaults(ChoiceTables()...)
	}
	return o.Choices
}

// quota lets the control plane see and set how many API requests the org of a sandbox may make.
type quota struct{ *som.SOM }

func (q quota) Quota(tx *sandbox.Tx) (used, most int) {
	u := q.Usage(tx)
	return u.Used, u.Max
}

func (q quota) SetQuota(tx *sandbox.Tx, most int) { q.LimitRequests(tx, most) }
