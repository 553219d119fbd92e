package somrest

import (
	"strconv"
	"strings"

	"github.com/somsim/somsim/simulator/binding"
	"github.com/somsim/somsim/simulator/som"
	"github.com/somsim/somsim/simulator/som/soql"
)

// queryMore answers a later page of a query, or of a subquery below one row. The locator is the id of a cursor and the
// place of the page's first row among all.
func (a *API) queryMore(c *binding.Call) (*binding.Response, error) {
	id, from, ok := splitLocator(c.Request.Vars["locator"])
	if !ok {
		return nil, noLocator()
	}
	cursor, err := a.domain.Cursor(c.Tx, c.Principal.ID, id)
	if err != nil {
		return nil, err
	}
	skipped := from - (cursor.Total - len(cursor.IDs))
	if skipped < 0 || skipped >= len(cursor.IDs) {
		return nil, noLocator()
	}
	opt := a.queryOptions(c)
	opt.IncludeDeleted = cursor.Deleted
	if c.Request.Header.Get(queryOptionsHeader) == "" {
		opt.Batch = cursor.Batch
	}
	result, err := a.engine.Page(a.domain.Rows(c.Tx), cursor.Text, cursor.Place, cursor.IDs[skipped:], opt)
	if err != nil {
		return nil, refusedQuery(err)
	}
	result.TotalSize = cursor.Total
	k := &keeper{api: a, call: c, cursor: cursor, kept: id}
	k.cursor.Batch = opt.Batch
	return k.answer(result), nil
}

func noLocator() error {
	return &som.Error{Code: som.CodeInvalidQueryLocator, Message: "invalid query locator", Rule: "som.soql.locator"}
}

func splitLocator(locator string) (id string, from int, ok bool) {
	id, number, found := strings.Cut(locator, "-")
	from, err := strconv.Atoi(number)
	return id, from, found && err == nil
}

// keeper stores what does not fit a page and tells where it can be had.
type keeper struct {
	api  *API
	call *binding.Call
	// cursor is what all cursors of the answer have in common.
	cursor som.Cursor
	// kept is the id of the cursor that the answered page is of; empty for a first page.
	kept string
	next map[*soql.Result]string
	// rows are how many the page has, with those of subqueries.
	rows int
}

// rowLength is about how long a row is in a document, in bytes.
const rowLength = 384

// answer renders a result with the paths of its later pages.
func (k *keeper) answer(r *soql.Result) *binding.Response {
	k.next = map[*soql.Result]string{}
	if !r.Done {
		if k.kept == "" {
			k.kept = k.keep(r)
		}
		k.next[r] = k.path(k.kept, r)
	}
	for _, row := range r.Rows {
		k.below(row)
	}
	d := &document{version: k.call.Request.Vars["version"], next: k.next}
	d.Grow(k.rows * rowLength)
	d.result(r)
	return d.answer()
}

// below keeps the rest of subqueries, and counts rows.
func (k *keeper) below(row *soql.Row) {
	k.rows++
	for i := range row.Columns {
		children, ok := row.Columns[i].Value.(*soql.Result)
		if !ok || children == nil {
			continue
		}
		if !children.Done {
			k.next[children] = k.path(k.keep(children), children)
		}
		for _, child := range children.Rows {
			k.below(child)
		}
	}
}

// keep stores one cursor. All cursors of an answer and of its later pages are one query of the user.
func (k *keeper) keep(r *soql.Result) string {
	c := k.cursor
	c.Place, c.IDs, c.Total = r.Place, r.Rest, r.TotalSize
	id := k.api.domain.KeepCursor(k.call.Tx, c)
	if k.cursor.Group == "" {
		k.cursor.Group = id
	}
	return id
}

// path leads to the page after the one a result holds.
func (k *keeper) path(id string, r *soql.Result) string {
	return "/services/data/" + k.call.Request.Vars["version"] + "/query/" + id + "-" + strconv.Itoa(r.TotalSize-len(r.Rest))
}
