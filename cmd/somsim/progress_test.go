package main

import (
	"io"
	"os"
	"strings"
	"testing"

	"github.com/creack/pty"
)

// screen is a terminal and what was written to it so far.
func screen(t *testing.T) (tty *os.File, seen func() string) {
	t.Helper()
	keyboard, tty, err := pty.Open()
	if err != nil {
		t.Fatal(err)
	}
	var text strings.Builder
	read := make(chan struct{})
	go func() {
		defer close(read)
		_, _ = io.Copy(&text, keyboard) // ends with an error when the terminal is closed, which is how it ends
	}()
	return tty, func() string {
		_ = tty.Close()
		<-read
		_ = keyboard.Close()
		return text.String()
	}
}

func TestHowFarScenariosHaveComeIsDrawnOnATerminal(t *testing.T) {
	t.Setenv("CI", "")
	tty, seen := screen(t)
	root := rootCommand()
	root.SetArgs([]string{"scenarios", "--features", mine(t, holds, doesNotHold), "--seed", "0", "--concurrency", "1"})
	root.SetOut(tty)
	err := root.ExecuteContext(t.Context())
	text := seen()
	if exitCode(err) != 1 {
		t.Fatalf("exit %d:\n%s", exitCode(err), text)
	}
	for _, want := range []string{
		"\r[" + strings.Repeat("=", 20) + strings.Repeat(" ", 20) + "] 1 of 2, 0 failed",
		"\r[" + strings.Repeat("=", 40) + "] 2 of 2, 1 failed", "the shop shows the order as new", "2 scenarios: 1 passed, 1 failed",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the terminal does not show %q:\n%s", want, text)
		}
	}
	if strings.Contains(text, "ok        Mine") {
		t.Errorf("the terminal shows a line for each scenario beside the bar:\n%s", text)
	}
}

func TestOnlyATerminalThatIsNoCIsShowsABar(t *testing.T) {
	t.Parallel()
	tty, seen := screen(t)
	defer seen()
	file, err := os.Create(t.TempDir() + "/out")
	if err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		name string
		to   io.Writer
		ci   string
		want bool
	}{
		{"a terminal", tty, "", true},
		{"a terminal of a CI job", tty, "true", false},
		{"a terminal that is said to be none of CI", tty, "false", true},
		{"a file", file, "", false},
		{"no file at all", io.Discard, "", false},
	} {
		if got := terminal(tc.to, func(string) string { return tc.ci }); got != tc.want {
			t.Errorf("%s: a bar is shown: %t", tc.name, got)
		}
	}
	_ = file.Close()
}
