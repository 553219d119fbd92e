// Package breaking finds changes of the documents in specs/ that break those
// who keep to the older ones, and says which consumers have agreed on the
// operations that changed.
package breaking

import (
	"cmp"
	"fmt"
	"io/fs"
	"path"
	"slices"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/oasdiff/oasdiff/checker"
	"github.com/oasdiff/oasdiff/diff"
	"github.com/oasdiff/oasdiff/load"

	"github.com/somsim/somsim/contracts/pactfile"
	"github.com/somsim/somsim/contracts/promise"
)

// Change is a change that breaks, or may break, who keeps to the base.
type Change struct {
	// System is the folder of the document.
	System, Method, Path, Operation string
	// Rule is oasdiff's id of the kind of change; Text says it in words.
	Rule, Text string
	// Certain is false for what breaks only some clients, such as a field that may be left out from now on.
	Certain bool
	// Consumers are those that have agreed on the operation, with the number of their interactions with it.
	Consumers []Consumer
}

// Consumer is who has agreed on a changed operation.
type Consumer struct {
	Name         string
	Interactions int
}

// Breaks says whether the change breaks somebody who is known.
func (c Change) Breaks() bool { return c.Certain && len(c.Consumers) > 0 }

// Changes compares the documents of every system and returns what breaks, by
// system, path and method. The consumers are those whose pacts touch the
// operation as the base has it.
func Changes(base, head fs.FS, pacts []pactfile.Pact) (all []Change, err error) {
	folders, err := promise.Folders(base)
	if err != nil {
		return nil, err
	}
	touched, err := touches(base, folders, pacts)
	if err != nil {
		return nil, err
	}
	for _, folder := range folders {
		found, err := compare(folder, base, head)
		if err != nil {
			return nil, fmt.Errorf("compare specs/%s: %w", folder, err)
		}
		for _, c := range found {
			c.Consumers = touched[place{folder, c.Method, c.Path}]
			all = append(all, c)
		}
	}
	slices.SortStableFunc(all, func(a, b Change) int {
		return cmp.Or(cmp.Compare(a.System, b.System), cmp.Compare(a.Path, b.Path), cmp.Compare(a.Method, b.Method))
	})
	return all, nil
}

func compare(folder string, base, head fs.FS) (found []Change, err error) {
	before, err := documents(base, folder)
	if err != nil {
		return nil, err
	}
	after, err := documents(head, folder)
	if err != nil {
		return nil, err
	}
	report, sources, err := diff.GetPathsDiff(diff.NewConfig(), before, after)
	if err != nil || report == nil {
		return nil, err
	}
	localizer := checker.NewDefaultLocalizer()
	for _, c := range checker.CheckBackwardCompatibility(checker.NewConfig(checker.GetAllChecks()), report, sources) {
		found = append(found, Change{
			System: folder, Method: c.GetOperation(), Path: c.GetPath(), Operation: c.GetOperationId(),
			Rule: c.GetId(), Text: c.GetUncolorizedText(localizer), Certain: c.IsBreaking() && c.GetLevel() == checker.ERR,
		})
	}
	return found, nil
}

// documents are all documents of a folder: a path may move from one to another.
func documents(all fs.FS, folder string) (found []*load.SpecInfo, err error) {
	files, err := promise.Documents(all, folder)
	if err != nil {
		return nil, err
	}
	for _, file := range files {
		source, err := fs.ReadFile(all, file)
		if err != nil {
			return nil, err
		}
		doc, err := openapi3.NewLoader().LoadFromData(source)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", path.Join("specs", file), err)
		}
		found = append(found, &load.SpecInfo{Url: file, Spec: doc})
	}
	return found, nil
}

// place is an operation as a document has it.
type place struct{ folder, method, path string }

// touches are the consumers of each operation. A part of a composite touches its own.
func touches(base fs.FS, folders []string, pacts []pactfile.Pact) (map[place][]Consumer, error) {
	counts := map[place]map[string]int{}
	for _, p := range pacts {
		folder := promise.Folder(p.Provider.Name)
		if !slices.Contains(folders, folder) {
			continue // a system that the base did not have
		}
		documents, err := promise.Load(base, p.Provider.Name)
		if err != nil {
			return nil, err
		}
		touched, err := documents.Touched(p)
		if err != nil {
			return nil, err
		}
		for _, t := range touched {
			at := place{folder, t.Operation.Method, t.Operation.Path}
			if counts[at] == nil {
				counts[at] = map[string]int{}
			}
			counts[at][p.Consumer.Name]++
		}
	}
	return byPlace(counts), nil
}

func byPlace(counts map[place]map[string]int) map[place][]Consumer {
	touched := map[place][]Consumer{}
	for at, consumers := range counts {
		for name, n := range consumers {
			touched[at] = append(touched[at], Consumer{name, n})
		}
		slices.SortFunc(touched[at], func(a, b Consumer) int { return cmp.Compare(a.Name, b.Name) })
	}
	return touched
}
