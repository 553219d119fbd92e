package somrest

import (
	"net/http"

	"github.com/somsim/somsim/simulator/binding"
	"github.com/somsim/somsim/simulator/som/sobject"
	"github.com/somsim/somsim/simulator/som/soql"
)

type queryColumns struct {
	ColumnMetadata []columnMetadata `json:"columnMetadata"`
	EntityName     string           `json:"entityName"`
	GroupBy        bool             `json:"groupBy"`
	IDSelected     bool             `json:"idSelected"`
	KeyPrefix      string           `json:"keyPrefix"`
}

type columnMetadata struct {
	Aggregate      bool             `json:"aggregate"`
	ApexType       *string          `json:"apexType"`
	BooleanType    bool             `json:"booleanType"`
	ColumnName     string           `json:"columnName"`
	Custom         bool             `json:"custom"`
	DisplayName    string           `json:"displayName"`
	ForeignKeyName *string          `json:"foreignKeyName"`
	Insertable     bool             `json:"insertable"`
	JoinColumns    []columnMetadata `json:"joinColumns"`
	NumberType     bool             `json:"numberType"`
	TextType       bool             `json:"textType"`
	Updatable      bool             `json:"updatable"`
}

// describeColumns tells the columns of a query instead of its rows, as the command line of Salesforce asks for its tables.
func (a *API) describeColumns(c *binding.Call, text string) (*binding.Response, error) {
	columns, err := a.engine.Columns(text, a.queryOptions(c))
	if err != nil {
		return nil, refusedQuery(err)
	}
	return binding.JSONResponse(http.StatusOK, queryColumns{
		ColumnMetadata: columnsMetadata(columns.Columns), EntityName: columns.Object.Name, GroupBy: columns.Grouped,
		IDSelected: columns.IDSelected, KeyPrefix: columns.Object.KeyPrefix,
	}), nil
}

func columnsMetadata(columns []soql.SelectedColumn) []columnMetadata {
	all := make([]columnMetadata, len(columns))
	for i, column := range columns {
		m := columnMetadata{
			Aggregate: column.Aggregate, ColumnName: column.Name, DisplayName: column.Display, JoinColumns: columnsMetadata(column.Columns),
		}
		if f := column.Field; f != nil {
			m.describe(f, len(column.Columns) > 0)
		}
		all[i] = m
	}
	return all
}

// describe says of what type the value is, or by which reference a parent is reached.
func (m *columnMetadata) describe(f *sobject.Field, parent bool) {
	m.Custom = f.Custom()
	if parent {
		m.ForeignKeyName = &f.Name
		return
	}
	m.ApexType = apexType(f.Type)
	m.BooleanType, m.NumberType, m.TextType = f.Type == sobject.TypeBoolean, f.Type.Numeric(), f.Type.Textual()
	m.Insertable, m.Updatable = f.Createable, f.Updateable
}

func apexType(t sobject.FieldType) *string {
	name := "String"
	switch t { //nolint:exhaustive // all others are text
	case sobject.TypeID, sobject.TypeReference:
		name = "Id"
	case sobject.TypeInt:
		name = "Integer"
	case sobject.TypeDouble, sobject.TypeCurrency, sobject.TypePercent:
		name = "Double"
	case sobject.TypeBoolean:
		name = "Boolean"
	case sobject.TypeDate:
		name = "Date"
	case sobject.TypeDatetime:
		name = "Datetime"
	case sobject.TypeTime:
		name = "Time"
	case sobject.TypeAddress:
		name = "Address"
	case sobject.TypeLocation:
		name = "Location"
	}
	return &name
}
