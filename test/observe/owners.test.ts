import { afterEach, expect, test } from "vitest"
import { look, startStage } from "./stage.ts"

const REPO = "acme/shop"
let stage: Awaited<ReturnType<typeof startStage>>
afterEach(async () => {
  expect(stage.github.problems).toEqual([])
  await stage.close()
})

type Files = Parameters<typeof stage.github.pushCommit>[0]["files"]
const push = (files: Files) => stage.github.pushCommit({ repo: REPO, by: "lea", message: "feat: a", files })

/** Version 1.0.0 is out with this CODEOWNERS file; what lands from now on is the next release. */
async function start(files: { readonly [path: string]: string }): Promise<void> {
  stage = await startStage({
    "README.md": "shop",
    ".github/slipway.yml": "approvals: { from: [codeowners] }\n",
    ...files,
  })
  const sha = await stage.github.pushCommit({ repo: REPO, by: "lea", message: "chore: base", files: { base: "" } })
  await stage.github.createTag({ repo: REPO, by: "lea", name: "v1.0.0", sha })
  await stage.run([look])
  stage.heard()
}

const keyOf = (change: string) => `${change}@${stage.state.releases.find(({ phase }) => phase.is !== "published")?.id}`

async function press() {
  await stage.run(stage.heard())
  return stage.run([stage.click("approve", stage.person("lea"))])
}

test("owners are read at a press, by the file of the branch and the one of the release before, and once", async () => {
  await start({ ".github/CODEOWNERS": "* @lea\n/a/ @acme/sre\n", CODEOWNERS: "* @rosa\n" })
  const sha = await push({ "a/1.ts": "1", "b.ts": "2" })
  const { facts, requests } = await press()
  expect(facts.unknown).toEqual([])
  expect(facts.learned.owners).toEqual({
    [keyOf(sha)]: {
      to: sha,
      tip: sha,
      parts: [
        { owners: ["@acme/sre"], path: "a/1.ts" },
        { owners: ["@lea"], path: "b.ts" },
      ],
    },
  })
  expect(facts.learned.standings?.lea?.teams).toEqual({ "acme/sre": false })
  expect(facts.learned.approvers?.teams).toMatchObject({ "acme/sre": [{ login: "ben" }] })
  expect(requests.filter((request) => request.includes("CODEOWNERS"))).toHaveLength(2)
  const again = await stage.run([stage.click("approve", stage.person("ben"))])
  expect(again.requests.filter((request) => request.includes("CODEOWNERS"))).toEqual([])
  expect(stage.state.releases[0]?.approvals.map(({ by }) => by.login)).toContain("ben")
})

test("a merge reads no owners", async () => {
  await start({ CODEOWNERS: "* @lea\n" })
  await push({ "a/1.ts": "1" })
  const { requests } = await stage.run(stage.heard())
  expect(requests).toEqual([])
})

test("where the release changes the file, the owners before are asked as well", async () => {
  await start({ CODEOWNERS: "* @acme/sre\n" })
  const sha = await push({ CODEOWNERS: "* @lea\n" })
  const { facts } = await press()
  expect(facts.learned.owners?.[keyOf(sha)]?.parts.map(({ owners }) => owners)).toEqual([["@lea"], ["@acme/sre"]])
})

test("the file of a pull request that is not merged says nothing", async () => {
  await start({ CODEOWNERS: "* @acme/sre\n" })
  const sha = await push({ "a.ts": "1" })
  const commits = [{ message: "feat: mine", files: { CODEOWNERS: "* @rosa\n" } }]
  await stage.github.openPullRequest({ repo: REPO, by: "ben", title: "feat: mine", commits })
  const { facts } = await press()
  expect(facts.learned.owners?.[keyOf(sha)]?.parts).toEqual([{ owners: ["@acme/sre"], path: "a.ts" }])
})

test.each<[string, string, string]>([
  ["a line that is wrong", "* @lea\n/a/ lea\n", "CODEOWNERS:2: `lea` is no owner"],
  ["an e-mail address alone", "/a/ lea@example.com\n", "CODEOWNERS:1: nobody can be asked for a/1.ts: lea@example.com"],
])("%s makes it unknown; mended, it is known, though the file before is wrong still", async (_, text, because) => {
  await start({ CODEOWNERS: text })
  const sha = await push({ "a/1.ts": "1" })
  const { facts } = await press()
  expect(facts.learned.owners).toBeUndefined()
  expect(facts.unknown).toEqual([{ what: `owners:${keyOf(sha)}`, because: expect.stringContaining(because) }])
  await push({ CODEOWNERS: "* @lea\n" })
  const mended = await press()
  expect(mended.facts.unknown).toEqual([])
  expect(mended.facts.learned.owners?.[keyOf(sha)]?.parts).toMatchObject([{ owners: ["@lea"] }])
})

test("no file at all: nobody owns anything", async () => {
  await start({})
  const sha = await push({ "a.ts": "1" })
  const { facts } = await press()
  expect(facts.learned.owners?.[keyOf(sha)]?.parts).toEqual([{ owners: [], path: "a.ts" }])
})

