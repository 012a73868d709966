import { expect, test } from "vitest"
import { whereReleasesAre } from "../../src/decide/places.ts"
import type { Environment } from "../../src/model/deployment.ts"
import type { Reported } from "../../src/model/signal.ts"
import { Deploying } from "./support/deploying.ts"
import { config, sha } from "./support/truth.ts"
import { type World, world } from "./support/world.ts"

let reports = 0
/** What Argo CD says; each is a report of its own. */
function say(w: World, more: Partial<Reported> = {}): World {
  reports += 1
  return w
    .hear({
      kind: "reported",
      deployment: `report-${reports}`,
      environment: "staging",
      state: "success",
      status: String(w.now.getTime()),
      by: "token argo",
      at: w.now.toISOString(),
      ...more,
    })
    .run()
}

function released(environments: object = { staging: null, production: { after: "staging" } }): World {
  const w = world((it) => {
    it.truth.config = config({ environments })
  })
  w.merge(11, "fix: number 11").run().click("approve", "ben").run().click("publish", "cleo").run()
  return w
}

const whereDrifts = (w: World) => Object.keys(w.known.drift ?? {})
const staging = (w: World): Environment | undefined => w.known.environments.staging
const standing = (w: World) =>
  (w.known.findings ?? []).filter(({ ended }) => !ended).map(({ kind, says, by }) => ({ kind, says, by }))

test.each<[string, (w: World) => Partial<Reported>]>([
  ["its version", () => ({ version: "1.0.1" })],
  ["its tag", () => ({ version: "v1.0.1" })],
  ["its commit", (w) => ({ sha: w.truth.head })],
  ["both", (w) => ({ version: "1.0.1", sha: w.truth.head })],
])("a release is live by %s, and its page and thread say so", (_, more) => {
  const w = released()
  say(w, { ...more(w), state: "in_progress", deployment: "report-x" })
  expect(staging(w)?.live).toBeUndefined()
  say(w.later(1), { ...more(w), deployment: "report-x", url: "https://argo.example/shop" })
  expect(staging(w)?.live).toMatchObject({ version: "1.0.1", sha: w.truth.head, reported: true })
  expect(w.check(`check:environment:staging:${w.truth.head}`)).toMatchObject({ conclusion: "success" })
  expect(w.replies("1").filter((is) => is === "deployed")).toHaveLength(1)
  expect(standing(w)).toEqual([])
})

test.each<[string, Partial<Reported>, string]>([
  ["a version that nobody released", { version: "9.9.9" }, "9.9.9 was deployed to staging"],
  ["a commit that is no release", { sha: sha(77) }, `${sha(77).slice(0, 7)} was deployed to staging`],
  [
    "a release at another commit",
    { version: "1.0.1", sha: sha(77) },
    `${sha(77).slice(0, 7)} (1.0.1) was deployed to staging`,
  ],
])("%s drifts, and is a finding; said again every minute it is one finding", (_, more, says) => {
  const w = released()
  for (let minute = 0; minute < 3; minute++) say(w.later(1), more)
  expect(standing(w)).toEqual([
    { kind: "deployed around", says: `${says}, and is no release that Slipway knows of.`, by: "token argo" },
  ])
  expect(staging(w)?.live).toBeUndefined()
  expect(whereReleasesAre(w.repo, w.known).places[0]?.drift).toMatchObject({ by: "token argo" })
  expect(w.replies("1").filter((is) => is === "went round")).toHaveLength(1)
  say(w.later(1), { version: "1.0.1" })
  expect(standing(w)).toEqual([])
})

test("elsewhere than in an environment of the configuration nothing is made of a strange version", () => {
  const w = say(released(), { environment: "preview-7", version: "9.9.9" })
  expect(standing(w)).toEqual([])
  expect(w.known.drift).toBeUndefined()
})

test("what is said again changes nothing: not since when, and nobody is told twice", () => {
  const w = say(released(), { version: "1.0.1" })
  const before = staging(w)?.live
  for (let hour = 0; hour < 3; hour++) say(w.later(60), { version: "1.0.1" })
  expect(staging(w)?.live).toEqual(before)
  expect(w.replies("1").filter((is) => is === "deployed")).toHaveLength(1)
})

test("a report that comes late is of the past", () => {
  const w = released()
  const early = w.now.toISOString()
  w.merge(12, "fix: number 12").run().click("approve", "ben").run().click("publish", "cleo").run().later(5)
  say(w, { version: "1.0.2" })
  say(w, { version: "1.0.1", at: early, status: String(Date.parse(early)) })
  expect(staging(w)).toMatchObject({ live: { version: "1.0.2" }, good: [{ version: "1.0.1" }, { version: "1.0.2" }] })
})

