import { expect, test } from "vitest"
import type { Commit } from "../../src/model/change.ts"
import { channelOf, knownTags, sameTags, tagsFrom, withMark, withOutside } from "../../src/model/known-tags.ts"
import { type Ledger, vouchedFrom } from "../../src/model/ledger.ts"
import type { LineKind } from "../../src/model/line-kind.ts"

const STABLE: LineKind = { is: "stable" }
const RC: LineKind = { is: "channel", channel: "rc" }

const commit = (sha: string, landing = sha): Commit => ({
  sha,
  message: "fix: a",
  authorName: "Ann",
  at: "2026-11-02T08:00:00.000Z",
  landing,
})
const tag = (version: string, sha: string, ours = false) => ({ tag: `v${version}`, version, sha, ours })

const base = { tag: "v1.4.1", version: "1.4.1", sha: "base" }
const commits = [commit("a"), commit("b", "c"), commit("c")]
const known = (kind: LineKind, ...tags: ReturnType<typeof tag>[]) =>
  knownTags([tag("1.4.1", "base"), ...tags], { base, commits, kind })

test("tags behind the head are told from those elsewhere; what is not above the base decides nothing", () => {
  expect(
    known(STABLE, tag("1.3.0", "z"), tag("2.0.0-rc.1", "c", true), tag("2.0.0-beta.1", "b"), tag("3.0.0", "y")),
  ).toEqual({
    inside: [
      { tag: "v2.0.0-beta.1", version: "2.0.0-beta.1", sha: "b", ours: false, landed: false },
      { tag: "v2.0.0-rc.1", version: "2.0.0-rc.1", sha: "c", ours: true, landed: true },
    ],
    outside: [{ version: "3.0.0", sha: "y" }],
    highest: "3.0.0",
  })
})

test.each<[string, LineKind, readonly string[]]>([
  ["a stable line meets no prerelease of others", STABLE, ["2.0.0"]],
  ["a channel meets those of its own", RC, ["2.0.0-rc.4", "2.0.0"]],
])("%s", (_, kind, versions) => {
  const { outside } = known(kind, tag("2.0.0-rc.4", "x"), tag("2.0.0-beta.2", "x"), tag("2.0.0", "x"))
  expect(outside.map(({ version }) => version)).toEqual(versions)
})

test("of 12,000 tags those are kept that the next bumps can meet", () => {
  const many = Array.from({ length: 12_000 }, (_, n) => tag(`${2 + (n % 40)}.${Math.floor(n / 40)}.1`, `x${n}`))
  const met = [tag("1.4.2", "x"), tag("1.5.0", "x"), tag("2.0.0", "x")]
  const { outside, highest } = known(STABLE, ...many, ...met)
  expect(outside).toHaveLength(300)
  expect(outside.map(({ version }) => version)).toEqual(expect.arrayContaining(["1.4.2", "1.5.0", "2.0.0"]))
  expect(highest).toBe("41.299.1")
  expect(JSON.stringify(outside).length).toBeLessThan(40_000)
})

test("a later release leaves only what is above it", () => {
  const before = known(STABLE, tag("1.5.0-rc.1", "a"), tag("2.0.0-rc.1", "c"), tag("1.4.2", "x"), tag("3.0.0", "y"))
  expect(tagsFrom(before, tag("1.5.0", "b"), [commit("c")])).toEqual({
    inside: [{ tag: "v2.0.0-rc.1", version: "2.0.0-rc.1", sha: "c", ours: false, landed: true }],
    outside: [{ version: "3.0.0", sha: "y" }],
    highest: "3.0.0",
  })
})

test("a release elsewhere is told once, in the order in which a reading would tell it", () => {
  const read = known(STABLE, tag("1.4.2", "x"), tag("1.6.0", "y"))
  const told = withOutside(known(STABLE, tag("1.6.0", "y")), base, STABLE, tag("1.4.2", "x"))
  expect(sameTags(told, read)).toBe(true)
  expect(sameTags(withOutside(told, base, STABLE, tag("1.4.2", "x")), read)).toBe(true)
  expect(sameTags(undefined, read)).toBe(false)
})

test.each([
  ["2.0.0-rc.1", "rc"],
  ["2.0.0-rc", "rc"],
  ["2.0.0-1", undefined],
  ["2.0.0", undefined],
  ["2.0.0+rc.1", undefined],
])("the channel of %s is %s", (version, channel) => {
  expect(channelOf(version)).toBe(channel)
})

test.each<[string, Parameters<typeof tag>[], string, string | undefined]>([
  ["a candidate of ours vouches for what is behind it", [["2.0.0-rc.1", "a", true]], "2.0.0-rc.1", "a"],
  ["somebody else's vouches for nothing", [["2.0.0-rc.1", "a"]], "2.0.0-rc.1", undefined],
  [
    "behind it the last one of ours does",
    [
      ["2.0.0-rc.1", "a", true],
      ["2.0.0-rc.2", "c"],
    ],
    "2.0.0-rc.2",
    "a",
  ],
  [
    "but none of another channel",
    [
      ["2.0.0-beta.1", "a", true],
      ["2.0.0-rc.2", "c"],
    ],
    "2.0.0-rc.2",
    undefined,
  ],
])("%s", (_, tags, version, from) => {
  const inside = known(RC, ...tags.map((one) => tag(...one)))
  const ledger: Ledger = { branch: "next", base, head: "c", commits, pulls: [], heads: [], tags: inside }
  const previous = inside.inside.find((mark) => mark.version === version) ?? null
  expect(vouchedFrom(ledger, previous)).toBe(from)
})

test("a candidate of ours is a mark of ours from the moment it is out", () => {
  const out = { tag: "v2.0.0-rc.1", version: "2.0.0-rc.1", sha: "c" }
  expect(withMark(known(RC, tag("2.0.0-rc.1", "c")), out).inside).toEqual([{ ...out, ours: true, landed: true }])
})
