import { expect, test } from "vitest"
import { call, callJson } from "./call.ts"
import { LocalClone } from "./local-clone.ts"

/** What a clone's plan and GitHub's own file for notes do to version and notes, as they do in the App. */
function withFile(path: string, text: string, version = "1.0.0"): LocalClone {
  const clone = new LocalClone()
  clone.write(path, text)
  clone.git("tag", `v${version}`)
  clone.commit("feat: a", "fix: b")
  return clone
}

test.each([
  ["one that is high enough", "release-plan.yml", "release:\n  version: 2.0.0\n", "2.0.0", ""],
  ["at its other place", ".github/release-plan.yml", "release: { version: 2.0.0 }\n", "2.0.0", ""],
  ["without a version", "release-plan.yml", "release: { name: Autumn }\n", "1.1.0", ""],
  ["one that is out", "release-plan.yml", "release: { version: 1.0.0 }\n", "1.1.0", ""],
  [
    "one that is too low",
    "release-plan.yml",
    "release:\n  version: 1.0.5\n",
    "1.1.0",
    "release-plan.yml:2:12: the plan says 1.0.5, but the changes require 1.1.0: correct “release.version” in the plan\n",
  ],
  [
    "one with a mistake",
    "release-plan.yml",
    "release:\n  version: soon\n",
    "1.1.0",
    /release-plan\.yml is not valid, so no version is taken from it\nrelease-plan\.yml:2:12: release\.version: /,
  ],
])("a plan: %s", async (_, path, text, version, says) => {
  const clone = withFile(path, text)
  expect(await callJson(clone.directory, "next")).toMatchObject({ current: "1.0.0", next: version })
  const { code, err } = await call(clone.directory, "next")
  expect(code).toBe(0)
  if (typeof says === "string") expect(err).toBe(says === "" ? "" : `slipway next: ${says}`)
  else expect(err).toMatch(says)
  expect((await call(clone.directory, "notes")).out).toMatch(new RegExp(`^## ${version.replaceAll(".", "\\.")} `))
})

test("a plan that states what is taken is named by file and line", async () => {
  const clone = withFile("release-plan.yml", "release:\n  version: 1.2.0\n")
  clone.git("switch", "-q", "-c", "other", "v1.0.0")
  clone.commit("feat: elsewhere")
  clone.git("tag", "v1.2.0")
  clone.git("switch", "-q", "main")
  expect((await call(clone.directory, "next")).err).toBe(
    "slipway next: 1.2.0 (release-plan.yml:2:12) cannot be followed: " +
      "1.2.0 is a tag, or another release’s, already; state one that is free\n",
  )
})

test("a plan that names a component states the version of that one", async () => {
  const clone = new LocalClone()
  clone.write(".github/slipway.yml", "components:\n  api: { path: api }\n  web: { path: web }\n")
  for (const tag of ["api-v1.0.0", "web-v1.0.0"]) clone.git("tag", tag)
  clone.write("release-plan.yml", "release: { component: api, version: 3.0.0 }\n")
  for (const [folder, title] of Object.entries({ api: "feat: a", web: "fix: b" })) {
    clone.write(`${folder}/a`, "a")
    clone.git("commit", "-q", "--amend", "-m", title)
  }
  expect(await callJson(clone.directory, "next")).toMatchObject({
    components: { api: { next: "3.0.0" }, web: { next: "1.0.1" } },
  })
  clone.write("release-plan.yml", "release: { component: api, version: 1.0.1 }\n")
  expect((await call(clone.directory, "notes")).err).toBe(
    "slipway notes: api: release-plan.yml:1:37: the plan says 1.0.1, but the changes require 1.1.0: " +
      "correct “release.version” in the plan\n",
  )
})

const GITHUB = ".github/release.yml"

test("GitHub's own file arranges the notes as far as a clone can follow it", async () => {
  const everything = "changelog:\n  categories:\n    - { title: Everything, labels: ['*'] }\n"
  const clone = withFile(GITHUB, everything)
  clone.commit("feat: c (#12)")
  const { out, err } = await call(clone.directory, "notes")
  expect(err).toBe("")
  expect(out).toMatch(/### Everything\n\n- c \(#12\)[\s\S]*### Other Changes\n\n- a/)
  clone.write(".github/slipway.yml", "{}\n")
  expect((await call(clone.directory, "notes")).out).toMatch(/### Features\n\n- a/)
})

test("what goes by labels is said, not guessed; excluded authors are left out all the same", async () => {
  const text = "changelog:\n  exclude: { authors: [lea] }\n  categories:\n    - { title: New, labels: [feature] }\n"
  const clone = withFile(GITHUB, text)
  clone.commit("feat: c (#12)")
  const { out, err } = await call(clone.directory, "notes")
  expect(err).toBe(
    "slipway notes: .github/release.yml goes by labels, which only GitHub knows: " +
      "the draft release is arranged by it, and this is by type\n",
  )
  expect(out).toMatch(/### Features\n\n- a/)
  expect(out).not.toMatch(/#12/)
})

test("a mistake in GitHub's own file is told by line, and holds nothing up", async () => {
  const clone = withFile(GITHUB, "changelog:\n  categories: none\n")
  const { code, out, err } = await call(clone.directory, "notes")
  expect({ code, features: /### Features/.test(out) }).toEqual({ code: 0, features: true })
  expect(err).toMatch(
    /^slipway notes: \.github\/release\.yml is not valid, so notes are arranged by type\n\.github\/release\.yml:2:/,
  )
})