test("a failure is noticed; coming back, the same release is live anew, though nobody let it in again", () => {
  const w = say(released(), { version: "1.0.1" })
  say(w.later(1), { version: "1.0.1", state: "failure" })
  expect(staging(w)).toMatchObject({ failed: { version: "1.0.1" } })
  expect(w.check(`check:environment:staging:${w.truth.head}`).conclusion).toBe("failure")
  say(w.later(1), { version: "1.0.1" })
  expect(staging(w)?.failed).toBeUndefined()
  expect(w.check(`check:environment:staging:${w.truth.head}`).conclusion).toBe("action_required")
})

test("what is reported past the gates lets nothing through: it is a finding, and its check is not green", () => {
  const w = say(released({ production: { approvals: { required: 1 } } }), {
    version: "1.0.1",
    environment: "production",
  })
  expect(standing(w)).toMatchObject([
    { kind: "deployed around", says: expect.stringContaining("Slipway did not let it in"), by: "token argo" },
  ])
  const check = w.check(`check:environment:production:${w.truth.head}`)
  expect(check.conclusion).toBe("action_required")
  expect(w.known.environments.production?.live).toMatchObject({ unasked: true })
})

test("a job that was let in may leave the work to another system; whichever speaks first, it went live once", () => {
  for (const order of ["job first", "report first"] as const) {
    const d = new Deploying({})
    const at = d.release(11)
    const run = d.ask(at)
    expect(d.verdict(run)).toBe("approved")
    d.tell(run, "in_progress")
    // The protection rule is on, so that nothing but an answer of Slipway's lets anything in.
    const way = { id: "rule:production", is: "closed" as const }
    d.w.state = { ...d.w.known, settings: { next: "2027-01-01T00:00:00.000Z", ways: [{ ...way, name: "", says: "" }] } }
    if (order === "job first") d.tell(run, "success")
    say(d.w.later(1), { version: "1.0.1", environment: "production" })
    if (order === "report first") d.tell(run, "success")
    expect(standing(d.w)).toEqual([])
    expect(d.w.replies("1").filter((is) => is === "deployed")).toHaveLength(1)
  }
})

test("it is verified by what the environment asks, and by the word of who deployed it", () => {
  const w = say(released({ staging: { verify: { for: "15m" } } }), { version: "1.0.1" })
  expect(staging(w)).toMatchObject({ good: [], live: { verification: { is: "running" } } })
  w.later(16).run()
  w.now = new Date(w.revisitAt ?? "")
  w.run()
  expect(staging(w)).toMatchObject({ good: [{ version: "1.0.1" }], live: { verification: { is: "passed" } } })
})

test("drift while it is verified keeps it from being good", () => {
  const w = say(released({ staging: { verify: { for: "15m" } } }), { version: "1.0.1" })
  say(w.later(1), { sha: sha(77) })
  w.later(16).run()
  w.now = new Date(w.revisitAt ?? "")
  w.run()
  expect(staging(w)).toMatchObject({ good: [], live: { verification: { is: "running" } } })
})

test("a version that several components have is asked after; with its component it is live there alone", () => {
  const w = world((it) => {
    it.truth.config = config({
      environments: { staging: null },
      components: { api: { path: "api/**" }, web: { path: "web/**" } },
    })
  })
  w.push("fix: both", { files: ["api/a.ts", "web/a.ts"] }).run()
  for (const id of ["1", "2"]) w.click("approve", "ben", w.readiness(id)).run()
  for (const id of ["1", "2"]) w.click("publish", "cleo", w.readiness(id)).run()
  const versions = w.known.releases.map(({ tag }) => tag)
  const version = versions[0]?.slice("api-v".length) ?? ""
  say(w, { version })
  expect(standing(w)).toMatchObject([{ kind: "deployed unnamed", says: expect.stringContaining(versions[0] ?? "") }])
  expect(w.known.environments).toEqual({})
  say(w.later(1), { version, component: "api" })
  expect(Object.keys(w.known.environments)).toEqual(["staging (api)"])
  say(w.later(1), { sha: sha(77), component: "web" })
  expect(
    whereReleasesAre(w.repo, w.known).places.map(({ component, drift }) => [component, drift !== undefined]),
  ).toEqual([
    ["api", false],
    ["web", true],
  ])
})

test("what names no component that there is drifts until a release is live there again", () => {
  const w = released()
  const at = w.truth.head
  w.deploy("staging", at, "success").run().later(1)
  say(w, { version: "1.0.1", component: "apii" })
  expect(whereDrifts(w)).toHaveLength(1)
  say(w.later(1), { version: "1.0.1", component: "apii" })
  expect(standing(w)).toHaveLength(1)
  w.later(1).deploy("staging", at, "success").run()
  expect(whereDrifts(w)).toEqual([])
  expect(standing(w)).toEqual([])
})
