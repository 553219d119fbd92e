# Two commands are enough for a newcomer: `make up` and `make test`.
# The first needs Go alone; the second needs Go, gcc and npm.

GO        ?= go
# Go's own resolver and users, with C or without: tests with C and tests without then share what they compile.
TAGS      := netgo,osusergo
export GOFLAGS += -tags=$(TAGS)
# Packages with tests of the tag full that start PostgreSQL servers.
FULL      ?= ./internal/pgcluster ./orderops/command ./orderops/service
# Packages with tests of the tag full that start processes, which have no detector in them, or run all scenarios many times over. The scenarios themselves
# and the histories run under the detector once.
LONG      ?= ./cmd/orderops ./features ./features/mutation
# Packages in which several requests, commands or transactions meet run under the race detector; the full tests run all so.
RACE      ?= $(addprefix ./simulator/,binding/... clock courier fault journal loyalty oci sandbox slots store worldline) \
             $(addprefix ./orderops/,command identity remote switches)
RACE_FULL ?= ./cmd/... ./simulator/... ./orderops/...
PACT_LIB  := $(CURDIR)/.pact
PACT      := CGO_ENABLED=1 CGO_LDFLAGS="-L$(PACT_LIB) -Wl,-rpath,$(PACT_LIB)" $(GO) test -tags pact,$(TAGS) -count=1
LINT      := github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0
BENCHTIME ?= 1s
VERSION   ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)

.DEFAULT_GOAL := help
.PHONY: help build up test test-full postgres every long strict scenarios packages unit race bench specs contracts pacts foreign lint verify pact-lib clean

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

build: ## Build bin/somsim and bin/orderops, static
	CGO_ENABLED=0 $(GO) build -trimpath -ldflags "-X main.version=$(VERSION)" -o bin/ ./cmd/...

up: build ## Run the simulator and order-ops, seeded; prints URLs, credentials and curls to try
	@bin/somsim up

test: verify specs unit race contracts foreign ## Everything that must pass: checks, documents, tests, contracts, foreign clients

test-full: postgres every ## What takes longer, or a PostgreSQL server (apt-get install postgresql curl)

postgres: ## Several instances, and the service's suite, on PostgreSQL servers that the tests start
	CGO_ENABLED=1 $(GO) test -race -shuffle=on -count=1 -timeout 60m -tags full,$(TAGS) $(FULL)

every: long strict scenarios packages ## Every kill, every mutant, every interaction, and everything under the race detector

long: ## Every kill and restart, every schedule and every mutant
	CGO_ENABLED=0 $(GO) test -shuffle=on -count=1 -timeout 60m -tags full,$(TAGS) $(LONG)

strict: ## Every interaction of the pacts, by the official verifier
	cd contracts/foreign/pact-cli && npm ci --no-audit --no-fund --ignore-scripts
	$(GO) test -tags foreign,full,$(TAGS) -count=1 -timeout 20m -run StrictAboutEverything ./contracts/foreign

scenarios: ## All scenarios, and histories of one order, under the race detector
	CGO_ENABLED=1 $(GO) test -race -shuffle=on -count=1 -timeout 30m -run '^(TestFeatures|TestHistoriesOfOneOrder)$$' ./features

packages: ## Every package that has not run under the race detector by then
	CGO_ENABLED=1 $(GO) test -race -shuffle=on -timeout 20m $$($(GO) list $(RACE_FULL) | grep -vxF "$$($(GO) list -tags full,$(TAGS) $(FULL) $(LONG))")

unit: ## Go tests on a bare tool chain, without C
	CGO_ENABLED=0 $(GO) test -shuffle=on -timeout 20m ./...

race: ## The concurrent packages again, under the race detector
	CGO_ENABLED=1 $(GO) test -race -shuffle=on -timeout 20m $(RACE)

bench: ## Measure throughput, fork and query; needs no network
	$(GO) test -run '^$$' -bench . -benchmem -benchtime $(BENCHTIME) -timeout 30m ./...

specs: ## Lint the documents by Spectral's rules for OpenAPI
	@cd contracts/spectral && npm ci --no-audit --no-fund --ignore-scripts --silent
	@cd contracts/spectral && npx --no-install spectral lint --ruleset .spectral.yaml --fail-severity warn --ignore-unknown-format "../../specs/*/*.yaml"

contracts: pact-lib ## Check the pacts against the client, the specs and the simulator
	$(PACT) ./contracts/...

pacts: pact-lib ## Write contracts/pacts anew from the consumer tests
	$(PACT) ./contracts/consumer/... -update
	$(PACT) ./contracts/provider -run Hears -update

foreign: ## Run the vendors' own clients against the simulator
	@for client in contracts/foreign/*/; do (cd "$$client" && npm ci --no-audit --no-fund) || exit 1; done
	$(GO) test -tags foreign,$(TAGS) -count=1 ./contracts/foreign/...

lint: ## Run golangci-lint; the first run builds it, which takes a minute or two
	$(GO) run $(LINT) run ./...

verify: ## Formatting, vet, module file
	@unformatted=$$(gofmt -l $$(git ls-files '*.go' 2>/dev/null || echo .)); \
	if [ -n "$$unformatted" ]; then echo "gofmt -w these files:"; echo "$$unformatted"; exit 1; fi
	CGO_ENABLED=0 $(GO) vet ./...
	$(GO) mod tidy -diff

pact-lib: ## Fetch the native Pact library into .pact
	@contracts/native/fetch.sh "$(PACT_LIB)"

clean: ## Remove everything that the build made
	rm -rf bin .pact contracts/foreign/*/node_modules contracts/spectral/node_modules
