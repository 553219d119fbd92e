package features

import (
	"io/fs"
	"os"
	"regexp"
	"testing"
)

// A scenario fails when what it lets go wrong does not strike. So a sentence about everything that a system can be asked for,
// somewhere in a scenario, proves that it can go wrong, and that somebody looks at what comes of it.
func TestEverythingThatCanGoWrongGoesWrongInAScenario(t *testing.T) {
	t.Parallel()
	never := "a search" // of the shop, which is behind: scenarios make sure that order-ops asks for none
	said := append(sentencesOf(t, nil), sentencesOf(t, os.DirFS("testdata"))...)
	for system, p := range new(world).partners() {
		for what := range p.acts {
			wrong := regexp.MustCompile(`^(?:` + system + ` .+ ` + what + `( once)?|the answer of ` + system + ` to ` + what + ` .+|` + what + ` gets lost on its way to ` + system + `)$`)
			asked := regexp.MustCompile(`^` + system + ` was (?:not )?asked `)
			found := what == never
			for _, s := range said {
				found = found || wrong.MatchString(s) && !asked.MatchString(s)
			}
			if !found {
				t.Errorf("no scenario lets anything go wrong with %s when asked for %s", system, what)
			}
		}
	}
}

// sentencesOf are the steps of all scenarios of a file system, or of those in the binary, with the words of their examples.
func sentencesOf(t *testing.T, files fs.FS) []string {
	t.Helper()
	list, err := Options{Features: files}.suite("", []string{"."}, 0).RetrieveFeatures()
	if err != nil {
		t.Fatal(err)
	}
	var said []string
	for _, f := range list {
		for _, pickle := range f.Pickles {
			for _, s := range pickle.Steps {
				said = append(said, s.Text)
			}
		}
	}
	if len(said) < 100 {
		t.Fatalf("there are %d sentences", len(said))
	}
	return said
}
