package som

import (
	"fmt"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/simulator/som/sobject"
)

// isReference tells whether a text stands for the id of a row that is new in the same request.
func isReference(id string) bool { return strings.HasPrefix(id, "@{") && strings.HasSuffix(id, ".id}") }

// referenceTo is how other rows refer to the new row of that name.
func referenceTo(name string) string { return "@{" + name + ".id}" }

// values checks the fields of a row of an object: that they exist, that they may be sent, and what they hold. Beyond what
// clients may write in general, the named fields may be sent. References to new rows of the request stay as they are.
func (e *summaryEdit) values(object string, in SummaryRow, also ...string) (id string, v values, err error) {
	o, _ := e.d.catalog.Object(object)
	v = values{}
	for _, fv := range in.Fields {
		f, ok := o.Field(fv.Name)
		if !ok {
			return "", nil, noSuchField(o, fv.Name)
		}
		text, _ := fv.Value.(string)
		switch {
		case f.Name == "Id":
			id = text
		case f.Name == "OrderSummaryId":
			if !e.isOfSummary(text) {
				return "", nil, e.foreign(object, text)
			}
		case !slices.Contains(also, f.Name) && !(in.ChangeType == rowNew && f.Createable) && !(in.ChangeType == rowUpdate && f.Updateable):
			return "", nil, notWritable(f.Name)
		case f.Type == sobject.TypeReference && e.named[text] != nil && f.Refers(e.named[text].Object):
			v[f.Name] = text
		default:
			value, refusal := e.d.checkValue(e.tx, f, fv.Value)
			if refusal != nil {
				return "", nil, refusal
			}
			v[f.Name] = value
		}
	}
	return id, v, checkRowChange(in, id)
}

func (e *summaryEdit) isOfSummary(id string) bool {
	long, err := sobject.NormalizeID(id)
	return err == nil && long == e.summary.ID
}

func checkRowChange(in SummaryRow, id string) error {
	switch {
	case in.ChangeType != rowNew && in.ChangeType != rowUpdate:
		return summaryChangeAction().refuse("change-type", "%q is not a change type; it is New or Update.", in.ChangeType).on("changeType")
	case in.ChangeType == rowNew && id != "":
		return summaryChangeAction().refuse("new-without-id", "A new row cannot have the Id %s.", id).on("Id")
	case in.ChangeType == rowUpdate && id == "":
		return summaryChangeAction().refuse("id-required", "An update needs the Id of its row.").on("Id")
	case in.ChangeType == rowUpdate && in.Reference != "":
		return summaryChangeAction().refuse("reference-new", "Only a new row has a referenceId.").on("referenceId")
	default:
		return nil
	}
}

// id is an id of a row of the object, in the long form.
func (e *summaryEdit) id(object, id string) (string, error) {
	long, err := sobject.NormalizeID(id)
	if err != nil {
		return "", refuse("som.connect.id-form", CodeInvalidID, "Invalid identifier: %s", id)
	}
	if o, ok := e.d.catalog.ByPrefix(long); !ok || o.Name != object {
		return "", refuse("som.connect.id-object", CodeInvalidID, "The identifier %s is not of %s.", id, object)
	}
	return long, nil
}

func (e *summaryEdit) foreign(object, id string) error {
	return summaryChangeAction().refuse("row-belongs", "The %s %s does not belong to the order summary %s.", object, id, e.summary.ID)
}

// name lets other rows refer to a new one. Its reference stands in the place of its id until it is stored.
func (e *summaryEdit) name(in SummaryRow, r *row) error {
	if in.Reference == "" {
		return nil
	}
	if e.named[referenceTo(in.Reference)] != nil {
		return summaryChangeAction().refuse("reference-unique", "The referenceId %s is given twice.", in.Reference).on("referenceId")
	}
	e.named[referenceTo(in.Reference)] = r
	return nil
}

func (r *row) putAll(v values) {
	for name, value := range v {
		r.put(name, value)
	}
}

func (e *summaryEdit) deliveryGroup(in SummaryRow) error {
	id, v, err := e.values(objDeliveryGroup, in)
	if err == nil {
		e.summary.groups, err = e.group(objDeliveryGroup, in, e.summary.groups, id, v)
	}
	return err
}

func (e *summaryEdit) adjustmentGroup(in SummaryRow) error {
	id, v, err := e.values(objAdjustmentGroup, in)
	if err == nil {
		e.summary.adjustmentGroups, err = e.group(objAdjustmentGroup, in, e.summary.adjustmentGroups, id, v)
	}
	return err
}

// group changes one of the groups, or adds one.
func (e *summaryEdit) group(object string, in SummaryRow, groups []*row, id string, v values) ([]*row, error) {
	if in.ChangeType == rowNew {
		if err := e.required(object, v); err != nil {
			return nil, err
		}
		v["OrderSummaryId"], v["CurrencyIsoCode"] = e.summary.ID, e.summary.Get("CurrencyIsoCode")
		g := newRow(object, v)
		g.ID = referenceTo(firstText(in.Reference, fmt.Sprintf("%s %d", object, len(groups))))
		return append(groups, g), e.name(in, g)
	}
	long, err := e.id(object, id)
	if err != nil {
		return nil, err
	}
	for _, g := range groups {
		if g.ID == long {
			g.putAll(v)
			return groups, nil
		}
	}
	return nil, e.foreign(object, id)
}

// required refuses a new row without what its object cannot be without.
func (e *summaryEdit) required(object string, v values) error {
	o, _ := e.d.catalog.Object(object)
	sent := values{"OrderSummaryId": e.summary.ID, "Name": "given", "TaxEffectiveDate": "given"}
	for name, value := range v {
		sent[name] = value
	}
	if missing := e.d.missing(o, sent); len(missing) > 0 {
		return missingFields(missing...)
	}
	return nil
}

func (e *summaryEdit) header(fields []sobject.FieldValue) error {
	if len(fields) == 0 {
		return nil
	}
	id, v, err := e.values(objOrderSummary, SummaryRow{ChangeType: rowUpdate, Fields: append(slices.Clone(fields), field("Id", e.headerID(fields)))})
	if err != nil {
		return err
	}
	if !e.isOfSummary(id) {
		return e.foreign(objOrderSummary, id)
	}
	e.summary.putAll(v)
	return nil
}

// headerID is the id that the fields of the order summary name it by, or its own.
func (e *summaryEdit) headerID(fields []sobject.FieldValue) string {
	for _, fv := range fields {
		if text, ok := fv.Value.(string); ok && strings.EqualFold(fv.Name, "Id") {
			return text
		}
	}
	return e.summary.ID
}

// changedTo is how much a number of a row changes when it is set, which it is then.
func (r *row) changedTo(name string, v values) decimal.Decimal {
	now, sent := v[name].(decimal.Decimal)
	if !sent {
		return decimal.Zero
	}
	delta := now.Sub(r.Decimal(name))
	r.put(name, now)
	return delta
}
