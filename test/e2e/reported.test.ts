import { afterAll, beforeAll, expect, test, vi } from "vitest"
import { deployed } from "../../src/cli/deployed.ts"
import { good } from "../../src/cli/good.ts"
import { status } from "../../src/cli/status.ts"
import { token } from "../../src/cli/token.ts"
import { call, madeToken } from "./support/command.ts"
import { type Stage, setStage } from "./support/stage.ts"

/** Systems outside of GitHub say what they deployed; and somebody who has a token says what is not theirs to say. */
let stage: Stage
let argo = ""

const CONFIG = `impact: false
environments: { staging: {}, production: { approvals: { required: 1 } } }
`

beforeAll(async () => {
  stage = await setStage({ slack: false, files: { ".github/slipway.yml": CONFIG } })
  await stage.build("till", { ".github/slipway.yml": CONFIG })
  await stage.merge("ben", "feat: pay by invoice")
  await stage.press("approve", "cleo")
  await stage.press("publish", "cleo")
  expect(Object.keys(stage.world().tags)).toEqual(["v0.1.0"])
  argo = await madeToken(stage, "acme/shop", "--name", "argo")
})
afterAll(async () => {
  vi.unstubAllEnvs()
  await stage.close()
})

let reports = 0
async function report(by: string, more: object = {}, path = "", raw?: string) {
  reports += 1
  const at = stage.clock.now().toISOString()
  const said = { id: `r${reports}`, environment: "staging", version: "0.1.0", at, ...more }
  const answer = await fetch(`${stage.app.url}/api/deployed${path}`, {
    method: "POST",
    headers: { authorization: `Bearer ${by}`, "content-type": "application/json" },
    body: raw ?? JSON.stringify(said),
  })
  const text = await answer.text()
  await stage.quiet()
  return { status: answer.status, body: JSON.parse(text) as { result?: string; error?: string } }
}

async function places() {
  const { out } = await call(stage, status, "acme/shop", "--json")
  const [shop] = (
    JSON.parse(out) as { repositories: { places: { environment: string; live?: object; drift?: object }[] }[] }
  ).repositories
  return Object.fromEntries((shop?.places ?? []).map(({ environment, live, drift }) => [environment, { live, drift }]))
}

test("a release that Argo CD reports is live and good; what was sent twice counts once", async () => {
  expect(await call(stage, good, "staging", "--repository", "acme/shop")).toMatchObject({
    code: 1,
    err: expect.stringContaining("no release was ever live there"),
  })
  const said = { id: "sync-1", url: "https://argo.example/shop" }
  expect(await report(argo, said)).toEqual({ status: 202, body: { result: "stored" } })
  expect(await report(argo, said)).toEqual({ status: 202, body: { result: "duplicate" } })
  expect(await places()).toMatchObject({ staging: { live: { version: "0.1.0", state: "live" } } })
  const sha = stage.world().tags["v0.1.0"]
  expect(await call(stage, good, "staging", "--repository", "acme/shop")).toEqual({
    code: 0,
    out: `0.1.0 ${sha}\n`,
    err: "",
  })
})

test("the command tells it too, and what Flux posts is understood", async () => {
  vi.stubEnv("SLIPWAY_URL", stage.app.url)
  vi.stubEnv("SLIPWAY_TOKEN", argo)
  const told = await call(stage, deployed, "staging", "--sha", "7".repeat(40), "--id", "sync-2")
  await stage.quiet()
  expect(told).toEqual({ code: 0, out: "told: 7777777, staging, success\n", err: "" })
  expect(await places()).toMatchObject({ staging: { drift: { sha: "7".repeat(40), by: "token argo" } } })
  const event = {
    involvedObject: { kind: "Kustomization", name: "shop", namespace: "apps" },
    severity: "info",
    reason: "ReconciliationSucceeded",
    timestamp: stage.clock.now().toISOString(),
    metadata: { environment: "staging", revision: `v0.1.0@sha1:${stage.world().tags["v0.1.0"]}` },
  }
  expect((await report(argo, {}, "/flux", JSON.stringify(event))).status).toBe(202)
  expect((await places()).staging?.drift).toBeUndefined()
  vi.stubEnv("SLIPWAY_TOKEN", "slipway_nobody")
  expect(await call(stage, deployed, "staging", "--version", "0.1.0")).toMatchObject({
    code: 1,
    err: expect.stringContaining("401: The token does not count"),
  })
})

test("a report lets nothing in: what was not let in is a finding, and its check is not green", async () => {
  const check = () => stage.check("Slipway / production")
  expect(check()?.conclusion).toBe("action_required")
  expect((await report(argo, { environment: "production" })).status).toBe(202)
  expect(check()?.conclusion).toBe("action_required")
  expect((await call(stage, status, "acme/shop")).out).toContain("production: no gate let it in")
  expect(stage.check("Slipway / readiness")).toMatchObject({ conclusion: "failure" })
})

test.each<[string, () => Promise<string>, object, number]>([
  ["no token", async () => "", {}, 401],
  ["a guessed token", async () => `${argo.slice(0, -4)}AAAA`, {}, 401],
  ["the id of a token alone", async () => argo.slice(0, 20), {}, 401],
  ["another repository", async () => argo, { repository: "acme/till" }, 403],
  [
    "another environment than the token's",
    () => madeToken(stage, "acme/shop", "--name", "s", "--environment", "staging"),
    { environment: "production" },
    403,
  ],
  [
    "a repository of nobody that the token knows",
    () => madeToken(stage, "acme", "--name", "all"),
    { repository: "rival/shop" },
    403,
  ],
  ["no repository, of several", () => madeToken(stage, "acme", "--name", "all"), {}, 422],
  ["an instant of the day before yesterday", async () => argo, { at: "2020-01-01T00:00:00Z" }, 422],
  ["more than it takes", async () => argo, { component: "x".repeat(70_000) }, 413],
])("refused: %s", async (_, by, more, expected) => {
  const { status, body } = await report(await by(), more)
  expect(status).toBe(expected)
  expect(body.error).toEqual(expect.any(String))
})

test("a token that was revoked, or whose time is over, lets nobody in", async () => {
  const [first, second] = [
    await madeToken(stage, "acme", "--name", "old"),
    await madeToken(stage, "acme", "--name", "brief", "--days", "1"),
  ]
  const told = { repository: "ACME/Shop" }
  expect([(await report(first, told)).status, (await report(second, told)).status]).toEqual([202, 202])
  const { code } = await call(stage, token, "revoke", first.slice(8, 20))
  expect(code).toBe(0)
  stage.pass(25 * 60 * 60_000)
  expect([(await report(first, told)).status, (await report(second, told)).status]).toEqual([401, 401])
  const { out } = await call(stage, token, "list")
  expect(out).toMatch(/old {2}acme · all environments · made .* · revoked/)
  expect(out).toMatch(/brief {2}acme · .* · ended/)
  expect(out).not.toContain(first.slice(21))
})

test("the database has no token, only what cannot be turned back into one", async () => {
  const rows = await stage.app.store.db.selectFrom("slipway.report_tokens").selectAll().execute()
  expect(rows.length).toBeGreaterThan(0)
  expect(JSON.stringify(rows)).not.toContain(argo.slice(21))
})
