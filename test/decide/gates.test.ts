import fc from "fast-check"
import { expect, test } from "vitest"
import { candidateHash, shaOf } from "../../src/decide/candidate.ts"
import type { Subject } from "../../src/decide/gates/subject.ts"
import { configOf, planOf } from "../../src/decide/plan-of.ts"
import { gatesOfRelease } from "../../src/decide/readiness.ts"
import { changesOfRelease, coveredChanges } from "../../src/decide/release-changes.ts"
import type { Evidence } from "../../src/model/evidence.ts"
import type { GateName } from "../../src/model/gate.ts"
import { planSchema } from "../../src/model/plan.ts"
import type { State } from "../../src/model/state.ts"
import { config, plan, REPO, report, sha } from "./support/truth.ts"
import { world } from "./support/world.ts"

/** A release with every kind of gate, all of them passed. */
function fullWorld() {
  const w = world((it) => {
    it.truth.ci = { workflows: [".github/workflows/ci.yml"], required: [{ name: "license" }] }
    it.truth.issues["#812"] = "closed"
    it.truth.issues["acme/other#4"] = "closed"
    it.truth.plan = plan({
      release: { version: "1.1.0" },
      timeline: { code_freeze: "2026-11-02T08:30:00.000Z" },
      testing: { unit_tests: { check: "CI / test", within: "24h" }, required: ["unit_tests"] },
      features: [
        { id: "PAY", status: "ready" },
        { id: "SEARCH", issue: 812, dependencies: ["PAY"] },
        { id: "OTHER", issue: "acme/other#4" },
        { id: "GONE", status: "dropped" },
      ],
    })
  })
  w.merge(12, "feat: pay by invoice").take()
  w.truth.checks.set(w.truth.head, [
    report("test"),
    report("license", { app: "cla", kind: "status", state: "passed", word: "success" }),
  ])
  return w.hear({ kind: "look", because: "checks are done" }).run().click("approve", "ben").run()
}

const full = fullWorld()

/** The subject of the release in a state, as the rules put it together. */
function subjectIn(state: State, now = full.now): Subject {
  const line = state.lines.main
  const release = state.releases.find((r) => r.phase.is !== "published")
  if (!line || !release) throw new Error("no open release")
  return {
    repo: REPO,
    state,
    line,
    release,
    sha: shaOf(line, release),
    changes: changesOfRelease(line, release),
    covered: coveredChanges(state, line, release),
    config: configOf(line),
    plan: planOf(state, line, release),
    hash: candidateHash(state, line, release),
    now,
  }
}

const verdict = (state: State, name: GateName, now?: Date) => {
  const found = gatesOfRelease(subjectIn(state, now)).find((g) => g.name === name)
  return found && `${found.state}: ${found.because}`
}

const gateNames = [
  "configuration",
  "version",
  "checks",
  "code freeze",
  "tests",
  "features",
  "dependencies",
  "rollback plan",
  "approvals",
]

test("with everything in place every gate is passed, with its evidence", () => {
  expect(full.page().gates.map((g) => [g.name, g.state])).toEqual(gateNames.map((name) => [name, "passed"]))
  expect(full.readiness()).toMatchObject({ conclusion: "success" })
  expect(full.gate("features").evidence).toEqual([
    { text: "#812", url: "https://github.com/acme/shop/issues/812" },
    { text: "acme/other#4", url: "https://github.com/acme/other/issues/4" },
  ])
  expect(full.gate("rollback plan").evidence?.[0]?.url).toBe(
    `https://github.com/acme/shop/blob/${full.truth.head}/docs/rollback.md`,
  )
})

const head = full.truth.head
const items = full.known.evidence[head]?.items ?? []

/** The state with other reports on the candidate. */
const checked = (...reports: readonly Evidence[]): State => ({
  ...full.known,
  evidence: { [head]: { items: reports, readAt: "2026-11-02T09:00:00.000Z", workflows: [".github/workflows/ci.yml"] } },
})
const requiring = (appId: string | undefined, ...reports: readonly Evidence[]): State => {
  const { main } = full.known.lines
  if (!main?.ci) throw new Error("no line")
  const required = [{ name: "license", ...(appId ? { appId } : {}) }]
  return { ...checked(...reports), lines: { main: { ...main, ci: { ...main.ci, required } } } }
}
const test1 = report("test")
const license = report("license", { kind: "status", app: "cla" })

