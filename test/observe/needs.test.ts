import { expect, test } from "vitest"
import { DEFAULT_CONFIG } from "../../src/model/config.ts"
import type { Freeze } from "../../src/model/freeze.ts"
import type { Ledger } from "../../src/model/ledger.ts"
import type { Plan } from "../../src/model/plan.ts"
import type { Phase, Release } from "../../src/model/release.ts"
import type { Clicked, Moved, Signal } from "../../src/model/signal.ts"
import type { Line, State } from "../../src/model/state.ts"
import type { LineNeeds } from "../../src/observe/line-needs.ts"
import { isNothing, needs } from "../../src/observe/needs.ts"

const REPO = { id: "1", owner: "acme", name: "shop", defaultBranch: "main", private: false, installation: "2" }
const LEA = { login: "lea", id: "1", type: "User" } as const
const BEN = { login: "ben", id: "2", type: "User" } as const

const ledger: Ledger = { branch: "main", base: null, head: "h0", commits: [], pulls: [], heads: [] }
const plan = { rollback_plan: { procedure: "docs/back.md" }, features: [], stakeholders: {} } as unknown as Plan
const line: Line = {
  branch: "main",
  ledger,
  config: { is: "absent" },
  plan: { is: "valid", path: "release-plan.yml", blob: "b", value: plan },
  inForce: {},
}

function release(phase: Phase, more: Partial<Release> = {}): Release {
  const next = { current: null, next: "1.0.0", bump: null, because: [] }
  const hand = { above: "", below: "" }
  const rest = { component: "", redraws: 0, approvals: [], answers: [], rolledBack: [], previous: null, next, hand }
  return { id: "3", branch: "main", tag: "v1.0.0", phase, ...rest, ...more }
}

const candidate = { sha: "c1", version: "1.0.0", at: "", by: "lea" }
const state = (more: Partial<State> = {}): State => ({
  schema: 1,
  lines: { main: line },
  releases: [],
  lastRelease: 3,
  evidence: {},
  authorship: {},
  standings: {},
  issues: {},
  files: {},
  environments: {},
  announcements: { is: "off", because: "a test" },
  unknown: [],
  stale: {},
  lastRollback: 0,
  refused: {},
  ...more,
})

const moved = (files: readonly string[] | null, more: Partial<Moved> = {}): Moved => ({
  kind: "moved",
  branch: "main",
  advance: { before: "h0", after: "h1", forced: false, complete: true, commits: [] },
  files,
  deleted: false,
  ...more,
})
const advance = (more: Partial<Moved["advance"]>) => ({ advance: { ...moved([]).advance, ...more } })
const clicked = (button: string, more: Partial<Clicked> = {}): Clicked => ({
  kind: "clicked",
  checkRun: "9",
  name: "Slipway / readiness",
  sha: "h0",
  externalId: "slipway:3:abc",
  button,
  by: LEA,
  at: "2026-11-01T00:00:00.000Z",
  ...more,
})
const merged = { kind: "merged", base: "main", pull: {} } as unknown as Signal
const evidence = { kind: "evidence", sha: "h0", report: {} } as unknown as Signal
const deployed = { kind: "deployed" } as unknown as Signal
const ended = { kind: "ended" } as unknown as Signal
const attempted = (code?: "expired" | "taken", target = "draft:3"): Signal => ({
  kind: "ended",
  effect: "publish:3:x:1",
  of: "publish",
  target,
  outcome: code ? { is: "refused", code, because: "a test" } : { is: "done" },
  at: "2026-11-01T00:00:00.000Z",
})
const tagged = (name: string, at: string | null): Signal => ({ kind: "look", because: "a tag", tag: { name, at } })
const issue: Signal = { kind: "issue", number: 1, state: "closed" }
const look: Signal = { kind: "look", because: "a test" }
const uninstalled: Signal = { kind: "uninstalled" }

const cut = release(
  { is: "cut", candidate },
  { approvals: [{ by: BEN, does: "approve", at: "", sha: "c1", candidate: "x" }] },
)
const publishing = release(
  {
    is: "cut",
    candidate,
    publishing: {
      by: "lea",
      asked: "",
      attempt: 1,
      under: { plan: "absent", config: {} as never, trusted: [] },
      notes: {} as never,
      gates: [],
    },
  },
  { hold: { by: BEN, at: "" } },
)

const READ = { c1: { items: [], readAt: "x", workflows: [] } }
const out = release({ is: "published", candidate, at: "", by: "", notes: {} as never, gates: [] })

/** The names of what a line needs. */
const names = (need: LineNeeds | undefined) =>
  Object.entries(need ?? {}).flatMap(([name, value]) =>
    value === true ? [name] : typeof value === "string" && value !== "known" ? [value] : [],
  )
const WHOLE = ["config", "evidence", "githubNotes", "plan", "plans", "procedure", "rules", "workflows", "workspace"]

