package command

import (
	"context"
	"fmt"
)

// list reads all rows of a query; what names them in errors.
func list[T any](ctx context.Context, in *Database, what string, scan func(scanner) (T, error), query string, args ...any) ([]T, error) {
	rows, err := in.query(ctx, query, args...)
	if err != nil {
		return nil, fmt.Errorf("list %s: %w", what, err)
	}
	defer func() { _ = rows.Close() }()
	var all []T
	for rows.Next() {
		one, err := scan(rows)
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", what, err)
		}
		all = append(all, one)
	}
	return all, rows.Err()
}

// scanText reads a row of one text.
func scanText(from scanner) (string, error) {
	var text string
	err := from.Scan(&text)
	return text, err
}
