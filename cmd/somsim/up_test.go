package main

import (
	"bufio"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/somsim/somsim/simulator"
)

// TestMain lets the test binary stand in for curl where a machine has none: the commands that `up` prints are run as a
// newcomer would paste them.
func TestMain(m *testing.M) {
	if filepath.Base(os.Args[0]) == "curl" {
		os.Exit(curl(os.Args[1:]))
	}
	os.Exit(m.Run())
}

// curl knows -s, -i, -u, -H, -X and -d with one URL.
func curl(args []string) int {
	method, body, url, show := http.MethodGet, "", "", false
	header := http.Header{}
	for i := 0; i < len(args); i++ {
		switch args[i] {
		case "-s":
		case "-si":
			show = true
		case "-u":
			i++
			header.Set("Authorization", "Basic "+base64.StdEncoding.EncodeToString([]byte(args[i])))
		case "-X":
			i++
			method = args[i]
		case "-H":
			i++
			name, value, _ := strings.Cut(args[i], ": ")
			header.Set(name, value)
		case "-d":
			i++
			method, body = http.MethodPost, args[i]
		default:
			url = args[i]
		}
	}
	req, err := http.NewRequestWithContext(context.Background(), method, url, strings.NewReader(body))
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 2
	}
	req.Header = header
	resp, err := (&http.Client{}).Do(req)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 7
	}
	defer func() { _ = resp.Body.Close() }()
	if show {
		_ = resp.Header.Write(os.Stdout)
		fmt.Println()
	}
	_, _ = io.Copy(os.Stdout, resp.Body)
	return 0
}

