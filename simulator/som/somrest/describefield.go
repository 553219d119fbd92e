package somrest

import "github.com/somsim/somsim/simulator/som/sobject"

// fieldDescription is what describe tells of a field.
type fieldDescription struct {
	Aggregatable                 bool                  `json:"aggregatable"`
	AIPredictionField            bool                  `json:"aiPredictionField"`
	AutoNumber                   bool                  `json:"autoNumber"`
	ByteLength                   int                   `json:"byteLength"`
	Calculated                   bool                  `json:"calculated"`
	CalculatedFormula            *string               `json:"calculatedFormula"`
	CascadeDelete                bool                  `json:"cascadeDelete"`
	CaseSensitive                bool                  `json:"caseSensitive"`
	CompoundFieldName            *string               `json:"compoundFieldName"`
	ControllerName               *string               `json:"controllerName"`
	Createable                   bool                  `json:"createable"`
	Custom                       bool                  `json:"custom"`
	DefaultValue                 any                   `json:"defaultValue"`
	DefaultValueFormula          *string               `json:"defaultValueFormula"`
	DefaultedOnCreate            bool                  `json:"defaultedOnCreate"`
	DependentPicklist            bool                  `json:"dependentPicklist"`
	DeprecatedAndHidden          bool                  `json:"deprecatedAndHidden"`
	Digits                       int                   `json:"digits"`
	DisplayLocationInDecimal     bool                  `json:"displayLocationInDecimal"`
	Encrypted                    bool                  `json:"encrypted"`
	ExternalID                   bool                  `json:"externalId"`
	ExtraTypeInfo                *string               `json:"extraTypeInfo"`
	Filterable                   bool                  `json:"filterable"`
	FilteredLookupInfo           *string               `json:"filteredLookupInfo"`
	FormulaTreatNullNumberAsZero bool                  `json:"formulaTreatNullNumberAsZero"`
	Groupable                    bool                  `json:"groupable"`
	HighScaleNumber              bool                  `json:"highScaleNumber"`
	HTMLFormatted                bool                  `json:"htmlFormatted"`
	IDLookup                     bool                  `json:"idLookup"`
	InlineHelpText               *string               `json:"inlineHelpText"`
	Label                        string                `json:"label"`
	Length                       int                   `json:"length"`
	Mask                         *string               `json:"mask"`
	MaskType                     *string               `json:"maskType"`
	Name                         string                `json:"name"`
	NameField                    bool                  `json:"nameField"`
	NamePointing                 bool                  `json:"namePointing"`
	Nillable                     bool                  `json:"nillable"`
	Permissionable               bool                  `json:"permissionable"`
	PicklistValues               []picklistDescription `json:"picklistValues"`
	PolymorphicForeignKey        bool                  `json:"polymorphicForeignKey"`
	Precision                    int                   `json:"precision"`
	QueryByDistance              bool                  `json:"queryByDistance"`
	ReferenceTargetField         *string               `json:"referenceTargetField"`
	ReferenceTo                  []string              `json:"referenceTo"`
	RelationshipName             *string               `json:"relationshipName"`
	RelationshipOrder            *int                  `json:"relationshipOrder"`
	RestrictedDelete             bool                  `json:"restrictedDelete"`
	RestrictedPicklist           bool                  `json:"restrictedPicklist"`
	Scale                        int                   `json:"scale"`
	SearchPrefilterable          bool                  `json:"searchPrefilterable"`
	SoapType                     string                `json:"soapType"`
	Sortable                     bool                  `json:"sortable"`
	Type                         string                `json:"type"`
	Unique                       bool                  `json:"unique"`
	Updateable                   bool                  `json:"updateable"`
	WriteRequiresMasterRead      bool                  `json:"writeRequiresMasterRead"`
}

type picklistDescription struct {
	Active       bool    `json:"active"`
	DefaultValue bool    `json:"defaultValue"`
	Label        string  `json:"label"`
	ValidFor     *string `json:"validFor"`
	Value        string  `json:"value"`
}

