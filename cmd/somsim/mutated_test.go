package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"github.com/somsim/somsim/contracts/pactfile"
)

// wire is an exchange on its way: a change alters one part of it.
type wire struct {
	status  int
	header  http.Header
	body    any
	request *pactfile.Request
}

// drop removes a value of an answer or message.
func drop(at ...string) func(*testing.T, *wire) { return inBody(at, remove, nil) }

// put sets a value.
func put(value any, at ...string) func(*testing.T, *wire) { return inBody(at, set, value) }

// rename gives a key at the top another name.
func rename(from, to string) func(*testing.T, *wire) {
	return func(t *testing.T, w *wire) {
		t.Helper()
		if object, ok := w.body.(map[string]any); ok {
			if _, there := object[from]; !there {
				t.Fatalf("there is no %s to rename", from)
			}
			object[to] = object[from]
			delete(object, from)
		}
	}
}

func status(code int) func(*testing.T, *wire) {
	return func(_ *testing.T, w *wire) { w.status = code }
}

func header(name, value string) func(*testing.T, *wire) {
	return func(t *testing.T, w *wire) {
		t.Helper()
		switch {
		case w.header == nil:
		case w.header.Get(name) == "":
			t.Fatalf("there is no header %s", name)
		case value == "":
			w.header.Del(name)
		default:
			w.header.Set(name, value)
		}
	}
}

func inBody(at []string, change func(any, []string, any) error, value any) func(*testing.T, *wire) {
	return func(t *testing.T, w *wire) {
		t.Helper()
		if w.body == nil {
			return // the request's turn
		}
		if err := change(w.body, at, value); err != nil {
			t.Fatal(err)
		}
	}
}

// send and unsend change the body of a request.
func send(value any, at ...string) func(*testing.T, *wire) { return inRequest(at, set, value) }

func unsend(at ...string) func(*testing.T, *wire) { return inRequest(at, remove, nil) }

func inRequest(at []string, change func(any, []string, any) error, value any) func(*testing.T, *wire) {
	return func(t *testing.T, w *wire) {
		t.Helper()
		if w.request == nil {
			return
		}
		body := decoded(t, w.request.Body.Content)
		if err := change(body, at, value); err != nil {
			t.Fatal(err)
		}
		source, err := json.Marshal(body)
		if err != nil {
			t.Fatal(err)
		}
		w.request.Body.Content = source
		for place := range w.request.Generators["body"] { // an id is not put where the value is gone
			if value == nil && strings.HasPrefix(place, "$."+at[0]) && len(at) == 1 {
				w.request.Generators = pactfile.Generators{"path": w.request.Generators["path"]}
			}
		}
	}
}

func path(other string) func(*testing.T, *wire) {
	return func(_ *testing.T, w *wire) {
		if w.request != nil {
			w.request.Path = other
		}
	}
}

func query(name, value string) func(*testing.T, *wire) {
	return func(_ *testing.T, w *wire) {
		if w.request != nil {
			w.request.Query = url.Values{name: {value}}
		}
	}
}

func sendHeader(name, value string) func(*testing.T, *wire) {
	return func(_ *testing.T, w *wire) {
		switch {
		case w.request == nil:
		case value == "":
			w.request.Headers.Del(name)
		default:
			w.request.Headers.Set(name, value)
		}
	}
}

func remove(document any, at []string, _ any) error {
	parent, err := downTo(document, at[:len(at)-1])
	if err != nil {
		return err
	}
	object, ok := parent.(map[string]any)
	if _, there := object[at[len(at)-1]]; !ok || !there {
		return fmt.Errorf("there is no %v to drop", at)
	}
	delete(object, at[len(at)-1])
	return nil
}

func set(document any, at []string, value any) error {
	parent, err := downTo(document, at[:len(at)-1])
	if err != nil {
		return err
	}
	object, ok := parent.(map[string]any)
	if !ok {
		return fmt.Errorf("there is no %v to set", at)
	}
	object[at[len(at)-1]] = value
	return nil
}

func downTo(document any, at []string) (any, error) {
	for _, name := range at {
		switch value := document.(type) {
		case map[string]any:
			document = value[name]
		case []any:
			n, err := strconv.Atoi(name)
			if err != nil || n >= len(value) {
				return nil, fmt.Errorf("there is no element %s", name)
			}
			document = value[n]
		default:
			return nil, fmt.Errorf("there is nothing at %v", at)
		}
	}
	return document, nil
}