test.each<[string, State | undefined, Signal[]]>([
  ["a merge whose push connects", state(), [moved(["src/a.ts"]), merged]],
  ["a merge whose push is still to come", state(), [merged]],
  ["pushes in any order", state(), [moved([], advance({ before: "h1", after: "h2" })), moved([])]],
  ["a late push", state(), [moved([], advance({ before: "z", after: "h0" }))]],
  ["another branch", state(), [moved(null, { branch: "topic" })]],
  ["a check", state(), [evidence]],
  ["a deployment", state(), [deployed]],
  ["an outcome", state(), [ended]],
  ["an issue", state(), [issue]],
  ["nothing at all", state(), []],
  ["an uninstallation", state(), [uninstalled]],
  ["an uninstallation of what was never looked at", undefined, [uninstalled]],
  ["anything after an uninstallation", state({ uninstalled: true }), [moved(null), merged]],
  ["a broken line, and no news of it", state({ lines: { main: { ...line, broken: "x" } } }), [evidence, ended]],
  ["a bot's rollback", state(), [clicked("rollback:prod", { by: { ...LEA, type: "Bot" } })]],
  ["an attempt under way", state({ releases: [publishing], evidence: READ }), [ended, evidence]],
  ["an attempt that is done", state({ releases: [publishing], evidence: READ }), [attempted()]],
  ["an attempt that was refused", state({ releases: [publishing], evidence: READ }), [attempted("taken")]],
  ["the tag of an attempt under way", state({ releases: [publishing], evidence: READ }), [tagged("v1.0.0", "c1")]],
  [
    "the tag of an attempt that is done",
    state({ releases: [publishing], evidence: READ }),
    [tagged("v1.0.0", "c1"), attempted()],
  ],
  ["the tag of what is out", state({ releases: [out] }), [tagged("v1.0.0", "c1")]],
  [
    "a cut whose checks were read",
    state({
      releases: [release({ is: "cut", candidate })],
      evidence: { c1: { items: [], readAt: "x", workflows: [] } },
    }),
    [evidence],
  ],
  [
    "a cut whose checks cannot be read",
    state({
      releases: [release({ is: "cut", candidate })],
      unknown: ["checks:c1", "workflows:c1"].map((what) => ({ what, because: "x" })),
    }),
    [evidence],
  ],
])("nothing is read for %s", (_, known, signals) => {
  expect(isNothing(needs(REPO, known, signals))).toBe(true)
})

const UNLISTED = [{ what: "pulls:main", because: "x" }]

test.each<[string, State | undefined, Signal[], string[]]>([
  ["no state", undefined, [evidence], ["read back", ...WHOLE]],
  ["a line that is not known", state({ lines: {} }), [], ["read back", ...WHOLE]],
  ["a gap", state(), [moved([], advance({ before: "x" }))], ["read back", ...WHOLE]],
  ["a forced push", state(), [moved([], advance({ forced: true }))], ["read back", ...WHOLE]],
  [
    "a forced push that ended where we are",
    state(),
    [moved([], advance({ before: "x", after: "h0", forced: true })), moved([], advance({ before: "h0", after: "h0" }))],
    [],
  ],
  ["an incomplete list of commits", state(), [moved(null, advance({ complete: false }))], ["read back", ...WHOLE]],
  ["a deleted branch", state(), [moved([], { deleted: true })], ["read back", ...WHOLE]],
  [
    "a merge into a broken line",
    state({ lines: { main: { ...line, broken: "x" } } }),
    [merged],
    ["read back", ...WHOLE],
  ],
  ["a timer on a broken line", state({ lines: { main: { ...line, broken: "x" } } }), [], ["read back", ...WHOLE]],
  ["a look", state(), [look], ["if moved", ...WHOLE]],
  ["a tag", state(), [tagged("v1.0.0", "c1")], ["if moved", ...WHOLE]],
  ["our tag on another commit", state({ releases: [out] }), [tagged("v1.0.0", "c2")], ["if moved", ...WHOLE]],
  ["our tag, deleted", state({ releases: [out] }), [tagged("v1.0.0", null)], ["if moved", ...WHOLE]],
  ["another tag on our commit", state({ releases: [out] }), [tagged("v2.0.0", "c1")], ["if moved", ...WHOLE]],
  [
    "the tag of a cut that nobody publishes",
    state({ releases: [cut] }),
    [tagged("v1.0.0", "c1")],
    ["if moved", ...WHOLE],
  ],
  ["a look after an uninstallation", state({ uninstalled: true }), [look], ["if moved", ...WHOLE]],
  ["the configuration", state(), [moved([".github/slipway.yml"])], ["config", "githubNotes"]],
  ["GitHub's own arrangement of notes", state(), [moved([".github/release.yml"])], ["githubNotes"]],
  ["the plan", state(), [moved(["release-plan.yml"])], ["plan"]],
  ["the plan at its other place", state(), [moved([".github/release-plan.yml"])], ["plan"]],
  ["a workflow", state(), [moved([".github/workflows/ci.yml"])], ["workflows"]],
  ["a file beside the workflows", state(), [moved([".github/workflows.md"])], []],
  ["the rollback procedure", state(), [moved(["docs/back.md"])], ["procedure"]],
  ["a plan of the folder", state(), [moved(["release-plans/2.0.0.yml"])], ["plans"]],
  [
    "files that are not listed",
    state(),
    [moved(null)],
    ["config", "githubNotes", "plan", "plans", "procedure", "workflows"],
  ],
  [
    "a click on a release",
    state({ releases: [release({ is: "drafted" })] }),
    [clicked("approve")],
    ["if moved", "config", "plan", "plans", "rules"],
  ],
  ["a click on a release that is out", state({ releases: [out] }), [clicked("approve")], []],
])("of the line, for %s", (_, known, signals, expected) => {
  expect(names(needs(REPO, known, signals).lines.main).sort()).toEqual(expected.toSorted())
})

