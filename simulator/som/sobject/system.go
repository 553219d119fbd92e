package sobject

// currencies are the CurrencyIsoCode values of the simulated multi-currency org. Which currencies an org has is its own setting.
func currencies() []PicklistValue {
	codes := []string{"EUR", "USD", "GBP", "CHF", "SEK", "NOK", "DKK", "PLN", "CZK", "CAD", "AUD", "JPY"}
	values := make([]PicklistValue, len(codes))
	for i, code := range codes {
		values[i] = PicklistValue{Value: code, Default: i == 0}
	}
	return values
}

// systemFields are the fields every object has, so that no file repeats them. Nobody but the org writes them, the currency excepted.
func systemFields(o *Object) []*Field {
	datetime := func(name, label string) *Field {
		return &Field{Name: name, Label: label, Type: TypeDatetime, Required: true}
	}
	user := func(name, label string) *Field {
		return &Field{
			Name: name, Label: label, Type: TypeReference, Length: longIDLength, Required: true,
			ReferenceTo: []string{"User"}, RelationshipName: relationshipOf(name),
		}
	}
	fields := []*Field{
		{Name: "Id", Label: o.Label + " ID", Type: TypeID, Length: longIDLength, Required: true},
		{Name: "IsDeleted", Label: "Deleted", Type: TypeBoolean, Required: true, Default: "false"},
		{
			Name: "CurrencyIsoCode", Label: "Currency ISO Code", Type: TypePicklist, Length: 3, Createable: true, Updateable: true,
			Picklist: currencies(), Restricted: true,
		},
		datetime("CreatedDate", "Created Date"), user("CreatedById", "Created By ID"),
		datetime("LastModifiedDate", "Last Modified Date"), user("LastModifiedById", "Last Modified By ID"),
		datetime("SystemModstamp", "System Modstamp"),
	}
	for _, f := range fields {
		f.system = true
	}
	return fields
}

// sortSystemFieldsLast brings the fields, of which the system ones come first, into the order of describe: Id, the object's own, the rest.
func sortSystemFieldsLast(o *Object) {
	system := len(systemFields(o))
	ordered := make([]*Field, 0, len(o.Fields))
	ordered = append(append(append(ordered, o.Fields[0]), o.Fields[system:]...), o.Fields[1:system]...)
	o.Fields = ordered
}
