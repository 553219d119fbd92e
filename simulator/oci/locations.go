package oci

import "github.com/somsim/somsim/simulator/sandbox"

// Locations lists every location, by id.
func (o *OCI) Locations(tx *sandbox.Tx) []Location {
	return o.locations.Range(tx.Tx, "", "", "", 0)
}
