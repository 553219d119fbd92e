//go:build foreign

package foreign_test

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

type object = map[string]any

// spoil changes what a consumer expects, so that the provider breaks it; it says whether it found anything to change.
type spoil func(expected object, content, rules object) bool

// spoils are ways of expecting something else, each of which verifiers compare by another rule.
func spoils() []spoil {
	return []spoil{
		func(e, _, _ object) bool { _, known := e["status"]; e["status"] = 299; return known },
		func(_, content, _ object) bool { content["never"] = "told"; return len(content) > 1 },
		func(_, _, rules object) bool {
			return matcher(rules, "type", func(m object) { m["match"] = "boolean"; delete(m, "min") })
		},
		func(_, _, rules object) bool {
			return matcher(rules, "regex", func(m object) { m["regex"] = "^never$" })
		},
		func(e, _, _ object) bool { e["headers"] = object{"X-Never": []string{"1"}}; return e["status"] != nil },
		func(_, content, rules object) bool {
			return plain(content, rules, func(name string) { content[name] = "never" })
		},
		func(_, _, rules object) bool { return matcher(rules, "type", func(m object) { m["min"] = 50 }) },
		func(_, content, rules object) bool {
			return plain(content, rules, func(name string) { content[name] = nil })
		},
	}
}

// matcher changes the first matcher of a kind, by path.
func matcher(rules object, kind string, change func(object)) bool {
	for _, path := range slices.Sorted(maps.Keys(rules)) {
		rule, _ := rules[path].(object)
		list, _ := rule["matchers"].([]any)
		for _, one := range list {
			if m, ok := one.(object); ok && m["match"] == kind {
				change(m)
				return true
			}
		}
	}
	return false
}

// plain changes the first text that is compared as it stands.
func plain(content, rules object, change func(name string)) bool {
	for _, name := range slices.Sorted(maps.Keys(content)) {
		if _, isText := content[name].(string); isText && rules["$."+name] == nil {
			change(name)
			return true
		}
	}
	return false
}

// spoiled writes pacts anew, in which one interaction after the other expects something that it should not, by turns; every
// ninth is left. A pact is cut after so many interactions; 0 cuts none. It returns how a gate's problems with each begin.
func spoiled(t *testing.T, into string, most int, files ...string) (all []string, changed int) {
	t.Helper()
	turn := 0
	for _, file := range files {
		var pact object
		source, err := os.ReadFile(filepath.Join("../pacts", file))
		if err = errors.Join(err, json.Unmarshal(source, &pact), os.MkdirAll(filepath.Join(into, filepath.Dir(file)), 0o700)); err != nil {
			t.Fatal(err)
		}
		list, _ := pact["interactions"].([]any)
		if most > 0 && len(list) > most {
			list = list[:most]
		}
		names := func(who string) string { p, _ := pact[who].(object); s, _ := p["name"].(string); return s }
		for _, one := range list {
			i, _ := one.(object)
			all = append(all, names("consumer")+" → "+names("provider")+": "+i["description"].(string)+": ")
			if kinds := spoils(); turn%(len(kinds)+1) < len(kinds) && spoilOne(i, kinds[turn%(len(kinds)+1)]) {
				changed++
			}
			turn++
		}
		pact["interactions"] = list
		written, err := json.Marshal(pact)
		if err = errors.Join(err, os.WriteFile(filepath.Join(into, file), written, 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	return all, changed
}

func spoilOne(i object, s spoil) bool {
	expected, isRequest := i["response"].(object)
	var body, rules object
	if isRequest {
		body, _ = expected["body"].(object)
		rules, _ = expected["matchingRules"].(object)
	} else {
		expected = object{}
		body, _ = i["contents"].(object)
		rules, _ = i["matchingRules"].(object)
	}
	content, _ := body["content"].(object)
	below, _ := rules["body"].(object)
	if content == nil {
		content = object{}
	}
	return s(expected, content, below)
}

// verdict is what a gate finds broken, by how its problems begin.
func verdict(t *testing.T, somsim, verifier, pacts string, all []string) (broken []string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 8*time.Minute)
	defer cancel()
	gate := exec.CommandContext(ctx, somsim, "contracts", "gate", "--only", "simulator,order-ops", "--verifier", verifier, "--pact", "pact-cli/node_modules/.bin/pact",
		"--pacts", pacts, "--format", "json")
	gate.Stderr = t.Output()
	out, err := gate.Output()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	var table struct{ Rows []struct{ Problems []string } }
	if err := json.Unmarshal(out, &table); err != nil {
		t.Fatalf("%s: %v\n%s", verifier, err, out)
	}
	for _, row := range table.Rows {
		for _, problem := range row.Problems {
			i := slices.IndexFunc(all, func(begins string) bool { return strings.HasPrefix(problem, begins) })
			if i < 0 {
				t.Fatalf("%s: a problem of nothing: %s", verifier, problem)
			}
			broken = append(broken, all[i])
		}
	}
	slices.Sort(broken)
	return broken
}

// agree has both verifiers come to a verdict about pacts of which most expect what is not so.
func agree(t *testing.T, most int, files ...string) {
	t.Helper()
	somsim, folder := build(t), t.TempDir()
	all, changed := spoiled(t, folder, most, files...)
	official, ours := verdict(t, somsim, "pact", folder, all), verdict(t, somsim, "replay", folder, all)
	if diff := cmp.Diff(official, ours); diff != "" {
		t.Errorf("what is broken (-the official verifier +replay):\n%s", diff)
	}
	if len(official) < changed*3/4 || len(official) > changed || changed == len(all) {
		t.Errorf("%d of %d interactions were changed, %d are broken", changed, len(all), len(official))
	}
	t.Logf("%d interactions, %d changed, %d broken", len(all), changed, len(official))
}

// TestReplayIsAsStrictAsTheOfficialVerifier has both verify some requests and messages of which most expect what is not so.
func TestReplayIsAsStrictAsTheOfficialVerifier(t *testing.T) {
	t.Parallel()
	agree(t, 27, "pwa-order-ops.json", "storefront-sfra-order-ops.json", "order-ops-som.json", "order-ops-worldline.json",
		"messages/order-ops-som.json", "messages/order-ops-worldline.json", "messages/tracking-order-ops.json")
}
