package main

import (
	"bytes"
	"os"
	"testing"
)

func TestPolicyExplain(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name string
		args []string
		code int
		want string
	}{
		{
			"over a change of clocks",
			[]string{"--anchor", "2026-03-01T15:00:00Z", "--time-zone", "America/New_York"},
			exitOK, "anchor=2026-03-01T10:00:00.000-05:00\nreturn_by=2026-03-15T23:59:59.999-04:00\nreturn_by_utc=2026-03-16T03:59:59.999Z\n",
		},
		{"other days", []string{"--anchor", "2026-03-01T15:00:00Z", "--days", "30"}, exitOK, "anchor=2026-03-01T15:00:00.000Z\nreturn_by=2026-03-31T23:59:59.999Z\nreturn_by_utc=2026-03-31T23:59:59.999Z\n"},
		{"neither order nor anchor", nil, exitRefused, "one of --order and --anchor is required\n"},
		{"no instant", []string{"--anchor", "yesterday"}, exitRefused, "anchor=\"yesterday\": is not an instant like 2026-03-01T15:00:00Z\n"},
		{"days backwards", []string{"--anchor", "2026-03-01T15:00:00Z", "--days", "-1"}, exitRefused, "days=-1: is below zero\n"},
		{"an unknown zone", []string{"--anchor", "2026-03-01T15:00:00Z", "--time-zone", "Atlantis"}, exitRefused, "time-zone=\"Atlantis\": is not known; it is a name like Europe/Berlin\n"},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			var said bytes.Buffer
			if code := run(t.Context(), append([]string{"policy", "explain"}, tc.args...), os.LookupEnv, &said, &said); code != tc.code || said.String() != tc.want {
				t.Errorf("exit code %d, said %q, want %d and %q", code, said.String(), tc.code, tc.want)
			}
		})
	}
}
