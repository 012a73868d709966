import { afterEach, expect, test } from "vitest"
import { componentWarnings } from "../../src/decide/component-warnings.ts"
import type { Commit } from "../../src/model/change.ts"
import { withFiles } from "../../src/observe/commit-files.ts"
import { createReader } from "../../src/observe/reader.ts"
import { look, startStage } from "./stage.ts"

/** Which component a commit belongs to, where no webhook told what it touched. */
let stage: Awaited<ReturnType<typeof startStage>>
afterEach(async () => {
  stage.github.intercept(undefined)
  expect(stage.github.problems).toEqual([])
  await stage.close()
})

const REPO = "acme/shop"
const CONFIG = "components: { api: { path: services/api/** }, web: { path: services/web } }\n"
const FILES = { ".github/slipway.yml": CONFIG, "package.json": '{ "workspaces": ["packages/*"] }' }

type Landed = readonly { readonly message: string; readonly files: { readonly [path: string]: string } }[]

/** A repository whose components were released at its first commit; what landed since nobody told of. */
async function begin(landed: Landed): Promise<void> {
  stage = await startStage(FILES)
  const sha = stage.github.world()[REPO]?.branches.main ?? ""
  for (const name of ["api-v1.0.0", "web-v1.0.0"]) await stage.github.createTag({ repo: REPO, by: "lea", name, sha })
  await stage.github.pushCommits({ repo: REPO, by: "lea", commits: [...landed] })
}

const drafted = () =>
  Object.fromEntries(stage.state.releases.map(({ component, next }) => [component, next.because.map((r) => r.subject)]))

const ofCommit = (requests: readonly string[]) =>
  requests.filter((one) => /^GET commits\/[0-9a-f]{40}(\?page=\d+)?$/.test(one))
const ofFolder = (requests: readonly string[]) =>
  requests.flatMap((one) =>
    one.startsWith("GET commits?") ? (new URLSearchParams(one.split("?")[1]).get("path") ?? []) : [],
  )

const many: Landed = Array.from({ length: 40 }, (_, at) => ({
  message: `fix: number ${at}`,
  files: { [at % 20 === 7 ? "services/api/n.txt" : at === 30 ? "services/web/n.txt" : "docs/n.txt"]: String(at) },
}))

test("up to 30 commits are asked one by one, more of them by folder, and what each touched is the same", async () => {
  await begin(many.slice(0, 29))
  const few = await stage.run([look])
  expect(ofCommit(few.requests)).toHaveLength(29)
  expect(drafted()).toEqual({ api: ["fix: number 7", "fix: number 27"] })
  await stage.close()

  await begin(many)
  const { facts, requests } = await stage.run([look])
  expect(facts.unknown).toEqual([])
  expect(ofCommit(requests)).toEqual([])
  expect(ofFolder(requests).sort()).toEqual([
    ".github/release-plan.yml",
    ".github/slipway.yml",
    "release-plan.yml",
    "release-plans",
    "services/api",
    "services/web",
  ])
  expect(drafted()).toEqual({ api: ["fix: number 7", "fix: number 27"], web: ["fix: number 30"] })
}, 20_000)

test("a folder that cannot be read is said: nothing is guessed, and it is read when it can be", async () => {
  await begin(many)
  stage.github.intercept(({ path, query }) =>
    path.endsWith("/commits") && query.get("path") === "services/web"
      ? { status: 403, body: { message: "Resource not accessible by integration" } }
      : undefined,
  )
  const { facts } = await stage.run([look])
  const because = expect.stringMatching(
    /^the commits that touched `services\/web` could not be read: GitHub refused it/,
  )
  expect(facts.unknown).toContainEqual({ what: "history:main", because })
  expect(stage.state.releases).toEqual([])
  stage.github.intercept(undefined)
  await stage.run([look])
  expect(drafted()).toEqual({ api: ["fix: number 7", "fix: number 27"], web: ["fix: number 30"] })
}, 20_000)

const folderOf = (name: string, count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, at) => [`${name}/${String(at).padStart(4, "0")}.txt`, ""]))

test("a commit of several pages belongs to what is on its last one", async () => {
  await begin([{ message: "feat: images", files: { ...folderOf("docs", 301), "services/web/last.txt": "" } }])
  const { requests } = await stage.run([look])
  expect(ofCommit(requests).map((one) => one.split("?")[1])).toEqual(["page=1", "page=2"])
  expect(drafted()).toEqual({ web: ["feat: images"] })
}, 20_000)

test("a commit with more files than GitHub lists counts for every component, and that is said", async () => {
  await begin([{ message: "feat: move all", files: folderOf("docs", 3_001) }])
  await stage.run([look])
  expect(drafted()).toEqual({ api: ["feat: move all"], web: ["feat: move all"] })
  const line = stage.state.lines.main
  const [release] = stage.state.releases
  expect(line && componentWarnings(line, release)).toEqual([
    expect.stringMatching(/^What [0-9a-f]{7} touched is not known .* so it counts for every component\.$/),
  ])
}, 60_000)

test("patterns that are no folders are not asked for without end", async () => {
  stage = await startStage()
  const reader = createReader(await stage.client.for(stage.repo), stage.repo, new AbortController().signal)
  const commits = Array.from({ length: 1_001 }, (_, at): Commit => {
    const sha = at.toString(16).padStart(40, "0")
    return { sha, message: "fix: a", authorName: "Ann", at: "2026-11-02T09:00:00Z", landing: sha }
  })
  stage.github.resetRequests()
  expect(await withFiles(reader, "main", commits, ["*.md"])).toEqual({
    is: "unknown",
    because: expect.stringMatching(/^which paths 1001 commits touched cannot be asked for; use patterns of folders/),
  })
  expect(stage.github.requests).toEqual([])
})

test("a list of files that GitHub cut short is no workspace", async () => {
  stage = await startStage({
    ...FILES,
    ".github/slipway.yml": "workspaces: true\n",
    "packages/a/package.json": '{ "name": "a" }',
  })
  stage.github.intercept(({ operationId }) =>
    operationId === "git/get-tree"
      ? { status: 200, body: { sha: "0".repeat(40), tree: [], truncated: true } }
      : undefined,
  )
  const { facts } = await stage.run([look])
  const because = "the workspace could not be read: GitHub's list of its files is cut short"
  expect(facts.unknown).toContainEqual({ what: "workspace:main", because })
  expect(stage.state.lines.main?.broken).toBe(because)
  expect(stage.state.releases).toEqual([])
  stage.github.intercept(undefined)
  await stage.run([look])
  expect(stage.state.lines.main?.broken).toBeUndefined()
  expect(stage.state.lines.main?.workspace?.packages.map(({ name }) => name)).toEqual(["a"])
})