// pathWithCurl returns a PATH on which there is a curl.
func pathWithCurl(t *testing.T) string {
	t.Helper()
	path := os.Getenv("PATH")
	if _, err := exec.LookPath("curl"); err == nil {
		return path
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := os.Symlink(self, filepath.Join(dir, "curl")); err != nil {
		t.Fatal(err)
	}
	return dir + string(os.PathListSeparator) + path
}

func TestTheThreeCurlsThatUpPrintsWork(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	read, write := io.Pipe()
	ended := make(chan error, 1)
	go func() {
		cfg := simulator.Config{Preset: "omnichannel", Log: slog.New(slog.NewTextHandler(t.Output(), nil))}
		ended <- up(ctx, cfg, beside{address: "127.0.0.1:0"}, write)
	}()
	var commands []string
	lines := bufio.NewScanner(read)
	for len(commands) < 3 && lines.Scan() {
		if strings.HasPrefix(lines.Text(), "curl") {
			commands = append(commands, lines.Text())
		}
	}
	go func() { _, _ = io.Copy(io.Discard, read) }()
	for i, want := range []string{`"order_no":"00000101"`, `"order_no":"00000101"`, `"state":"succeeded"`} {
		cmd := exec.CommandContext(t.Context(), "sh", "-c", commands[i])
		cmd.Env = append(os.Environ(), "PATH="+pathWithCurl(t))
		out, err := cmd.CombinedOutput()
		if err != nil || !json.Valid(out) || !strings.Contains(string(out), want) {
			t.Errorf("%s\nanswers %s (%v), want %s", commands[i], out, err, want)
		}
	}
	cancel()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

// buildOrderOps builds the service's own program into a folder.
func buildOrderOps(t *testing.T, folder string) string {
	t.Helper()
	binary := filepath.Join(folder, "orderops")
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", binary, "../orderops").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return binary
}

// What `up` prints is what the commands of operators take, behind a token too.
func TestOperatorsAreServedBesideUp(t *testing.T) {
	t.Parallel()
	binary := buildOrderOps(t, t.TempDir())
	root := rootCommand()
	ctx, cancel := context.WithCancel(t.Context())
	read, write := io.Pipe()
	root.SetOut(write)
	file := filepath.Join(t.TempDir(), "somsim.yaml")
	if err := os.WriteFile(file, []byte("operator-token: t0ken\ncontrol-token: t1ken\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	root.SetArgs([]string{"up", "--config", file, "--listen", "127.0.0.1:0", "--control", "127.0.0.1:0", "--orderops", "127.0.0.1:0", "--operator", "127.0.0.1:0"})
	ended := make(chan error, 1)
	go func() { ended <- root.ExecuteContext(ctx) }()
	lines, address := bufio.NewScanner(read), ""
	for found := false; !found && lines.Scan(); {
		address, found = strings.CutPrefix(lines.Text(), "operator=")
	}
	go func() { _, _ = io.Copy(io.Discard, read) }()
	for token, want := range map[string]string{"t0ken": "SANDBOX", "wrong": "UNAUTHORIZED"} {
		cmd := exec.CommandContext(t.Context(), binary, "attention", "list", "--operator-url", address)
		cmd.Env = append(os.Environ(), "ORDEROPS_OPERATOR_TOKEN="+token)
		if out, _ := cmd.CombinedOutput(); !strings.Contains(string(out), want) {
			t.Errorf("with %s: %s, want %s", token, out, want)
		}
	}
	cancel()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

func TestBadSettingsAreNamedInOneLineEach(t *testing.T) {
	tests := []struct {
		name string
		args []string
		env  map[string]string
		want string
	}{
		{"a flag that does not exist", []string{"serve", "--lisen=x"}, nil, "unknown flag: --lisen"},
		{"an address without a port", []string{"serve", "--listen=localhost"}, nil, `listen: "localhost" is not host:port (from the flag --listen)`},
		{"a clock that is neither", []string{"up", "--clock=slow"}, nil, `clock: "slow" is none of real, manual (from the flag --clock)`},
		{"a seed out of the environment", []string{"serve"}, map[string]string{"SOMSIM_SEED": "lucky"}, `seed: "lucky" is not a whole number (from the environment variable SOMSIM_SEED)`},
		{"an unknown preset", []string{"serve", "--listen=127.0.0.1:0", "--control=127.0.0.1:0", "--preset=none"}, nil, `preset: unknown preset or sandbox: "none"; presets are`},
		{"operators whom anybody can reach", []string{"up", "--listen=127.0.0.1:0", "--control=127.0.0.1:0", "--orderops=127.0.0.1:0", "--operator=0.0.0.0:0"}, nil, `operator-token="": is required`},
		{"an address of operators without a port", []string{"up", "--operator=localhost"}, nil, `operator: "localhost" is not host:port (from the flag --operator)`},
		{"an open control plane", []string{"serve", "--control=0.0.0.0:0"}, nil, "needs SOMSIM_CONTROL_TOKEN"},
		{"a target of events that is no address", []string{"serve", "--orderops-events=order-ops"}, nil, `orderops-events: "order-ops" is not like http://127.0.0.1:8702/order-ops/v1/events/som (from the flag --orderops-events)`},
		{"a command that does not exist", []string{"sevre"}, nil, `unknown command "sevre"`},
		{"an argument too many", []string{"serve", "now"}, nil, `unknown command "now"`},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			for name, value := range tc.env {
				t.Setenv(name, value)
			}
			code, stderr := runCaptured(t, tc.args...)
			if code != 2 || !strings.Contains(stderr, tc.want) || strings.Count(stderr, "\n") != 1 {
				t.Errorf("exit %d, stderr:\n%s\nwant exit 2 and one line with %s", code, stderr, tc.want)
			}
		})
	}
}

// runCaptured runs the command line as main does and returns its exit code and what it wrote to standard error.
func runCaptured(t *testing.T, args ...string) (int, string) {
	t.Helper()
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	real := os.Stderr
	os.Stderr = write
	code := run(t.Context(), args)
	os.Stderr = real
	if err := write.Close(); err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(read)
	if err != nil {
		t.Fatal(err)
	}
	return code, string(text)
}

// BenchmarkStart is from nothing to both services ready, seeded.
func BenchmarkStart(b *testing.B) {
	for b.Loop() {
		ctx, cancel := context.WithCancel(b.Context())
		_, wait, err := startUp(ctx, simulator.Config{Preset: "omnichannel"})
		if err != nil {
			b.Fatal(err)
		}
		b.StopTimer()
		cancel()
		if err := wait(); err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
	}
}
