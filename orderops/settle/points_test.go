package settle

import "testing"

func TestShareOfPoints(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		points, cancelled, worth, ordered, want int64
	}{
		{100, 1, 3, 3, 33},
		{100, 2, 3, 3, 66},
		{1, 1, 3, 3, 0},
		{100, 5, 0, 0, 0},
		{100, 5, 3, 3, 100},
		{100, 1, 3, 0, 33},
		{100, 1, 2, 3, 33},
		{100, 1, 1, 3, 34},
		{100, 1, 2, 4, 25},
	} {
		if got := (pointsTask{Cancelled: tc.cancelled, Worth: tc.worth, Ordered: tc.ordered}).share(tc.points); got != tc.want {
			t.Errorf("%+v: %d", tc, got)
		}
	}
}
