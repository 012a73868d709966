import { expect, test } from "vitest"
import { goodIn } from "../../src/cli/good.ts"
import { showStatus } from "../../src/cli/show-status.ts"
import { whereReleasesAre } from "../../src/decide/places.ts"
import type { Place, Whereabouts } from "../../src/model/places.ts"
import { environmentSummary } from "../../src/render/environment-page.ts"
import { readinessSummary } from "../../src/render/readiness-page.ts"
import { Deploying } from "./support/deploying.ts"
import { config, sha } from "./support/truth.ts"
import { type World, world } from "./support/world.ts"

const AT = "2026-11-02T09:00:00.000Z"
const STRAY = sha(77)
const ENVIRONMENTS = { staging: null, production: { after: "staging" } }

const released = (more: object = {}): World =>
  world((w) => {
    w.truth.config = config({ environments: ENVIRONMENTS, ...more })
  })
    .merge(11, "fix: number 11")
    .run()
    .click("approve", "ben")
    .run()
    .click("publish", "cleo")
    .run()

const all = (w: World): Whereabouts => whereReleasesAre(w.repo, w.known)
const place = (w: World, environment = "staging"): Place | undefined =>
  all(w).places.find((one) => one.environment === environment)
const drifts = (w: World) =>
  (w.known.findings ?? []).filter(({ kind }) => kind === "deployed around").map(({ ended }) => ended?.says ?? "stands")

test("what is live is shown with whether it was verified, and what is good", () => {
  const w = released({ environments: { staging: { verify: { for: "15m" } }, production: null } })
  expect(all(w)).toEqual({
    repository: "acme/shop",
    components: [""],
    environments: ["staging", "production"],
    places: [],
  })
  w.deploy("staging", w.truth.head, "success").run()
  expect(place(w)).toMatchObject({ live: { version: "1.0.1", sha: w.truth.head, state: "verifying" } })
  expect(place(w)?.good).toBeUndefined()
  w.later(16).run()
  w.now = new Date(w.revisitAt ?? "")
  w.run()
  expect(place(w)).toMatchObject({ live: { state: "verified" }, good: { version: "1.0.1", sha: w.truth.head } })
})

test("a deployment of what is no release is drift, until a release is live there again", () => {
  const w = released()
  const at = w.truth.head
  w.deploy("staging", at, "success").run().later(1)
  w.deploy("staging", STRAY, "success", { ref: "main", by: "mo" }).run()
  expect(place(w)).toMatchObject({
    live: { version: "1.0.1" },
    drift: { sha: STRAY, ref: "main", by: "mo" },
  })
  expect(drifts(w)).toEqual(["stands"])
  w.later(1).deploy("staging", at, "success").run()
  expect(place(w)?.drift).toBeUndefined()
  expect(w.known.drift).toBeUndefined()
  expect(drifts(w)).toEqual(["a release is live in staging again"])
})

test("the page of the release that comes next shows where the others are", () => {
  const w = released()
  w.merge(12, "fix: number 12").run()
  expect(w.page().live).toBeUndefined()
  w.deploy("staging", w.known.releases[0]?.shown?.sha ?? "", "success").run()
  expect(w.page().live).toEqual({
    environments: ["staging", "production"],
    rows: [{ component: "", cells: [{ what: "1.0.1", state: "live" }, null] }],
  })
  expect(readinessSummary(w.page())).toContain(
    "## Where releases are\n\n| staging | production |\n| --- | --- |\n| 1.0.1 ✅ | – |",
  )
  w.later(1).deploy("staging", STRAY, "success", { ref: "a|b" }).run()
  expect(readinessSummary(w.page())).toMatch(/\| [0-9a-f]{7} \(a\\\|b\) ⚠️ drift: no release \| – \|/)
})

test("the page of an environment shows where else its component is, as long as its release is there", () => {
  const w = released()
  const first = w.truth.head
  const page = (environment: string, at: string) => {
    const { page: it } = w.check(`check:environment:${environment}:${at}`)
    if (it.is !== "environment") throw new Error(`it is a page of ${it.is}`)
    return it
  }
  w.deploy("staging", first, "success").run()
  const row = (...cells: readonly unknown[]) => ({
    environments: ["staging", "production"],
    rows: [{ component: "", cells }],
  })
  expect(page("staging", first).live).toEqual(row({ what: "1.0.1", state: "live" }, null))
  w.later(1).deploy("production", first, "success").run()
  expect(page("staging", first).live).toEqual(row({ what: "1.0.1", state: "live" }, { what: "1.0.1", state: "live" }))
  w.merge(12, "fix: number 12").run().click("approve", "ben").run().click("publish", "cleo").run()
  const second = w.truth.head
  w.later(1).deploy("staging", second, "success").run()
  expect(page("staging", first)).toMatchObject({ state: "replaced" })
  expect(page("staging", first).live).toBeUndefined()
  expect(environmentSummary(page("production", first))).toContain(
    "## Where releases are\n\n| staging | production |\n| --- | --- |\n| 1.0.2 ✅ | 1.0.1 ✅ |",
  )
  w.later(1).deploy("staging", STRAY, "success", { ref: "main" }).run()
  expect(page("production", first).live).toEqual(
    row({ what: `${STRAY.slice(0, 7)} (main)`, state: "drift" }, { what: "1.0.1", state: "live" }),
  )
})

