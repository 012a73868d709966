import { expect, test } from "vitest"
import { configSchema } from "../../src/model/config.ts"
import { goodRef, stableTag } from "../../src/model/pointer.ts"
import { config } from "./support/truth.ts"
import { type World, world } from "./support/world.ts"

/** Releases 1.0.1, 1.0.2 …; production has refs that follow what is good there. */
function releases(count: number, production: object = { good: { ref: true, tag: "stable" } }) {
  const w = world((it) => {
    it.truth.config = config({ environments: { production } })
  })
  const shas = Array.from({ length: count }, (_, n) => {
    w.merge(10 + n, `fix: number ${n + 1}`).run()
    w.click("approve", "ben").run().click("publish", "cleo").run()
    return w.truth.head
  })
  return { w, shas }
}

const moves = (w: World): readonly string[] =>
  w.applied.flatMap((e) => (e.kind === "pointer" ? [`${e.content.ref} ${e.content.version}`] : []))
const live = (w: World, sha = "") => w.later(5).deploy("production", sha, "success").run()

test("both follow what is live and good, once for each release", () => {
  const { w, shas } = releases(2)
  live(w, shas[0])
  expect(moves(w)).toEqual(["slipway/production/good 1.0.1", "tags/stable 1.0.1"])
  live(w, shas[1])
  w.later(60).run()
  expect(moves(w).slice(2)).toEqual(["slipway/production/good 1.0.2", "tags/stable 1.0.2"])
})

test("nothing moves where nothing is asked for", () => {
  const { w, shas } = releases(1, {})
  live(w, shas[0])
  expect(moves(w)).toEqual([])
})

test("what nobody has approved says of no tag that it moves", () => {
  const { w, shas } = releases(1, { good: { ref: true } })
  w.truth.config = config({ environments: { production: { good: { tag: "mine" } } } })
  w.merge(20, "ci: let a tag follow", { files: [".github/slipway.yml"] }).run()
  live(w, shas[0])
  expect(moves(w)).toEqual(["slipway/production/good 1.0.1"])
})

test("what is not verified yet moves nothing", () => {
  const { w, shas } = releases(1, { verify: "15m", good: { ref: true } })
  live(w, shas[0])
  expect(moves(w)).toEqual([])
  w.later(16).run()
  w.now = new Date(w.revisitAt ?? "")
  w.run()
  expect(moves(w)).toEqual(["slipway/production/good 1.0.1"])
})

test("what is deployed once more does not take the tag back, though it is what is good there", () => {
  const { w, shas } = releases(2)
  for (const sha of [shas[0], shas[1], shas[0]]) live(w, sha)
  expect(moves(w).slice(4)).toEqual(["slipway/production/good 1.0.1"])
})

test("what is deployed once more does not take the tag back, though the newer one was forgotten since", () => {
  const { w, shas } = releases(2)
  for (const sha of [shas[0], shas[1], shas[0]]) live(w, sha)
  const { production } = w.known.environments
  if (!production?.live) throw new Error("nothing was deployed")
  w.state = { ...w.known, environments: { production: { ...production, good: [production.live] } } }
  w.later(5).run()
  expect(moves(w).slice(4)).toEqual(["slipway/production/good 1.0.1"])
})

test("where it was rolled back both go back with it", () => {
  const { w, shas } = releases(2)
  for (const sha of shas) live(w, sha)
  const page = w.check(`check:environment:production:${shas[1]}`)
  w.click("rollback:production", "cleo", page).run()
  const rollback = w.known.environments.production?.rollback
  expect(rollback).toMatchObject({ is: "running" })
  w.later(1)
    .deploy("production", shas[0] ?? "", "success", { rollback: rollback?.id ?? "" })
    .run()
  expect(moves(w).slice(4)).toEqual(["slipway/production/good 1.0.1", "tags/stable 1.0.1"])
})

