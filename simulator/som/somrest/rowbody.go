package somrest

import (
	"encoding/json"

	"github.com/somsim/somsim/simulator/binding"
	"github.com/somsim/somsim/simulator/som/sobject"
)

// ReadRow reads the fields of a row of an object out of JSON, as the bodies of the data API are read, for Connect
// resources that take rows. Without text there are no fields.
func (a *API) ReadRow(c *binding.Call, object string, raw json.RawMessage) ([]sobject.FieldValue, error) {
	if len(raw) == 0 || string(raw) == "null" {
		return nil, nil
	}
	o, err := a.domain.Object(object)
	if err != nil {
		return nil, err
	}
	return a.readFields(c, o, raw)
}
