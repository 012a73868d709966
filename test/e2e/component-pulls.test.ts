import { afterAll, beforeAll, expect, test } from "vitest"
import type { Place } from "./support/place.ts"
import { type Stage, setStage } from "./support/stage.ts"

/** Components that are released by pull requests, one each; every test is the next step of one story. */
let stage: Stage
let place: Place

const CONFIG = `publish: { mode: pull-request }
components:
  api: { path: "services/api/**", manifests: [services/api/package.json], changelog: services/api/CHANGELOG.md }
  web: { path: "services/web/**", manifests: [services/web/package.json], changelog: services/web/CHANGELOG.md }
`
const manifest = (version: string) => `{\n  "version": "${version}"\n}\n`

beforeAll(async () => {
  stage = await setStage({ slack: false })
  place = await stage.build("parts", {
    ".github/slipway.yml": CONFIG,
    "services/api/package.json": manifest("1.2.0"),
    "services/web/package.json": manifest("0.4.0"),
  })
  const sha = place.world().branches.main ?? ""
  for (const name of ["api-v1.2.0", "web-v0.4.0"])
    await stage.github.createTag({ repo: place.repo, by: "ana", name, sha })
  await stage.quiet()
})
afterAll(() => stage.close())

const at = { owner: "acme", repo: "parts" }
const ana = () => stage.github.as("ana").rest

const change = (component: string, title: string) =>
  place.merge("ben", title, { files: { [`services/${component}/${title.replace(/\W+/g, "-")}.txt`]: title } })

/** The open release pull requests, by component. */
async function pulls() {
  const { data } = await ana().pulls.list({ ...at, state: "open" })
  const named = data.map(
    (pull) => [/^slipway\/release\/main--(.*)$/.exec(pull.head.ref)?.[1] ?? pull.head.ref, pull] as const,
  )
  return Object.fromEntries(named)
}

async function pullOf(component: string) {
  const pull = (await pulls())[component]
  if (!pull) throw new Error(`no release pull request of ${component} is open`)
  return pull
}

const filesOf = async (number: number) =>
  (await ana().pulls.listFiles({ ...at, pull_number: number })).data.map(({ filename }) => filename).sort()

const page = (component: string, sha?: string) => place.check(`Slipway / readiness (${component})`, sha)

async function approve(component: string, sha: string) {
  await stage.github.click({ repo: place.repo, checkRunId: page(component, sha).id, identifier: "approve", by: "cleo" })
  await stage.quiet()
}

async function mergeRelease(component: string): Promise<string> {
  const { number } = await pullOf(component)
  const { sha } = await stage.github.mergePullRequest({ repo: place.repo, number, by: "ana", method: "squash" })
  await stage.quiet()
  return sha
}

const released = () => place.releases().map(({ tagName, draft }) => `${tagName}${draft ? " (draft)" : ""}`)

test("a change in one opens the pull request of that one, with its files alone", async () => {
  await change("api", "feat: pay by invoice")
  expect(Object.keys(await pulls())).toEqual(["api"])
  const pull = await pullOf("api")
  expect(pull.title).toBe("chore(release): api 1.3.0")
  expect(await filesOf(pull.number)).toEqual(["services/api/CHANGELOG.md", "services/api/package.json"])
  expect(page("api", pull.head.sha).conclusion).toBe("action_required")
})

test("merged, that one is published with its tag; the other is untouched", async () => {
  const { head } = await pullOf("api")
  await approve("api", head.sha)
  expect(page("api", head.sha).conclusion).toBe("success")
  const sha = await mergeRelease("api")
  expect(place.world().tags["api-v1.3.0"]).toBe(sha)
  expect(released()).toEqual(["api-v1.3.0"])
  expect(page("api", sha)).toMatchObject({ conclusion: "success", title: "1.3.0 is published" })
  expect(await pulls()).toEqual({})
})

test("two are open side by side; what the other brought in between asks for a new approval, and nothing else", async () => {
  await change("api", "fix: a rounding")
  await change("web", "feat: a menu")
  const [api, web] = [await pullOf("api"), await pullOf("web")]
  expect(await filesOf(web.number)).toEqual(["services/web/CHANGELOG.md", "services/web/package.json"])
  await approve("api", api.head.sha)
  await approve("web", web.head.sha)
  const first = await mergeRelease("web")
  expect(place.world().tags["web-v0.5.0"]).toBe(first)
  expect((await pullOf("api")).head.sha).toBe(api.head.sha)

  const second = await mergeRelease("api")
  expect(place.world().tags).not.toHaveProperty("api-v1.3.1")
  expect(page("api", second).conclusion).toBe("action_required")
  await approve("api", second)
  expect(place.world().tags["api-v1.3.1"]).toBe(second)
  expect(released().sort()).toEqual(["api-v1.3.0", "api-v1.3.1", "web-v0.5.0"])
  expect(await pulls()).toEqual({})
})
