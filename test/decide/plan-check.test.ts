import { describe, expect, test } from "vitest"
import { readPlan } from "../../src/config/read-plan.ts"
import type { PlacedAudience } from "../../src/model/communication.ts"
import type { Config } from "../../src/model/config.ts"
import type { Check } from "../../src/model/effect.ts"
import type { ProposalPage } from "../../src/model/page.ts"
import type { Plan } from "../../src/model/plan.ts"
import type { FolderPlan } from "../../src/model/plan-folder.ts"
import type { Moved, Proposed } from "../../src/model/signal.ts"
import { renderCheck } from "../../src/render/check-page.ts"
import { config, person, plan, seen, sha } from "./support/truth.ts"
import { type World, world } from "./support/world.ts"

const HEAD = sha(900)
const NOTHING = "0".repeat(40)

type More = Partial<Omit<Proposed, "pull">> & { readonly pull?: Partial<Proposed["pull"]> }

const proposal = (more: More = {}): Proposed => ({
  kind: "proposed",
  base: "main",
  ...more,
  pull: { number: 90, title: "x", labels: [], author: person("ben"), commits: 1, headSha: HEAD, ...more.pull },
})

const pushed = (files: readonly string[] | null, more: Partial<Moved> & { before?: string; forced?: boolean } = {}) => {
  const { before = NOTHING, forced = false, ...rest } = more
  const commit = { sha: HEAD, message: "x", authorName: "ben", at: "2026-11-02T08:00:00.000Z", landing: HEAD }
  const advance = { before, after: HEAD, forced, complete: files !== null, commits: [commit] }
  return { kind: "moved", branch: "topic", advance, files, deleted: false, ...rest } as const
}

interface Written {
  readonly config?: Config | "broken" | undefined
  readonly plan?: Plan | "broken" | undefined
  readonly plans?: { readonly [name: string]: Plan | "broken" }
  readonly audiences?: readonly PlacedAudience[]
}

const inFolder = (plans: NonNullable<Written["plans"]>): readonly FolderPlan[] =>
  Object.entries(plans).flatMap(([name, value]) => {
    const file = seen(`release-plans/${name}`, value)
    return file.is === "absent" ? [] : [file]
  })

/** What a pull request makes of the files: of one that it does not name it leaves alone. */
const touching = (w: World, written: Written): World => {
  const at = { is: "touched", sha: HEAD, base: "main" } as const
  w.truth.proposals["90"] = {
    ...at,
    config: "config" in written ? seen(".github/slipway.yml", written.config) : null,
    plan: "plan" in written ? seen("release-plan.yml", written.plan) : null,
    plans: written.plans ? inFolder(written.plans) : null,
    ...(written.audiences ? { audiences: written.audiences } : {}),
  }
  return w
}

const start = (files: Written = {}): World =>
  world((w) => {
    Object.assign(w.truth.plans, files.plans)
    if ("config" in files) w.truth.config = files.config
    if ("plan" in files) w.truth.plan = files.plan
  })
    .merge(12, "feat: pay by invoice")
    .run()

const AT = `check:proposal:90:${HEAD}`
const shown = (w: World, written: Written): Check => touching(w, written).hear(proposal()).run().check(AT)
const pageOf = ({ page }: Check): ProposalPage => {
  if (page.is !== "proposal") throw new Error(`the page is ${page.is}`)
  return page
}
const says = (check: Check): string => `${check.conclusion}: ${renderCheck(check).title}`

