package settle

import (
	"context"
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/somsim/somsim/orderops"
	"github.com/somsim/somsim/orderops/command"
	"github.com/somsim/somsim/orderops/ociclient"
	"github.com/somsim/somsim/orderops/remote"
)

// StockUnits are cancelled units of a SKU that may be reserved somewhere.
type StockUnits struct {
	SKU      string          `json:"sku"`
	Quantity decimal.Decimal `json:"quantity"`
	// Place is the location that had been told to fulfil them; empty when there was none, so that a group holds them.
	Place string `json:"place,omitempty"`
}

// stockTask is reserved stock to be given back, while it is not known who holds it.
type stockTask struct {
	Units []StockUnits `json:"units"`
	// Round counts how often the holders were looked up, because units had moved in between.
	Round int `json:"round"`
}

// stockRelease is stock to be given back by those who hold it. Each record has its own key, so that it is given back once.
type stockRelease struct {
	Records []ociclient.Release `json:"records"`
	Round   int                 `json:"round"`
}

// places words who gives back.
func (r stockRelease) places() string {
	var names []string
	for _, record := range r.Records {
		if name := record.Location + record.Group; !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return strings.Join(names, ",")
}

// ReleaseStock gives the reservations of the cancelled units back. What has been fulfilled, or was never reserved, is not
// reserved now: cancelling never adds stock.
func (a *Aftermath) ReleaseStock(units []StockUnits) error {
	effect := stockEffect()
	if a.Stock == nil {
		effect.State, effect.Code = orderops.EffectNotApplicable, codeNotConfigured
		return a.effect(effect, "", nothing{})
	}
	task := stockTask{Units: units, Round: 1}
	release, failure, err := a.findStock(a.Run, a.Row, task)
	if err != nil {
		return err
	}
	if failure != nil {
		a.attempted(&effect, failure)
		return a.effect(effect, kindFindStock, task)
	}
	return a.releaseAll(release)
}

// releaseAll releases, looking again for what has moved in between.
func (a *Aftermath) releaseAll(release stockRelease) error {
	effect := stockEffect()
	if len(release.Records) == 0 {
		effect.State, effect.Code = orderops.EffectNotApplicable, codeNothingReserved
		return a.effect(effect, "", nothing{})
	}
	effect.Reference = release.places()
	for {
		left, failure, err := a.releaseNow(a.Run, release)
		switch {
		case err != nil:
			return err
		case failure != nil:
			a.attempted(&effect, failure)
			return a.effect(effect, kindReleaseStock, release)
		case len(left.stuck) > 0:
			effect.State, effect.Code = orderops.EffectPending, left.code
			return a.effect(effect, kindReleaseStock, stockRelease{append(left.stuck, left.moved...), release.Round})
		case len(left.moved) == 0:
			effect.State = orderops.EffectDone
			return a.effect(effect, "", nothing{})
		}
		task := left.task(release.Round + 1)
		if release, failure, err = a.findStock(a.Run, a.Row, task); err != nil {
			return err
		}
		if failure != nil {
			a.attempted(&effect, failure)
			return a.effect(effect, kindFindStock, task)
		}
		if len(release.Records) == 0 || release.Round > maxRounds { // fulfilled, or expired, meanwhile
			effect.State, effect.Code = left.outcome()
			return a.effect(effect, "", nothing{})
		}
	}
}

// findStock reads who holds the order's units now and takes the cancelled ones from them.
func (s *Systems) findStock(run command.Run, row command.Row, task stockTask) (stockRelease, *remote.Error, error) {
	name := "oci.read"
	if task.Round > 1 {
		name += "#" + strconv.Itoa(task.Round)
	}
	out, err := command.Call(run, name, func(ctx context.Context) ([]ociclient.Holding, error) {
		return s.Stock.Holdings(ctx, row.OrderNo)
	})
	if err != nil || out.Failure != nil {
		return stockRelease{}, out.Failure, err
	}
	return stockRelease{holders(row, out.Value, task), task.Round}, nil, nil
}

// holders takes the units from who holds them: those of a location from there, others from a group; where that falls
// short, from whoever has them.
func holders(row command.Row, held []ociclient.Holding, task stockTask) []ociclient.Release {
	left := slices.Clone(held)
	var records []ociclient.Release
	take := func(u *StockUnits, from func(ociclient.Holding) bool) {
		for i := range left {
			units := decimal.Min(u.Quantity, left[i].Quantity)
			if left[i].SKU != u.SKU || !units.IsPositive() || !from(left[i]) {
				continue
			}
			left[i].Quantity, u.Quantity = left[i].Quantity.Sub(units), u.Quantity.Sub(units)
			records = addRelease(records, row, left[i], units, task.Round)
		}
	}
	wanted := slices.Clone(task.Units)
	for i := range wanted {
		place := wanted[i].Place
		take(&wanted[i], func(h ociclient.Holding) bool { return h.Location == place })
	}
	for i := range wanted {
		take(&wanted[i], func(ociclient.Holding) bool { return true })
	}
	return records
}

// addRelease adds units to the record of their holder.
func addRelease(records []ociclient.Release, row command.Row, h ociclient.Holding, units decimal.Decimal, round int) []ociclient.Release {
	key := uuidOf(Key(row, kindReleaseStock, h.ReservationID, h.Place(), h.SKU, strconv.Itoa(round)))
	for i := range records {
		if records[i].ActionRequestID == key {
			have, _ := decimal.NewFromString(records[i].Quantity.String()) // written below
			records[i].Quantity = json.Number(have.Add(units).String())
			return records
		}
	}
	return append(records, ociclient.Release{
		ActionRequestID: key, ReservationID: h.ReservationID, ExternalRefID: row.OrderNo, SKU: h.SKU,
		Quantity: json.Number(units.String()), Location: h.Location, Group: h.Group,
	})
}

// UUID is [Key] as inventory wants it.
func UUID(row command.Row, parts ...string) string { return uuidOf(Key(row, parts...)) }

// uuidOf writes a key as a UUID (version 8: made by our own rules).
func uuidOf(key string) string {
	return key[:8] + "-" + key[8:12] + "-8" + key[13:16] + "-8" + key[17:20] + "-" + key[20:32]
}

// unreleased is what a release left undone.
type unreleased struct {
	moved, stuck []ociclient.Release
	released     bool // something was given back
	code         string
}

// task looks for the units that have moved.
func (u unreleased) task(round int) stockTask {
	task := stockTask{Round: round}
	for _, r := range u.moved {
		quantity, err := decimal.NewFromString(r.Quantity.String())
		if err == nil {
			task.Units = append(task.Units, StockUnits{r.SKU, quantity, r.Location})
		}
	}
	return task
}

// outcome is what a release came to whose rest is reserved nowhere any more.
func (u unreleased) outcome() (orderops.EffectState, string) {
	if u.released {
		return orderops.EffectDone, ""
	}
	return orderops.EffectNotApplicable, codeNothingReserved
}

// releaseNow sends the records, and those that fail once more as they were echoed.
func (s *Systems) releaseNow(run command.Run, release stockRelease) (unreleased, *remote.Error, error) {
	var left unreleased
	failed := 0
	for i, chunk := range chunks(release.Records) {
		name := "oci.release#" + strconv.Itoa(release.Round) + "." + strconv.Itoa(i+1)
		for _, again := range []string{"", ".again"} {
			out, err := command.Call(run, name+again, func(ctx context.Context) ([]ociclient.Failed, error) {
				return s.Stock.Release(ctx, chunk)
			})
			if err != nil || out.Failure != nil {
				return left, out.Failure, err
			}
			chunk = nil
			for _, f := range out.Value {
				left.code = f.Code
				if f.Moved() {
					left.moved = append(left.moved, f.Record)
					continue
				}
				chunk = append(chunk, f.Record)
			}
			if len(chunk) == 0 {
				break
			}
		}
		left.stuck = append(left.stuck, chunk...)
		failed += len(chunk)
	}
	left.released = failed+len(left.moved) < len(release.Records)
	return left, nil, nil
}

// chunks cuts records into calls.
func chunks(records []ociclient.Release) [][]ociclient.Release {
	return slices.Collect(slices.Chunk(records, ociclient.MaxRecords))
}

func stockEffect() orderops.Effect {
	return orderops.Effect{System: ociclient.System, Action: "release"}
}

// performFindStock looks for the holders when that was not possible before. Giving back is due work of its own, stored
// before it is done.
func (s *Systems) performFindStock(run command.Run, row command.Row, payload json.RawMessage) (command.EffectResult, error) {
	var task stockTask
	if err := json.Unmarshal(payload, &task); err != nil {
		return command.EffectResult{}, err
	}
	release, failure, err := s.findStock(run, row, task)
	if err != nil || failure != nil {
		return After(failure), err
	}
	return releaseInstead(release)
}

func releaseInstead(release stockRelease) (command.EffectResult, error) {
	if len(release.Records) == 0 || release.Round > maxRounds {
		return command.EffectResult{State: orderops.EffectNotApplicable, Code: codeNothingReserved}, nil
	}
	effect := stockEffect()
	effect.State, effect.Reference = orderops.EffectPending, release.places()
	raw, err := json.Marshal(release)
	return command.EffectResult{State: effect.State, Instead: []command.Owed{{Effect: effect, Kind: kindReleaseStock, Payload: raw}}}, err
}

// performReleaseStock gives back what is still to be given back. Records that were carried out before are answered as
// they were then.
func (s *Systems) performReleaseStock(run command.Run, row command.Row, payload json.RawMessage) (command.EffectResult, error) {
	var release stockRelease
	if err := json.Unmarshal(payload, &release); err != nil {
		return command.EffectResult{}, err
	}
	left, failure, err := s.releaseNow(run, release)
	switch {
	case err != nil || failure != nil:
		return After(failure), err
	case len(left.stuck) > 0:
		return command.EffectResult{State: orderops.EffectPending, Code: left.code}, nil
	case len(left.moved) == 0:
		return command.EffectResult{State: orderops.EffectDone}, nil
	}
	found, failure, err := s.findStock(run, row, left.task(release.Round+1))
	if err != nil || failure != nil {
		return After(failure), err
	}
	if len(found.Records) == 0 {
		state, code := left.outcome()
		return command.EffectResult{State: state, Code: code}, nil
	}
	return releaseInstead(found)
}