test.each<[string, Release, Signal[], object, string[]]>([
  [
    "an approval of a draft",
    release({ is: "drafted" }),
    [clicked("approve")],
    { shas: ["h0"], head: false, fresh: true, authors: { upTo: "h0", again: false } },
    ["lea"],
  ],
  ["a hold", release({ is: "drafted" }), [clicked("hold")], { shas: ["h0"], head: false, fresh: true }, ["lea"]],
  [
    "an approval of a cut",
    cut,
    [clicked("approve", { sha: "c1" })],
    { shas: ["c1"], head: false, fresh: true, authors: { upTo: "c1", again: false } },
    ["lea"],
  ],
  ["a re-cut", cut, [clicked("recut", { sha: "c1" })], { shas: ["c1"], head: true, fresh: true }, ["lea"]],
  [
    "a publication",
    cut,
    [clicked("publish", { sha: "c1" })],
    { shas: ["c1"], head: false, fresh: true, authors: { upTo: "c1", again: true } },
    ["lea", "ben"],
  ],
  [
    "an attempt that came too late",
    publishing,
    [attempted("expired")],
    { shas: ["c1"], head: false, fresh: true, authors: { upTo: "c1", again: true } },
    ["ben"],
  ],
  ["a cut that nobody looked at", cut, [evidence], { shas: ["c1"], head: false, fresh: false }, []],
])("of the release, for %s", (_, known, signals, expected, people) => {
  const needed = needs(REPO, state({ releases: [known] }), signals)
  expect(needed.releases).toEqual({ 3: expected })
  expect(needed.people.map((p) => p.login)).toEqual(people)
})

test.each<[string, Partial<Freeze>, State["unknown"], Signal[], string[]]>([
  ["a freeze that has just begun", {}, [], [evidence], ["main"]],
  ["its timer", {}, [], [], ["main"]],
  ["one that is listed", { listed: true }, [], [evidence], []],
  ["one that is over", { over: "x" }, [], [], []],
  ["a list that could not be read, and no news of it", {}, UNLISTED, [evidence], []],
  ["a list that could not be read, and its timer", {}, UNLISTED, [], ["main"]],
  ["a list that could not be read, and a look", {}, UNLISTED, [look], ["main"]],
])("open pull requests are listed once a freeze: %s", (_, freeze, unknown, signals, expected) => {
  const freezes = { main: { since: "2026-11-02T12:00:00.000Z", listed: false, pulls: {}, ...freeze } }
  expect(needs(REPO, state({ freezes, unknown }), signals).openPulls).toEqual(expected)
})

test("a default branch that is no release branch is read for its configuration alone", () => {
  const value = { ...DEFAULT_CONFIG, branches: [{ name: "stable", maintenance: false }] }
  const { ledger: _, ...bare } = line
  const known = state({
    lines: {
      main: { ...bare, config: { is: "valid", path: "", blob: "", value } },
      stable: { ...line, branch: "stable" },
    },
  })
  expect(needs(REPO, known, [moved(["src/a.ts"]), merged]).lines).toEqual({})
  const { lines } = needs(REPO, known, [moved([".github/slipway.yml"])])
  expect(Object.keys(lines)).toEqual(["main"])
  expect(names(lines.main)).toEqual(["config"])
})

test.each<[string, string | undefined, object, string[]]>([
  ["by the label of incidents, asks who put it on, and who wrote the issue", "incident", {}, ["lea", "ben"]],
  ["by the same person, asks once", "incident", { author: LEA }, ["lea"]],
  ["by nobody who can be asked for", "incident", { author: undefined }, ["lea"]],
  ["by a bot, asks nobody", "incident", { by: { ...LEA, type: "Bot" } }, []],
  ["by another label, asks nobody", "incident", { label: "bug" }, []],
  ["where none is configured, asks nobody", undefined, {}, []],
])("an issue that is labelled %s", (_, label, more, people) => {
  const value = { ...DEFAULT_CONFIG, ...(label === undefined ? {} : { incident: { label } }) }
  const config = { is: "valid" as const, path: ".github/slipway.yml", blob: "b", value }
  const said = { kind: "labelled", number: 7, label: "Incident", by: LEA, author: BEN, says: {}, ...more }
  const needed = needs(REPO, state({ lines: { main: { ...line, config } } }), [said as unknown as Signal])
  expect(needed.people.map(({ login }) => login)).toEqual(people)
  expect(isNothing({ ...needed, people: [] })).toBe(true)
})
