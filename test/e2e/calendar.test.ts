import { afterAll, beforeAll, expect, test, vi } from "vitest"
import { calendar } from "../../src/cli/calendar.ts"
import { feedPath } from "../../src/web/calendar-feed.ts"
import { type Stage, setStage } from "./support/stage.ts"

/** The releases of two repositories, in the terminal and as calendars subscribe to them, without a request to GitHub. */
let stage: Stage
const DAY = 24 * 3_600_000
const inDays = (days: number): string => new Date(stage.clock.now().getTime() + days * DAY).toISOString()

beforeAll(async () => {
  stage = await setStage({ files: { ".github/slipway.yml": 'train: { every: "mon-sun 10:00" }\n' } })
  await stage.build("web", {
    "release-plan.yml": `release: { version: 1.0.0 }
timeline: { code_freeze: "${inDays(1)}", production_deploy: "${inDays(3)}" }
`,
  })
  stage.github.resetRequests()
})
afterAll(async () => {
  vi.unstubAllEnvs()
  await stage.close()
})

async function call(...args: readonly string[]) {
  vi.stubEnv("DATABASE_URL", stage.env()["DATABASE_URL" as string])
  let [out, err] = ["", ""]
  const terminal = { colours: false, directory: ".", now: stage.clock.now() }
  const code = await calendar
    .run(args, {
      ...terminal,
      out: (text) => {
        out += text
      },
      err: (text) => {
        err += text
      },
    })
    .catch((error: Error) => {
      err = error.message
      return 1
    })
  return { code, out, err }
}

test("the terminal shows both, or the one that is named", async () => {
  const { out } = await call("--days", "4")
  expect(out.match(/train {3}acme\/shop {2}train departs \(mon, tue, .* 10:00 \(UTC\)\)/g)).toHaveLength(4)
  expect(out).toMatch(/freeze {2}acme\/web {3}code freeze of 1\.0\.0 on main \(until/)
  expect(out).toMatch(/plan {4}acme\/web {3}deployment to production: 1\.0\.0/)
  expect((await call("ACME/web")).out).not.toContain("acme/shop")
  const { entries } = JSON.parse((await call("acme", "--json")).out) as { entries: { kind: string }[] }
  expect(new Set(entries.map(({ kind }) => kind))).toEqual(new Set(["train", "freeze", "plan"]))
  expect(await call("acme/none")).toMatchObject({
    code: 1,
    err: expect.stringContaining("nothing is known of acme/none"),
  })
})

test("the feed has them too, for who has its address; GitHub is asked nothing", async () => {
  const { WEBHOOK_SECRET: secret = "" } = stage.env()
  const get = (path: string) => fetch(`${stage.app.url}${path}`)
  const feed = await get(feedPath(secret, "acme"))
  expect(feed.status).toBe(200)
  expect(await feed.text()).toMatch(
    /^BEGIN:VCALENDAR\r\n[\s\S]*SUMMARY:acme\/web: deployment to production: 1\.0\.0\r\n/,
  )
  expect((await get(feedPath("guessed", "acme"))).status).toBe(404)
  expect((await get(feedPath(secret, "somebody"))).status).toBe(404)
  expect(stage.github.requests).toEqual([])
})