test.each<[string, State, string]>([
  ["all well", checked(test1, license), "passed: all 2 checks have passed"],
  ["one failed", checked(test1, report("e2e", { state: "failed" }), license), "failed: e2e did not pass"],
  [
    "failed before pending",
    checked(report("a", { state: "pending" }), report("b", { state: "failed" })),
    "failed: b did not pass",
  ],
  ["one runs", checked(report("test", { state: "pending" }), license), "pending: test still running"],
  ["a required one is missing", checked(test1), "pending: waiting for license, which the branch's rules require"],
  ["no workflow has reported", checked(license), "pending: no check has reported yet; .github/workflows/ci.yml should"],
  [
    "a required one of an App comes from another",
    requiring("7", test1, report("license", { app: "other", appId: "8" })),
    "pending: waiting for license of the App 7, which the branch's rules require",
  ],
  [
    "a required one of an App is a status",
    requiring("7", test1, license),
    "pending: waiting for license of the App 7, which the branch's rules require",
  ],
  [
    "a required one of an App comes from it",
    requiring("7", test1, report("license", { app: "cla", appId: "7" })),
    "passed: all 2 checks have passed",
  ],
  [
    "runs are still to come",
    checked(test1, license, report("more checks of ci", { kind: "suite", state: "pending" })),
    "pending: more checks of ci still running",
  ],
  [
    "two workflows have a job of one name",
    checked(report("test", { suite: "1", state: "failed" }), report("test", { suite: "2", id: "200" }), license),
    "failed: test did not pass",
  ],
  ["nothing at all", { ...full.known, evidence: {} }, "pending: waiting for license, which the branch's rules require"],
  [
    "unread",
    { ...full.known, unknown: [{ what: `checks:${head}`, because: "403" }] },
    "unknown: the checks could not be read: 403",
  ],
  ["rules unread since", { ...full.known, unknown: [{ what: "ci:main", because: "403" }] }, "unknown: 403"],
])("checks: %s", (_, state, expected) => {
  expect(verdict(state, "checks")).toBe(expected)
})

test("checks: a branch without workflow and rule has nothing to wait for, and shows where that stands", () => {
  const bare = world((w) => w.truth.files.add("x"))
    .merge(12, "feat: a")
    .run()
  expect(bare.gate("checks")).toMatchObject({
    state: "passed",
    because: "nothing to wait for: no workflow runs on main, and its rules require no check",
    evidence: [{ text: "files" }, { text: "rules", url: "https://github.com/acme/shop/rules?ref=refs/heads/main" }],
  })
})

test("checks: a candidate whose checks only events could tell of is not passed before they were read", () => {
  const bare = world().merge(12, "feat: a").run().click("approve", "ben").run()
  const told = { ...bare.known, evidence: { [bare.truth.head]: { items: [], workflows: [] } } }
  expect(verdict(bare.known, "checks")).toMatch(/^passed/)
  expect(verdict(told, "checks")).toBe("unknown: the checks of this commit were not read yet")
})

test("checks: a candidate has the workflows of its own commit, whatever lands after it", () => {
  const w = world((it) => {
    it.truth.ci = { workflows: [".github/workflows/ci.yml"], required: [] }
  })
  w.merge(12, "feat: a").run().click("approve", "ben").run()
  const because = "no check has reported yet; .github/workflows/ci.yml should"
  expect(w.gate("checks", "1")).toMatchObject({ state: "pending", because })
  w.truth.workflows.set(w.truth.head, w.truth.ci.workflows)
  w.truth.ci = { workflows: [], required: [] }
  w.push("chore: no checks", { files: [".github/workflows/ci.yml"] })
    .hear({ kind: "look", because: "again" })
    .run()
  expect(w.known.lines.main?.ci?.workflows).toEqual([])
  expect(w.gate("checks", "1")).toMatchObject({ state: "pending", because })
})

test("checks: a candidate whose workflows cannot be read is not passed", () => {
  const w = world().merge(12, "feat: a").run()
  w.unreadable.set("workflows:", "403")
  w.click("approve", "ben").run()
  expect(w.gate("checks", "1")).toMatchObject({ state: "unknown", because: "403" })
})

