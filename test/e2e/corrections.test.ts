import { afterAll, beforeAll, expect, test } from "vitest"
import { type Stage, setStage } from "./support/stage.ts"

/** What people put right, take back or state after the merge; each test is the next step of one story. */
let stage: Stage

const CONFIG = "version: { from: [commits, titles, labels] }\n"

beforeAll(async () => {
  stage = await setStage({ slack: false, files: { ".github/slipway.yml": CONFIG } })
  const sha = await stage.push("ana", "chore: begin", { ".gitignore": "dist\n" })
  await stage.github.createTag({ repo: stage.repo, by: "ana", name: "v1.4.1", sha })
  await stage.push("ana", "chore: go on", { ".npmrc": "\n" })
})
afterAll(() => stage.close())

const edit = async (number: number, change: { title?: string; body?: string }) => {
  await stage.github.as("ana").rest.pulls.update({ owner: "acme", repo: "shop", pull_number: number, ...change })
  await stage.quiet()
}
/** What Slipway asks of GitHub meanwhile. */
const asked = async (during: () => Promise<unknown>): Promise<string[]> => {
  stage.github.resetRequests()
  await during()
  return stage.github.requests
    .filter(({ by, path }) => by === "installation" && !path.includes("access_tokens"))
    .map(({ method, path }) => `${method} ${path.replace("/repos/acme/shop/", "").replace(/\d+/g, "N")}`)
}
const draft = () => stage.releases().find((release) => release.draft)
const lines = () => (draft()?.body ?? "").split("\n").filter((line) => line.startsWith("- "))

let first: { number: number; sha: string }

test("an override in the description, written after the merge, wins over the commit", async () => {
  first = await stage.merge("ben", "feat!: change everything")
  expect(draft()?.tagName).toBe("v2.0.0")
  const requests = await asked(() =>
    edit(first.number, { body: "BEGIN_COMMIT_OVERRIDE\nfix: mend a thing\n\ndocs: say it\nEND_COMMIT_OVERRIDE" }),
  )
  expect(requests.toSorted()).toEqual(["PATCH check-runs/N", "PATCH releases/N"])
  expect(draft()?.tagName).toBe("v1.4.2")
  expect(lines()).toEqual(expect.arrayContaining(["- mend a thing (#1) by @ben", "- say it (#1) by @ben"]))
})

test("any other text of the description costs nothing", async () => {
  const body = "As said:\n\nBEGIN_COMMIT_OVERRIDE\nfix: mend a thing\n\ndocs: say it\nEND_COMMIT_OVERRIDE"
  expect(await asked(() => edit(first.number, { body }))).toEqual([])
})

test("taken away again, the commit speaks", async () => {
  await edit(first.number, { body: "" })
  expect(draft()?.tagName).toBe("v2.0.0")
})

test("GitHub's revert button cancels it, and a revert of that brings it back", async () => {
  const revert = await stage.merge("ana", 'Revert "feat!: change everything"', { body: "Reverts acme/shop#1" })
  expect(draft()).toBeUndefined()
  await stage.merge("ben", 'Revert "Revert "feat!: change everything""', { body: `Reverts acme/shop#${revert.number}` })
  expect(draft()?.tagName).toBe("v2.0.0")
  expect(lines().filter((line) => /everything/.test(line))).toHaveLength(1)
})

test("a label after the merge counts, and one that forces a bump is followed, or refused with the reason", async () => {
  const place = await stage.build("labelled", { ".github/slipway.yml": CONFIG })
  const sha = await place.push("ana", "chore: begin", { "a.txt": "a" })
  await stage.github.createTag({ repo: place.repo, by: "ana", name: "v1.4.1", sha })
  const plain = await place.merge("ben", "Tidy up")
  const feature = await place.merge("ben", "feat: pay by invoice")
  const label = async (number: number, ...labels: string[]) => {
    await stage.github
      .as("ana")
      .rest.issues.addLabels({ owner: "acme", repo: "labelled", issue_number: number, labels })
    await stage.quiet()
    return place.releases().find((release) => release.draft)?.tagName
  }
  expect(await label(feature.number, "slipway: skip")).toBeUndefined()
  expect(await label(plain.number, "bug")).toBe("v1.4.2")
  expect(await label(plain.number, "breaking")).toBe("v2.0.0")
  expect(await label(plain.number, "slipway:minor")).toBe("v2.0.0")
  expect(place.readiness(feature.sha).summary).toMatch(/slipway:minor \(#1\).*asks for major/)
})

test("Release-As is followed; one that is lower than what the changes require fails the gate that says why", async () => {
  const low = await stage.push("ben", "fix: x\n\nRelease-As: 1.9.0", { "x.txt": "x" })
  expect(draft()?.tagName).toBe("v2.0.0")
  expect(stage.readiness(low)).toMatchObject({
    summary: expect.stringMatching(/Release-As: 1\.9\.0.*asks for 2\.0\.0/s),
  })
  const high = await stage.push("ben", "fix: y\n\nRelease-As: 3.0.0", { "y.txt": "y" })
  expect(draft()?.tagName).toBe("v3.0.0")
  expect(stage.readiness(high).summary).not.toMatch(/1\.9\.0/)
})