test.each<[string, Written, Written, string]>([
  [
    "a gate that is weakened",
    { config: config({ approvals: { required: 2 } }) },
    { config: config({ approvals: { required: 1 } }) },
    "neutral: Weakens the gates: lowers approvals.required from 2 to 1",
  ],
  [
    "several, weakened ones first",
    { config: config({ approvals: { from: ["@acme/sre", "@acme/release"] } }) },
    { config: config({ approvals: { required: 2, from: ["@acme/release"] } }) },
    "neutral: Weakens the gates: removes the approval of @acme/sre (approvals.from)",
  ],
  [
    "gates that are tightened",
    {},
    { config: config({ plan: { required: true } }) },
    "success: Tightens the gates: turns plan.required on",
  ],
  [
    "a change that nobody can size",
    {},
    { config: config({ plan: { path: "p.yml" } }) },
    "neutral: Changes the gates: changes plan.path from release-plan.yml to p.yml",
  ],
  ["notes alone", {}, { config: config({ notes: { contributors: false } }) }, "success: Valid, and asks for the same"],
  ["a first plan", {}, { plan: plan() }, "success: Tightens the gates: brings a plan, with what it asks for"],
  [
    "a deleted plan",
    { plan: plan() },
    { plan: undefined },
    "neutral: Weakens the gates: takes the plan away, with all that it asks for",
  ],
  [
    "a deleted configuration that asked for no gate",
    { config: config() },
    { config: undefined },
    "neutral: Look at what this changes",
  ],
  ["a mistake", {}, { config: "broken" }, "failure: 1 problem in slipway.yml"],
  [
    "mistakes in both",
    {},
    { config: "broken", plan: "broken" },
    "failure: 2 problems in slipway.yml and release-plan.yml",
  ],
  [
    "a broken plan that is mended",
    { plan: "broken" },
    { plan: plan() },
    "success: Tightens the gates: brings a plan, with what it asks for",
  ],
  [
    "a plan of the folder that asks for less",
    {
      plans: {
        "1.1.0.yml": plan({ release: { version: "1.1.0" }, testing: { required: ["unit_tests", "e2e_tests"] } }),
      },
    },
    { plans: { "1.1.0.yml": plan({ release: { version: "1.1.0" }, testing: { required: ["unit_tests"] } }) } },
    "neutral: Weakens the gates: takes e2e_tests out of release-plans/1.1.0.yml’s testing.required",
  ],
  [
    "a plan of the folder that is gone",
    { plans: { "1.1.0.yml": plan({ release: { version: "1.1.0" } }) } },
    { plans: {} },
    "neutral: Weakens the gates: takes release-plans/1.1.0.yml away, with all that it asks for",
  ],
  ["a mistake in the folder", {}, { plans: { "a.yml": "broken" } }, "failure: 1 problem in a.yml"],
])("a pull request with %s", (_, before, after, expected) => {
  expect(says(shown(start(before), after))).toBe(expected)
})

test("mistakes stand on their lines, and of gates nothing is said", () => {
  const check = shown(start({ config: config({ approvals: { required: 2 } }) }), { config: "broken" })
  const { annotations, summary } = renderCheck(check)
  expect(annotations).toEqual([expect.objectContaining({ path: ".github/slipway.yml", start_line: 3 })])
  expect(pageOf(check)).toMatchObject({ changes: [], releases: [] })
  expect(summary).not.toContain("What it does to the gates")
})

test("the gates of the open release stand as they are and as they would be, and who approves the change is said", () => {
  const w = start({ config: config({ approvals: { required: 2, from: ["@acme/sre"] } }) })
  const check = shown(w, { config: config({ plan: { required: true } }) })
  const [release] = pageOf(check).releases
  expect(release).toMatchObject({ version: "1.1.0" })
  expect(release?.gates.find(({ name }) => name === "configuration")).toEqual({
    name: "configuration",
    before: { state: "passed", because: ".github/slipway.yml is valid" },
    after: { state: "failed", because: "slipway.yml requires a plan, and there is no release-plan.yml" },
  })
  expect(pageOf(check).asks).toBe("2 approvals from @acme/sre for each change, of somebody who wrote none of it")
  const { summary } = renderCheck(check)
  expect(summary).toMatch(/🔓 \*\*weaker\*\*: lowers approvals.required from 2 to 1/)
  expect(summary).toMatch(/\| configuration \| ✅ passed: .* \| ❌ \*\*failed\*\*: .*requires a plan/)
  expect(summary).toMatch(/Once merged, the change waits for its approval.*2 approvals from/)
})

