package sobject

import (
	"errors"
	"fmt"
	"strings"
)

const (
	prefixLength  = 3
	shortIDLength = 15
	longIDLength  = 18
	idBlock       = 5
	idAlphabet    = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"
)

// ErrInvalidID is behind every refusal of an id's form.
var ErrInvalidID = errors.New("invalid id")

// ID15to18 appends the three characters that make a 15 character id safe where case is lost: each tells which characters of a block of five
// are upper case. Source: Salesforce's published algorithm, specs/som/SOURCES-sobjects.md.
func ID15to18(id string) (string, error) {
	if len(id) != shortIDLength || !alphanumeric(id) {
		return "", fmt.Errorf("%w: %q is not 15 letters and digits", ErrInvalidID, id)
	}
	return id + idSuffix(id), nil
}

// NormalizeID returns the 18 character form of an id given in either form. The letters of an 18 character id may be in any case: its last
// three characters say what they were.
func NormalizeID(id string) (string, error) {
	switch {
	case len(id) == shortIDLength:
		return ID15to18(id)
	case len(id) != longIDLength || !alphanumeric(id):
		return "", fmt.Errorf("%w: %q is not 15 or 18 letters and digits", ErrInvalidID, id)
	case idSuffix(id[:shortIDLength]) == id[shortIDLength:]:
		return id, nil
	}
	return restoreCase(id)
}

// ValidID says whether the text has the form of an id, 15 or 18 characters long.
func ValidID(id string) bool {
	_, err := NormalizeID(id)
	return err == nil
}

func restoreCase(id string) (string, error) {
	long := []byte(strings.ToLower(id[:shortIDLength]))
	suffix := strings.ToUpper(id[shortIDLength:])
	for block := range len(suffix) {
		bits := strings.IndexByte(idAlphabet, suffix[block])
		if bits < 0 {
			return "", fmt.Errorf("%w: %q does not end in a check sum", ErrInvalidID, id)
		}
		for i := range idBlock {
			at := block*idBlock + i
			if bits&(1<<i) != 0 && long[at] >= 'a' {
				long[at] -= 'a' - 'A'
			}
		}
	}
	if restored := string(long); idSuffix(restored) == suffix {
		return restored + suffix, nil
	}
	return "", fmt.Errorf("%w: the check sum of %q does not fit", ErrInvalidID, id)
}

func idSuffix(id string) string {
	suffix := make([]byte, 0, longIDLength-shortIDLength)
	for start := 0; start < shortIDLength; start += idBlock {
		bits := 0
		for i := range idBlock {
			if c := id[start+i]; c >= 'A' && c <= 'Z' {
				bits |= 1 << i
			}
		}
		suffix = append(suffix, idAlphabet[bits])
	}
	return string(suffix)
}

func alphanumeric(s string) bool {
	for i := range len(s) {
		c := s[i]
		if (c < '0' || c > '9') && (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') {
			return false
		}
	}
	return true
}