test("checks: of a hundred checks five are shown, and what is not passed comes first", () => {
  const many = Array.from({ length: 100 }, (_, n) => report(`c${n}`, { state: n < 60 ? "failed" : "passed" }))
  const found = gatesOfRelease(subjectIn(checked(...many))).find((g) => g.name === "checks")
  expect(found?.because).toBe("c0, c1, c2 and 57 more did not pass")
  expect(found?.evidence).toHaveLength(5)
})

/** The state with other tests in the plan; what it was approved by is void, which these tests do not look at. */
const tested = (testing: object, reports: readonly Evidence[] = items): State => {
  const line = full.known.lines.main
  if (!line) throw new Error("no line")
  const value = plan({ testing, release: { version: "1.1.0" } })
  const now = { ...line, plan: { is: "valid" as const, path: "release-plan.yml", blob: "b1", value } }
  return {
    ...full.known,
    lines: { main: now },
    evidence: { [head]: { items: reports, readAt: "2026-11-02T09:00:00.000Z", workflows: [] } },
  }
}
/** The state with a configuration by which only evidence counts. */
const wordless = (state: State): State => {
  const { main } = state.lines
  if (!main) throw new Error("no line")
  const value = config({ plan: { words: false } })
  return {
    ...state,
    lines: { main: { ...main, config: { is: "valid", path: ".github/slipway.yml", blob: "c1", value } } },
  }
}
const bound = (more: object = {}) => ({ unit_tests: { check: "CI / test", ...more }, required: ["unit_tests"] })

test.each<[string, State, string]>([
  ["stated as passed", tested({ unit_tests: "passed", required: ["unit_tests"] }), "passed: unit_tests passed"],
  [
    "stated as failed",
    tested({ unit_tests: "failed", required: ["unit_tests"] }),
    "failed: unit_tests is stated as failed in the plan",
  ],
  [
    "stated as pending",
    tested({ unit_tests: "pending", required: ["unit_tests"] }),
    "pending: unit_tests is stated as pending in the plan",
  ],
  [
    "skipped is not passed",
    tested({ unit_tests: "skipped", required: ["unit_tests"] }),
    "pending: unit_tests is stated as skipped in the plan",
  ],
  [
    "required, without a word",
    tested({ e2e_tests: "passed", required: ["unit_tests"] }),
    "failed: unit_tests is required, but the plan states no result for it",
  ],
  ["not required", tested({ e2e_tests: "failed", required: [] }), "passed: the plan requires none"],
  ["bound: by the job's name", tested(bound()), "passed: unit_tests passed"],
  ["bound: nothing reports", tested(bound(), []), "pending: unit_tests waits for a check named “CI / test”"],
  ["bound: it failed", tested(bound(), [report("test", { state: "failed" })]), "failed: unit_tests did not pass: test"],
  [
    "bound: it runs",
    tested(bound(), [report("test", { state: "pending" })]),
    "pending: unit_tests still running: test",
  ],
  [
    "bound: the whole name comes before the job's",
    tested(bound(), [report("test", { state: "failed" }), report("CI / test")]),
    "passed: unit_tests passed",
  ],
  [
    "bound: another App may not speak",
    tested(bound({ app: "ci-bot" })),
    "pending: unit_tests waits for a check named “CI / test”",
  ],
  [
    "bound: of every match each counts",
    tested({ unit_tests: { check: "e2e *" }, required: ["unit_tests"] }, [
      report("e2e a"),
      report("e2e b", { state: "failed" }),
    ]),
    "failed: unit_tests did not pass: e2e b",
  ],
  [
    "bound to an App: a status of that name is not its",
    tested(bound({ app: "github-actions" }), [{ ...report("CI / test"), kind: "status" }]),
    "pending: unit_tests waits for a check named “CI / test”",
  ],
  [
    "bound to an App: its run counts, whatever a status says",
    tested(bound({ app: "ci-bot" }), [
      report("CI / test", { app: "ci-bot", state: "failed" }),
      report("CI / test", { kind: "status" }),
    ]),
    "failed: unit_tests did not pass: CI / test",
  ],
  [
    "bound: of runs each night the newest says how old the result is",
    tested(bound({ within: "24h" }), [
      report("test", { suite: "1", id: "1", at: "2026-10-31T09:00:00.000Z" }),
      report("test", { suite: "2", id: "2" }),
    ]),
    "passed: unit_tests passed",
  ],
  [
    "bound: what failed in an older suite is not hidden by a newer one",
    tested(bound({ within: "24h" }), [
      report("test", { suite: "1", id: "1", state: "failed", at: "2026-11-01T19:00:00.000Z" }),
      report("test", { suite: "2", id: "2" }),
    ]),
    "failed: unit_tests did not pass: test",
  ],
  [
    "bound: a time that is still to come shows nothing",
    tested(bound({ within: "24h" }), [report("test", { at: "2099-01-01T00:00:00.000Z" })]),
    "failed: unit_tests has no believable time: test reported on 2099-01-01 00:00 UTC",
  ],
  [
    "words that do not count: stated as passed",
    wordless(tested({ unit_tests: "passed", required: ["unit_tests"] })),
    "failed: unit_tests is only stated in the plan, and slipway.yml counts no words: bind it to a check",
  ],
  [
    "words that do not count: stated as pending",
    wordless(tested({ unit_tests: "pending", required: ["unit_tests"] })),
    "pending: unit_tests is stated as pending in the plan",
  ],
  ["words that do not count: bound", wordless(tested(bound())), "passed: unit_tests passed"],
])("tests: %s", (_, state, expected) => {
  expect(verdict(state, "tests")).toBe(expected)
})

