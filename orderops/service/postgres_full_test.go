//go:build full

package service_test

import (
	"fmt"
	"os"
	"testing"

	"github.com/somsim/somsim/internal/pgcluster"
)

// cluster is set once by TestMain, before any test runs.
var cluster *pgcluster.Cluster

func TestMain(m *testing.M) {
	os.Exit(func() int {
		var err error
		if cluster, err = pgcluster.Open(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		defer cluster.Close()
		return m.Run()
	}())
}

func newDatabase(t *testing.T) database {
	t.Helper()
	location := cluster.Database(t)
	return database{
		location: location, password: pgcluster.Password, workflows: "dbos.",
		dump: func(t *testing.T) string { t.Helper(); return cluster.Dump(t, location) },
	}
}

func TestInstancesOnPostgreSQL(t *testing.T) {
	t.Parallel()
	w, db := newWorld(t), newDatabase(t)
	o := operatorsOf(t, startOn(t, db, w, simulation(w)))
	o.expect(200, `{"name":"service-test","alive":true,`, "GET", "/operator/v1/instances", "")
	o.expect(409, "INSTANCE_ALIVE", "POST", "/operator/v1/instances/service-test/adopt", `{"by":"a"}`)
	o.expect(404, "INSTANCE_NOT_FOUND", "POST", "/operator/v1/instances/x/adopt", `{"by":"a"}`)
}
