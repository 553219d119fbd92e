//go:build !full

package features_test

// foreign are the scenarios that an order-ops which can less is proved by: something for each face, a guest, a fault, and
// a wish that is repeated.
const foreign = "@guest,@case-94"
