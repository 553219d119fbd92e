package command

import (
	"strings"
	"testing"
)

func TestLocationOfADatabase(t *testing.T) {
	t.Parallel()
	cases := []struct {
		location, safe string
		shared, holds  bool
	}{
		{"/var/lib/orderops.db", "/var/lib/orderops.db", false, false},
		{"odd:name@x.db", "odd:name@x.db", false, false},
		{"postgres://u@h:5432/d", "postgres://u@h:5432/d", true, false},
		{"postgresql://h/d?sslmode=require", "postgresql://h/d?sslmode=require", true, false},
		{"postgres://u:s3cret@h/d", "postgres://u:xxxxx@h/d", true, true},
		{"postgres://h/d?password=s3cret", "postgres://h/d?password=xxxxx", true, true},
		{"postgres://u:s3cret@h:no port/d", "a postgres URL that does not parse", true, true},
	}
	for _, tc := range cases {
		t.Run(tc.location, func(t *testing.T) {
			t.Parallel()
			c := DatabaseConfig{Location: tc.location}
			if c.Shared() != tc.shared || c.HoldsPassword() != tc.holds || c.Safe() != tc.safe {
				t.Errorf("shared %v, holds a password %v, safe %q", c.Shared(), c.HoldsPassword(), c.Safe())
			}
		})
	}
}

// What the drivers say of a location that does not parse must not repeat its password.
func TestLocationThatDoesNotParseIsNotRepeated(t *testing.T) {
	t.Parallel()
	_, err := OpenDatabase(t.Context(), DatabaseConfig{Location: "postgres://u:s3cret@h:no port/d"})
	if err == nil || strings.Contains(err.Error(), "s3cret") {
		t.Errorf("got %v, want an error without the password", err)
	}
}
