import { afterEach, expect, test } from "vitest"
import { look, startStage } from "./stage.ts"

const REPO = "acme/shop"
const LOW = 'risk: { low: [{ paths: "docs/**" }] }\n'

let stage: Awaited<ReturnType<typeof startStage>>
afterEach(async () => {
  expect(stage.github.problems).toEqual([])
  await stage.close()
})

/** Version 1.0.0 is out; what lands from now on is the next release. */
async function start(config?: string): Promise<void> {
  stage = await startStage({ "README.md": "shop", ...(config ? { ".github/slipway.yml": config } : {}) })
  const sha = await stage.github.pushCommit({ repo: REPO, by: "lea", message: "chore: base", files: { a: "a" } })
  await stage.github.createTag({ repo: REPO, by: "lea", name: "v1.0.0", sha })
  await stage.run([look])
  stage.heard()
}

type Files = Parameters<typeof stage.github.pushCommit>[0]["files"]

async function open(files: Files, title = "feat: a") {
  const { number } = await stage.github.openPullRequest({
    repo: REPO,
    by: "ben",
    title,
    commits: [{ message: title, files }],
  })
  return number
}

const merge = (number: number, method: "squash" | "merge" | "rebase" = "squash") =>
  stage.github.mergePullRequest({ repo: REPO, number, by: "lea", method })

async function press() {
  await stage.run(stage.heard())
  return stage.run([stage.click("approve", stage.person("lea"))])
}

test("what a change brought is compared commit to commit, and read once", async () => {
  await start()
  const sql = "CREATE TABLE a (b int);\nALTER TABLE users\n  DROP COLUMN name;\n"
  const number = await open({ "db/migrate/1.sql": sql, "src/a.ts": "a", "db/migrate/1.down.sql": "DROP TABLE a;" })
  const { sha } = await merge(number)
  const { facts, requests } = await press()
  expect(facts.learned.brought?.[`#${number}`]).toEqual({
    from: expect.stringMatching(/^[0-9a-f]{40}$/),
    to: sha,
    paths: ["db/migrate/1.down.sql", "db/migrate/1.sql", "src/a.ts"],
    lines: 5,
    statements: [{ file: "db/migrate/1.sql", is: "drop", text: "ALTER TABLE users DROP COLUMN name" }],
    unshown: [],
  })
  expect(requests.filter((r) => r.includes("/reviews"))).toEqual([])
  const again = await stage.run([stage.click("approve", stage.person("lea"))])
  expect(again.requests.filter((r) => r.includes("compare"))).toEqual([])
})

test.each(["squash", "merge", "rebase"] as const)("a %s brought what its pull request showed", async (method) => {
  await start(LOW)
  await stage.github.pushCommit({ repo: REPO, by: "lea", message: "feat: other", files: { "b.ts": "b" } })
  const number = await open({ "docs/a.md": "a" })
  await stage.github.pushCommit({ repo: REPO, by: "lea", message: "feat: later", files: { "c.ts": "c" } })
  await stage.github.reviewPullRequest({ repo: REPO, number, by: "lea", event: "APPROVE" })
  await merge(number, method)
  const { facts } = await press()
  expect(facts.unknown).toEqual([])
  expect(facts.learned.brought?.[`#${number}`]?.paths).toEqual(["docs/a.md"])
  expect(facts.learned.authorship?.[`#${number}`]?.asShown).toBe(true)
  expect(facts.learned.reviews?.[`#${number}`]).toEqual({ approved: [stage.person("lea")], refused: [] })
})

test("a merge that somebody made by hand is not what was reviewed", async () => {
  await start(LOW)
  const number = await open({ "docs/a.md": "a" })
  const { sha } = await merge(number)
  await stage.run(stage.heard())
  // What a person pushed has not GitHub's signature.
  const unsigned = stage.state.lines.main?.ledger?.commits.map((one) =>
    one.sha === sha
      ? { ...one, committer: "lea", verified: false, parents: ["0".repeat(40)], message: "by hand" }
      : one,
  )
  const { main } = stage.state.lines
  if (!main?.ledger || !unsigned) throw new Error("there is no ledger")
  const ledger = { ...main.ledger, commits: unsigned }
  stage.state = { ...stage.state, lines: { main: { ...main, ledger } } }
  const { facts } = await stage.run([stage.click("approve", stage.person("lea"))])
  expect(facts.learned.authorship?.[`#${number}`]).toBeDefined()
  expect(facts.learned.authorship?.[`#${number}`]?.asShown).toBeUndefined()
})

