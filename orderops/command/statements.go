package command

import (
	"context"
	"database/sql"
	"sync"
)

// mostStatements bounds how many are kept: some are written for as many values as a caller has.
const mostStatements = 256

// statements are those that SQLite has parsed and planned already, by their texts. To do so takes it longer than to carry out
// most of ours. PostgreSQL's driver does the same by itself.
type statements struct {
	mu   sync.Mutex
	kept map[string]*sql.Stmt
}

// of returns the statement, or nil for one that is to be carried out by its text: too many are kept, or it cannot be
// parsed, of which carrying it out tells.
func (s *statements) of(ctx context.Context, db *sql.DB, query string) *sql.Stmt {
	one, room := s.get(query)
	if one != nil || !room {
		return one
	}
	one, err := db.PrepareContext(ctx, query) // without holding others up: it waits for a connection
	if err != nil {
		return nil
	}
	return s.keep(query, one)
}

func (s *statements) get(query string) (one *sql.Stmt, room bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.kept[query], len(s.kept) < mostStatements
}

// keep keeps a statement, unless somebody else was faster, whose is returned.
func (s *statements) keep(query string, one *sql.Stmt) *sql.Stmt {
	s.mu.Lock()
	defer s.mu.Unlock()
	if other, ok := s.kept[query]; ok {
		_ = one.Close() // nobody has used it
		return other
	}
	if s.kept == nil {
		s.kept = map[string]*sql.Stmt{}
	}
	s.kept[query] = one
	return one
}
