import { sql } from "kysely"
import { afterEach, expect, test, vi } from "vitest"
import type { Repository } from "../../src/model/repository.ts"
import { startProcess } from "../main/process.ts"
import { gate, plainly } from "./support/gates.ts"
import { type Place, placeAt } from "./support/place.ts"
import { type Stage, setStage } from "./support/stage.ts"

/** acme/shop leads: its plan names acme/api and acme/docs, which come out before it, in this order. */
let stage: Stage

afterEach(() => stage.close())
// Three repositories and as many publications, one after the other, while other tests have the machine as well.
vi.setConfig({ testTimeout: 180_000 })

const LETS = "plan: { with: [acme/shop] }\n"
const NO_TESTS = "testing: { required: [] }\nrollback_plan: { procedure: docs/rollback.md }\n"
const PLAN = `release: { version: 0.1.0, name: Autumn }
${NO_TESTS}repositories:
  - { repo: acme/api, version: 0.1.0 }
  - { repo: acme/docs, version: 0.1.0 }
`

interface Three {
  readonly api: Place
  readonly docs: Place
}

async function setThree(plan = PLAN): Promise<Three> {
  stage = await setStage({ files: { "release-plan.yml": plan } })
  const api = await stage.build("api", { ".github/slipway.yml": LETS })
  const docs = await stage.build("docs", { ".github/slipway.yml": LETS })
  return { api, docs }
}

/** Brings a feature into each, and approves it there: by cleo, who wrote none of them. */
async function ready(...places: readonly Place[]): Promise<string[]> {
  const shas: string[] = []
  for (const place of places) {
    const { sha } = await place.merge("ben", `feat: autumn in ${place.repo}`)
    await place.press("approve", "cleo", sha)
    shas.push(sha)
  }
  return shas
}
/** What was decided in a repository of acme, or in all, in order. */
async function audited(name?: string): Promise<readonly string[]> {
  const { rows } = await sql<{ what: string }>`
    select a.entry ->> 'what' as what from slipway.audit a join slipway.keys k using (key)
    where k.repo ->> 'name' = coalesce(${name ?? null}, k.repo ->> 'name') order by a.seq`.execute(stage.app.store.db)
  return rows.map(({ what }) => what)
}

async function repositories(): Promise<readonly Repository[]> {
  const rows = await stage.app.store.db.selectFrom("slipway.keys").select("repo").orderBy("key").execute()
  return rows.map(({ repo }) => repo)
}

/** What is asked for in one run is read in the next, a second later: as often as a row has steps. */
const goOn = async (): Promise<void> => {
  await stage.quiet()
  while (await isDueSoon()) await stage.later(1_100)
}
async function isDueSoon(): Promise<boolean> {
  const soon = new Date(stage.clock.now().getTime() + 2_000)
  const { rows } = await sql`select 1 from slipway.keys where revisit_at <= ${soon}`.execute(stage.app.store.db)
  return rows.length > 0
}
const tags = (place: Place) => place.world().tags
const buttons = (place: Place, sha: string) => place.readiness(sha).actions.map(({ identifier }) => identifier)
/** What was said in the lead's thread, in order. */
const thread = async (): Promise<readonly string[]> => {
  const [first] = await stage.threads()
  if (!first) throw new Error("the lead has no thread")
  return first.replies.map(({ text }) => text)
}

