package sobject_test

import (
	"errors"
	"testing"

	"github.com/somsim/somsim/simulator/som/sobject"
)

func TestNormalizeID(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, in, want string }{
		{"15 characters gain a check sum", "00337000003VbP1", "00337000003VbP1AAK"},
		{"18 characters stay", "00337000003VbP1AAK", "00337000003VbP1AAK"},
		{"lost upper case is restored", "00337000003vbp1aak", "00337000003VbP1AAK"},
		{"lost lower case is restored", "00337000003VBP1AAK", "00337000003VbP1AAK"},
		{"digits alone", "001000000000001", "001000000000001AAA"},
		{"all upper case", "ABCDEFGHIJKLMNO", "ABCDEFGHIJKLMNO555"},
		{"too short", "0033700000", ""},
		{"16 characters", "00337000003VbP1A", ""},
		{"no letter or digit", "00337000003VbP-", ""},
		{"a check sum that does not fit", "00337000003VbP1ZZZ", ""},
		{"a check sum beyond its alphabet", "00337000003VbP1AA9", ""},
		{"empty", "", ""},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got, err := sobject.NormalizeID(tc.in)
			if got != tc.want || (err != nil) != (tc.want == "") {
				t.Errorf("got %q, %v", got, err)
			}
			if err != nil && !errors.Is(err, sobject.ErrInvalidID) {
				t.Errorf("%v is no ErrInvalidID", err)
			}
			if sobject.ValidID(tc.in) != (err == nil) {
				t.Error("ValidID disagrees")
			}
		})
	}
}

func TestID15to18RefusesLongIDs(t *testing.T) {
	t.Parallel()
	if got, err := sobject.ID15to18("00337000003VbP1AAK"); err == nil {
		t.Errorf("got %s", got)
	}
}
