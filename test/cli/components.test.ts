import { expect, test } from "vitest"
import { call, callJson } from "./call.ts"
import { LocalClone } from "./local-clone.ts"

function twoComponents(config = "components:\n  api: { path: api }\n  web: { path: web/** }\n"): LocalClone {
  const clone = new LocalClone()
  clone.write(".github/slipway.yml", config)
  clone.git("tag", "api-v1.0.0")
  clone.git("tag", "web-v2.0.0")
  return clone
}

/** A commit of that message which touches these paths. */
function touch(clone: LocalClone, message: string, ...paths: readonly string[]): string {
  for (const path of paths) clone.write(path, `${message}\n`)
  clone.git("reset", "-q", "--soft", `HEAD~${paths.length}`)
  return clone.commit(message)
}

test("next tells each component by what touches it", async () => {
  const clone = twoComponents()
  const both = touch(clone, "fix: both", "api/a", "web/a")
  const api = touch(clone, "feat: api", "api/b")
  touch(clone, "feat!: neither", "README.md")
  expect(await call(clone.directory, "next")).toEqual({
    code: 0,
    err: "",
    out:
      `api  1.1.0  minor, after 1.0.0\n\n1 of 2 changes since 1.0.0 asks for it:\n  ${api.slice(0, 7)}  feat: api\n\n` +
      `web  2.0.1  patch, after 2.0.0\n\n1 of 1 change since 2.0.0 asks for it:\n  ${both.slice(0, 7)}  fix: both\n`,
  })
  expect(await callJson(clone.directory, "next")).toMatchObject({
    components: { api: { current: "1.0.0", next: "1.1.0", bump: "minor" }, web: { next: "2.0.1" } },
  })
  expect(await callJson(clone.directory, "next", "--component", "web")).toEqual({
    current: "2.0.0",
    next: "2.0.1",
    bump: "patch",
    because: [{ sha: both, subject: "fix: both", bump: "patch" }],
  })
})

test("Release-As and a forced bump count for the component that was touched, and for no other", async () => {
  const clone = twoComponents()
  touch(clone, "fix: api\n\nRelease-As: 3.0.0", "api/a")
  touch(clone, "fix: web\n\nslipway: minor", "web/a")
  expect(await callJson(clone.directory, "next")).toMatchObject({
    components: { api: { current: "1.0.0", next: "3.0.0" }, web: { current: "2.0.0", next: "2.1.0" } },
  })
})

test("notes are those of each, with its own tag", async () => {
  const clone = twoComponents()
  touch(clone, "fix: both", "api/a", "web/a")
  touch(clone, "feat: api alone", "api/b")
  const { out } = await call(clone.directory, "notes")
  expect(out).toMatch(/^## api 1\.1\.0.*api alone.*## web 2\.0\.1/s)
  const web = await call(clone.directory, "notes", "--component", "web")
  expect(web.out).toMatch(/^## web 2\.0\.1/)
  expect(web.out).not.toMatch(/api alone/)
})

test("linked ones get one version, and a merge of the main branch brings nothing in", async () => {
  const clone = twoComponents("linked: [api, web]\ncomponents:\n  api: { path: api }\n  web: { path: web/** }\n")
  clone.git("checkout", "-q", "-b", "topic")
  touch(clone, "feat: api", "api/b")
  clone.git("checkout", "-q", "main")
  touch(clone, "docs: a word", "README.md")
  clone.git("checkout", "-q", "topic")
  clone.git("merge", "-q", "--no-ff", "-m", "Merge branch 'main' into topic", "main")
  clone.git("checkout", "-q", "main")
  clone.git("merge", "-q", "--no-ff", "-m", "Merge pull request #7 from acme/topic\n\nfeat: api", "topic")
  expect(await callJson(clone.directory, "next")).toMatchObject({
    components: {
      api: { next: "2.1.0" },
      web: { next: "2.1.0", because: [{ subject: "keeps one version with api" }] },
    },
  })
  const { out } = await call(clone.directory, "next", "--component", "web")
  expect(out).toMatch(
    /^web {2}2\.1\.0 {2}minor, after 2\.0\.0\n\nWhat asks for it:\n {2}[0-9a-f]{7} {2}keeps one version with api\n$/,
  )
})

test("the packages of a workspace, and a dependant of what is out", async () => {
  const clone = new LocalClone()
  clone.write(".github/slipway.yml", "workspaces: true\n")
  clone.write("pnpm-workspace.yaml", "packages: ['packages/*', '!packages/old']\n")
  clone.write("packages/old/package.json", '{ "name": "old" }')
  clone.write("packages/core/package.json", '{ "name": "@acme/core" }')
  clone.write("packages/shop/package.json", '{ "name": "@acme/shop", "dependencies": { "@acme/core": "^1.0.0" } }')
  clone.git("tag", "@acme/core@1.0.0")
  clone.git("tag", "@acme/shop@2.0.0")
  touch(clone, "feat: faster", "packages/core/a")
  clone.git("tag", "@acme/core@1.1.0")
  expect(await callJson(clone.directory, "next")).toMatchObject({
    components: {
      core: { current: "1.1.0", next: null },
      shop: { current: "2.0.0", next: "2.0.1", because: [{ subject: "depends on core 1.1.0" }] },
    },
  })
  expect((await call(clone.directory, "notes", "--component", "shop")).out).toMatch(/depends on core 1\.1\.0/)
})

test.each([
  ["a component that there is not", ["--component", "apy"], /no component `apy`; known are api, web/],
  ["a start for all of them", ["--from", "api-v1.0.0"], /each component begins at its own last release/],
])("%s is refused", async (_, args, said) => {
  const { code, err } = await call(twoComponents().directory, "next", ...args)
  expect(code).toBe(2)
  expect(err).toMatch(said)
})

test("packages that would share their tags are told apart by nobody, and named", async () => {
  const clone = new LocalClone()
  clone.write(".github/slipway.yml", "workspaces: true\n")
  clone.write("package.json", '{ "workspaces": ["packages/*"] }')
  clone.write("packages/core/package.json", '{ "name": "core" }')
  clone.write("packages/copy/package.json", '{ "name": "core" }')
  const { code, err } = await call(clone.directory, "next")
  expect(code).toBe(1)
  expect(err).toMatch(/`packages\/copy\/package\.json`, `packages\/core\/package\.json` both name their package `core`/)
})

test("of many components each begins at its own last tag behind the branch", async () => {
  const names = ["a", "b", "c", "d", "e", "f"]
  const clone = twoComponents(`components:\n${names.map((name) => `  ${name}: { path: ${name} }\n`).join("")}`)
  for (const name of names.slice(1)) clone.git("tag", `${name}-v1.${names.indexOf(name)}.0`)
  clone.git("checkout", "-q", "-b", "other")
  touch(clone, "fix: elsewhere", "b/a")
  clone.git("tag", "b-v7.0.0")
  clone.git("checkout", "-q", "main")
  for (const name of names) touch(clone, `fix: ${name}`, `${name}/a`)
  const { components } = await callJson(clone.directory, "next")
  expect(Object.values(components as object)).toMatchObject([
    { current: null, next: "0.1.0" },
    ...[1, 2, 3, 4, 5].map((minor) => ({ current: `1.${minor}.0`, next: `1.${minor}.1` })),
  ])
})
