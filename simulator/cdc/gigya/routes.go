package gigya

import "github.com/somsim/somsim/simulator/binding"

func (a *API) routes() map[string]binding.Handler {
	return map[string]binding.Handler{
		"accountsLogin":                a.bind(a.accountsLogin),
		"accountsGetAccountInfo":       a.bind(a.accountsGetAccountInfo),
		"accountsSetAccountInfo":       a.bind(a.accountsSetAccountInfo),
		"accountsVerifyLogin":          a.bind(a.accountsVerifyLogin),
		"accountsSearch":               a.bind(a.accountsSearch),
		"accountsLogout":               a.bind(a.accountsLogout),
		"accountsInitRegistration":     a.bind(a.accountsInitRegistration),
		"accountsRegister":             a.bind(a.accountsRegister),
		"accountsFinalizeRegistration": a.bind(a.accountsFinalizeRegistration),
		"accountsGetJWT":               a.bind(a.accountsGetJWT),
		"accountsGetJWTPublicKey":      a.bind(a.accountsGetJWTPublicKey),
	}
}
