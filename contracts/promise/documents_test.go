package promise

import (
	"io/fs"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/somsim/somsim/specs"
)

// TestDocumentsAreDocuments finds what OpenAPI has no place for, such as words
// that a comma has torn off their sentence. Spectral finds more (`make specs`)
// and needs npm.
func TestDocumentsAreDocuments(t *testing.T) {
	t.Parallel()
	folders, err := Folders(specs.FS)
	if err != nil || len(folders) < 10 {
		t.Fatalf("found documents in %v (%v)", folders, err)
	}
	for _, folder := range folders {
		files, err := Documents(specs.FS, folder)
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			t.Run(file, func(t *testing.T) {
				t.Parallel()
				source, err := fs.ReadFile(specs.FS, file)
				if err != nil {
					t.Fatal(err)
				}
				doc, err := openapi3.NewLoader().LoadFromData(source)
				if err != nil {
					t.Fatal(err)
				}
				if err := doc.Validate(t.Context(), openapi3.DisableExamplesValidation()); err != nil {
					t.Error(err)
				}
			})
		}
	}
}
