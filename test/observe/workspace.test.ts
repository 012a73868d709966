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

const dependsOn = (name: string) => line()?.workspace?.packages.find((one) => one.name === name)?.dependsOn
const names = () => line()?.workspace?.packages.map(({ name }) => name)
const manifest = (folder: string) => `GET contents/packages%2F${folder}%2Fpackage.json?ref=${line()?.ledger?.head}`
const withDependencies = (name: string, ...needs: readonly string[]) =>
  json({ name, dependencies: Object.fromEntries(needs.map((one) => [one, "*"])) })

test("a merge costs one reading for each manifest that it touched, and nothing else of the workspace", async () => {
  stage = await startStage(WORKSPACE)
  await stage.run([look])
  stage.heard()
  const rows: [string, { readonly [path: string]: string | null }, readonly string[], () => void][] = [
    ["no manifest", { "packages/core/a.txt": "a" }, [], () => expect(names()).toEqual(["@acme/core", "@acme/shop"])],
    [
      "two",
      {
        "packages/core/package.json": json({ name: "@acme/core", version: "1.1.0" }),
        "packages/shop/package.json": withDependencies("@acme/shop", "@acme/core", "@acme/cart"),
      },
      ["core", "shop"],
      () => expect(dependsOn("@acme/shop")).toEqual(["@acme/core"]),
    ],
    [
      "one that is none of the workspace",
      { "tools/x/package.json": json({ name: "x" }) },
      [],
      () => expect(names()).toHaveLength(2),
    ],
    [
      "a new one, and so the one that needed it already",
      { "packages/cart/package.json": withDependencies("@acme/cart", "@acme/core") },
      ["cart", "shop"],
      () => expect(dependsOn("@acme/shop")).toEqual(["@acme/cart", "@acme/core"]),
    ],
    [
      "one that is gone",
      { "packages/core/package.json": null },
      ["core"],
      () => expect([names(), dependsOn("@acme/shop")]).toEqual([["@acme/cart", "@acme/shop"], ["@acme/cart"]]),
    ],
  ]
  for (const [what, files, read, expected] of rows) {
    const { facts, requests } = await push(`feat: ${what}`, files)
    expect(facts.unknown, what).toEqual([])
    // Other components than before: history is divided anew, which reads everything else.
    const isDivided = requests.some((one) => one.startsWith("GET tags?"))
    const counted = requests.filter((one) => !isDivided || one.includes("packages%2F"))
    expect(counted, what).toEqual(read.map(manifest))
    expected()
  }
})

test("the root's manifest alone is read where it still names the same folders", async () => {
  stage = await startStage(WORKSPACE)
  await stage.run([look])
  stage.heard()
  const root = { private: true, workspaces: ["packages/*"] }
  const { requests } = await push("chore: a tool", { "package.json": json({ ...root, devDependencies: { x: "1" } }) })
  expect(requests).toEqual([`GET contents/package.json?ref=${line()?.ledger?.head}`])
  expect(names()).toEqual(["@acme/core", "@acme/shop"])

  await push("chore: tools", {
    "package.json": json({ ...root, workspaces: ["packages/core", "tools/*"] }),
    "tools/x/package.json": withDependencies("x", "@acme/core"),
  })
  expect(names()).toEqual(["@acme/core", "x"])
  expect(dependsOn("x")).toEqual(["@acme/core"])
})
