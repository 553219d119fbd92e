package sobject

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// objectYAML is one file of specs/som/sobjects, or of an org's own.
type objectYAML struct {
	// Extends names a standard object that gets further fields; all the rest is left out then.
	Extends string `yaml:"extends"`
	Name    string `yaml:"name"`
	Label   string `yaml:"label"`
	Plural  string `yaml:"plural"`
	Prefix  string `yaml:"prefix"`
	// NameField is the field describe calls the name field.
	NameField string `yaml:"nameField"`
	Custom    bool   `yaml:"custom"`
	// Operations an API client may use: create, update, delete.
	Operations []string    `yaml:"operations"`
	Fields     []yaml.Node `yaml:"fields"`

	fields []fieldYAML
}

// fieldYAML is one field of an object. What is left out has the default of its type.
type fieldYAML struct {
	Name     string    `yaml:"name"`
	Label    string    `yaml:"label"`
	Type     FieldType `yaml:"type"`
	Length   int       `yaml:"length"`
	Scale    *int      `yaml:"scale"`
	Required bool      `yaml:"required"`
	// Write is always (the default), create or never: when an API client may send the field.
	Write         string   `yaml:"write"`
	ExternalID    bool     `yaml:"externalId"`
	Unique        bool     `yaml:"unique"`
	AutoNumber    bool     `yaml:"autoNumber"`
	CaseSensitive bool     `yaml:"caseSensitive"`
	Indexed       bool     `yaml:"indexed"`
	To            []string `yaml:"to"`
	Relationship  string   `yaml:"relationship"`
	// Children names the relationship seen from the referenced object; Cascade deletes the rows with it.
	Children     string          `yaml:"children"`
	Cascade      bool            `yaml:"cascade"`
	Values       []picklistValue `yaml:"values"`
	Unrestricted bool            `yaml:"unrestricted"`
	Formula      string          `yaml:"formula"`
	Default      string          `yaml:"default"`
	// Sensitive fields tell who somebody is; those of mail and telephone do by their type.
	Sensitive bool `yaml:"sensitive"`
}

// picklistValue is a plain text, or a mapping where there is more to say.
type picklistValue struct {
	Value    string `yaml:"value"`
	Category string `yaml:"category"`
	Default  bool   `yaml:"default"`
	Inactive bool   `yaml:"inactive"`
}

func (v *picklistValue) UnmarshalYAML(n *yaml.Node) error {
	if n.Kind == yaml.ScalarNode {
		v.Value = n.Value
		return nil
	}
	if err := knownKeys(n, "value", "category", "default", "inactive"); err != nil {
		return err
	}
	type plain picklistValue
	return n.Decode((*plain)(v))
}

// decodeObject reads a file; the object is nil when nothing of it can be used.
func decodeObject(file string, text []byte) (*objectYAML, []error) {
	var o objectYAML
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	decoder.KnownFields(true)
	var errs []error
	switch err := decoder.Decode(&o); {
	case errors.Is(err, io.EOF):
		return nil, []error{fmt.Errorf("%s: the file is empty", file)}
	case err != nil:
		errs = append(errs, fmt.Errorf("%s: %w", file, err))
	}
	if err := decoder.Decode(&yaml.Node{}); err == nil {
		errs = append(errs, fmt.Errorf("%s: a file holds one object, this one more", file))
	}
	name := o.Name + o.Extends
	if name == "" {
		return nil, append(errs, fmt.Errorf("%s: the object has no name", file))
	}
	for _, op := range o.Operations {
		if !slices.Contains([]string{"create", "update", "delete"}, op) {
			errs = append(errs, fmt.Errorf("%s: object %s: unknown operation %q", file, name, op))
		}
	}
	for i := range o.Fields {
		f, err := decodeField(&o.Fields[i])
		if err != nil {
			for _, one := range each(err) {
				errs = append(errs, fmt.Errorf("%s: object %s: field %s: %w", file, name, f.Name, one))
			}
			continue
		}
		o.fields = append(o.fields, f)
	}
	return &o, errs
}

func decodeField(n *yaml.Node) (fieldYAML, error) {
	var f fieldYAML
	err := n.Decode(&f)
	unknown := knownKeys(n, "name", "label", "type", "length", "scale", "required", "write", "externalId", "unique", "autoNumber", "caseSensitive",
		"indexed", "to", "relationship", "children", "cascade", "values", "unrestricted", "formula", "default", "sensitive")
	if f.Name == "" {
		err = errors.Join(err, fmt.Errorf("line %d: the field has no name", n.Line))
	}
	return f, errors.Join(err, unknown)
}

// knownKeys refuses what yaml.Node.Decode would silently pass over.
func knownKeys(n *yaml.Node, known ...string) error {
	if n.Kind != yaml.MappingNode {
		return fmt.Errorf("line %d: not a mapping", n.Line)
	}
	var errs []error
	for i := 0; i < len(n.Content); i += 2 {
		if key := n.Content[i]; !slices.Contains(known, key.Value) {
			errs = append(errs, fmt.Errorf("line %d: unknown key %q", key.Line, key.Value))
		}
	}
	return errors.Join(errs...)
}

func (d *objectYAML) object() *Object {
	o := &Object{
		Name: d.Name, Label: d.Label, LabelPlural: d.Plural, KeyPrefix: d.Prefix, NameField: d.NameField, Custom: d.Custom,
		Createable: slices.Contains(d.Operations, "create"), Updateable: slices.Contains(d.Operations, "update"),
		Deletable: slices.Contains(d.Operations, "delete"),
		fields:    map[string]*Field{}, children: map[string]int{}, parents: map[string]*Field{},
	}
	if o.Label == "" {
		o.Label = spaced(o.Name)
	}
	if o.LabelPlural == "" {
		o.LabelPlural = o.Label + "s"
	}
	return o
}

