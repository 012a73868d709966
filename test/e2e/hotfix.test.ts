import { afterAll, beforeAll, expect, test } from "vitest"
import { gate, plainly } from "./support/gates.ts"
import { hotfixesOn } from "./support/hotfixes.ts"
import { type Stage, setStage } from "./support/stage.ts"

/** An urgent fix of what is live, by its own way into production, and back to main. Each test is the next step of one story. */
let stage: Stage
let at: ReturnType<typeof hotfixesOn>
let live: string
let fixed: string
/** A release of main that was out before the hotfix, and its deployment, which soaked until then. */
let next: string
let waits: number

const CONFIG = `impact: false
environments: { production: { soak: 2h, concurrency: 1, approvals: { required: 2 } } }
hotfix: { branches: ["hotfix/*"], environments: { production: { approvals: { required: 1 } } } }
`
const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE
const page = (sha: string) => stage.check("Slipway / production", sha)
const said = async () => (await stage.threads()).flatMap(({ replies }) => replies.map(({ text }) => text)).join("\n")
const rest = () => stage.github.as("ana").rest.pulls
const pulls = async () => {
  const { data } = await rest().list({ owner: "acme", repo: "shop", state: "all" })
  return data.filter(({ head }) => head.ref.startsWith("slipway/back/"))
}
const turn = async (state: "open" | "closed") => {
  await rest().update({ owner: "acme", repo: "shop", pull_number: (await pulls())[0]?.number ?? 0, state })
  await stage.quiet()
}

beforeAll(async () => {
  stage = await setStage({
    files: { ".github/slipway.yml": CONFIG },
    before: async (github) => {
      const sha = github.world()["acme/shop"]?.branches.main ?? ""
      await github.createTag({ repo: "acme/shop", by: "ana", name: "v1.0.0", sha })
      github.protect("acme/shop", "production")
    },
  })
  at = hotfixesOn(stage)
  live = await at.fix("main", "feat: pay by invoice")
  await at.release(live)
  const run = await at.deploy("v1.1.0")
  await at.press("approve", "ana", live)
  await at.press("approve", "cleo", live)
  await stage.later(121 * MINUTE)
  expect(at.verdict(run)).toBe("approved")
  await at.ends(run, "success")
})
afterAll(() => stage.close())

test("a hotfix of what is live enters by the gates that were declared for it, before what waits already", async () => {
  next = await at.fix("main", "fix: on main")
  await at.release(next)
  waits = await at.deploy("v1.1.1")
  await at.branch("hotfix/rounding", live)
  fixed = await at.fix("hotfix/rounding", "fix: round", { "round.ts": "round()\n" })
  await at.release(fixed)
  const run = await at.deploy("v1.1.2")
  expect(gate(page(fixed), "hotfix")).toContain("made from v1.1.0, which is live in production")
  expect(gate(page(fixed), "approvals")).toContain("waits for 1 approval")
  expect(gate(page(next), "soak")).toContain("pending")
  await at.press("approve", "ana", fixed)
  expect(at.verdict(run)).toBe("approved")
  expect(at.verdict(waits)).toBeUndefined()
  await at.ends(run, "success")
})

test("a pull request brings it back to main, and main releases nothing before it has the fix", async () => {
  expect(await pulls()).toMatchObject([{ head: { ref: "slipway/back/v1.1.2" }, base: { ref: "main" }, state: "open" }])
  expect(stage.world().branches["slipway/back/v1.1.2"]).toBe(fixed)
  const number = (await pulls())[0]?.number
  expect(plainly(stage.readiness(fixed).summary)).toContain(`#${number} brings it to main, once it is merged`)
  expect(await said()).toContain(`#${number} brings it there`)
  const later = await at.fix("main", "fix: later", { "later.ts": "later()\n" })
  await stage.press("approve", "cleo", later)
  expect(gate(stage.readiness(later), "back")).toContain(`the hotfix v1.1.2 has not reached main: merge #${number}`)
  expect(stage.readiness(later).conclusion).not.toBe("success")
})

test("what main released before the fix stays out of production, whoever approves it", async () => {
  await stage.later(121 * MINUTE)
  await at.press("approve", "ana", next)
  await at.press("approve", "cleo", next)
  expect(at.verdict(waits)).toBeUndefined()
  const number = (await pulls())[0]?.number
  expect(gate(page(next), "back")).toContain(
    `v1.1.1 lacks the hotfix v1.1.2, which is live in production: deploy a release of main that has it, once #${number} is merged there`,
  )
})

test("nobody merges it: the thread reminds, also after a restart; somebody closes it: the gate fails", async () => {
  const times = async () => (await said()).split("has not reached main yet").length - 1
  await stage.later(DAY + MINUTE)
  expect(await times()).toBe(1)
  await stage.restart()
  await stage.later(2 * DAY)
  expect(await times()).toBe(2)
  const number = (await pulls())[0]?.number ?? 0
  await turn("closed")
  expect(gate(stage.readiness(stage.world().branches.main), "back")).toContain(`#${number} was closed without a merge`)
  await turn("open")
  expect(gate(stage.readiness(stage.world().branches.main), "back")).toContain(`merge #${number}`)
})

test("what was cut before the merge still lacks it; a Re-cut takes it in", async () => {
  const before = stage.world().branches.main
  const number = (await pulls())[0]?.number ?? 0
  await stage.github.mergePullRequest({ repo: stage.repo, number, by: "ana", method: "merge" })
  await stage.quiet()
  expect(plainly(stage.readiness(fixed).summary)).toContain("it has reached main")
  expect(gate(stage.readiness(before), "back")).toContain("reached main after this was cut")
  await stage.press("recut", "ana", before)
  const head = stage.world().branches.main
  expect(plainly(stage.readiness(head).summary)).not.toContain("| back |")
  await at.release(head ?? "")
  expect(stage.world().tags).toMatchObject({ "v1.1.3": head })
  const run = await at.deploy("v1.1.3")
  expect(gate(page(head ?? ""), "back")).toContain("passed | has v1.1.2, which is live in production")
  await at.press("approve", "ana", head ?? "")
  await at.press("approve", "cleo", head ?? "")
  await stage.later(121 * MINUTE)
  expect(at.verdict(run)).toBe("approved")
  expect(gate(page(next), "back")).toContain("deploy a later release of main, which has it")
})