test("what a plan would ask of the open release is shown, what nobody has read yet as unknown", () => {
  const features = [{ id: "PAY-1", issue: 812 }]
  const [release] = pageOf(shown(start(), { plan: plan({ features }) })).releases
  expect(release?.gates.map(({ name, before, after }) => [name, before?.state, after?.state])).toContainEqual([
    "features",
    undefined,
    "unknown",
  ])
})

test("a plan may move the version of the open release: the gates are those of the new one", () => {
  const check = shown(start(), { plan: plan({ release: { version: "2.0.0" } }) })
  expect(pageOf(check).changes).toEqual([{ is: "stricter", says: "brings a plan, with what it asks for" }])
  expect(pageOf(check).releases).toMatchObject([{ version: "1.1.0" }])
})

describe("whom a plan tells", () => {
  const told = (version: string) => {
    const read = readPlan(
      `release: { version: ${version} }
communication:
  pre_release:
    - { channel: slack, audience: custmers, date: 2026-11-20 }
    - { channel: slack, audience: "#general", date: 2026-11-20 }
    - { channel: email, audience: partners, date: 2026-11-20 }
  post_release:
    - { channel: slack, audience: partners, date: 2026-11-20 }
    - { channel: slack, audience: custmers, date: 2026-11-21 }
    - { channel: blog, audience: everybody, date: 2026-11-20 }
`,
      "release-plan.yml",
    )
    if (!read.ok) throw new Error("the plan is not valid")
    return { plan: read.plan, audiences: read.audiences() }
  }
  const known = (audiences: NonNullable<Config["audiences"]>) => ({ config: { ...config(), audiences } })

  test("is said on its line where nobody knows it", () => {
    const w = start(known({ customers: ["#customers"], partners: ["#partners"] }))
    const check = shown(w, told("1.1.0"))
    expect(says(check)).toBe("neutral: Tightens the gates: brings a plan, with what it asks for")
    const { annotations, summary } = renderCheck(check)
    expect(annotations).toEqual([
      {
        path: "release-plan.yml",
        start_line: 4,
        end_line: 4,
        annotation_level: "warning",
        title: "communication.pre_release[0].audience",
        message:
          "“custmers” is no channel, and not among the audiences of slipway.yml (did you mean “customers”?): nobody is told",
      },
      expect.objectContaining({
        start_line: 6,
        message: "audiences of slipway.yml name no address for “partners”: nobody is told",
      }),
    ])
    expect(summary).toMatch(/Whom it cannot tell\n\n- release-plan.yml, line 4, column 35: “custmers” is no channel/)
    expect(says(shown(start({ ...known({}), plan: told("1.1.0").plan }), told("1.1.0")))).toMatch(
      /^neutral: Tells nobody: “custmers” is no channel, .*, and 2 more$/,
    )
  })

  test("is known where the same pull request brings it, and not asked of a plan whose release is out", () => {
    const all = { custmers: ["#customers"], partners: ["#partners", "partners@acme.example"] }
    expect(says(shown(start(), { ...known(all), ...told("1.1.0") }))).toMatch(/^success: /)
    expect(says(shown(start(), told("1.0.0")))).not.toMatch(/Tells nobody/)
  })
})

test("nothing that is shown is decided by: the gates of the release stay what the branch says", () => {
  const w = start({ config: config({ approvals: { required: 2 } }) })
  const before = JSON.stringify(w.known.lines)
  shown(w, { config: config({ approvals: { required: 0 } }), plan: plan() })
  expect(JSON.stringify(w.known.lines)).toBe(before)
  expect(w.gate("approvals").state).not.toBe("passed")
})

