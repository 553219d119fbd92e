package store

import (
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
)

// LogDef describes a log: entries beside the tables of a database, appended one by one outside its transactions and
// never altered. What a log holds is bounded in bytes; the oldest entries make room for new ones.
type LogDef[T any] struct {
	// Name is unique among the logs of the schema.
	Name string
	// Size tells how many bytes an entry holds on to.
	Size func(entry *T) int64
	// Number is the entry's place in the counting of its owner; the highest ever appended is kept in [LogStats].
	Number func(entry *T) int64
}

// Log is a typed handle on a log. Its zero value is unusable; get one from [AddLog].
type Log[T any] struct{ def *logDef }

// LogStats is the bookkeeping of one database's log. Evicted counts the entries that had to go, Last is the highest
// number appended.
type LogStats struct{ Bytes, Evicted, Last int64 }

// AddLog declares a log. Mistakes are reported by [NewDB], all at once.
func AddLog[T any](s *Schema, d LogDef[T]) Log[T] {
	if s.frozen.Load() || s.logs[d.Name] != nil {
		s.problems = append(s.problems, fmt.Errorf("store: log %q is declared twice or too late", d.Name))
	}
	def := &logDef{
		size:   func(entry any) int64 { return d.Size(entry.(*T)) },
		number: func(entry any) int64 { return d.Number(entry.(*T)) },
		living: map[*dbLog]struct{}{},
	}
	s.logs[d.Name] = def
	return Log[T]{def}
}

// Limit bounds what the log of each database holds, and what the logs of all databases of the schema hold together,
// in bytes. Entries that forks share count once in all. It is called before the first database is made.
func (l Log[T]) Limit(each, all int64) { l.def.each, l.def.all = each, all }

// All returns the bytes that the logs of all databases hold together, and how many entries these had to give up.
func (l Log[T]) All() (bytes, evicted int64) { return l.def.total.Load(), l.def.evicted.Load() }

// Append adds an entry, which nobody may alter from then on. One that alone is larger than the log may be is not kept,
// and counts as evicted.
func (l Log[T]) Append(db *DB, entry *T) { db.logs[l.def].append(entry) }

// Position counts the entries ever appended to a log.
type Position int64

// Scan visits the entries that were appended at or after a position and are still there, in the order in which they
// were appended, and returns the position after the last. Entries are shared: the visitor must not alter them.
func (l Log[T]) Scan(db *DB, from Position, visit func(entry *T) bool) Position {
	at, parts := db.logs[l.def].parts()
	for _, part := range parts {
		if at+Position(len(part)) <= from {
			at += Position(len(part))
			continue
		}
		for _, entry := range part {
			if at >= from && !visit(entry.(*T)) {
				return at + 1
			}
			at++
		}
	}
	return at
}

// Stats returns the bookkeeping of the database's log.
func (l Log[T]) Stats(db *DB) LogStats {
	log := db.logs[l.def]
	log.mu.Lock()
	defer log.mu.Unlock()
	return log.stats
}

// logDef is a log with its entry type erased, and what all databases share of it.
type logDef struct {
	size, number func(entry any) int64
	each, all    int64
	// total is the size of all chunks that any living log holds, each counted once.
	total, evicted atomic.Int64

	// mu is taken before the lock of any log.
	mu     sync.Mutex
	living map[*dbLog]struct{}
	begun  atomic.Uint64
}

// A chunk is a stretch of a log. Forks share whole chunks; nothing is appended to a chunk that is shared.
type chunk struct {
	// born tells which chunk was begun first, over all logs.
	born    uint64
	entries []any
	bytes   int64
	// held counts the logs that the chunk is part of.
	held atomic.Int32
}

// chunkEntries and chunkShare bound a chunk, so that evicting one frees little more than is needed: a number of
// entries, and a share of what the log may hold.
const (
	chunkEntries = 64
	chunkShare   = 32
)

// dbLog is the log of one database.
type dbLog struct {
	def *logDef
	mu  sync.Mutex
	// chunks are in order of age; the last one takes new entries unless it is sealed.
	chunks []*chunk
	sealed bool
	// start is the position of the first entry in chunks.
	start  Position
	stats  LogStats
	closed bool
}

