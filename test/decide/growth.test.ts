import { expect, test } from "vitest"
import { config, plan } from "./support/truth.ts"
import { type World, world } from "./support/world.ts"

const openOne = (w: World) => w.known.releases.find(({ phase, shown }) => phase.is !== "published" && shown)

/** A release with all that comes with one: strangers who press, an issue, a preview, an edit, something out of reach. */
function cycle(w: World, n: number): void {
  const stranger = `stranger-${n}`
  w.truth.admit(stranger, "read")
  w.truth.issues[`#${5000 + n}`] = "open"
  const features = [{ id: `F-${n}`, status: "ready", issue: `#${5000 + n}` }]
  w.commitFiles({ plan: plan({ features }) })
  w.merge(1000 + n, `feat: number ${n}`).run()
  w.unreadable.set("standing:", "the App lacks `members: read`")
  press(w, "approve", stranger)
  w.unreadable.clear()
  press(w, "approve", stranger)
  w.unreadable.set("tag:", "no answer")
  press(w, "hold", "cleo")
  w.unreadable.clear()
  w.truth.issues[`#${5000 + n}`] = "closed"
  w.hear({ kind: "issue", number: 5000 + n, state: "closed" }).run()
  for (const login of ["ben", "cleo"]) press(w, "approve", login)
  press(w, "publish", "ann")
  const out = w.known.releases.findLast(({ phase }) => phase.is === "published")
  if (out?.phase.is !== "published") throw new Error(`nothing was published in cycle ${n}`)
  w.deploy(`preview-${n}`, out.phase.candidate.sha, "success")
    .deploy("production", out.phase.candidate.sha, "success")
    .run()
  for (const at of ["a", "b"]) w.deploy(`preview-${n}-${at}`, out.phase.candidate.sha, "success")
  w.later(60).run()
}

function press(w: World, button: string, login: string): void {
  const open = openOne(w)
  if (open) w.click(button, login, w.readiness(open.id)).run()
}

/** What only hundreds of merges would fill is full already. */
function haveLived(w: World): void {
  const { ann } = w.truth.standings
  if (!ann) throw new Error("nobody is there")
  const many = (count: number) => Array.from({ length: count }, (_, n) => String(100 + n))
  const standings = Object.fromEntries(
    many(60).map((n) => [`someone-${n}`, { ...ann, at: "2026-01-01T00:00:00.000Z" }]),
  )
  const impacts = Object.fromEntries(many(250).map((n) => [n, null]))
  w.state = { ...w.known, impacts, standings: { ...standings, ...w.known.standings } }
}

test("what is kept follows what is open, not how long a repository has lived", () => {
  const w = world((it) => (it.announcements = { is: "off", because: "a test" }))
  haveLived(w)
  for (let n = 1; n <= 16; n++) cycle(w, n)
  const { environments, standings, issues, releases, evidence, stale, unknown, impacts = {} } = w.known
  const count = (of: object) => Object.keys(of).length
  expect(count(environments)).toBe(40)
  expect(Object.keys(environments)).toContain("production")
  expect(releases.length).toBeLessThan(16)
  expect(count(standings)).toBeLessThan(55)
  expect(Object.keys(issues)).toEqual(["#5016"])
  expect(count(evidence)).toBeLessThan(45)
  expect(count(stale)).toBeLessThanOrEqual(20)
  expect(count(impacts)).toBeLessThanOrEqual(200)
  expect(unknown).toEqual([])
})

test("an environment that the configuration names is not forgotten, nor one that is being rolled back", () => {
  const w = world((it) => (it.truth.config = config({ environments: { production: {} } })))
  w.merge(12, "feat: a").run().click("approve", "ben").run().click("publish", "ann").run()
  const { sha } = w.known.lines.main?.ledger?.base ?? { sha: "" }
  w.deploy("production", sha, "success").run()
  for (let n = 0; n < 45; n++) w.later(1).deploy(`preview-${n}`, sha, "success")
  w.run()
  expect(Object.keys(w.known.environments)).toContain("production")
  expect(Object.keys(w.known.environments)).not.toContain("preview-0")
  expect(Object.keys(w.known.environments)).toContain("preview-44")
})
