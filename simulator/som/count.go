package som

import (
	"github.com/somsim/somsim/simulator/sandbox"
	"github.com/somsim/somsim/simulator/som/sobject"
)

// CountRows counts the rows of an object that are not in the recycle bin.
func (d *SOM) CountRows(tx *sandbox.Tx, object string) int {
	n := 0
	d.Rows(tx).Scan(object, func(r *sobject.Record) bool {
		if !deleted(r) {
			n++
		}
		return true
	})
	return n
}
