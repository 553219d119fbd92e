package features

import (
	"io/fs"
	"os"
	"regexp"
	"slices"
	"testing"
)

// A scenario fails when what it lets go wrong does not strike. So a sentence about everything that a system can be asked for,
// somewhere in a scenario, proves that it can go wrong, and that somebody looks at what comes of it.
func TestEverythingThatCanGoWrongGoesWrongInAScenario(t *testing.T) {
	t.Parallel()
	struck := map[[2]string]bool{}
	for _, files := range []fs.FS{nil, os.DirFS("testdata")} {
		mishapsOf(t, files, func(system, what string) { struck[[2]string{system, what}] = true })
	}
	for system, p := range new(world).partners() {
		for what := range p.acts {
			never := what == "a search" // of the shop, which is behind: scenarios make sure that order-ops asks for none
			if !never && !struck[[2]string{system, what}] {
				t.Errorf("no scenario lets anything go wrong with %s when asked for %s", system, what)
			}
		}
	}
}

// mishapsOf finds which system the sentences of all scenarios let something go wrong with, and what it is asked for then.
func mishapsOf(t *testing.T, files fs.FS, found func(system, what string)) {
	t.Helper()
	read, err := Options{Features: files}.read("", []string{"."})
	if err != nil {
		t.Fatal(err)
	}
	partners := new(world).partners()
	for _, step := range new(world).mishapSteps() {
		understands := regexp.MustCompile(step.expression)
		for _, scenario := range read.skeletons {
			for _, said := range scenario.Steps {
				words := understands.FindStringSubmatch(said.Text)
				for system, p := range partners {
					for what := range p.acts {
						if slices.Contains(words, system) && slices.Contains(words, what) {
							found(system, what)
						}
					}
				}
			}
		}
	}
}
