package binding

import "testing"

// An unknown path is answered by the face with whose paths it shares most; of faces that share no segment, by the one whose
// methods are of its family.
func TestWhoseAnUnknownPathIs(t *testing.T) {
	t.Parallel()
	templates := []string{"/services/data/v{version}/query", "/accounts.login", "/accounts/{id}/orders", "/slots/v1/slots", "/v2/{merchantId}/payments"}
	for path, want := range map[string]string{
		"/accounts.nonsense": "/accounts.login", "/accounts/7/nonsense": "/accounts/{id}/orders", "/slots/v1/nonsense": "/slots/v1/slots",
		"/v2/somsim/nonsense": "/v2/{merchantId}/payments", "/nonsense": templates[0], "/nonsense.login": templates[0], "/.login": templates[0],
	} {
		got, most := "", -1
		for _, template := range templates {
			if n := commonPrefix(template, path); n > most {
				got, most = template, n
			}
		}
		if got != want {
			t.Errorf("%s is taken for one like %s, want %s", path, got, want)
		}
	}
}
