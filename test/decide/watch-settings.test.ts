import { expect, test } from "vitest"
import { configSchema } from "../../src/model/config.ts"
import type { EnvironmentSettings, Protection, Sight } from "../../src/model/settings.ts"
import { type World, world } from "./support/world.ts"

const DAY = 24 * 60 + 1
const seen = <T>(value: T): Sight<T> => ({ is: "seen", value })
const shut: EnvironmentSettings = { exists: true, rule: true, adminsBypass: false }

const protectedBy = (production: Sight<EnvironmentSettings>): Protection => ({
  tags: seen([
    { name: "Release tags", include: ["~ALL"], exclude: [], rules: ["creation", "update", "deletion"], others: [] },
  ]),
  required: seen(["CI / test"]),
  writers: seen(3),
  environments: { production },
})

const guarded = (): World => {
  const w = world((it) => {
    it.truth.config = configSchema.parse({ environments: { production: null } })
  })
  w.merge(12, "feat: pay by invoice").run()
  w.protection = protectedBy(seen(shut))
  return w.later(2).run()
}

const look = (w: World, production: Sight<EnvironmentSettings>): World => {
  w.protection = protectedBy(production)
  return w.later(DAY).run()
}

const rounds = (w: World) => w.audit.filter(({ what }) => what === "went round").map(({ facts }) => facts.kind)

test.each<[string, Sight<EnvironmentSettings>, readonly string[]]>([
  ["the protection rule is switched off", seen({ ...shut, rule: false }), ["way opened"]],
  ["administrators may bypass the rules", seen({ ...shut, adminsBypass: true }), ["way opened"]],
  ["GitHub does not say any more whether they may", seen({ exists: true, rule: true }), ["way unseen"]],
  ["the environment is deleted", seen({ exists: false, rule: false }), ["way opened"]],
  ["nothing of it can be read", { is: "unseen", because: "the App lacks a permission" }, ["way unseen", "way unseen"]],
  ["all is as it was", seen(shut), []],
])("%s: said once, and ended when it is closed again", (_, production, kinds) => {
  const w = look(guarded(), production)
  expect(rounds(w)).toEqual(kinds)
  look(w, production)
  expect(rounds(w)).toEqual(kinds)
  const told = w.replies("1").filter((is) => is === "went round")
  expect(told).toHaveLength(kinds.length)
  look(w, seen(shut))
  expect((w.known.findings ?? []).filter(({ ended }) => !ended)).toEqual([])
})

test("what was open from the first look is nobody's doing, and stands as a warning", () => {
  const w = world((it) => {
    it.truth.config = configSchema.parse({ environments: { production: null } })
  })
  w.merge(12, "feat: pay by invoice").run()
  expect(w.page().warnings.join()).not.toContain("slipway doctor")
  w.protection = protectedBy(seen({ exists: true, rule: false }))
  w.later(2).run()
  expect(rounds(w)).toEqual([])
  expect(w.page().warnings).toContainEqual(
    "1 way round Slipway stands open (production: protection rule); 1 cannot be seen (production: administrators): “slipway doctor acme/shop” names the settings that close them.",
  )
})

test("it is looked at a minute after an environment is configured, and then once a day", () => {
  const w = world((it) => {
    it.truth.config = configSchema.parse({ environments: { production: null } })
    it.protection = protectedBy(seen(shut))
  })
  const minutes = () => Math.round((Date.parse(w.known.settings?.next ?? "") - w.now.getTime()) / 60_000)
  expect(minutes()).toBe(1)
  expect(w.revisitAt).toBe(w.known.settings?.next)
  w.later(2).run()
  expect(minutes()).toBe(24 * 60)
})

test("without an environment nothing is looked at, and what was known is forgotten", () => {
  expect(world().known).not.toHaveProperty("settings")
  const w = guarded().commitFiles({ config: undefined }).run()
  expect(w.known).not.toHaveProperty("settings")
})

test.each<[string, Sight<EnvironmentSettings>, string, readonly string[]]>([
  ["whose rule is on", seen(shut), "production", ["deployed around"]],
  ["whose rule is off", seen({ ...shut, rule: false }), "production", []],
  ["of which the rule cannot be seen", { is: "unseen", because: "the App lacks a permission" }, "production", []],
  ["that the configuration does not name", seen(shut), "preview", []],
])("a release that enters an environment %s, and that Slipway did not let in", (_, production, environment, kinds) => {
  const w = world((it) => {
    it.truth.config = configSchema.parse({ environments: { production: null } })
  })
  w.protection = protectedBy(production)
  w.later(2).run()
  w.merge(12, "feat: pay by invoice").run().click("approve", "ben").run().click("publish", "ann").run()
  const one = { deployment: "d7" }
  w.deploy(environment, w.truth.head, "in_progress", one).run()
  w.deploy(environment, w.truth.head, "success", one).run()
  expect(rounds(w)).toEqual(kinds)
})
