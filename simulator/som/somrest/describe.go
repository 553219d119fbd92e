package somrest

import (
	"cmp"
	"net/http"
	"slices"
	"time"

	"github.com/somsim/somsim/simulator/binding"
	"github.com/somsim/somsim/simulator/som/sobject"
)

// The shapes of describe. Source: REST API Developer Guide, "Describe Global" and "sObject Describe"; jsforce common.d.ts.

// objectSummary is what the list of all objects tells of each.
type objectSummary struct {
	Activateable          bool              `json:"activateable"`
	AssociateEntityType   *string           `json:"associateEntityType"`
	AssociateParentEntity *string           `json:"associateParentEntity"`
	Createable            bool              `json:"createable"`
	Custom                bool              `json:"custom"`
	CustomSetting         bool              `json:"customSetting"`
	DeepCloneable         bool              `json:"deepCloneable"`
	Deletable             bool              `json:"deletable"`
	DeprecatedAndHidden   bool              `json:"deprecatedAndHidden"`
	FeedEnabled           bool              `json:"feedEnabled"`
	HasSubtypes           bool              `json:"hasSubtypes"`
	IDEnabled             bool              `json:"idEnabled"`
	IsInterface           bool              `json:"isInterface"`
	IsSubtype             bool              `json:"isSubtype"`
	KeyPrefix             string            `json:"keyPrefix"`
	Label                 string            `json:"label"`
	LabelPlural           string            `json:"labelPlural"`
	Layoutable            bool              `json:"layoutable"`
	Mergeable             bool              `json:"mergeable"`
	MruEnabled            bool              `json:"mruEnabled"`
	Name                  string            `json:"name"`
	Queryable             bool              `json:"queryable"`
	Replicateable         bool              `json:"replicateable"`
	Retrieveable          bool              `json:"retrieveable"`
	Searchable            bool              `json:"searchable"`
	Triggerable           bool              `json:"triggerable"`
	Undeletable           bool              `json:"undeletable"`
	Updateable            bool              `json:"updateable"`
	URLs                  map[string]string `json:"urls"`
}

// objectDescription is all there is to know of an object.
type objectDescription struct {
	objectSummary

	ActionOverrides       []struct{}          `json:"actionOverrides"`
	ChildRelationships    []childRelationship `json:"childRelationships"`
	CompactLayoutable     bool                `json:"compactLayoutable"`
	DefaultImplementation *string             `json:"defaultImplementation"`
	ExtendedBy            *string             `json:"extendedBy"`
	ExtendsInterfaces     *string             `json:"extendsInterfaces"`
	Fields                []fieldDescription  `json:"fields"`
	ImplementedBy         *string             `json:"implementedBy"`
	ImplementsInterfaces  *string             `json:"implementsInterfaces"`
	Listviewable          *bool               `json:"listviewable"`
	LookupLayoutable      *bool               `json:"lookupLayoutable"`
	NamedLayoutInfos      []struct{}          `json:"namedLayoutInfos"`
	NetworkScopeFieldName *string             `json:"networkScopeFieldName"`
	RecordTypeInfos       []recordTypeInfo    `json:"recordTypeInfos"`
	SearchLayoutable      bool                `json:"searchLayoutable"`
	SobjectDescribeOption string              `json:"sobjectDescribeOption"`
	SupportedScopes       []scopeInfo         `json:"supportedScopes"`
}

type childRelationship struct {
	CascadeDelete       bool     `json:"cascadeDelete"`
	ChildSObject        string   `json:"childSObject"`
	DeprecatedAndHidden bool     `json:"deprecatedAndHidden"`
	Field               string   `json:"field"`
	JunctionIDListNames []string `json:"junctionIdListNames"`
	JunctionReferenceTo []string `json:"junctionReferenceTo"`
	RelationshipName    *string  `json:"relationshipName"`
	RestrictedDelete    bool     `json:"restrictedDelete"`
}

type recordTypeInfo struct {
	Active                   bool              `json:"active"`
	Available                bool              `json:"available"`
	DefaultRecordTypeMapping bool              `json:"defaultRecordTypeMapping"`
	DeveloperName            string            `json:"developerName"`
	Master                   bool              `json:"master"`
	Name                     string            `json:"name"`
	RecordTypeID             string            `json:"recordTypeId"`
	URLs                     map[string]string `json:"urls"`
}

type scopeInfo struct {
	Label string `json:"label"`
	Name  string `json:"name"`
}

type globalDescription struct {
	Encoding     string          `json:"encoding"`
	MaxBatchSize int             `json:"maxBatchSize"`
	SObjects     []objectSummary `json:"sobjects"`
}

// describeGlobal lists all objects of the org.
func (a *API) describeGlobal(c *binding.Call) (*binding.Response, error) {
	return a.metadata(c, func() any {
		out := globalDescription{Encoding: "UTF-8", MaxBatchSize: 200}
		for _, o := range a.catalog.Objects() {
			out.SObjects = append(out.SObjects, summaryOf(c, o))
		}
		return out
	})
}

// describe tells all about an object.
func (a *API) describe(c *binding.Call) (*binding.Response, error) {
	o, err := a.domain.Object(c.Request.Vars["sobject"])
	if err != nil {
		return nil, err
	}
	return a.metadata(c, func() any { return a.description(c, o) })
}

type basicInformation struct {
	ObjectDescribe objectSummary    `json:"objectDescribe"`
	RecentItems    []map[string]any `json:"recentItems"`
}

// recentlyShown is how many rows the basic information of an object lists.
const recentlyShown = 20

