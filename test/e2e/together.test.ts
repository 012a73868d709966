import { sql } from "kysely"
import { afterEach, expect, test } from "vitest"
import { gate, plainly } from "./support/gates.ts"
import { type Place, placeAt } from "./support/place.ts"
import { type Stage, setStage } from "./support/stage.ts"

/** acme/shop leads: its plan names acme/api and acme/docs, which come out before it, in this order. */
let stage: Stage

afterEach(() => stage.close())

const LETS = "plan: { with: [acme/shop] }\n"
const PLAN = `release: { version: 0.1.0, name: Autumn }
testing: { required: [] }
rollback_plan: { procedure: docs/rollback.md }
repositories:
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
/** What was decided in a repository of acme, in order. */
async function audited(name: string): Promise<readonly string[]> {
  const { rows } = await sql<{ what: string }>`
    select a.entry ->> 'what' as what from slipway.audit a join slipway.keys k using (key)
    where k.repo ->> 'name' = ${name} order by a.seq`.execute(stage.app.store.db)
  return rows.map(({ what }) => what)
}

/** What is asked for in one run is read in the next, a second later: as often as a row has steps. */
const goOn = async (): Promise<void> => {
  for (let steps = 0; steps < 12; steps++) await stage.later(1_100)
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