func (d *logDef) open(from *dbLog) *dbLog {
	d.mu.Lock()
	defer d.mu.Unlock()
	log := &dbLog{def: d, sealed: true}
	if from != nil {
		from.mu.Lock()
		defer from.mu.Unlock()
		from.sealed = true
		log.chunks, log.start, log.stats = slices.Clone(from.chunks), from.start, from.stats
		for _, c := range log.chunks {
			c.held.Add(1)
		}
	}
	d.living[log] = struct{}{}
	return log
}

// close gives up what the log holds. What is appended afterwards is not kept.
func (l *dbLog) close() {
	l.def.mu.Lock()
	defer l.def.mu.Unlock()
	delete(l.def.living, l)
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, c := range l.chunks {
		l.release(c)
	}
	l.chunks, l.closed = nil, true
}

func (l *dbLog) append(entry any) {
	size := l.def.size(entry)
	kept := size <= l.def.each && l.def.reserve(size)
	l.mu.Lock()
	defer l.mu.Unlock()
	l.stats.Last = max(l.stats.Last, l.def.number(entry))
	if !kept || l.closed {
		l.stats.Evicted++
		l.def.evicted.Add(1)
		if kept {
			l.def.total.Add(-size)
		}
		return
	}
	for len(l.chunks) > 0 && l.stats.Bytes+size > l.def.each {
		l.evict()
	}
	if l.sealed || len(l.chunks) == 0 {
		l.begin()
	}
	last := l.chunks[len(l.chunks)-1]
	last.entries = append(last.entries, entry)
	last.bytes += size
	l.stats.Bytes += size
	l.sealed = len(last.entries) >= chunkEntries || last.bytes >= l.def.each/chunkShare
}

func (l *dbLog) begin() {
	c := &chunk{born: l.def.begun.Add(1)}
	c.held.Store(1)
	l.chunks, l.sealed = append(l.chunks, c), false
}

// evict drops the log's oldest chunk; the caller holds the log's lock.
func (l *dbLog) evict() {
	oldest := l.chunks[0]
	l.chunks[0] = nil // lest the slice keep it alive
	l.chunks = l.chunks[1:]
	l.start += Position(len(oldest.entries))
	l.stats.Bytes -= oldest.bytes
	l.stats.Evicted += int64(len(oldest.entries))
	l.def.evicted.Add(int64(len(oldest.entries)))
	l.release(oldest)
}

func (l *dbLog) release(c *chunk) {
	if c.held.Add(-1) == 0 {
		l.def.total.Add(-c.bytes)
	}
}

// reserve makes room for an entry of that size in all logs together, evicting what is oldest anywhere.
func (d *logDef) reserve(size int64) bool {
	if d.take(size) {
		return true
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	for size <= d.all && d.evictOldest() {
		if d.take(size) {
			return true
		}
	}
	return false
}

// take counts the size in unless that would be too much.
func (d *logDef) take(size int64) bool {
	for {
		total := d.total.Load()
		if total+size > d.all {
			return false
		}
		if d.total.CompareAndSwap(total, total+size) {
			return true
		}
	}
}

// evictOldest drops the chunk that was begun first from all logs that share it. Since logs drop their oldest chunks
// first, it is the first one of each of these.
func (d *logDef) evictOldest() bool {
	var oldest *chunk
	for log := range d.living {
		if c := log.first(); c != nil && (oldest == nil || c.born < oldest.born) {
			oldest = c
		}
	}
	if oldest == nil {
		return false
	}
	for log := range d.living {
		log.mu.Lock()
		if len(log.chunks) > 0 && log.chunks[0] == oldest {
			log.evict()
		}
		log.mu.Unlock()
	}
	return true
}

func (l *dbLog) first() *chunk {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.chunks) == 0 {
		return nil
	}
	return l.chunks[0]
}

// parts returns what the log holds, to be read without a lock, and the position of the first entry.
func (l *dbLog) parts() (Position, [][]any) {
	l.mu.Lock()
	defer l.mu.Unlock()
	parts := make([][]any, len(l.chunks))
	for i, c := range l.chunks {
		parts[i] = c.entries
	}
	return l.start, parts
}