test.each<[string, readonly (Moved | Proposed)[], readonly number[]]>([
  ["a fork", [proposal()], [90]],
  ["a branch whose pushes told all", [pushed(["src/a.ts"]), proposal({ head: "topic" })], []],
  ["its pushes, heard together in another order", [proposal({ head: "topic" }), pushed(["src/a.ts"])], []],
  ["a branch that touches the plan", [pushed(["release-plan.yml"]), proposal({ head: "topic" })], [90]],
  ["a branch that touches the configuration", [pushed([".github/slipway.yml"]), proposal({ head: "topic" })], [90]],
  ["a branch that touches a plan of the folder", [pushed(["release-plans/2.yml"]), proposal({ head: "topic" })], [90]],
  ["a push that did not list its files", [pushed(null), proposal({ head: "topic" })], [90]],
  ["a branch that nobody heard of", [proposal({ head: "topic" })], [90]],
  ["more commits than were pushed", [pushed([]), proposal({ head: "topic", pull: { commits: 2 } })], [90]],
  ["another head than was pushed", [pushed([]), proposal({ head: "topic", pull: { headSha: sha(901) } })], [90]],
  ["a gap between pushes", [pushed([], { before: sha(7) }), proposal({ head: "topic" })], [90]],
  [
    "a branch that was deleted and made elsewhere",
    [pushed([]), pushed([], { deleted: true }), proposal({ head: "topic" })],
    [90],
  ],
  ["a base that nothing is released from", [proposal({ base: "side" })], []],
])("files are read only where pushes do not tell: %s", (_, signals, asked) => {
  const w = start()
    .hear(...signals)
    .run()
  expect(w.asked).toEqual(asked)
  expect(w.applied.filter(({ target }) => target.startsWith("check:proposal:"))).toEqual([])
})

test("pushes that follow each other add up, and a file that was touched once stays so", () => {
  const first = { ...pushed(["release-plan.yml"]), advance: { ...pushed([]).advance, after: sha(800) } }
  const w = start().hear(first).run()
  w.hear(pushed([], { before: sha(800) }), proposal({ head: "topic", pull: { commits: 2 } })).run()
  expect(w.asked).toEqual([90])
  const forced = pushed([], { before: HEAD, forced: true })
  w.hear({ ...forced, advance: { ...forced.advance, after: sha(801) } }).run()
  expect(w.known.branches).toEqual({ topic: { head: sha(801), commits: 1, touches: true } })
})

test("what is known of a head is not asked again: words, labels, a redelivery", () => {
  const w = start()
  shown(w, { plan: plan() })
  const count = w.applied.length
  w.hear(proposal({ pull: { title: "y" } })).run()
  w.hear(proposal({ pull: { labels: ["z"] } })).run()
  expect(w.asked).toEqual([90])
  expect(w.applied.slice(count).filter(({ target }) => target === AT)).toEqual([])
})

test("another base is another comparison; where nothing is left of it, the check says so", () => {
  const w = start()
  shown(w, { plan: plan() })
  w.hear(proposal({ base: "side" })).run()
  expect(says(w.check(AT))).toBe("success: Changes neither configuration nor plan")
  expect(w.known.proposals).toEqual({})
})

test("what cannot be read is said, and read at the next change", () => {
  const w = start()
  w.unreadable.set("proposal:", "GitHub refused it")
  expect(says(shown(w, { plan: plan() }))).toBe("neutral: Look at what this changes")
  expect(pageOf(w.check(AT)).warnings).toEqual(["Whether this changes the gates is not known: GitHub refused it"])
  w.unreadable.clear()
  w.hear(proposal({ pull: { title: "y" } })).run()
  expect(says(w.check(AT))).toContain("success: Tightens the gates")
})

test("a pull request that is closed is forgotten, and a late event of it says nothing", () => {
  const w = start()
  shown(w, { plan: plan() })
  w.hear({ kind: "issue", number: 90, state: "not merged" }).run()
  expect(w.known.proposals).toEqual({})
  const count = w.applied.length
  w.hear(proposal({ pull: { headSha: sha(902) } })).run()
  expect(w.applied.slice(count).map(({ target }) => target)).not.toContain(`check:proposal:90:${sha(902)}`)
})
