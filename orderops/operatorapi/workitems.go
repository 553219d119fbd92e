package operatorapi

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/somsim/somsim/orderops"
	"github.com/somsim/somsim/orderops/command"
)

// workItem is a work item on the wire.
type workItem struct {
	ID          int64             `json:"id"`
	OperationID string            `json:"operation_id"`
	Sandbox     string            `json:"sandbox"`
	OrderNo     string            `json:"order_no"`
	Entity      string            `json:"entity"`
	Amount      *orderops.Amount  `json:"amount,omitempty"`
	Currency    string            `json:"currency,omitempty"`
	Reason      string            `json:"reason"`
	State       command.ItemState `json:"state"`
	Retriable   bool              `json:"retriable"`
	CreatedAt   time.Time         `json:"created_at"`
	SettledAt   *time.Time        `json:"settled_at,omitempty"`
	SettledBy   string            `json:"settled_by,omitempty"`
	Note        string            `json:"note,omitempty"`
}

func wire(i command.StoredWorkItem) workItem {
	return workItem{
		ID: i.ID, OperationID: i.OperationID, Sandbox: i.Sandbox, OrderNo: i.OrderNo, Entity: i.Entity, Amount: i.Amount,
		Currency: i.Currency, Reason: i.Reason, State: i.State, Retriable: i.Retriable, CreatedAt: i.CreatedAt,
		SettledAt: i.SettledAt, SettledBy: i.SettledBy, Note: i.Note,
	}
}

// workItemDetail is a work item with the operation it came out of.
type workItemDetail struct {
	workItem
	Operation operation `json:"operation"`
}

type operation struct {
	Action    orderops.Action   `json:"action"`
	State     command.State     `json:"state"`
	CreatedAt time.Time         `json:"created_at"`
	Effects   []orderops.Effect `json:"effects"`
}

// The bounds of a page.
const (
	defaultLimit = 100
	maxLimit     = 500
)

func (a *API) listWorkItems(r *http.Request) (any, error) {
	q, err := queryOf(r)
	if err != nil {
		return nil, err
	}
	items, err := a.Attention.Items(r.Context(), q)
	if err != nil {
		return nil, err
	}
	page := struct {
		WorkItems []workItem `json:"work_items"`
	}{make([]workItem, 0, len(items))}
	for _, item := range items {
		page.WorkItems = append(page.WorkItems, wire(item))
	}
	return page, nil
}

// queryOf reads what a list is asked for.
func queryOf(r *http.Request) (command.ItemQuery, error) {
	in := r.URL.Query()
	q := command.ItemQuery{Sandbox: in.Get("sandbox"), State: command.ItemOpen, Limit: defaultLimit}
	switch state := in.Get("state"); state {
	case "":
	case "all":
		q.State = ""
	case string(command.ItemOpen), string(command.ItemRetrying), string(command.ItemResolved):
		q.State = command.ItemState(state)
	default:
		return q, refuse(invalidRequest, "state %q is none of needs_attention, retrying, resolved, all", state)
	}
	if text := in.Get("after"); text != "" {
		after, err := strconv.ParseInt(text, 10, 64)
		if err != nil || after < 0 {
			return q, refuse(invalidRequest, "after %q is no id", text)
		}
		q.After = after
	}
	if text := in.Get("limit"); text != "" {
		limit, err := strconv.Atoi(text)
		if err != nil || limit < 1 || limit > maxLimit {
			return q, refuse(invalidRequest, "limit %q is not 1 to %d", text, maxLimit)
		}
		q.Limit = limit
	}
	return q, nil
}

func (a *API) showWorkItem(r *http.Request) (any, error) {
	id, err := itemID(r)
	if err != nil {
		return nil, err
	}
	item, err := a.Attention.Item(r.Context(), id)
	if err != nil {
		return nil, err
	}
	row, err := a.Attention.Operation(r.Context(), item.OperationID)
	if err != nil {
		return nil, err
	}
	effects := *row.Answer.Effects()
	if effects == nil {
		effects = []orderops.Effect{}
	}
	return workItemDetail{wire(item), operation{row.Action, row.State, row.CreatedAt, effects}}, nil
}

// decision is who decided something, and for a resolution how it was settled.
type decision struct {
	By   string `json:"by"`
	Note string `json:"note"`
}

// The longest texts of a decision, in bytes.
const (
	maxBy   = 100
	maxNote = 1000
)

func decisionOf(r *http.Request) (decision, error) {
	var in decision
	if err := decode(r, &in); err != nil {
		return in, err
	}
	in.By, in.Note = strings.TrimSpace(in.By), strings.TrimSpace(in.Note)
	if in.By == "" || len(in.By) > maxBy {
		return in, refuse(invalidRequest, "by says who decided it, in 1 to %d characters", maxBy)
	}
	return in, nil
}

func (a *API) retryWorkItem(r *http.Request) (any, error) {
	id, err := itemID(r)
	if err != nil {
		return nil, err
	}
	in, err := decisionOf(r)
	if err != nil {
		return nil, err
	}
	if in.Note != "" {
		return nil, refuse(invalidRequest, "a retry takes no note")
	}
	item, err := a.Attention.Retry(r.Context(), id, in.By)
	return wire(item), err
}

func (a *API) resolveWorkItem(r *http.Request) (any, error) {
	id, err := itemID(r)
	if err != nil {
		return nil, err
	}
	in, err := decisionOf(r)
	if err != nil {
		return nil, err
	}
	if in.Note == "" || len(in.Note) > maxNote {
		return nil, refuse(invalidRequest, "note says how it was settled, in 1 to %d characters", maxNote)
	}
	item, err := a.Attention.Resolve(r.Context(), id, in.By, in.Note)
	return wire(item), err
}

func itemID(r *http.Request) (int64, error) {
	id, err := strconv.ParseInt(r.PathValue("id"), 10, 64)
	if err != nil || id < 1 {
		return 0, refuse(itemNotFound, "%q is no id of a work item", r.PathValue("id"))
	}
	return id, nil
}