test.each<[string, (number: number) => Promise<void>, readonly string[], readonly string[]]>([
  ["nobody", async () => {}, [], []],
  [
    "an approval of somebody who was suspended then",
    async (n) => {
      await review(n, "APPROVE")
      stage.github.suspendUser("lea")
    },
    [],
    [],
  ],
  ["a comment", (number) => review(number, "COMMENT"), [], []],
  ["an approval, and a comment after it", (n) => review(n, "APPROVE", "COMMENT"), ["lea"], []],
  ["changes asked for after an approval", (n) => review(n, "APPROVE", "REQUEST_CHANGES"), [], ["lea"]],
  [
    "an approval of what was there before",
    async (n) => {
      await review(n, "APPROVE")
      await stage.github.pushToPullRequest({
        repo: REPO,
        number: n,
        by: "ben",
        commits: [{ message: "docs: more", files: { "docs/b.md": "b" } }],
      })
    },
    [],
    [],
  ],
])("reviews: %s", async (_, prepare, approved, refused) => {
  await start(LOW)
  const number = await open({ "docs/a.md": "a" })
  await prepare(number)
  await merge(number)
  const { facts } = await press()
  const logins = (people: readonly { login: string }[] = []) => people.map(({ login }) => login)
  const reviews = facts.learned.reviews?.[`#${number}`]
  expect([logins(reviews?.approved), logins(reviews?.refused)]).toEqual([approved, refused])
})

async function review(number: number, ...events: readonly ("APPROVE" | "REQUEST_CHANGES" | "COMMENT")[]) {
  for (const event of events) await stage.github.reviewPullRequest({ repo: REPO, number, by: "lea", event })
}

test("the account of who reviewed several changes is asked for once, and what cannot be read is unknown", async () => {
  await start(LOW)
  const numbers = [await open({ "docs/a.md": "a" }), await open({ "docs/b.md": "b" })]
  for (const number of numbers) {
    await review(number, "APPROVE")
    await merge(number)
  }
  await stage.run(stage.heard())
  const pressed = await stage.run([stage.click("approve", stage.person("ben"))])
  expect(pressed.requests.filter((request) => request === "GET /users/lea")).toHaveLength(1)
  expect(Object.keys(pressed.facts.learned.reviews ?? {})).toHaveLength(2)
  const refusal = { status: 403, body: { message: "Resource not accessible by integration" } }
  stage.github.intercept(({ path }) => (path === "/users/lea" ? refusal : undefined))
  const { facts } = await stage.run([stage.click("approve", stage.person("ben"))])
  stage.github.intercept(undefined)
  expect(facts.unknown.filter(({ what }) => what.startsWith("reviews:"))).toHaveLength(2)
})

test("of what is of high risk anyway no reviews are read, and none for a merge", async () => {
  await start(LOW)
  const number = await open({ "docs/a.md": "a", ".github/workflows/ci.yml": "on: push\njobs: {}\n" })
  await merge(number)
  const heard = await stage.run(stage.heard())
  expect(heard.requests.filter((r) => /reviews|compare/.test(r))).toEqual([])
  const { requests } = await press()
  expect(requests.filter((r) => r.includes("/reviews"))).toEqual([])
})

test("more files than are looked at are no list of files", async () => {
  await start(LOW)
  const number = await open(Object.fromEntries(Array.from({ length: 101 }, (_, at) => [`docs/${at}.md`, "a"])))
  await merge(number)
  const { facts } = await press()
  expect(facts.learned.brought?.[`#${number}`]?.paths).toBeNull()
})
