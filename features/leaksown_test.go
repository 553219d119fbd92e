package features_test

import "testing"

// A short name is found where it is told, and not among the bytes of a page of a database.
func TestNamesAreToldFromNumbers(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int{
		`{"last_name":"Ito"}`: 1, `Mr Ito, Kyoto`: 1, `name=Ada Lovelace`: 1, "\x01\xa2\tIto<\x83_\x05": 0, "\x03\x05Ada\x01": 0, `Adam "Itoya"`: 0,
	} {
		if got := len(persons()["a short name"].in([]byte(text), 20)); got != want {
			t.Errorf("%q: found %d times, want %d", text, got, want)
		}
	}
}