test("a file above what “contents” tells is read whole, up to 3 MB", async () => {
  await start({ CODEOWNERS: `${`#${" ".repeat(1_000)}\n`.repeat(1_100)}* @acme/sre\n` })
  const sha = await push({ "a.ts": "1" })
  const { facts } = await press()
  expect(facts.learned.owners?.[keyOf(sha)]?.parts).toEqual([{ owners: ["@acme/sre"], path: "a.ts" }])
  stage.heard()
  const next = await push({ CODEOWNERS: `${`#${" ".repeat(1_000)}\n`.repeat(3_200)}* @lea\n` })
  const large = await press()
  expect(large.facts.unknown).toContainEqual({
    what: `owners:${keyOf(next)}`,
    because: expect.stringContaining("3 MB"),
  })
})

const LARGE = `${`#${" ".repeat(1_000)}\n`.repeat(3_200)}* @lea\n`

test.each<[string, string]>([
  ["that is larger than GitHub uses", LARGE],
  ["of too many lines", "# a\n".repeat(20_001)],
])("a file of the release before %s counts as one in which everybody owns everything", async (_, text) => {
  await start({ CODEOWNERS: text })
  const sha = await push({ CODEOWNERS: "/a/ @lea\n/b/ @acme/sre lea@example.com\n/c/ ben@example.com\n", "a/1": "1" })
  const { facts } = await press()
  expect(facts.unknown).toEqual([])
  expect(facts.learned.owners?.[keyOf(sha)]?.parts).toEqual([
    { owners: [], path: "CODEOWNERS" },
    { owners: ["@lea"], path: "a/1" },
    { owners: ["@acme/sre"], path: "/b/" },
  ])
})

test("a file of the release before that cannot be read is unknown", async () => {
  await start({ CODEOWNERS: "* @acme/sre\n" })
  const sha = await push({ CODEOWNERS: "* @lea\n" })
  const refusal = { status: 403, body: { message: "Resource not accessible by integration" } }
  stage.github.intercept(({ path }) =>
    path.includes("CODEOWNERS") && !path.includes(`ref=${sha}`) ? refusal : undefined,
  )
  const { facts } = await press()
  stage.github.intercept(undefined)
  expect(facts.unknown).toContainEqual({ what: `owners:${keyOf(sha)}`, because: expect.stringContaining("CODEOWNERS") })
})

test("who never counted, and may write now, is read again at a press, and nobody else", async () => {
  await start({ CODEOWNERS: "* @lea\n" })
  await push({ "a.ts": "1" })
  await press()
  const { lea } = stage.state.standings
  if (!lea) throw new Error("nothing is known of who pressed")
  const ben = { ...lea, person: stage.person("ben"), belongs: "outside" as const }
  const rosa = { ...ben, person: stage.person("rosa") }
  stage.state = { ...stage.state, standings: { ben, rosa } }
  const { facts } = await press()
  expect(Object.keys(facts.learned.standings ?? {}).sort()).toEqual(["ben", "lea"])
  expect(stage.state.standings.ben?.belongs).toBe("member")
})

test("a tag that was made by hand takes nobody's owners away", async () => {
  await start({ CODEOWNERS: "* @acme/sre\n" })
  const first = await push({ CODEOWNERS: "* @lea\n", "a.ts": "1" })
  await stage.github.createTag({ repo: REPO, by: "lea", name: "v1.0.1", sha: first })
  await stage.run([...stage.heard(), look])
  const sha = await push({ "a.ts": "2" })
  const { facts } = await press()
  expect(facts.learned.owners?.[keyOf(sha)]?.parts.map(({ owners }) => owners)).toEqual([["@lea"], ["@acme/sre"]])
})

test("two components that share a change know its owners each by its own end", async () => {
  stage = await startStage({
    "README.md": "shop",
    CODEOWNERS: "* @ben\n",
    ".github/slipway.yml":
      "components: { api: { path: 'api/**' }, web: { path: 'web/**' } }\napprovals: { from: [codeowners] }\n",
  })
  const base = await stage.github.pushCommit({ repo: REPO, by: "lea", message: "chore: base", files: { base: "" } })
  await stage.github.createTag({ repo: REPO, by: "lea", name: "api-v1.0.0", sha: base })
  await stage.github.createTag({ repo: REPO, by: "lea", name: "web-v1.0.0", sha: base })
  await stage.run([look])
  stage.heard()
  const open = (component: string) =>
    stage.state.releases.find((one) => one.component === component && one.phase.is !== "published")
  const approve = async (component: string) => {
    const { id, shown } = open(component) ?? {}
    const name = `Slipway / readiness (${component})`
    const check = { name, sha: shown?.sha ?? "", externalId: `slipway:${id}:${shown?.hash}` }
    await stage.run([stage.click("approve", stage.person("ben"), check)])
  }
  const shared = await push({ "api/1": "1", "web/1": "1" })
  await stage.run(stage.heard())
  await approve("api")
  const end = await push({ "web/2": "2" })
  await stage.run(stage.heard())
  await approve("web")
  const tips = ["api", "web"].map((name) => stage.state.owners?.[`${shared}@${open(name)?.id}`]?.tip)
  expect(tips).toEqual([shared, end])
})

test("a change that more than a hundred teams own is unknown, and says so", async () => {
  const teams = Array.from({ length: 101 }, (_, at) => `@acme/t${at}`)
  await start({ CODEOWNERS: `* ${teams.slice(1).join(" ")}\n/b/ ${teams[0]}\n` })
  await push({ "a.ts": "1" })
  const few = await press()
  expect(few.facts.unknown.filter(({ what }) => what.startsWith("owners:"))).toEqual([])
  const sha = await push({ "a.ts": "2", "b/1.ts": "1" })
  const many = await press()
  const because = expect.stringContaining("101 teams own what it touches")
  expect(many.facts.unknown).toContainEqual({ what: `owners:${keyOf(sha)}`, because })
})

test("a press of a stranger reads no team that owns what a release touches", async () => {
  await start({ CODEOWNERS: "* @acme/sre\n" })
  await push({ "a.ts": "1" })
  await press()
  expect(stage.state.owners).toBeDefined()
  const { requests } = await stage.run([stage.click("approve", stage.person("stranger"))])
  expect(requests.filter((request) => request.includes("/teams/"))).toEqual([])
})