test("three repositories are one release: each waits for all, they come out in the plan's order, one thread tells it", async () => {
  const { api, docs } = await setThree()
  const [shopSha = "", apiSha = ""] = await ready(stage, api)
  const { sha: docsSha } = await docs.merge("ben", "feat: autumn in the docs")
  expect(gate(stage.readiness(shopSha), "repositories")).toMatch(/acme\/docs 0\.1\.0/)
  expect(gate(api.readiness(apiSha), "together")).toMatch(/⏳.*goes out with acme\/shop 0\.1\.0, as number 1 of 3/)
  expect(buttons(api, apiSha)).not.toContain("publish")
  expect(buttons(stage, shopSha)).not.toContain("publish")

  await docs.press("approve", "cleo", docsSha)
  expect(gate(stage.readiness(shopSha), "repositories")).toMatch(/✅/)
  expect(buttons(stage, shopSha)).toContain("publish")
  expect(tags(api)).toEqual({})

  await stage.press("publish", "cleo", shopSha)
  await goOn()
  expect(tags(api)).toEqual({ "v0.1.0": apiSha })
  expect(tags(docs)).toEqual({ "v0.1.0": docsSha })
  expect(tags(stage)).toEqual({ "v0.1.0": shopSha })
  expect(await docs.threads()).toEqual([])
  const said = (await thread()).join("\n")
  for (const what of [
    /acme\/api 0\.1\.0: ✂️ \*Cut\*/,
    /acme\/docs 0\.1\.0: ✅ \*Approved\* by @cleo/,
    /Publishing together\*, pressed by @cleo.*Not out: acme\/api 0\.1\.0, acme\/docs 0\.1\.0, acme\/shop 0\.1\.0/,
    /acme\/api 0\.1\.0: 🚀 \*Published\*[\s\S]*acme\/docs 0\.1\.0: 🚀 \*Published\*[\s\S]*\n🚀 \*Published\*[\s\S]*All are out/,
  ])
    expect(said).toMatch(what)
  expect((await audited("shop")).filter((what) => what.startsWith("row"))).toEqual(["row begun", "row out"])
  expect((await audited("api")).filter((what) => /joined|answered|turn|^publish/.test(what))).toEqual([
    "joined",
    "answered a row",
    "its turn",
    "publishing",
    "published",
  ])

  // A hint says nothing: sent again, late and in another order, it finds what everybody knows, and costs no request.
  const before = await audited()
  stage.github.resetRequests()
  for (const [at, repo] of [...(await repositories()), ...(await repositories()).toReversed()].entries()) {
    const of = `acme/${["docs", "api", "shop"][at % 3]}`
    const again = { id: `neighbour:replayed:${at % 4}`, repo, signals: [{ kind: "neighbour" as const, of }] }
    await stage.app.engine.ingest(again)
  }
  await goOn()
  expect(await audited()).toEqual(before)
  expect(stage.github.requests).toEqual([])
})

test("the first that fails stops the row, and says what is out; pressed again it goes on where it stopped", async () => {
  const { api, docs } = await setThree()
  const [shopSha = "", apiSha = "", docsSha = ""] = await ready(stage, api, docs)
  // Nobody told: GitHub refuses the tag of the second.
  stage.github.intercept(({ method, path }) =>
    method === "POST" && path === "/repos/acme/docs/git/refs"
      ? { status: 422, body: { message: "Repository rule violations found" } }
      : undefined,
  )
  await stage.press("publish", "cleo", shopSha)
  await goOn()
  expect(tags(api)).toEqual({ "v0.1.0": apiSha })
  expect([tags(docs), tags(stage)]).toEqual([{}, {}])
  expect(plainly(stage.readiness(shopSha).summary)).toMatch(/the row stopped: acme\/docs 0\.1\.0:/)
  expect(gate(docs.readiness(docsSha), "together")).toMatch(/⏳.*stopped.*acme\/api 0\.1\.0 is out\. It goes on when/)
  expect((await thread()).at(-1)).toMatch(
    /🛑 \*Stopped\*.*[\s\S]*Out: acme\/api 0\.1\.0 · Not out: acme\/docs 0\.1\.0, acme\/shop/,
  )
  expect(buttons(docs, docsSha)).not.toContain("publish")

  stage.github.intercept(undefined)
  await stage.press("publish", "cleo", shopSha)
  await goOn()
  expect(tags(docs)).toEqual({ "v0.1.0": docsSha })
  expect(tags(stage)).toEqual({ "v0.1.0": shopSha })
  expect((await audited("api")).filter((what) => what === "publishing")).toHaveLength(1)
  expect((await thread()).filter((text) => text.includes("acme/api 0.1.0: 🚀"))).toHaveLength(1)
})

test("a repository of another installation, of another account, or one that was not asked: none passes, none is held up", async () => {
  stage = await setStage({
    slack: false,
    env: { ALLOWED_ACCOUNTS: "acme,rival" },
    files: {
      "release-plan.yml": PLAN.replace("acme/api", "rival/lib").replace("acme/docs", "acme/free"),
    },
    before: async (github) => {
      github.createUser("rita")
      github.createOrganization("rival", { owners: ["rita"], members: ["cleo"] })
      await github.createRepository({
        owner: "rival",
        name: "lib",
        defaultBranch: "main",
        files: { ".github/slipway.yml": LETS },
        by: "rita",
      })
      github.addCollaborator("rival/lib", "cleo", "write")
    },
  })
  stage.github.installApp("rival")
  const lib = placeAt("rival/lib", {
    github: stage.github,
    slack: stage.slack,
    channel: "releases",
    quiet: stage.quiet,
    settle: true,
  })
  const free = await stage.build("free")
  await lib.push("rita", "feat: begin", { "a.txt": "a\n" })
  await lib.press("approve", "cleo")
  const [shopSha = "", freeSha = ""] = await ready(stage, free)

  const said = gate(stage.readiness(shopSha), "repositories")
  expect(said).toMatch(/❌.*rival\/lib belongs to another account/)
  expect(said).toMatch(/acme\/free has no release that this plan may name: add “with: \[acme\/shop\]” under “plan:”/)
  expect(buttons(stage, shopSha)).not.toContain("publish")

  // Who was named without being asked goes its own way; who waits for a stranger's plan is told what is wrong.
  await free.press("publish", "cleo", freeSha)
  expect(tags(free)).toEqual({ "v0.1.0": freeSha })
  expect(gate(lib.readiness(), "together")).toMatch(/no repository acme\/shop is known to this installation/)
  expect([tags(stage), tags(lib)]).toEqual([{}, {}])
})

