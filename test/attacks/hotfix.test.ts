import { afterAll, beforeAll, expect, test } from "vitest"
import { gate } from "../e2e/support/gates.ts"
import { hotfixesOn } from "../e2e/support/hotfixes.ts"
import { type Stage, setStage } from "../e2e/support/stage.ts"

/** The short way into production, for what is no hotfix of what is live there, or by a hotfix's own leave. */
let stage: Stage
let at: ReturnType<typeof hotfixesOn>
let first: string
let second: string
/** A release of main that was out, and waited, before there was any hotfix. */
let before: string
let waits: number

const CONFIG = `impact: false
environments: { production: { soak: 2h, approvals: { from: ["@cleo"] } } }
hotfix: { branches: ["hotfix/*"], environments: { production: { approvals: { from: ["@cleo"] } } } }
`
const OPEN = `impact: false
environments: { production: {} }
hotfix: { branches: ["hotfix/*"], environments: { production: {} } }
`

beforeAll(async () => {
  stage = await setStage({ slack: false, files: { ".github/slipway.yml": CONFIG } })
  stage.github.protect(stage.repo, "production")
  at = hotfixesOn(stage)
  first = await live("main", "feat: pay by invoice", "v0.1.0", 120)
  second = await live("main", "feat: pay by card", "v0.2.0", 120)
  before = await at.fix("main", "fix: on main", { "main.ts": "main()\n" })
  await at.release(before)
  waits = await at.deploy("v0.2.1")
})
afterAll(() => stage.close())

/** Releases a change of a branch and deploys it, as its gates ask. */
async function live(branch: string, title: string, tag: string, soak: number): Promise<string> {
  const sha = await at.fix(branch, title)
  await at.release(sha)
  const run = await at.deploy(tag)
  await stage.later(soak * 60_000)
  await at.press("approve", "cleo", sha)
  expect(at.verdict(run)).toBe("approved")
  await at.ends(run, "success")
  return sha
}

test("what was made from something else than what is live does not enter by the way of hotfixes", async () => {
  await at.branch("hotfix/late", first)
  const sha = await at.fix("hotfix/late", "fix: too late", { "late.ts": "late()\n" })
  await at.release(sha)
  const run = await at.deploy("v0.1.1")
  await at.press("approve", "cleo", sha)
  expect(at.verdict(run)).toBeUndefined()
  expect(gate(stage.check("Slipway / production", sha), "hotfix")).toContain(
    "0.2.0 is live in production, and this hotfix was made from v0.1.0",
  )
})

test("a hotfix that changes the way of hotfixes enters by the way that the default branch declares", async () => {
  await at.branch("hotfix/door", second)
  const sha = await at.fix("hotfix/door", "fix: a door", { "door.ts": "open()\n", ".github/slipway.yml": OPEN })
  await at.release(sha)
  const run = await at.deploy("v0.2.2")
  expect(at.verdict(run)).toBeUndefined()
  expect(gate(stage.check("Slipway / production", sha), "approvals")).toContain("waits for 1 approval from @cleo")
})

test("a release that would take a hotfix back is not published", async () => {
  await at.branch("hotfix/lost", second)
  await at.release(await at.fix("hotfix/lost", "fix: what may get lost", { "lost.ts": "found()\n" }))
  const sha = await at.fix("main", "fix: without it", { "without.ts": "it()\n" })
  const page = await stage.press("approve", "cleo", sha)
  expect(gate(page, "back")).toMatch(/the hotfix v0\.2\.\d has not reached main/)
  await expect(stage.press("publish", "cleo", sha)).rejects.toThrow("no button publish")
})

test("a release that was out before a hotfix does not take it back from production", async () => {
  const lost = stage.world().branches["hotfix/lost"] ?? ""
  const run = await at.deploy("v0.2.3")
  await at.press("approve", "cleo", lost)
  expect(at.verdict(run)).toBe("approved")
  await at.ends(run, "success")
  await stage.later(121 * 60_000)
  await at.press("approve", "cleo", before)
  expect(at.verdict(waits)).toBeUndefined()
  expect(gate(stage.check("Slipway / production", before), "back")).toContain(
    "v0.2.1 lacks the hotfix v0.2.3, which is live in production",
  )
})
