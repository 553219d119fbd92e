package spare

import "testing"

func TestGrowthLeavesRoomForGarbageAndNoMore(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name string
		live uint64
		want int
	}{
		{"nothing known yet", 0, 400},
		{"a small world", 20 << 20, 400},
		{"as much as leaves all the room", 64 << 20, 400},
		{"a middling world", 128 << 20, 200},
		{"a world of ten thousand orders", 282 << 20, 100},
		{"more than that", 4 << 30, 100},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if got := growthFor(tc.live); got != tc.want {
				t.Errorf("%d bytes alive: grows by %d %%, want %d", tc.live, got, tc.want)
			}
		})
	}
}
