import { expect, test } from "vitest"
import { versionOnLine } from "../../src/decide/version-on-line.ts"
import { DEFAULT_CONFIG } from "../../src/model/config.ts"
import type { LineKind } from "../../src/model/line-kind.ts"
import type { Bump } from "../../src/model/version.ts"

const STABLE: LineKind = { is: "stable" }
const HOTFIX: LineKind = { is: "hotfix" }
const range = (text: string): LineKind => ({ is: "maintenance", range: text })

const on = (
  kind: LineKind,
  current: string | null,
  bump: Bump,
  more: { readonly out?: readonly string[]; readonly floor?: string } = {},
) => {
  const { out = [], floor } = more
  const taken = (version: string) => out.includes(version)
  return versionOnLine({ bump, current, policy: DEFAULT_CONFIG.version, taken, kind, floor })
}

test.each<[string, LineKind, string | null, Bump, readonly string[], string]>([
  ["the next one", STABLE, "1.4.1", "minor", [], "1.5.0"],
  ["the first one", STABLE, null, "minor", [], "0.1.0"],
  ["a patch that is taken", STABLE, "1.4.1", "patch", ["1.4.2"], "1.4.3"],
  ["several patches that are taken", STABLE, "1.4.1", "patch", ["1.4.2", "1.4.3"], "1.4.4"],
  ["a minor that is taken", STABLE, "1.4.1", "minor", ["1.5.0", "1.5.1"], "1.6.0"],
  ["a major that is taken", STABLE, "1.4.1", "major", ["2.0.0"], "3.0.0"],
  ["a first one that is taken", STABLE, null, "minor", ["0.1.0"], "0.2.0"],
  ["inside a range", range("1.x"), "1.4.1", "minor", [], "1.5.0"],
  ["inside a narrow range", range("1.4.x"), "1.4.1", "patch", [], "1.4.2"],
  ["the first one of a range", range("2.x"), null, "minor", [], "2.0.0"],
  ["the first one of a range that is begun", range("0.x"), null, "minor", [], "0.1.0"],
  ["a patch of the release that a hotfix was made from", HOTFIX, "1.4.1", "patch", [], "1.4.2"],
  ["a hotfix beside another one", HOTFIX, "1.4.1", "patch", ["1.4.2"], "1.4.3"],
])("%s", (_, kind, current, bump, out, version) => {
  expect(on(kind, current, bump, { out })).toEqual({ is: "version", version })
})

test.each<[string, LineKind, string, Bump, string, RegExp]>([
  ["a major in 1.x", range("1.x"), "1.4.1", "major", "1.5.0", /^2\.0\.0 is outside 1\.x/],
  ["a minor in 1.4.x", range("1.4.x"), "1.4.1", "minor", "1.4.2", /^1\.5\.0 is outside 1\.4\.x/],
  ["a major in 1.4.x", range("1.4.x"), "1.4.1", "major", "1.4.2", /^2\.0\.0 is outside 1\.4\.x/],
  ["a feature in a hotfix", HOTFIX, "1.4.1", "minor", "1.4.2", /^1\.5\.0 is no patch of 1\.4\.1/],
  ["a break in a hotfix", HOTFIX, "1.4.1", "major", "1.4.2", /^2\.0\.0 is no patch of 1\.4\.1/],
])("%s is refused, and what the line makes at most is named", (_, kind, current, bump, version, because) => {
  expect(on(kind, current, bump)).toEqual({ is: "version", version, refused: expect.stringMatching(because) })
})

test.each<[string, LineKind, string | null, RegExp]>([
  ["a release above the range", range("1.x"), "2.3.0", /outside 1\.x/],
  ["a release below the range", range("3.x"), "1.4.1", /outside 3\.x/],
  ["no release behind a hotfix", HOTFIX, null, /no released tag is behind this hotfix branch; make it from/],
])("%s: no version at all", (_, kind, current, because) => {
  expect(on(kind, current, "patch")).toEqual({ is: "refused", because: expect.stringMatching(because) })
})

test.each<[string, string | null, Bump, string, string]>([
  ["a prerelease behind the head is promoted", "1.4.1", "patch", "2.0.0", "2.0.0"],
  ["more than it announced is more", "1.4.1", "major", "1.5.0", "2.0.0"],
  ["also before the first release", null, "minor", "1.0.0", "1.0.0"],
])("%s", (_, current, bump, floor, version) => {
  expect(on(STABLE, current, bump, { floor })).toEqual({ is: "version", version })
})

test("what was promised and is taken moves on", () => {
  expect(on(STABLE, "1.4.1", "minor", { floor: "1.5.0", out: ["1.5.0"] })).toEqual({ is: "version", version: "1.6.0" })
})

test("a thousand versions of others end in a refusal, not in a search without end", () => {
  const made = versionOnLine({
    bump: "patch",
    current: "1.0.0",
    policy: DEFAULT_CONFIG.version,
    taken: () => true,
  })
  expect(made).toEqual({ is: "refused", because: "no patch version that is free follows 1.0.0" })
})
