import { defineConfig } from "vitest/config"
import { BaseSequencer, type TestSpecification } from "vitest/node"

/** Files that take longest, so that none of them begins when all others have ended. */
const LONG = [
  "/test/faults/",
  "/test/store/",
  "/test/engine/",
  "/test/demo/",
  "/test/main/",
  "/test/e2e/",
  "/test/attacks/",
  "/test/nock/",
]

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification): number => {
      const found = LONG.findIndex((folder) => moduleId.includes(folder))
      return found < 0 ? LONG.length : found
    }
    return (await super.sort(files)).toSorted((a, b) => place(a) - place(b))
  }
}

const FLOWS = ["e2e", "attacks", "engine", "store", "main", "demo", "faults"].map((room) => `test/${room}/**/*.test.ts`)
/** Files that use nock, which replaces the `http` module for whoever shares their worker. */
const ALONE = ["test/nock/**/*.test.ts", "test/act/slack-exchange.test.ts", "test/observe/refusals.test.ts"]

export default defineConfig({
  test: {
    setupFiles: ["test/seed.ts"],
    // Far above what any of them takes: a machine may be busy.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    // When a run ends, its databases are looked through for secrets (test/postgres.ts).
    teardownTimeout: 60_000,
    // One more than the cores of a small machine: flows wait for databases and processes much of the time.
    maxWorkers: 3,
    sequence: { sequencer: LongestFirst },
    // Files that share a worker share its modules: loading them anew for each would cost more than the tests.
    projects: [
      {
        extends: true,
        test: { name: "flows", include: FLOWS, globalSetup: "test/postgres.ts", pool: "forks", isolate: false },
      },
      {
        extends: true,
        test: { name: "alone", include: ALONE, pool: "forks" },
      },
      {
        extends: true,
        test: {
          name: "rules",
          include: ["test/**/*.test.ts"],
          exclude: [...FLOWS, ...ALONE],
          pool: "threads",
          isolate: false,
        },
      },
    ],
  },
})