test("one that is not ready any more, which no webhook told, stops the row before anything is out", async () => {
  const { api, docs } = await setThree()
  const [shopSha = "", apiSha = "", docsSha = ""] = await ready(stage, api, docs)
  await stage.stop()
  await stage.github.reportCheck({
    repo: docs.repo,
    sha: docsSha,
    name: "lint",
    status: "completed",
    conclusion: "failure",
  })
  await stage.github.settled()
  await stage.restart()
  await stage.press("publish", "cleo", shopSha)
  await goOn()
  expect([tags(api), tags(docs), tags(stage)]).toEqual([{}, {}, {}])
  expect(plainly(stage.readiness(shopSha).summary)).toMatch(/acme\/docs 0\.1\.0.*checks is failed/)
  expect(buttons(api, apiSha)).not.toContain("publish")
  expect(gate(stage.readiness(shopSha), "repositories")).toMatch(/❌.*acme\/docs 0\.1\.0: checks is failed/)
})

test("recovers after kill -9 between two publications: each comes out once", async () => {
  const { api, docs } = await setThree()
  const [shopSha = "", apiSha = "", docsSha = ""] = await ready(stage, api, docs)
  const page = stage.readiness(shopSha).id
  await stage.stop()
  const env = Object.entries({ ...stage.env(), LOG_FORMAT: "json", SLIPWAY_REQUEST_TIMEOUT: "1500" })
  const child = startProcess(Object.fromEntries(env.flatMap(([name, value]) => (value ? [[name, value]] : []))))
  stage.github.setWebhookUrl(`${await child.url}/api/github/webhooks`)
  // It dies when the first is out and the second asks for its tag.
  stage.github.intercept(({ method, path }) => {
    if (method === "POST" && path === "/repos/acme/docs/git/refs") child.kill("SIGKILL")
    return undefined
  })
  await stage.github.click({ repo: stage.repo, checkRunId: page, identifier: "publish", by: "cleo" })
  await child.ended
  expect(tags(api)).toEqual({ "v0.1.0": apiSha })
  expect(tags(stage)).toEqual({})

  stage.github.intercept(undefined)
  await stage.restart("kept", { SLIPWAY_REQUEST_TIMEOUT: "1500" })
  await stage.github.redeliverFailed()
  await goOn()
  expect([tags(docs), tags(stage)]).toEqual([{ "v0.1.0": docsSha }, { "v0.1.0": shopSha }])
  for (const place of [stage, api, docs]) expect(place.releases().map(({ draft }) => draft)).toEqual([false])
  const said = await thread()
  expect(said.filter((text) => text.includes("🚀"))).toHaveLength(3)
  expect(new Set(said).size).toBe(said.length)
})

