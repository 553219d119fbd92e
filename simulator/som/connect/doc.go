// Package connect is the Order Management face of the org: the Connect REST resources under /commerce that cancel,
// return, allocate and pay. It turns calls of specs/som/connect.yaml into calls of package som, and stands on the
// platform of package somrest for sessions, limits and the reading of errors.
package connect
