# Everything a developer does here. `make help` lists it.

SERVER := .build/release/mini-redis-server
# One release binary that needs no Swift on the machine it runs on.
RELEASE := swift build -c release --static-swift-stdlib
SOURCES := Sources Tests Examples Package.swift
PORT ?= 6379
# Tests run all at once, so those that compute would leave no time to those that wait for an answer.
COMPUTING := --filter '^(Engine|RESP|Tidy)Tests\.'
WITH_CLIENTS := --filter '^(MiniRedisClient|Example|Broadcasting)Tests\.'
OTHERS := --skip '^(Engine|RESP|Tidy|MiniRedisClient|Example|Broadcasting)Tests\.'
# Those for which it matters how many loops a server has.
THROUGH_THE_WIRE := --filter '^MiniRedis(Client)?Tests\.'
# Groups of commands whose replies must equal Redis's, and the random commands to try: always the same
# ones, so that a run does not fail by luck. Hours of others are for a person to start:
# make conformance SEED=random ROUNDS=20000
CONFORMING := strings,bitmaps,hyperloglogs,lists,sets,sortedsets,geo,hashes,sort,streams,encodings,keys,$\
	connection,server,pubsub,transactions,malformed
SEED ?= 1
ROUNDS ?= 300

.PHONY: help build run test lint format docs bench costs conformance sanitize models fuzz

help: ## list these targets
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

build: ## build the server as one release binary, Swift's runtime included, and say its size
	$(RELEASE) --product mini-redis-server
	@ls -l $(SERVER) | awk '{printf "%s: %.1f MB (%.1f MB without symbols)\n", "$(SERVER)", $$5 / 1e6, '"$$(strip -o /tmp/mini-redis-stripped.$$$$ $(SERVER) && stat -c %s /tmp/mini-redis-stripped.$$$$; rm -f /tmp/mini-redis-stripped.$$$$)"' / 1e6}'

run: build ## build and run the server on PORT (6379)
	$(SERVER) --port $(PORT)

test: ## run all tests, those through the wire with 4 loops too (IO_THREADS=2: all, with 2 loops)
	swift build --build-tests
	swift test --skip-build $(COMPUTING)
ifdef IO_THREADS
	MINI_REDIS_TEST_IO_THREADS=$(IO_THREADS) swift test --skip-build $(OTHERS)
	MINI_REDIS_TEST_IO_THREADS=$(IO_THREADS) swift test --skip-build $(WITH_CLIENTS)
else
	swift test --skip-build $(OTHERS)
	swift test --skip-build $(WITH_CLIENTS)
	MINI_REDIS_TEST_IO_THREADS=4 swift test --skip-build --filter '^MiniRedisTests\.'
	MINI_REDIS_TEST_IO_THREADS=4 swift test --skip-build --filter '^MiniRedisClientTests\.'
endif

lint: ## check the form of the code, without changing it
	swift format lint --strict --parallel --recursive $(SOURCES)

format: ## bring the code into form
	swift format --in-place --parallel --recursive $(SOURCES)

docs: ## build the libraries' documentation into .build/docs
	Tests/Docs/build-docs

bench: build ## compare with redis-server in one run (ARGS="--quick", ARGS="--only …")
	$(RELEASE) --product pipelines
	python3 Tests/Bench/bench.py $(ARGS)

costs: ## print what a task, a registration, a timer and a server inside a program cost
	swift run -c release costs

conformance: build ## the same random commands to redis-server and ours (SEED=1 ROUNDS=300; SEED=random for luck), then stock clients
	python3 Tests/Conformance/differential.py --coverage
	python3 Tests/Conformance/differential.py --known-only --only $(CONFORMING) --seed $(SEED) --rounds $(ROUNDS) $(DIFFERENTIAL)
	python3 Tests/Conformance/clients.py $(ARGS)

# A report ends the process, the tests' or that of a server that they started, so no report passes. No
# XCTest: there are none, and its runner leaks.
# Few at a time: what is slow under a sanitizer would keep the rest waiting for longer than it waits. And it takes
# its own time and memory.
WITH_SLACK := MINI_REDIS_TEST_SLACK=10
SANITIZED := --disable-xctest --skip-build --experimental-maximum-parallelization-width 4
THREADS := $(WITH_SLACK) TSAN_OPTIONS="halt_on_error=1 print_suppressions=0 suppressions=$(CURDIR)/Tests/Sanitize/thread.supp"
# What knows of no threads is only slow under the thread sanitizer, and starves what waits beside it.
WITH_THREADS := --skip '^(Engine|RESP)Tests\.'

sanitize: ## run the tests under the thread sanitizer, with 1 and 4 loops, and the address sanitizer
	swift build --build-tests --sanitize=thread -Xswiftc -DTHREAD_SANITIZER --scratch-path .build/tsan
	$(THREADS) swift test $(SANITIZED) $(WITH_THREADS) --sanitize=thread --scratch-path .build/tsan
	$(THREADS) MINI_REDIS_TEST_IO_THREADS=4 swift test $(SANITIZED) $(THROUGH_THE_WIRE) \
		--sanitize=thread --scratch-path .build/tsan
	swift build --build-tests --sanitize=address --scratch-path .build/asan
	$(WITH_SLACK) ASAN_OPTIONS=detect_leaks=1 swift test $(SANITIZED) --sanitize=address --scratch-path .build/asan

models: ## millions of random operations on the structures beside models, under the address sanitizer
	swift build --build-tests --sanitize=address --scratch-path .build/asan
	STRUCTURE_ROUNDS=$${STRUCTURE_ROUNDS:-5} $(WITH_SLACK) ASAN_OPTIONS=detect_leaks=1 \
		swift test $(SANITIZED) --sanitize=address --scratch-path .build/asan --filter '^EngineTests\.'

fuzz: ## feed random input to the request parser for FUZZ_SECONDS (60)
	Tests/Fuzz/run-fuzzer $${FUZZ_SECONDS:-60}
