package ident_test

import (
	"regexp"
	"testing"

	"github.com/somsim/somsim/simulator/ident"
)

func TestBase62(t *testing.T) {
	t.Parallel()
	tests := []struct {
		n     uint64
		width int
		want  string
	}{{0, 3, "000"}, {61, 1, "z"}, {62, 1, "10"}, {62, 4, "0010"}, {3843, 2, "zz"}}
	for _, tc := range tests {
		if got := ident.Base62(tc.n, tc.width); got != tc.want {
			t.Errorf("Base62(%d, %d) = %s, want %s", tc.n, tc.width, got, tc.want)
		}
	}
}

func TestUUIDsAreShapedSeededAndDistinct(t *testing.T) {
	t.Parallel()
	shape := regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`)
	seen := map[string]bool{}
	for _, seed := range []int64{1, 2} {
		for _, kind := range []string{"a", "b"} {
			for n := range uint64(50) {
				id := ident.UUID(seed, kind, n)
				if !shape.MatchString(id) || seen[id] {
					t.Fatalf("%s is badly shaped or used before", id)
				}
				seen[id] = true
			}
		}
	}
	if once, again := ident.UUID(1, "a", 7), ident.UUID(1, "a", 7); once != again {
		t.Error("the same seed, kind and number gave another id")
	}
}

func TestFractionsSpreadOverTheUnitInterval(t *testing.T) {
	t.Parallel()
	low := 0
	for n := range uint64(1000) {
		f := ident.Fraction(42, "chance", n)
		if f < 0 || f >= 1 {
			t.Fatalf("%v is outside [0,1)", f)
		}
		if f < 0.25 {
			low++
		}
	}
	if low < 200 || low > 300 {
		t.Errorf("%d of 1000 fractions are below a quarter", low)
	}
}