// basicInformation tells about an object in short, with the rows the user had to do with lately.
func (a *API) basicInformation(c *binding.Call, in struct {
	SObject string `path:"sobject"`
},
) (basicInformation, error) {
	o, err := a.domain.Object(in.SObject)
	if err != nil {
		return basicInformation{}, err
	}
	out := basicInformation{ObjectDescribe: summaryOf(c, o), RecentItems: []map[string]any{}}
	for _, r := range a.domain.Recent(c.Tx, c.Principal.ID, o.Name, recentlyShown) {
		item := map[string]any{"Id": r.ID, "attributes": map[string]string{"type": o.Name, "url": objectURL(c, o) + "/" + r.ID}}
		if o.NameField != "" {
			item[o.NameField] = r.Text(o.NameField)
		}
		out.RecentItems = append(out.RecentItems, item)
	}
	return out, nil
}

// metadata answers what changes only when an org is set up anew, or says that the caller has it already.
func (a *API) metadata(c *binding.Call, tell func() any) (*binding.Response, error) {
	changed := c.Tx.Meta().Started.Truncate(time.Second)
	header := http.Header{"Last-Modified": {changed.UTC().Format(http.TimeFormat)}}
	since, err := http.ParseTime(c.Request.Header.Get("If-Modified-Since"))
	if err == nil && !changed.After(since) {
		return &binding.Response{Status: http.StatusNotModified, Header: header}, nil
	}
	resp := binding.JSONResponse(http.StatusOK, tell())
	resp.Header = header
	return resp, nil
}

func objectURL(c *binding.Call, o *sobject.Object) string {
	return "/services/data/" + c.Request.Vars["version"] + "/sobjects/" + o.Name
}

func summaryOf(c *binding.Call, o *sobject.Object) objectSummary {
	own := objectURL(c, o)
	return objectSummary{
		Createable: o.Createable, Custom: o.Custom, Deletable: o.Deletable, FeedEnabled: o.Createable, IDEnabled: true,
		KeyPrefix: o.KeyPrefix, Label: o.Label, LabelPlural: o.LabelPlural, Layoutable: true,
		Mergeable: o.Name == "Account" || o.Name == "Contact", MruEnabled: true, Name: o.Name, Queryable: true, Replicateable: true,
		Retrieveable: true, Searchable: true, Triggerable: true, Undeletable: o.Deletable, Updateable: o.Updateable,
		URLs: map[string]string{"sobject": own, "describe": own + "/describe", "rowTemplate": own + "/{ID}"},
	}
}

func (a *API) description(c *binding.Call, o *sobject.Object) objectDescription {
	out := objectDescription{
		objectSummary: summaryOf(c, o), ActionOverrides: []struct{}{}, ChildRelationships: a.children(o), CompactLayoutable: true,
		NamedLayoutInfos: []struct{}{}, SearchLayoutable: true, SobjectDescribeOption: "FULL",
		RecordTypeInfos: []recordTypeInfo{{
			Active: true, Available: true, DefaultRecordTypeMapping: true, DeveloperName: "Master", Master: true, Name: "Master",
			RecordTypeID: masterRecordType, URLs: map[string]string{},
		}},
		SupportedScopes: []scopeInfo{{Label: "All " + o.LabelPlural, Name: "everything"}},
	}
	for _, f := range o.Fields {
		out.Fields = append(out.Fields, describeField(o, f))
	}
	return out
}

// masterRecordType is the id of the record type of rows that have none.
const masterRecordType = "012000000000000AAA"

// children lists the references to an object by row and field, those without a name for the way back as well.
func (a *API) children(parent *sobject.Object) []childRelationship {
	children := []childRelationship{}
	for _, o := range a.catalog.Objects() {
		for _, f := range o.Fields {
			if !f.Refers(parent.Name) {
				continue
			}
			child := childRelationship{
				ChildSObject: o.Name, Field: f.Name, CascadeDelete: f.CascadeDelete, JunctionIDListNames: []string{}, JunctionReferenceTo: []string{},
			}
			i := slices.IndexFunc(parent.Children, func(r sobject.ChildRelationship) bool { return r.Object == o.Name && r.Field == f.Name })
			if i >= 0 {
				child.RelationshipName = &parent.Children[i].Name
			}
			children = append(children, child)
		}
	}
	slices.SortStableFunc(children, func(x, y childRelationship) int { return cmp.Compare(x.ChildSObject, y.ChildSObject) })
	return children
}

// recordCounts is how many rows of each object there are.
type recordCounts struct {
	SObjects []recordCount `json:"sObjects"`
}

type recordCount struct {
	Count int    `json:"count"`
	Name  string `json:"name"`
}

// countRecords counts the rows of the named objects, or of all. Names of no object are passed over.
func (a *API) countRecords(c *binding.Call, in struct {
	SObjects string `query:"sObjects"`
},
) (recordCounts, error) {
	out := recordCounts{SObjects: []recordCount{}}
	for _, o := range a.named(in.SObjects) {
		out.SObjects = append(out.SObjects, recordCount{Name: o.Name, Count: a.domain.CountRows(c.Tx, o.Name)})
	}
	return out, nil
}

// named finds the objects of a list with commas; all of them when it is empty.
func (a *API) named(list string) []*sobject.Object {
	if list == "" {
		return a.catalog.Objects()
	}
	var objects []*sobject.Object
	for _, name := range splitList(list) {
		if o, ok := a.catalog.Object(name); ok && !slices.Contains(objects, o) {
			objects = append(objects, o)
		}
	}
	return objects
}