test("an issue of another repository that a feature is bound to is heard of when it is closed there", async () => {
  stage = await setStage({ slack: false })
  const api = await stage.build("api")
  const number = await stage.github.openIssue({ repo: api.repo, by: "ben", title: "Invoices" })
  const feature = `features: [{ id: PAY, issue: "Acme/API#${number}" }]\n`
  await stage.push("ana", "chore: plan", {
    "release-plan.yml": `release: { version: 0.1.0 }\n${NO_TESTS}${feature}`,
  })
  const { sha } = await stage.merge("ben", "feat: pay by invoice")
  expect(gate(stage.readiness(sha), "features")).toMatch(/⏳.*Acme\/API#\d+, which is open/)
  stage.github.resetRequests()
  await stage.github.closeIssue({ repo: api.repo, number, by: "ben" })
  await stage.quiet()
  expect(gate(stage.readiness(sha), "features")).toMatch(/✅/)
  expect(stage.github.requests.filter(({ method }) => method === "GET")).toEqual([])
})

test("in the mode auto nothing is pressed: whoever waits is not published before its turn, and all come out in order", async () => {
  const auto = "publish: { mode: auto }\napprovals: { required: 0 }\n"
  stage = await setStage({ files: { "release-plan.yml": PLAN, ".github/slipway.yml": auto } })
  const api = await stage.build("api", { ".github/slipway.yml": `${LETS}${auto}` })
  const docs = await stage.build("docs", { ".github/slipway.yml": `${LETS}${auto}` })
  await api.merge("ben", "feat: autumn in api")
  await stage.merge("ben", "feat: autumn in shop")
  await goOn()
  expect([tags(api), tags(docs), tags(stage)]).toEqual([{}, {}, {}])
  await docs.merge("ben", "feat: autumn in docs")
  await goOn()
  for (const place of [api, docs, stage]) expect(Object.keys(tags(place))).toEqual(["v0.1.0"])
  const said = (await thread()).filter((text) => text.includes("🚀")).map((text) => text.split(":", 1)[0])
  expect(said).toEqual(["acme/api 0.1.0", "acme/docs 0.1.0", expect.stringMatching(/^🚀/)])
})

test("in the mode auto the lead comes out first: what stops behind it holds what comes after, and the row goes on by itself", async () => {
  const auto = "publish: { mode: auto }\napprovals: { required: 0 }\n"
  const plan = PLAN.replace("repositories:", "repositories:\n  - { repo: acme/shop, version: 0.1.0 }")
  stage = await setStage({ files: { "release-plan.yml": plan, ".github/slipway.yml": auto } })
  const api = await stage.build("api", { ".github/slipway.yml": `${LETS}${auto}` })
  const docs = await stage.build("docs", { ".github/slipway.yml": `${LETS}${auto}` })
  stage.github.intercept(({ method, path }) =>
    method === "POST" && path === "/repos/acme/api/git/refs"
      ? { status: 422, body: { message: "Repository rule violations found" } }
      : undefined,
  )
  for (const place of [api, stage, docs]) await place.merge("ben", `feat: autumn in ${place.repo}`)
  await goOn()
  expect(Object.keys(tags(stage))).toEqual(["v0.1.0"])
  expect([tags(api), tags(docs)]).toEqual([{}, {}])
  expect(gate(docs.readiness(), "together")).toMatch(
    /⏳.*stopped at acme\/api 0\.1\.0. Once that is published, it goes on/,
  )

  stage.github.intercept(undefined)
  await stage.later(6 * 60_000)
  await goOn()
  for (const place of [api, docs]) expect(Object.keys(tags(place))).toEqual(["v0.1.0"])
  expect((await audited("shop")).filter((what) => what.startsWith("row"))).toEqual([
    "row begun",
    "row stopped",
    "row goes on",
    "row out",
  ])
  expect((await audited("docs")).filter((what) => what === "publishing")).toHaveLength(1)
})

test("a feature of another repository's plan holds up who needs it until it is out, at no request", async () => {
  stage = await setStage({ slack: false })
  const api = await stage.build("api")
  const inv = `release: { version: 0.1.0 }\n${NO_TESTS}features: [{ id: INV-7, status: ready }]\n`
  await api.push("ana", "chore: plan", { "release-plan.yml": inv })
  const { sha: apiSha } = await api.merge("ben", "feat: invoices")
  const feature = 'features: [{ id: PAY, status: ready, dependencies: ["acme/api#INV-7", "acme/api#INV-8"] }]\n'
  const planned = `release: { version: 0.1.0 }\n${NO_TESTS}${feature}`
  await stage.push("ana", "chore: plan", { "release-plan.yml": planned })
  const { sha } = await stage.merge("ben", "feat: pay by invoice")
  await goOn()
  expect(gate(stage.readiness(sha), "dependencies")).toMatch(/INV-8, which is in no plan of acme\/api/)
  await stage.push("ana", "chore: plan", { "release-plan.yml": planned.replace(', "acme/api#INV-8"', "") })
  await goOn()
  expect(gate(stage.readiness(), "dependencies")).toMatch(
    /⏳.*INV-7, which is ready, but not out: release acme\/api 0\.1\.0 first/,
  )
  await api.press("approve", "cleo", apiSha)
  stage.github.resetRequests()
  await api.press("publish", "cleo", apiSha)
  await goOn()
  expect(gate(stage.readiness(), "dependencies")).toMatch(/✅/)
  const reads = stage.github.requests.filter(({ method, path }) => method === "GET" && path.includes("/shop/"))
  expect(reads).toEqual([])
})
