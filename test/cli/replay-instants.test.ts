import { expect, test } from "vitest"
import type { PastRelease } from "../../src/cli/history/past-releases.ts"
import { replay } from "../../src/cli/history/replay-releases.ts"
import { DEFAULT_CONFIG } from "../../src/model/config.ts"
import { direct } from "../decide/changes.ts"

const STABLE = { tag: "v1.0.0", version: "1.0.0", sha: "a".repeat(40) }
const candidate = (number: number, at: string): PastRelease => ({
  ...STABLE,
  tag: `v1.1.0-rc.${number}`,
  version: `1.1.0-rc.${number}`,
  component: "",
  at,
  number,
  prerelease: true,
  stable: STABLE,
  previous: STABLE,
  since: () => [direct("feat: a")],
})

test.each([
  ["in one time zone", "2026-11-01T10:00:00Z", "2026-11-01T11:00:00Z"],
  ["in a zone that is ahead", "2026-11-01T19:00:00+09:00", "2026-11-01T11:00:00Z"],
  ["in a zone that is behind", "2026-11-01T10:00:00Z", "2026-11-01T03:00:00-08:00"],
  ["in the same second", "2026-11-01T10:00:00Z", "2026-11-01T10:00:00Z"],
])("candidates are counted as they came out: %s", (_, first, second) => {
  const replayed = replay({ releases: [candidate(2, second), candidate(1, first)] }, DEFAULT_CONFIG)
  expect(replayed.map(({ answer }) => answer)).toEqual(["1.1.0-rc.2", "1.1.0-rc.1"])
})
