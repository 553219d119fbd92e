package binding

import (
	"crypto/sha256"
	"hash"
	"io"
	"net/http"
	"strconv"
	"sync"
)

// memo remembers, by digest, what was found to fit its specification: checking the same bytes again would find the same.
// It is bounded by keeping two generations and dropping the older.
type memo struct {
	mu       sync.Mutex
	young    map[digest]verdict
	old      map[digest]verdict
	capacity int
}

type digest [sha256.Size]byte

// verdict is what else is known of bytes that fit their specification.
type verdict struct {
	// harmless is set when the redactor finds nothing in them to take out.
	harmless bool
}

func newMemo() *memo { return &memo{young: map[digest]verdict{}, capacity: 1024} }

func (m *memo) get(key digest) (verdict, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if v, ok := m.young[key]; ok {
		return v, true
	}
	v, ok := m.old[key]
	return v, ok
}

func (m *memo) add(key digest, v verdict) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.young) >= m.capacity {
		m.old, m.young = m.young, map[digest]verdict{}
	}
	m.young[key] = v
}

// answerDigest covers all of an answer that its specification can be broken by.
func (op *operation) answerDigest(r *Response) digest {
	h := sha256.New()
	part(h, strconv.Itoa(r.Status))
	parts(h, op.answerHeaders, r.Header)
	h.Write(r.Body)
	return digest(h.Sum(nil))
}

// requestDigest covers all of a request that its specification can be broken by: the API version it is for, the path with
// its variables, the query, the headers and cookies that are parameters, the body and its media type.
func (op *operation) requestDigest(r *Request) digest {
	h := sha256.New()
	if op.face.Version != nil {
		part(h, strconv.Itoa(op.face.Version(r)))
	}
	part(h, r.http.URL.EscapedPath())
	part(h, r.http.URL.RawQuery)
	parts(h, op.headers, r.Header)
	h.Write(r.Body)
	return digest(h.Sum(nil))
}

func parts(h hash.Hash, names []string, header http.Header) {
	for _, name := range names {
		values := header.Values(name)
		part(h, strconv.Itoa(len(values)))
		for _, value := range values {
			part(h, value)
		}
	}
}

// part writes a text in a way that no two sequences of texts look the same.
func part(h hash.Hash, text string) {
	var length [20]byte
	h.Write(append(strconv.AppendInt(length[:0], int64(len(text)), 10), ':'))
	_, _ = io.WriteString(h, text)
}
