import { expect, test } from "vitest"
import { withMark } from "../../src/model/known-tags.ts"
import { own } from "../../src/model/own.ts"
import type { Line } from "../../src/model/state.ts"
import { filesOf, land, type Part, partsWorld, tagOf } from "./support/parts.ts"
import { sha } from "./support/truth.ts"
import type { World } from "./support/world.ts"

/** Components on a second branch, which left the first one at its start. */
const lineOf = (w: World, branch: string): Line => {
  const line = own(w.known.lines, branch)
  if (!line?.ledger) throw new Error(`nothing is known of ${branch}`)
  return line
}

function withBranch(written: object, branch = "next"): World {
  const w = partsWorld({}, written)
  const main = lineOf(w, "main")
  w.state = { ...w.known, lines: { ...w.known.lines, [branch]: { ...main, branch } } }
  return w
}

/** Ann's change of some components on the second branch. */
function landOn(w: World, branch: string, message: string, ...parts: readonly Part[]): World {
  const line = lineOf(w, branch)
  const before = line.ledger?.head ?? ""
  const after = sha(500 + (line.ledger?.commits.length ?? 0))
  const written = { author: "ann", authorName: "Ann", committer: "ann", committerName: "Ann" }
  const commit = {
    sha: after,
    message,
    ...written,
    at: "2026-11-02T08:00:00.000Z",
    landing: after,
    files: filesOf(parts),
  }
  const advance = { before, after, forced: false, complete: true, commits: [commit] }
  return w.hear({ kind: "moved", branch, advance, files: filesOf(parts), deleted: false }).run()
}

/** A candidate of a component comes out at the head of the second branch. */
function candidate(w: World, branch: string, part: Part, version: string): World {
  const line = lineOf(w, branch)
  const { ledger } = line
  const start = ledger?.starts?.[part]
  if (!ledger || !start) throw new Error(`${part} is no component of ${branch}`)
  const tags = withMark(start.tags, { tag: tagOf(part, version), version, sha: ledger.head })
  const after = { ...ledger, starts: { ...ledger.starts, [part]: { ...start, tags } } }
  w.state = { ...w.known, lines: { ...w.known.lines, [branch]: { ...line, ledger: after } } }
  return w.run()
}

const drafts = (w: World, branch: string) =>
  Object.fromEntries(
    w.known.releases
      .filter((release) => release.branch === branch && release.phase.is === "drafted")
      .map(({ component, next }) => [component, `${next.next}: ${next.because.map((r) => r.subject).join(", ")}`]),
  )

const CHANNEL = { branches: ["main", { name: "next", channel: "rc" }] }

test("a component has its candidates on a channel beside its patches on main", () => {
  const w = withBranch(CHANNEL)
  land(w, "fix: a", "core")
  landOn(w, "next", "feat!: b", "core")
  landOn(w, "next", "fix: c", "site")
  expect(drafts(w, "main")).toEqual({ core: "1.0.1: fix: a" })
  expect(drafts(w, "next")).toEqual({ core: "2.0.0-rc.1: feat!: b", site: "1.0.1-rc.1: fix: c" })
})

test("a dependant gets a candidate of its own for each one that comes out on the channel, and none on main", () => {
  const w = withBranch(CHANNEL)
  landOn(w, "next", "feat!: a", "core")
  expect(drafts(w, "next")).toEqual({ core: "2.0.0-rc.1: feat!: a" })
  candidate(w, "next", "core", "2.0.0-rc.1")
  expect(drafts(w, "next")).toEqual({ shop: "1.0.1-rc.1: depends on core 2.0.0-rc.1" })
  const release = w.known.releases.find(({ component }) => component === "shop")
  expect(release?.shown?.sha).toBe(lineOf(w, "next").ledger?.head)

  candidate(w, "next", "shop", "1.0.1-rc.1")
  expect(drafts(w, "next")).toEqual({ site: "1.0.1-rc.1: depends on shop 1.0.1-rc.1" })
  landOn(w, "next", "fix: b", "core")
  candidate(w, "next", "core", "2.0.0-rc.2")
  expect(drafts(w, "next")).toMatchObject({ shop: "1.0.1-rc.2: depends on core 2.0.0-rc.2" })
  expect(drafts(w, "main")).toEqual({})
})

test("linked components count their candidates each under the version that they come to together", () => {
  const w = withBranch(CHANNEL)
  landOn(w, "next", "feat: a", "api")
  expect(drafts(w, "next")).toEqual({ api: "1.1.0-rc.1: feat: a" })
  landOn(w, "next", "fix: b", "web")
  expect(drafts(w, "next")).toEqual({ api: "1.1.0-rc.1: feat: a", web: "1.1.0-rc.1: fix: b" })
  candidate(w, "next", "api", "1.1.0-rc.1")
  landOn(w, "next", "fix: c", "api")
  expect(drafts(w, "next")).toEqual({ api: "1.1.0-rc.2: fix: c", web: "1.1.0-rc.1: fix: b" })
  landOn(w, "next", "feat!: d", "web")
  expect(drafts(w, "next")).toEqual({ api: "2.0.0-rc.1: fix: c", web: "2.0.0-rc.1: feat!: d" })
})

test("linked components and dependants keep inside the range of a maintenance branch", () => {
  const w = withBranch({ branches: ["main", { name: "1.x", maintenance: true }] }, "1.x")
  landOn(w, "1.x", "feat!: too much", "api")
  expect(drafts(w, "1.x")).toEqual({ api: "1.1.0: feat!: too much", web: "1.1.0: keeps one version with api" })
  for (const component of ["api", "web"]) {
    const refused = w.known.releases.find((one) => one.component === component)?.next.refused
    expect(refused, component).toMatchObject([{ because: expect.stringMatching(/2\.0\.0 is outside 1\.x/) }])
  }
})

test("approved on two branches in the same moment, one version is nobody's twice", () => {
  const w = withBranch({ branches: ["main", "next"] })
  land(w, "fix: a", "core", "api")
  landOn(w, "next", "fix: b", "core", "api")
  const of = (branch: string, component: string) =>
    w.known.releases.find((one) => one.branch === branch && one.component === component)
  const parts = ["core", "api"]
  for (const part of parts)
    expect([of("main", part)?.tag, of("next", part)?.tag], "drafts claim nothing").toEqual(
      Array(2).fill(tagOf(part as Part, "1.0.1")),
    )
  for (const branch of ["next", "main"])
    for (const part of parts) w.click("approve", "ben", w.readiness(of(branch, part)?.id))
  w.run()
  for (const part of parts) {
    const cut = [of("main", part), of("next", part)].filter((one) => one?.phase.is === "cut")
    expect(cut, part).toHaveLength(1)
    expect([of("main", part)?.tag, of("next", part)?.tag].sort(), part).toEqual(
      ["1.0.1", "1.0.2"].map((version) => tagOf(part as Part, version)),
    )
  }
})