test("one stray deployment takes the place of another; one that failed or only began is no drift", () => {
  const w = released()
  w.deploy("staging", STRAY, "in_progress").deploy("staging", STRAY, "failure").run()
  expect(w.known.drift).toBeUndefined()
  w.deploy("staging", STRAY, "success").run().later(1).deploy("staging", sha(78), "success").run()
  expect(place(w)).toMatchObject({ drift: { sha: sha(78) } })
  expect(drifts(w).filter((says) => says === "another deployment took its place")).toHaveLength(1)
})

test("what a stray deployment was heard of too late for is no drift", () => {
  const w = released()
  const early = w.now.toISOString()
  w.later(5).deploy("staging", w.truth.head, "success").run()
  w.deploy("staging", STRAY, "success", { at: early }).run()
  expect(place(w)?.drift).toBeUndefined()
})

test("nothing enters behind an environment that drifts, though what is asked for was live there", () => {
  const d = new Deploying({ after: "staging" })
  const at = d.release(11)
  d.w.deploy("staging", at, "success").run().later(1)
  d.w.deploy("staging", STRAY, "success", { ref: "main" })
  d.settle()
  const run = d.ask(at)
  expect(d.verdict(run)).toBe("waits")
  expect(d.gate(at, "after")).toMatchObject({
    state: "pending",
    because: `${STRAY.slice(0, 7)} (main) is in staging, and is no release`,
  })
  d.later(1).w.deploy("staging", at, "success")
  d.settle()
  expect(d.verdict(run)).toBe("approved")
})

const live = (version: string, state: NonNullable<Place["live"]>["state"] = "verified") => ({
  version,
  sha: sha(1),
  since: AT,
  state,
})
const good = (version: string, of = sha(1)) => ({ version, sha: of, since: AT })
const PLACES: readonly Place[] = [
  { component: "api", environment: "staging", live: live("2.4.0"), good: good("2.4.0") },
  {
    component: "api",
    environment: "production",
    live: { ...live("2.4.0", "failed"), unasked: true },
    good: good("2.3.1", sha(2)),
    locked: { by: "dora", at: AT, because: "an \u001b[31mincident" },
  },
  { component: "web", environment: "staging", live: live("5.0.0", "verifying") },
  {
    component: "web",
    environment: "production",
    drift: { sha: STRAY, ref: "main", since: AT, by: "mo" },
  },
]
const SHOP: Whereabouts = {
  repository: "acme/shop",
  components: ["api", "web"],
  environments: ["staging", "production"],
  places: PLACES,
}

test("the table for a terminal", () => {
  const terminal = { out: () => {}, err: () => {}, colours: false, directory: ".", now: new Date(AT) }
  const [one, other, stray] = [sha(1), sha(2), STRAY].map((it) => it.slice(0, 7))
  expect(showStatus([SHOP], terminal)).toBe(`acme/shop
       staging            production
  api  2.4.0 ✓ verified   2.4.0 ✗ failed 🔒
  web  5.0.0 … verifying  ⚠ ${stray} (main) drift
  · api in staging: 2.4.0 (${one}) is live since 2026-11-02 09:00 UTC
  · api in production: 2.4.0 (${one}) is live since 2026-11-02 09:00 UTC
  · api in production: no gate let it in
  · api in production: last known good: 2.3.1 (${other})
  · api in production: locked by dora since 2026-11-02 09:00 UTC: an  [31mincident
  · web in staging: 5.0.0 (${one}) is live since 2026-11-02 09:00 UTC
  · web in staging: there is no last known good release
  · web in production: ${stray} (main) is there since 2026-11-02 09:00 UTC by mo, and is no release that Slipway knows of
`)
  expect(showStatus([], terminal)).toBe("Nothing is known of any repository.\n")
})

test("good: the release, or why there is none", () => {
  expect(goodIn(SHOP, "Production", "api")).toEqual({ component: "api", ...good("2.3.1", sha(2)) })
})

test.each<[string, string, string | undefined, string]>([
  ["an unknown environment", "qa", "api", "acme/shop has no environment qa; there are staging, production"],
  ["no component", "staging", undefined, "say which by --component (api, web)"],
  ["an unknown component", "staging", "app", "acme/shop has no component app; there are api, web"],
  ["one that is being verified", "staging", "web", "5.0.0 is still being verified, and nothing was good before it"],
  [
    "nothing but drift",
    "production",
    "web",
    "web in production has no last known good release: no release was ever live",
  ],
])("good: %s", (_, environment, component, says) => {
  expect(() => goodIn(SHOP, environment, component)).toThrow(says)
})
