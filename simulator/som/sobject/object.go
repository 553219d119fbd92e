package sobject

import "strings"

// FieldType is the type describe reports for a field, in Salesforce's own spelling.
type FieldType string

// The field types the simulated objects use.
const (
	TypeID        FieldType = "id"
	TypeReference FieldType = "reference"
	TypeString    FieldType = "string"
	TypeTextarea  FieldType = "textarea"
	TypePicklist  FieldType = "picklist"
	// TypeMultipicklist values are texts with semicolons between the chosen values.
	TypeMultipicklist FieldType = "multipicklist"
	TypeCurrency      FieldType = "currency"
	TypeDouble        FieldType = "double"
	TypeInt           FieldType = "int"
	TypePercent       FieldType = "percent"
	TypeBoolean       FieldType = "boolean"
	TypeDatetime      FieldType = "datetime"
	TypeDate          FieldType = "date"
	TypeTime          FieldType = "time"
	TypeEmail         FieldType = "email"
	TypePhone         FieldType = "phone"
	TypeURL           FieldType = "url"
	TypeAddress       FieldType = "address"
	TypeLocation      FieldType = "location"
	// TypeEncrypted is text that is stored encrypted and shown masked.
	TypeEncrypted FieldType = "encryptedstring"
)

// Numeric says whether values of the type are decimal.Decimal.
func (t FieldType) Numeric() bool {
	switch t {
	case TypeCurrency, TypeDouble, TypeInt, TypePercent:
		return true
	default:
		return false
	}
}

// Textual says whether values of the type are free or listed text; ids, dates and times, though held as strings, are not.
func (t FieldType) Textual() bool {
	switch t {
	case TypeString, TypeTextarea, TypePicklist, TypeMultipicklist, TypeEmail, TypePhone, TypeURL, TypeEncrypted:
		return true
	default:
		return false
	}
}

// PicklistValue is one entry of a picklist.
type PicklistValue struct {
	Value string
	// Default marks the value a new row gets when none is sent.
	Default bool
	// Inactive values stay on old rows but are refused for new ones.
	Inactive bool
	// Category is the fixed meaning behind a customisable value, such as the StatusCategory of a FulfillmentOrder.Status; empty where the
	// field has none.
	Category string
}

// Field describes one field of an object.
type Field struct {
	Name, Label string
	Type        FieldType
	// Length is the number of characters of text, or the number of digits of a number.
	Length int
	// Scale is the number of digits after the decimal point.
	Scale int
	// Required means not nillable.
	Required bool
	// Createable and Updateable say whether an API client may send the field; the domain itself writes what it computes.
	Createable, Updateable bool
	ExternalID, Unique     bool
	// AutoNumber marks a value the org assigns itself.
	AutoNumber bool
	// CaseSensitive text is compared as it is; all other text without regard to case.
	CaseSensitive bool
	// Sensitive fields tell who somebody is: no journal shows them.
	Sensitive bool
	// Indexed fields have an entry in [Catalog.ReferenceKeys] when they are references, as all references to objects of the org are, and
	// in [Catalog.IndexKeys] otherwise.
	Indexed bool
	// Children is the name of the child relationship that the field makes on the objects it refers to; empty for none.
	Children string
	// ReferenceTo names the objects a reference may point to; empty for a reference to an object outside the simulation.
	ReferenceTo []string
	// RelationshipName is the name the parent has in a SOQL path; empty where no parent can be reached.
	RelationshipName string
	Picklist         []PicklistValue
	// Restricted picklists refuse values they do not list.
	Restricted bool
	// Formula computes the value from other fields of the same row; nil for stored fields.
	Formula *Formula
	// Default is the value of a new row when none is sent, as text; empty for none.
	Default string
	// Prefix is, for a compound address or location, what the names of its parts start with ("Billing").
	Prefix string
	// CascadeDelete references take their row along when the row they point to is deleted.
	CascadeDelete bool

	system bool
	// index is the field's name in index keys.
	index string
}

// PicklistValue finds an entry of the picklist, ignoring case as Salesforce does for input.
func (f *Field) PicklistValue(value string) (PicklistValue, bool) {
	for _, v := range f.Picklist {
		if strings.EqualFold(v.Value, value) {
			return v, true
		}
	}
	return PicklistValue{}, false
}

// DefaultPicklistValue is the value marked as default, or "".
func (f *Field) DefaultPicklistValue() string {
	for _, v := range f.Picklist {
		if v.Default {
			return v.Value
		}
	}
	return ""
}

// Refers says whether the field is a reference that may point to the object.
func (f *Field) Refers(object string) bool {
	for _, to := range f.ReferenceTo {
		if to == object {
			return true
		}
	}
	return false
}

// ChildRelationship is a reference seen from the object it points to.
type ChildRelationship struct {
	// Name is the name of the relationship in a SOQL subquery, such as OrderItemSummaries.
	Name string
	// Object and Field name the reference that holds the parent's id.
	Object, Field string
	// CascadeDelete children vanish with their parent.
	CascadeDelete bool
}

// Object describes one sObject.
type Object struct {
	Name, Label, LabelPlural string
	// KeyPrefix is what ids of the object start with, three characters.
	KeyPrefix string
	// NameField is the field describe calls the name field; empty where there is none.
	NameField string
	Custom    bool
	// Createable, Updateable and Deletable say what an API client may do.
	Createable, Updateable, Deletable bool
	// Fields are in the order of describe: Id, the object's own, the other system fields.
	Fields []*Field
	// Children are sorted by name.
	Children []ChildRelationship

	fields   map[string]*Field
	children map[string]int
	parents  map[string]*Field
}

// Field finds a field by name, ignoring case as SOQL does.
func (o *Object) Field(name string) (*Field, bool) {
	if f, ok := o.fields[name]; ok {
		return f, true
	}
	f, ok := o.fields[strings.ToLower(name)]
	return f, ok
}

// Child finds a child relationship by name, ignoring case.
func (o *Object) Child(name string) (ChildRelationship, bool) {
	i, ok := o.children[strings.ToLower(name)]
	if !ok {
		return ChildRelationship{}, false
	}
	return o.Children[i], true
}

// Parent finds the reference field behind a parent relationship name, ignoring case.
func (o *Object) Parent(relationship string) (*Field, bool) {
	f, ok := o.parents[strings.ToLower(relationship)]
	return f, ok
}
