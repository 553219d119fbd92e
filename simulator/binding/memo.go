package binding

import (
	"encoding/binary"
	"hash/maphash"
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
	seeds    [2]maphash.Seed
}

// digest are two hashes of 64 bits under seeds that nobody knows: nobody can make two texts of one digest, and that two have
// one by chance is as good as impossible.
type digest [2]uint64

// verdict is what else is known of bytes that fit their specification.
type verdict struct {
	// harmless is set when the redactor finds nothing in them to take out.
	harmless bool
}

func newMemo() *memo {
	return &memo{young: map[digest]verdict{}, capacity: 1024, seeds: [2]maphash.Seed{maphash.MakeSeed(), maphash.MakeSeed()}}
}

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
	key := make([]byte, 0, 256)
	key = append(strconv.AppendInt(key, int64(r.Status), 10), ' ')
	key = withHeaders(key, op.answerHeaders, r.Header)
	return op.validated.digestOf(key, r.Body)
}

// requestDigest covers all of a request that its specification can be broken by: the API version it is for, the path with
// its variables, the query, the headers and cookies that are parameters, the body and its media type.
func (op *operation) requestDigest(r *Request) digest {
	key := make([]byte, 0, 512)
	if op.face.Version != nil {
		key = append(strconv.AppendInt(key, int64(op.face.Version(r)), 10), ' ')
	}
	key = withText(key, r.http.URL.EscapedPath())
	key = withText(key, r.http.URL.RawQuery)
	key = withHeaders(key, op.headers, r.Header)
	return op.accepted.digestOf(key, r.Body)
}

func (m *memo) digestOf(key, body []byte) (d digest) {
	for i, seed := range m.seeds {
		d[i] = maphash.Bytes(seed, binary.LittleEndian.AppendUint64(key, maphash.Bytes(seed, body)))
	}
	return d
}

func withHeaders(key []byte, names []string, header http.Header) []byte {
	for _, name := range names {
		values := header.Values(name)
		key = append(strconv.AppendInt(key, int64(len(values)), 10), '*')
		for _, value := range values {
			key = withText(key, value)
		}
	}
	return key
}

// withText appends a text in a way that no two sequences of texts look the same.
func withText(key []byte, text string) []byte {
	key = append(strconv.AppendInt(key, int64(len(text)), 10), ':')
	return append(key, text...)
}
