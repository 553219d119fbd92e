package features

import "testing"

// TestNearest asks for sentences that nobody knows: of one with several choices, all come out as the text has them; and other words
// around the same ones do not hide a sentence.
func TestNearest(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"the answer of inventory to a release of goods gets lost": "Given the answer of inventory to the release of the goods gets lost",
		"the payment provider takes time over a refund":           "Given the payment provider takes its time over the refund",
		"the service desk cancels order in shop":                  "When the service desk cancels the order in the shop",
		"the back office cancels order in shop":                   "When the back office cancels the order in the shop",
	} {
		near := Nearest(text, 1)
		if len(near) != 1 || near[0] != want {
			t.Errorf("nearest to %q is %q, want %q", text, near, want)
		}
	}
	if near := Nearest("xyzzy", 3); len(near) > 0 {
		t.Errorf("like a word of no sentence are %q", near)
	}
}
