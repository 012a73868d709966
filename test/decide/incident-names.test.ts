import { expect, test } from "vitest"
import { meantBy } from "../../src/decide/rollback/meant.ts"
import type { Environment, Live } from "../../src/model/deployment.ts"
import type { Release } from "../../src/model/release.ts"
import type { State } from "../../src/model/state.ts"
import { text } from "./support/incidents.ts"

const ids = new Map<string, Release>()
/** By its tag. */
function release(tag: string): Release {
  const version = tag.replace(/^.*v/, "")
  const phase = { is: "published", candidate: { version, sha: "a" } }
  const made = { id: tag, tag, component: "", branch: "main", phase, rolledBack: [] } as unknown as Release
  ids.set(tag, made)
  return made
}
const live = (tag: string, since = "2026-11-02T09:00"): Live => {
  const { id } = release(tag)
  return { release: id, version: tag.replace(/^.*v/, ""), sha: "a", since, deployment: "d" }
}

type Place = Partial<Environment> & Pick<Environment, "name">
const inPlace = (place: Place): Environment => ({ good: [], statuses: {}, answers: [], ...place })
function stateOf(...places: readonly Place[]): State {
  const environments = Object.fromEntries(places.map((place, at) => [String(at), inPlace(place)]))
  return { environments, releases: [...ids.values()] } as unknown as State
}

/** Live in production and before it in staging, where something has failed. */
const SHOP = [
  { name: "staging", live: live("v1.4.3"), failed: { ...live("v1.5.0"), at: "2026-11-02T10:00" } },
  { name: "production", live: live("v1.4.2"), good: [live("v1.3.0"), live("v1.4.1"), live("v1.4.2")] },
]
const SERVICES = [
  { name: "production", component: "api", live: live("api-v1.2.0") },
  { name: "production", component: "web", live: live("web-v1.2.0") },
  { name: "staging", component: "api", live: live("api-v1.2.0") },
]

const meant = (places: readonly Place[], says: Parameters<typeof text>[0]) => {
  const found = meantBy(stateOf(...places), text(says))
  if (typeof found === "string") return found
  const { environment, release: it, to } = found
  return [environment.component, environment.name, it.tag, to].filter((word) => word !== undefined).join(" ")
}

test.each<[string, readonly Place[], Parameters<typeof text>[0], string]>([
  ["a version", SHOP, { release: "1.4.2" }, "production v1.4.2"],
  ["a tag", SHOP, { release: "v1.4.2" }, "production v1.4.2"],
  ["what failed last", SHOP, { release: "1.5.0" }, "staging v1.5.0"],
  ["the title", SHOP, { title: "Checkout broken since (1.4.2)!" }, "production v1.4.2"],
  ["the field before the title", SHOP, { title: "1.4.3 was fine", release: "1.4.2" }, "production v1.4.2"],
  ["what is live", SHOP, { release: "live", environment: "Production" }, "production v1.4.2"],
  ["where to", SHOP, { release: "1.4.2", to: "v1.3.0" }, "production v1.4.2 v1.3.0"],
  ["the last known good release itself", SHOP, { release: "1.4.2", to: "1.4.1" }, "production v1.4.2"],
  ["a component", SERVICES, { release: "1.2.0", component: "web" }, "web production web-v1.2.0"],
  ["a component's tag", SERVICES, { title: "web-v1.2.0 leaks" }, "web production web-v1.2.0"],
  [
    "environment and component in the title",
    SERVICES,
    { title: "staging: api is down", release: "1.2.0" },
    "api staging api-v1.2.0",
  ],
])("it means %s", (_, places, says, expected) => {
  expect(meant(places, says)).toBe(expected)
})

test.each<[string, readonly Place[], Parameters<typeof text>[0], RegExp]>([
  ["no release", SHOP, {}, /^it names no release that is live or failing: its title has to, or a line/],
  ["an environment alone", SHOP, { environment: "production" }, /^it names no release/],
  ["a release that is not there", SHOP, { release: "1.4.1" }, /^1\.4\.1 is no release that is live or failing/],
  ["a forged version", SHOP, { release: `1.4.2 ${"x".repeat(50)}` }, /is no release that is live or failing/],
  ["a part of a longer version", SHOP, { title: "1.4.20, v1.4.2-rc.1 and 11.4.2" }, /^it names no release/],
  [
    "another environment",
    SHOP,
    { release: "1.4.2", environment: "staging" },
    /^1\.4\.2 is not live.* in staging: 1\.5\.0 and 1\.4\.3 is/,
  ],
  [
    "no environment",
    SHOP,
    { release: "1.4.2", environment: "prod" },
    /an environment prod; there is staging and production$/,
  ],
  [
    "two releases",
    SHOP,
    { title: "1.4.3 or 1.4.2" },
    /^it may mean staging and production: name one by a line such as “Environment: staging”$/,
  ],
  ["two lines", SHOP, { release: ["1.4.2", "1.4.3"] }, /^it has several lines “Release”: 1\.4\.2 and 1\.4\.3$/],
  [
    "two that are there",
    SHOP,
    { release: "live", environment: "staging" },
    /^it may mean 1\.5\.0 and 1\.4\.3: .*“Release: 1\.5\.0”$/,
  ],
  ["one in two environments", SERVICES, { release: "api-v1.2.0" }, /^it may mean production and staging/],
  [
    "two components",
    SERVICES,
    { release: "1.2.0", environment: "production" },
    /^it may mean api and web: .*“Component: api”$/,
  ],
  [
    "no component",
    SERVICES,
    { release: "api-v1.2.0", component: "worker" },
    /^there is no component worker of it there$/,
  ],
  [
    "a goal that was never there",
    SHOP,
    { release: "1.4.2", to: "0.9.0" },
    /^0\.9\.0 was never live and well in production before$/,
  ],
  ["itself as the goal", SHOP, { release: "1.4.2", to: "1.4.2" }, /^1\.4\.2 was never live and well/],
  [
    "anything where nothing is live",
    [{ name: "production" }],
    { release: "1.4.2" },
    /^no release is live or failing in any/,
  ],
])("%s is asked back", (_, places, says, because) => {
  expect(meant(places, says)).toMatch(because)
})

test("a title of nothing but marks is read at once", () => {
  const begun = performance.now()
  expect(meant(SHOP, { title: "((((".repeat(64) + ")".repeat(250) })).toMatch(/^it names no release/)
  expect(performance.now() - begun).toBeLessThan(200)
})