// field checks what can be checked without the other objects. The field is never nil.
func (d *fieldYAML) field(formulas *formulaParser) (*Field, error) {
	f := &Field{
		Name: d.Name, Label: d.Label, Type: d.Type, Length: d.Length, Required: d.Required, ExternalID: d.ExternalID, Unique: d.Unique,
		AutoNumber: d.AutoNumber, CaseSensitive: d.CaseSensitive, Indexed: d.Indexed || d.ExternalID, ReferenceTo: d.To,
		RelationshipName: d.Relationship, Default: d.Default, CascadeDelete: d.Cascade, Restricted: len(d.Values) > 0 && !d.Unrestricted,
		Sensitive: d.Sensitive || d.Type == TypeEmail || d.Type == TypePhone,
	}
	for _, v := range d.Values {
		f.Picklist = append(f.Picklist, PicklistValue{Value: v.Value, Category: v.Category, Default: v.Default, Inactive: v.Inactive})
	}
	errs := []error{d.checkType(), d.setWrite(f), f.setDefaults(d.Scale), f.checkSizes()}
	_, err := f.readDefault()
	errs = append(errs, err)
	if d.Formula != "" {
		formula, err := parseFormula(formulas, d.Formula)
		f.Formula, errs = formula, append(errs, err)
		f.Createable, f.Updateable = false, false
		if !d.Type.Numeric() {
			errs = append(errs, fmt.Errorf("a formula yields a number, not a %s", d.Type))
		}
	}
	return f, errors.Join(errs...)
}

func (d *fieldYAML) checkType() error {
	var errs []error
	if len(d.To) > 0 && d.Type != TypeReference || d.Children != "" && len(d.To) == 0 {
		errs = append(errs, errors.New("only a reference points to objects or has a child relationship"))
	}
	if len(d.Values) > 0 && d.Type != TypePicklist && d.Type != TypeMultipicklist {
		errs = append(errs, errors.New("only a picklist has values"))
	}
	if d.Cascade && d.Children == "" {
		errs = append(errs, errors.New("a cascade needs a child relationship"))
	}
	return errors.Join(errs...)
}

func (d *fieldYAML) setWrite(f *Field) error {
	switch d.Write {
	case "", "always":
		f.Createable, f.Updateable = true, true
	case "create":
		f.Createable = true
	case "never":
	default:
		return fmt.Errorf("write is always, create or never, not %q", d.Write)
	}
	if d.AutoNumber || d.Type == TypeAddress || d.Type == TypeLocation {
		f.Createable, f.Updateable = false, false
	}
	return nil
}

// setDefaults fills in what follows from the type and the name.
func (f *Field) setDefaults(scale *int) error {
	if f.Label == "" {
		f.Label = spaced(f.Name)
	}
	if f.Type == TypeReference && f.RelationshipName == "" && len(f.ReferenceTo) > 0 {
		f.RelationshipName = relationshipOf(f.Name)
	}
	if f.Type == TypeAddress {
		f.Prefix = strings.TrimSuffix(f.Name, "Address")
	} else if f.Type == TypeLocation {
		f.Prefix = strings.TrimSuffix(f.Name, "Location")
	}
	length, digits, ok := f.Type.size()
	if !ok {
		return fmt.Errorf("unknown type %q", f.Type)
	}
	if f.Length == 0 {
		f.Length = length
	}
	f.Scale = digits
	if scale != nil {
		f.Scale = *scale
	}
	return nil
}

// size is the default length and scale of a type.
func (t FieldType) size() (length, scale int, ok bool) {
	switch t {
	case TypeID, TypeReference:
		return longIDLength, 0, true
	case TypeString, TypeTextarea, TypePicklist, TypeMultipicklist, TypeURL, TypeEncrypted:
		return 255, 0, true
	case TypeEmail:
		return 80, 0, true
	case TypePhone:
		return 40, 0, true
	case TypeCurrency, TypeDouble, TypePercent:
		return 18, 2, true
	case TypeInt:
		return 9, 0, true
	case TypeBoolean, TypeDatetime, TypeDate, TypeTime, TypeAddress, TypeLocation:
		return 0, 0, true
	default:
		return 0, 0, false
	}
}

// relationshipOf is the conventional name of the parent behind a reference: AccountId → Account, Store__c → Store__r.
func relationshipOf(field string) string {
	if custom, ok := strings.CutSuffix(field, "__c"); ok {
		return custom + "__r"
	}
	for _, suffix := range []string{"Id", "ID"} {
		if name, ok := strings.CutSuffix(field, suffix); ok && name != "" {
			return name
		}
	}
	return ""
}

// spaced makes a label of an API name: OrderSummaryId → "Order Summary ID".
func spaced(name string) string {
	name = strings.TrimSuffix(name, "__c")
	var b strings.Builder
	for i, c := range name {
		upper := c >= 'A' && c <= 'Z'
		if i > 0 && upper && (name[i-1] >= 'a' && name[i-1] <= 'z' || name[i-1] >= '0' && name[i-1] <= '9') {
			b.WriteByte(' ')
		}
		b.WriteRune(c)
	}
	if label, ok := strings.CutSuffix(b.String(), " Id"); ok {
		return label + " ID"
	}
	return strings.ReplaceAll(b.String(), "_", " ")
}