test.each([
  ["at its limit", 30, "passed: unit_tests passed"],
  ["a minute later", 31, "failed: unit_tests is too old: test reported on 2026-11-02 09:00 UTC"],
])("tests: a bound result %s", (_, minutes, expected) => {
  const now = new Date(Date.parse("2026-11-02T09:00:00.000Z") + minutes * 60_000)
  expect(verdict(tested(bound({ within: "30m" })), "tests", now)).toBe(expected)
})

const featured = (features: readonly object[], more: Partial<State> = {}): State => {
  const state = tested({ required: [] })
  const line = state.lines.main
  if (line?.plan.is !== "valid") throw new Error("no plan")
  const value = plan({ release: { version: "1.1.0" }, features })
  return { ...state, lines: { main: { ...line, plan: { ...line.plan, value } } }, ...more }
}

test.each<[string, State, string | undefined, string | undefined]>([
  ["none", featured([]), undefined, undefined],
  ["ready", featured([{ id: "A", status: "ready" }]), "passed: A ready", undefined],
  ["planned by default", featured([{ id: "A" }]), "pending: A is planned", undefined],
  ["dropped", featured([{ id: "A", status: "dropped" }]), undefined, undefined],
  [
    "an issue speaks louder than the word",
    featured([{ id: "A", status: "ready", issue: 7 }], { issues: { "#7": "open" } }),
    "pending: A waits for #7, which is open",
    undefined,
  ],
  ["a closed issue", featured([{ id: "A", issue: 7 }], { issues: { "#7": "closed" } }), "passed: A ready", undefined],
  [
    "an issue that was closed as not planned",
    featured([{ id: "A", issue: 7 }], { issues: { "#7": "not planned" } }),
    "pending: A waits for #7, which was closed, but not as completed",
    undefined,
  ],
  [
    "a pull request that was closed without a merge",
    featured([{ id: "A", issue: 7 }], { issues: { "#7": "not merged" } }),
    "pending: A waits for #7, which was closed without a merge",
    undefined,
  ],
  [
    "an issue that was not read",
    featured([{ id: "A", issue: 7 }], { issues: {} }),
    "unknown: A is bound to #7: not read yet",
    undefined,
  ],
  [
    "an issue that cannot be read any more",
    featured([{ id: "A", issue: 7 }], { issues: { "#7": "closed" }, unknown: [{ what: "issue:#7", because: "404" }] }),
    "unknown: A is bound to #7: 404",
    undefined,
  ],
  [
    "needs one that is ready",
    featured([
      { id: "A", status: "ready", dependencies: ["B"] },
      { id: "B", status: "ready" },
    ]),
    "passed: A and B ready",
    "passed: every feature has what it needs",
  ],
  [
    "needs one that is not",
    featured([{ id: "A", status: "ready", dependencies: ["B"] }, { id: "B" }]),
    "pending: B is planned",
    "pending: A needs B, which is planned",
  ],
  [
    "needs one that is dropped",
    featured([
      { id: "A", status: "ready", dependencies: ["B"] },
      { id: "B", status: "dropped" },
    ]),
    "passed: A ready",
    "failed: A needs B, which is dropped",
  ],
  [
    "a word that does not count",
    wordless(
      featured(
        [
          { id: "A", status: "ready" },
          { id: "B", dependencies: ["A"], issue: 7 },
        ],
        { issues: { "#7": "closed" } },
      ),
    ),
    "failed: A is only stated as ready, and slipway.yml counts no words: bind it to an issue or pull request",
    "failed: B needs A, which is only stated as ready, and slipway.yml counts no words: bind it to an issue or pull request",
  ],
  [
    "a word that does not count beside an issue that does",
    wordless(featured([{ id: "A", status: "ready", issue: 7 }], { issues: { "#7": "closed" } })),
    "passed: A ready",
    undefined,
  ],
  [
    "is dropped with its needs",
    featured([
      { id: "A", status: "dropped", dependencies: ["B"] },
      { id: "B", status: "ready" },
    ]),
    "passed: B ready",
    undefined,
  ],
])("features: %s", (_, state, features, dependencies) => {
  expect([verdict(state, "features"), verdict(state, "dependencies")]).toEqual([features, dependencies])
})