test("a success that comes late moves nothing back", () => {
  const { w, shas } = releases(2)
  const early = w.now.toISOString()
  live(w, shas[1])
  const before = moves(w).length
  w.deploy("production", shas[0] ?? "", "success", { at: early }).run()
  expect(moves(w).slice(before)).toEqual([])
})

test("what GitHub refuses stands on the page, and is tried again when all is looked at again", () => {
  const { w, shas } = releases(1)
  w.refusing.set("pointer:tags/stable", { is: "refused", code: "forbidden", because: "a ruleset on tags" })
  live(w, shas[0])
  const detail = () => {
    const { page } = w.check(`check:environment:production:${shas[0]}`)
    return page.is === "environment" ? page.detail : []
  }
  expect(detail()).toContain("refs/tags/stable could not be moved: a ruleset on tags")
  const tried = moves(w).length
  w.later(5).run()
  expect(moves(w)).toHaveLength(tried)
  w.refusing.clear()
  w.hear({ kind: "look", because: "Re-run was pressed" }).run()
  expect(moves(w).slice(tried)).toEqual(["tags/stable 1.0.1"])
  expect(detail()).not.toContain("refs/tags/stable could not be moved: a ruleset on tags")
})

test("names of refs: what git forbids, or what would be two parts of it, is replaced, and stays apart", () => {
  expect(goodRef("production", "")).toBe("slipway/production/good")
  expect(goodRef("production", "api")).toBe("slipway/production/api/good")
  expect(stableTag("stable", "api")).toBe("tags/api-stable")
  const strange = ["prod/eu", "prod eu", "prod..eu", "prod.lock", "-prod", "ünïcode", "prod-eu"].map((name) =>
    goodRef(name, ""),
  )
  expect(new Set(strange).size).toBe(strange.length)
  for (const ref of strange) expect(ref).toMatch(/^slipway\/[\w-]+\/good$/)
})

test.each<[string, object, string]>([
  ["nothing in it", {}, "must have `ref: true`, or a `tag`"],
  ["a version for a tag", { tag: "v1" }, "digits would make it a version"],
  ["no ref", { ref: false }, "must be `true`"],
])("a mistake: %s", (_, good, says) => {
  const read = configSchema.safeParse({ environments: { production: { good } } })
  expect(read.error?.issues.map(({ message }) => message).join()).toContain(says)
})

test("one tag follows one environment", () => {
  const good = { tag: "stable" }
  const read = configSchema.safeParse({ environments: { staging: { good }, production: { good: { tag: "Stable" } } } })
  expect(read.error?.issues).toMatchObject([{ path: ["environments", "production", "good", "tag"] }])
})

test("of a hotfix the default branch's file says what follows it, and its own says nothing", () => {
  const { w } = releases(1, { good: { ref: true } })
  const { main } = w.known.lines
  const [out] = w.known.releases
  if (out?.phase.is !== "published" || !main) throw new Error("it is not out")
  const own = configSchema.parse({ environments: { production: { good: { tag: "mine" } } } })
  const line = { ...main, branch: "hotfix/a", kind: { is: "hotfix" as const } }
  if (line.config.is !== "valid" || !line.inForce.config) throw new Error("no file")
  const hotfix = {
    ...line,
    config: { ...line.config, value: own },
    inForce: { ...line.inForce, config: { ...line.inForce.config, value: own } },
  }
  const phase = { ...out.phase, candidate: { ...out.phase.candidate, sha: "f".repeat(40), version: "1.0.9" } }
  const back = { to: "main", is: "open" as const, number: 57, at: w.now.toISOString(), reminded: 0 }
  const release = { ...out, id: "77", tag: "v1.0.9", branch: "hotfix/a", phase, after: { back } }
  w.state = { ...w.known, lines: { main, "hotfix/a": hotfix }, releases: [release, ...w.known.releases] }
  live(w, "f".repeat(40))
  expect(moves(w)).toEqual(["slipway/production/good 1.0.9"])
})
