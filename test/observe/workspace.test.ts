import { afterEach, expect, test } from "vitest"
import { look, startStage } from "./stage.ts"

let stage: Awaited<ReturnType<typeof startStage>>
afterEach(async () => {
  expect(stage.github.problems).toEqual([])
  await stage.close()
})

const REPO = "acme/shop"
const CONFIG = ".github/slipway.yml"
const json = (value: object) => JSON.stringify(value)

const WORKSPACE = {
  [CONFIG]: "workspaces: true\n",
  "package.json": json({ private: true, workspaces: ["packages/*"] }),
  "packages/core/package.json": json({ name: "@acme/core" }),
  "packages/shop/package.json": json({ name: "@acme/shop", dependencies: { "@acme/core": "*" } }),
}

const push = async (message: string, files: { readonly [path: string]: string | null }) => {
  await stage.github.pushCommit({ repo: REPO, by: "lea", message, files })
  return stage.run(stage.heard())
}

const line = () => stage.state.lines.main
const drafts = () => stage.state.releases.map(({ component, phase }) => `${component} ${phase.is}`).sort()

test.each([
  [
    "a package takes the name of another",
    { "packages/new/package.json": json({ name: "@acme/core" }) },
    { "packages/new/package.json": json({ name: "@acme/new" }) },
    /`packages\/core\/package\.json`, `packages\/new\/package\.json` both name their package `@acme\/core`/,
  ],
  [
    "the configuration gives a component the tags of a package that was read long ago",
    { [CONFIG]: 'workspaces: true\ncomponents: { old: { path: old, tag: "@acme/core@{version}" } }\n' },
    { [CONFIG]: "workspaces: true\ncomponents: { old: { path: old } }\n" },
    /components `old` and `core` have tags that can be taken for each other's/,
  ],
])("%s: it is said, nothing is shared, and it ends with what mends it", async (_, wrong, mended, said) => {
  stage = await startStage(WORKSPACE)
  await stage.run([look])
  stage.heard()
  await push("feat: faster", { "packages/core/a.txt": "a" })
  expect(drafts()).toEqual(["core drafted"])

  const { facts } = await push("feat: more", wrong)
  expect(facts.unknown).toContainEqual({ what: "history:main", because: expect.stringMatching(said) })
  expect(line()?.broken).toMatch(said)
  await push("fix: meanwhile", { "packages/core/b.txt": "b" })
  expect(line()?.broken).toMatch(said)
  expect(drafts()).toEqual(["core drafted"])

  await push("fix: a name of its own", mended)
  expect(line()?.broken).toBeUndefined()
  expect(stage.state.unknown).toEqual([])
  expect(stage.state.releases.find(({ component }) => component === "core")?.next.because).toMatchObject([
    { subject: "feat: faster" },
  ])
})