test.each<[string, Partial<State>, string]>([
  ["is there", {}, "passed: docs/rollback.md is there; it takes an unstated time"],
  [
    "does not exist",
    { files: { [`${head}:docs/rollback.md`]: false } },
    `failed: docs/rollback.md does not exist at ${head.slice(0, 7)}`,
  ],
  ["was not looked for", { files: {} }, "unknown: docs/rollback.md was not looked for yet"],
  [
    "could not be looked for",
    { files: {}, unknown: [{ what: `file:${head}:docs/rollback.md`, because: "403" }] },
    "unknown: 403",
  ],
  [
    "is there at another commit only",
    { files: { [`${sha(1)}:docs/rollback.md`]: true } },
    "unknown: docs/rollback.md was not looked for yet",
  ],
])("rollback plan: the procedure %s", (_, more, expected) => {
  expect(verdict({ ...full.known, ...more }, "rollback plan")).toBe(expected)
})

test("rollback plan: a plan without one fails", () => {
  const w = world((it) => (it.truth.plan = planSchema.parse({ release: {} })))
    .merge(12, "feat: a")
    .run()
  expect(w.gate("rollback plan")).toMatchObject({
    state: "failed",
    because: expect.stringContaining("“rollback_plan.procedure”"),
  })
})

/** Everything in the state that a gate of this release rests on, as paths. */
const FACTS: readonly (readonly string[])[] = [
  ["evidence", head],
  ["evidence", head, "workflows"],
  ["authorship", "#12"],
  ["standings", "ben"],
  ["issues", "#812"],
  ["issues", "acme/other#4"],
  ["files", `${head}:docs/rollback.md`],
  ["lines", "main", "ci"],
]

const without = (state: State, [first = "", second = "", third]: readonly string[]): State => {
  const group = { ...(state as unknown as Record<string, Record<string, unknown>>)[first] }
  if (third === undefined) delete group[second]
  else {
    const inner = { ...(group[second] as Record<string, unknown>) }
    delete inner[third]
    group[second] = inner
  }
  return { ...state, [first]: group }
}

const isReady = (state: State) => gatesOfRelease(subjectIn(state)).every((gate) => gate.state === "passed")

test("no fact may be missing", () => {
  expect(isReady(full.known)).toBe(true)
  for (const fact of FACTS) expect(isReady(without(full.known, fact)), fact.join(" ")).toBe(false)
  fc.assert(
    fc.property(fc.subarray([...FACTS], { minLength: 1 }), (missing) => {
      expect(isReady(missing.reduce(without, full.known))).toBe(false)
    }),
  )
})

test.each([`checks:${head}`, "ci:main", "config:main", "plan:main", "issue:#812", "standing:ben"])(
  "what could not be read again is not passed, whatever is remembered: %s",
  (what) => {
    expect(isReady({ ...full.known, unknown: [{ what, because: "500" }] })).toBe(false)
  },
)

test("a release whose changes are not known is not passed", () => {
  const { main } = full.known.lines
  if (!main?.ledger) throw new Error("no ledger")
  const empty = { ...main, ledger: { ...main.ledger, base: { tag: "v9", version: "9.0.0", sha: head }, commits: [] } }
  const state = { ...full.known, lines: { main: empty } }
  expect(verdict(state, "approvals")).toBe("unknown: which changes are in the release is not known")
})
