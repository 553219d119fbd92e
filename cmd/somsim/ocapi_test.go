package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/somsim/somsim/simulator/b2c/ocapi"
)

func TestBadOCAPISettingsAreRefusedAtTheStart(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	write := func(name, text string) string {
		file := filepath.Join(folder, name)
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return "--ocapi-settings=" + file
	}
	bad := `documents:
  - api: shop
    _v: "23.2"
    clients:
      - client_id: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
        resources:
          - {resource_id: /orders/*, methods: [fetch], read_attributes: order_no}
  - {api: meta, _v: "23.2"}
`
	cases := map[string]string{
		write("bad.yaml", bad): `ocapi-settings: documents[0].clients[0].resources[0]: methods[0] "fetch" is no HTTP method
ocapi-settings: documents[0].clients[0].resources[0]: read_attributes: selector "order_no": no opening parenthesis at character 1
ocapi-settings: documents[1]: api "meta" is neither shop nor data
`,
		write("empty.yaml", "\n"):                                         "is empty",
		"--ocapi-settings=" + filepath.Join(folder, "nowhere"):            "no such file",
		write("misspelt.yaml", "documents: [{api: shop, client_ids: 1}]"): "ocapi-settings: line 1: field client_ids not found",
	}
	for flag, want := range cases {
		code, stderr := runCaptured(t, "serve", "--listen=127.0.0.1:0", "--control=127.0.0.1:0", flag)
		if code != 2 || !strings.Contains(stderr, want) {
			t.Errorf("%s: %d\n%s\nwant 2 with\n%s", flag, code, stderr, want)
		}
	}
}

func TestTheExampleOfOCAPISettingsIsGood(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../docs/examples/ocapi-settings.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := ocapi.ParseSettings(text); err != nil {
		t.Error(err)
	}
}