func describeField(o *sobject.Object, f *sobject.Field) fieldDescription {
	d := fieldDescription{
		Aggregatable: f.Aggregatable(), AutoNumber: f.AutoNumber, Calculated: f.Formula != nil, CascadeDelete: f.CascadeDelete,
		CaseSensitive: f.CaseSensitive, CompoundFieldName: optional(o.Compound(f)), Createable: o.Createable && f.Createable,
		Custom: f.Custom(), DefaultedOnCreate: defaulted(f), Encrypted: f.Type == sobject.TypeEncrypted, ExternalID: f.ExternalID,
		Filterable: f.Filterable(), Groupable: f.Groupable(), IDLookup: f.Type == sobject.TypeID || f.ExternalID, Label: f.Label,
		Name: f.Name, NameField: f.Name == o.NameField, Nillable: !f.Required && f.Type != sobject.TypeBoolean,
		Permissionable: !f.System() && !f.Required, PicklistValues: []picklistDescription{}, ReferenceTo: []string{},
		RelationshipName: optional(f.RelationshipName), RestrictedPicklist: f.Restricted, SoapType: soapType(f.Type),
		SearchPrefilterable: f.Type == sobject.TypeReference, Sortable: f.Sortable(), Type: string(f.Type), Unique: f.Unique,
		Updateable: o.Updateable && f.Updateable, QueryByDistance: f.Type == sobject.TypeLocation || f.Type == sobject.TypeAddress,
	}
	if f.Formula != nil {
		d.CalculatedFormula, d.FormulaTreatNullNumberAsZero = &f.Formula.Text, true
	}
	if f.Type == sobject.TypeBoolean {
		d.DefaultValue = f.Default == "true"
	}
	d.measure(f)
	d.refer(f)
	for _, v := range f.Picklist {
		d.PicklistValues = append(d.PicklistValues, picklistDescription{Active: !v.Inactive, DefaultValue: v.Default, Label: v.Value, Value: v.Value})
	}
	return d
}

// bytesPerCharacter is how many bytes describe allows for a character of UTF-8.
const bytesPerCharacter = 3

// measure tells how long a text is, or how many digits a number has.
func (d *fieldDescription) measure(f *sobject.Field) {
	switch {
	case f.Type == sobject.TypeInt:
		d.Digits = f.Length
	case f.Type.Numeric():
		d.Precision, d.Scale = f.Length, f.Scale
	case f.Type == sobject.TypeID, f.Type == sobject.TypeReference:
		d.Length, d.ByteLength = f.Length, f.Length
	case f.Type.Textual():
		d.Length, d.ByteLength = f.Length, f.Length*bytesPerCharacter
	}
}

func (d *fieldDescription) refer(f *sobject.Field) {
	if len(f.ReferenceTo) == 0 {
		return
	}
	d.ReferenceTo = f.ReferenceTo
	d.PolymorphicForeignKey = len(f.ReferenceTo) > 1
	d.NamePointing = d.PolymorphicForeignKey
	if f.CascadeDelete && f.Custom() {
		first := 0
		d.RelationshipOrder = &first // a master-detail relationship
	}
}

// defaulted reports whether a new row has a value in the field although nobody sent one.
func defaulted(f *sobject.Field) bool {
	return f.System() || f.AutoNumber || f.Type == sobject.TypeBoolean || f.Default != "" || f.DefaultPicklistValue() != "" || f.Name == "OwnerId"
}

func optional(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// soapType is the type of a field in the schema of the SOAP API.
func soapType(t sobject.FieldType) string {
	switch t {
	case sobject.TypeID, sobject.TypeReference:
		return "tns:ID"
	case sobject.TypeCurrency, sobject.TypeDouble, sobject.TypePercent:
		return "xsd:double"
	case sobject.TypeInt:
		return "xsd:int"
	case sobject.TypeBoolean:
		return "xsd:boolean"
	case sobject.TypeDatetime:
		return "xsd:dateTime"
	case sobject.TypeDate:
		return "xsd:date"
	case sobject.TypeTime:
		return "xsd:time"
	case sobject.TypeAddress, sobject.TypeLocation:
		return "urn:" + string(t)
	default:
		return "xsd:string"
	}
}
