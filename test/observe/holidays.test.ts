import { afterEach, expect, test } from "vitest"
import { startStage } from "./stage.ts"

const look = { kind: "look", because: "a test" } as const
const CONFIG = `environments:
  production: { window: { holidays: docs/holidays.ics } }
  canary: { window: { holidays: docs/holidays.ics } }
`
const calendar = (day: string): string =>
  `BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART;VALUE=DATE:${day}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n`

let stage: Awaited<ReturnType<typeof startStage>>
const begin = async (files: { [path: string]: string }) => {
  stage = await startStage({ "README.md": "shop", ".github/slipway.yml": CONFIG, ...files })
}
const commit = (files: { [path: string]: string | null }) =>
  stage.github.pushCommit({ repo: "acme/shop", by: "lea", message: "chore: days", files })
const heard = async () => stage.run(stage.heard())
const config = () => {
  const seen = stage.state.lines.main?.config
  return seen?.is === "valid" ? seen.value.environments.production?.window?.holidays : seen
}
const contents = (requests: readonly string[]) => requests.filter((one) => one.includes("holidays")).length

afterEach(() => stage.close())

test("the days of the file are part of the configuration, read once for two windows", async () => {
  await begin({ "docs/holidays.ics": calendar("20261224") })
  const { requests } = await stage.run([look])
  expect(config()).toEqual({ file: "docs/holidays.ics", dates: ["2026-12-24"] })
  expect(contents(requests)).toBe(1)
})

test("a push that touches the file reads it again; one that does not, nothing", async () => {
  await begin({ "docs/holidays.ics": calendar("20261224") })
  await stage.run([look])
  await commit({ "docs/holidays.ics": calendar("20261225") })
  await heard()
  expect(config()).toEqual({ file: "docs/holidays.ics", dates: ["2026-12-25"] })
  await commit({ "README.md": "new" })
  expect((await heard()).requests).toEqual([])
})

test("a file that is not there makes the configuration a mistake, until it is", async () => {
  await begin({})
  await stage.run([look])
  expect(config()).toMatchObject({
    is: "invalid",
    problems: [{ file: "docs/holidays.ics", message: expect.stringContaining("is not there") }],
  })
  await commit({ "docs/holidays.ics": calendar("20261224") })
  await heard()
  expect(config()).toEqual({ file: "docs/holidays.ics", dates: ["2026-12-24"] })
})

test("a mistake in the file is one of the configuration, on its line", async () => {
  await begin({ "docs/holidays.ics": calendar("20261224T100000Z") })
  await stage.run([look])
  expect(config()).toMatchObject({ is: "invalid", problems: [{ file: "docs/holidays.ics", line: 3 }] })
})

test("a file that cannot be read leaves the configuration unknown", async () => {
  await begin({ "docs/holidays.ics": calendar("20261224") })
  stage.github.intercept(({ path }) =>
    path.endsWith("holidays.ics") ? { status: 403, body: { message: "Resource not accessible" } } : undefined,
  )
  const { facts } = await stage.run([look])
  expect(facts.unknown).toMatchObject([
    { what: "config:main", because: expect.stringContaining("`docs/holidays.ics` could not be read") },
  ])
})

test("a pull request that changes the file changes the gates: it shows what they would be", async () => {
  await begin({ "docs/holidays.ics": calendar("20261224") })
  await stage.run([look])
  const pull = async (files: { [path: string]: string }) => {
    const commits = [{ message: "docs: days", files, author: "lea" }]
    const { number } = await stage.github.openPullRequest({
      repo: "acme/shop",
      by: "lea",
      title: "docs: days",
      commits,
    })
    const { facts } = await heard()
    return facts.learned.proposals?.[number]
  }
  expect(await pull({ "docs/holidays.ics": calendar("20261226") })).toMatchObject({
    is: "touched",
    config: { value: { environments: { production: { window: { holidays: { dates: ["2026-12-26"] } } } } } },
    plan: null,
  })
  expect(await pull({ "docs/other.ics": calendar("20261226") })).toBeUndefined()
})
