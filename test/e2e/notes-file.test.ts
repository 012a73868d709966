import { createHash } from "node:crypto"
import { afterAll, beforeAll, expect, test } from "vitest"
import { gate } from "./support/gates.ts"
import type { Place } from "./support/place.ts"
import { type Stage, setStage } from "./support/stage.ts"

/** Notes that are too long for a release, beside files that a pipeline puts on it; each test is the next step. */
let stage: Stage

const CONFIG = 'approvals: { required: 1 }\nimpact: false\npublish: { assets: [{ name: "*", sha256: required }] }\n'
const PARTS = `impact: false
publish: { changelog: CHANGELOG.md }
components:
  api: { path: "src/**", changelog: src/CHANGES.md }
  web: { path: "src/**", tag: "web-{version}" }
`
const AUTO = "approvals: { required: 0 }\nimpact: false\npublish: { mode: auto }\n"

beforeAll(async () => {
  stage = await setStage({ files: { ".github/slipway.yml": CONFIG }, slack: false })
})
afterAll(() => stage.close())

/** Ten breaking changes in one push, with more to say about them than a release takes. */
async function pushMuch(place: Place): Promise<string> {
  const commits = Array.from({ length: 10 }, (_, at) => ({
    message: `feat!: break ${at}\n\nBREAKING CHANGE: ${"mind this well, ".repeat(980)}`,
    files: { [`src/${at}.txt`]: `${at}\n` },
    author: "ben",
  }))
  const sha = await stage.github.pushCommits({ repo: place.repo, by: "ben", commits })
  await stage.quiet()
  return sha
}

async function filesOn(place: Place) {
  const [owner = "", repo = ""] = place.repo.split("/")
  const id = place.releases()[0]?.id ?? 0
  const { data } = await stage.github.as("ana").rest.repos.listReleaseAssets({ owner, repo, release_id: id })
  return data.map(({ name, size, digest, uploader }) => ({ name, size, digest, by: uploader?.login }))
}

const body = (place: Place) => place.releases()[0]?.body ?? ""
const uploads = () => stage.github.requests.filter((r) => r.operationId === "repos/upload-release-asset").length

test("while the draft follows its branch nothing is uploaded, and a merge costs what it always does", async () => {
  await pushMuch(stage)
  stage.github.resetRequests()
  await stage.merge("ben", "fix: round")
  const asked = stage.github.requests.filter((r) => r.by === "installation").map((r) => r.operationId)
  expect(asked.sort()).toEqual(["checks/create", "repos/update-release"])
  expect(body(stage)).toMatch(/These notes are shortened[^_]*: long texts are cut\./)
  expect(await filesOn(stage)).toEqual([])
})

test("once it is cut the whole notes are with it, and stand for no file that the configuration asks for", async () => {
  const page = await stage.press("approve", "cleo")
  const [file, ...others] = await filesOn(stage)
  expect(others).toEqual([])
  expect(file).toMatchObject({ name: "release-notes.md", by: "slipway[bot]" })
  expect(file?.size).toBeGreaterThan(150_000)
  expect(body(stage)).toMatch(/long texts are cut\. All of them are in `release-notes\.md`, among the files/)
  expect(gate(page, "assets")).toContain("nothing on the draft is named")
})

test("the file stands in nobody's way when what was promised is there and the release goes out", async () => {
  const sha = stage.world().branches.main ?? ""
  const releaseId = stage.releases()[0]?.id ?? 0
  stage.github.uploadAsset({ repo: stage.repo, releaseId, by: "ben", name: "app.tgz", content: "one" })
  await stage.report("package", sha)
  expect(gate(stage.readiness(sha), "assets")).toContain("app.tgz is on the draft")
  const notes = (await filesOn(stage)).find(({ name }) => name === "release-notes.md")
  const page = await stage.press("publish", "ana", sha)
  expect(page).toMatchObject({ conclusion: "success", title: "0.1.0 is published" })
  expect(stage.world().tags).toEqual({ "v0.1.0": sha })
  expect(await filesOn(stage)).toEqual(expect.arrayContaining([notes]))
  const sum = createHash("sha256").update("one").digest("hex")
  expect(body(stage)).toContain(`${sum}  app.tgz`)
  expect(body(stage)).not.toContain("  release-notes.md")
})

test("a release that goes by itself has them as well, uploaded once, beside the audit's file", async () => {
  const place = await stage.build("self", { ".github/slipway.yml": AUTO })
  stage.github.resetRequests()
  const sha = await pushMuch(place)
  await stage.github.reportCheck({ repo: place.repo, sha, name: "ci", status: "completed", conclusion: "success" })
  await stage.quiet()
  expect(place.world().tags).toEqual({ "v0.1.0": sha })
  expect(await filesOn(place)).toMatchObject([
    { name: "release-notes.md", by: "slipway[bot]" },
    { name: "slipway-audit.json", by: "slipway[bot]" },
  ])
  expect(uploads()).toBe(2)
  expect(body(place)).toContain("All of them are in `release-notes.md`")
})

test("a component's notes lead to its own changelog, and to no other", async () => {
  const place = await stage.build("parts", { ".github/slipway.yml": PARTS })
  await pushMuch(place)
  const ends = place
    .releases()
    .map(({ tagName, body }) => [tagName, /long texts are cut\. (.*)_/.exec(body ?? "")?.[1]])
  expect(Object.fromEntries(ends)).toEqual({
    "api-v0.1.0": "All of them are in src/CHANGES.md",
    "web-0.1.0": "`slipway notes` prints all of them",
  })
})
