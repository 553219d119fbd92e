package deploy_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

const root = "../.."

type composeFile struct {
	Services map[string]composeService `yaml:"services"`
	Volumes  map[string]any            `yaml:"volumes"`
}

type composeService struct {
	Build struct {
		Context string `yaml:"context"`
		Target  string `yaml:"target"`
	} `yaml:"build"`
	Image       string            `yaml:"image"`
	Profiles    []string          `yaml:"profiles"`
	Command     []string          `yaml:"command"`
	Environment map[string]string `yaml:"environment"`
	Ports       []string          `yaml:"ports"`
	Volumes     []string          `yaml:"volumes"`
	DependsOn   map[string]struct {
		Condition string `yaml:"condition"`
	} `yaml:"depends_on"`
	Healthcheck struct {
		Test     []string `yaml:"test"`
		Interval string   `yaml:"interval"`
		Timeout  string   `yaml:"timeout"`
		Retries  int      `yaml:"retries"`
	} `yaml:"healthcheck"`
}

func read(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func compose(t *testing.T) composeFile {
	t.Helper()
	decoder := yaml.NewDecoder(strings.NewReader(read(t, "docker-compose.yml")))
	decoder.KnownFields(true)
	var file composeFile
	if err := decoder.Decode(&file); err != nil {
		t.Fatal(err)
	}
	return file
}

// binaries returns the command of a Dockerfile's target, and the prefix of its environment variables.
func binaries(target string) (name, prefix string) {
	if target == "simulator" {
		return "somsim", "SOMSIM_"
	}
	return "orderops", "ORDEROPS_"
}

// help returns what a command says of itself.
func help(t *testing.T, dir, binary, command string) string {
	t.Helper()
	path := filepath.Join(dir, binary)
	if _, err := os.Stat(path); err != nil {
		build := exec.CommandContext(t.Context(), "go", "build", "-o", path, "./cmd/"+binary)
		build.Dir = root
		build.Env = append(build.Environ(), "CGO_ENABLED=0")
		if out, err := build.CombinedOutput(); err != nil {
			t.Fatalf("build %s: %v\n%s", binary, err, out)
		}
	}
	out, err := exec.CommandContext(t.Context(), path, command, "--help").CombinedOutput()
	if err != nil {
		t.Fatalf("%s %s --help: %v\n%s", binary, command, err, out)
	}
	return string(out)
}

func TestComposeNamesOnlyWhatExists(t *testing.T) {
	t.Parallel()
	dir, file := t.TempDir(), compose(t)
	targets := regexp.MustCompile(`(?m)^FROM \S+ AS (\S+)$`).FindAllStringSubmatch(read(t, "Dockerfile"), -1)
	for name, service := range file.Services {
		for dependency, wanted := range service.DependsOn {
			other, ok := file.Services[dependency]
			if !ok || wanted.Condition == "service_healthy" && len(other.Healthcheck.Test) == 0 {
				t.Errorf("%s waits for %s, which is no service or has no health check", name, dependency)
			}
		}
		for _, volume := range service.Volumes {
			if _, ok := file.Volumes[strings.SplitN(volume, ":", 2)[0]]; !ok {
				t.Errorf("%s mounts the unknown volume %s", name, volume)
			}
		}
		if service.Image != "" {
			if strings.HasSuffix(service.Image, ":latest") || !strings.Contains(service.Image, ":") {
				t.Errorf("%s runs %s, which is no fixed version", name, service.Image)
			}
			continue
		}
		if !slices.ContainsFunc(targets, func(m []string) bool { return m[1] == service.Build.Target }) {
			t.Errorf("%s builds the target %q, which the Dockerfile does not have", name, service.Build.Target)
		}
		checkService(t, dir, name, service, file)
	}
}

func checkService(t *testing.T, dir, name string, service composeService, file composeFile) {
	t.Helper()
	binary, prefix := binaries(service.Build.Target)
	text := help(t, dir, binary, service.Command[0])
	for _, argument := range service.Command[1:] {
		if strings.HasPrefix(argument, "--") && !regexp.MustCompile(regexp.QuoteMeta(argument)+`\b`).MatchString(text) {
			t.Errorf("%s: %s %s has no flag %s", name, binary, service.Command[0], argument)
		}
		for _, address := range regexp.MustCompile(`(?:http://)?([a-z]+):(\d+)$`).FindAllStringSubmatch(argument, -1) {
			checkAddress(t, name, address[1], address[2], file)
		}
	}
	for variable := range service.Environment {
		if !strings.HasPrefix(variable, prefix) || !regexp.MustCompile(`\b`+variable+`\b`).MatchString(text) {
			t.Errorf("%s: %s does not know the variable %s", name, binary, variable)
		}
	}
	for _, port := range service.Ports {
		inside := port[strings.LastIndex(port, ":")+1:]
		if !strings.Contains(strings.Join(service.Command, " "), ":"+inside) {
			t.Errorf("%s publishes the port %s, on which nothing listens", name, inside)
		}
	}
	if check := service.Healthcheck.Test; len(check) != 3 || check[1] != "/"+binary || check[2] != "health" {
		t.Errorf("%s is checked by %v", name, check)
	}
}

// checkAddress wants an address to be of a service of the file, and of a port that it listens on.
func checkAddress(t *testing.T, name, host, port string, file composeFile) {
	t.Helper()
	other, ok := file.Services[host]
	if !ok || !strings.Contains(strings.Join(other.Command, " "), ":"+port) {
		t.Errorf("%s names %s:%s, where nothing listens", name, host, port)
	}
}

func TestEveryVariableOfTheComposeFileIsInTheExample(t *testing.T) {
	t.Parallel()
	example := map[string]bool{}
	for _, line := range strings.Split(read(t, ".env.example"), "\n") {
		if name, _, ok := strings.Cut(line, "="); ok && !strings.HasPrefix(line, "#") {
			example[name] = false
		}
	}
	for _, found := range regexp.MustCompile(`\$\{(\w+)`).FindAllStringSubmatch(read(t, "docker-compose.yml"), -1) {
		if _, ok := example[found[1]]; !ok {
			t.Errorf("%s is not in .env.example", found[1])
		}
		example[found[1]] = true
	}
	for name, used := range example {
		if !used {
			t.Errorf("%s is in .env.example and nowhere else", name)
		}
	}
}

func TestTheDockerfileStartsTheBinariesAsTheyAre(t *testing.T) {
	t.Parallel()
	dir, text := t.TempDir(), read(t, "Dockerfile")
	for _, found := range regexp.MustCompile(`(?ms)^FROM base AS (\w+)$.*?^CMD \[(.*?)\]$`).FindAllStringSubmatch(text, -1) {
		binary, _ := binaries(found[1])
		arguments := regexp.MustCompile(`"([^"]*)"`).FindAllStringSubmatch(found[2], -1)
		said := help(t, dir, binary, arguments[0][1])
		for _, argument := range arguments[1:] {
			if strings.HasPrefix(argument[1], "--") && !strings.Contains(said, argument[1]+" ") {
				t.Errorf("%s: %s has no flag %s", found[1], binary, argument[1])
			}
		}
		help(t, dir, binary, "health")
	}
	if !strings.Contains(text, "\nUSER 65532:65532\n") || !strings.Contains(text, "FROM scratch") {
		t.Error("the images are not from scratch with a user of their own")
	}
}

func TestTheBinariesCarryTimeZones(t *testing.T) {
	t.Parallel()
	for _, binary := range []string{"somsim", "orderops"} {
		list := exec.CommandContext(t.Context(), "go", "list", "-deps", "./cmd/"+binary)
		list.Dir = root
		out, err := list.Output()
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Contains(strings.Fields(string(out)), "time/tzdata") {
			t.Errorf("%s finds no time zones in an image from scratch", binary)
		}
	}
}
