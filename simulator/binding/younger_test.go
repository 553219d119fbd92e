package binding_test

import (
	"strings"
	"testing"
)

func TestAPropertyYoungerThanTheVersionAskedForIsUnknown(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	// The toy's version is the number of digits.
	cases := []struct {
		name, path, body string
		status           int
		error            string
	}{
		{"old ones are known", "/toy/1/young", `{"old":"x"}`, 200, ""},
		{"too young", "/toy/11/young", `{"young":"x"}`, 400, `body: property "young" is unsupported`},
		{"old enough", "/toy/111/young", `{"young":"x","items":[{}]}`, 200, ""},
		{"too young in an item", "/toy/111/young", `{"items":[{},{"young":true}]}`, 400, `body items/1: property "young" is unsupported`},
		{"old enough in an item", "/toy/1111/young", `{"items":[{},{"young":true}]}`, 200, ""},
	}
	for _, c := range cases {
		got := b.call("POST "+c.path, c.body)
		if got.status != c.status || !strings.Contains(strings.ReplaceAll(got.body, `\"`, `"`), c.error) {
			t.Errorf("%s: got %s, want %d %s", c.name, got, c.status, c.error)
		}
	}
}
