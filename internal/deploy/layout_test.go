package deploy_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// The page that explains the code to a stranger names what there is, and all of it but what lies inside of a package that
// it explains.
func TestLayoutPageNamesWhatThereIs(t *testing.T) {
	t.Parallel()
	page := read(t, "docs/layout.md")
	named := map[string]bool{}
	for _, found := range regexp.MustCompile("`([^`\n]+)`").FindAllStringSubmatch(page, -1) {
		named[found[1]] = true
		if first, _, _ := strings.Cut(found[1], "/"); strings.Contains(found[1], " ") || !isTop(first) {
			continue
		}
		if _, err := os.Stat(filepath.Join(root, found[1])); err != nil {
			t.Errorf("the page names %s, which is not there", found[1])
		}
	}
	list := exec.CommandContext(t.Context(), "go", "list", "-e", "-tags", "full", "./...")
	list.Dir = root
	out, err := list.Output()
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range strings.Fields(string(out)) {
		path = strings.TrimPrefix(path, "github.com/somsim/somsim/")
		if !named[path] && !named[filepath.Dir(path)] {
			t.Errorf("the page does not say what %s is", path)
		}
	}
}

// isTop says that a name is that of a folder or file at the top of the project.
func isTop(name string) bool {
	_, err := os.Stat(filepath.Join(root, name))
	return err == nil
}

// Pages link to each other; every link leads somewhere.
func TestLinksOfThePagesLeadSomewhere(t *testing.T) {
	t.Parallel()
	for _, pattern := range []string{"*.md", "docs/*.md", "docs/decisions/*.md"} {
		pages, err := filepath.Glob(filepath.Join(root, pattern))
		if err != nil || len(pages) == 0 {
			t.Fatalf("no pages like %s: %v", pattern, err)
		}
		for _, page := range pages {
			text, err := os.ReadFile(page)
			if err != nil {
				t.Fatal(err)
			}
			for _, link := range regexp.MustCompile(`\]\(([^)#\s]+)`).FindAllStringSubmatch(string(text), -1) {
				if strings.Contains(link[1], "://") {
					continue
				}
				if _, err := os.Stat(filepath.Join(filepath.Dir(page), link[1])); err != nil {
					t.Errorf("%s links to %s, which is not there", page, link[1])
				}
			}
		}
	}
}
