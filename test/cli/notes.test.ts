import { expect, test } from "vitest"
import { call, callJson } from "./call.ts"
import { LocalClone } from "./local-clone.ts"

function merged(): LocalClone {
  const clone = new LocalClone()
  clone.commit("feat: a")
  clone.git("tag", "v1.0.0")
  clone.git("remote", "add", "origin", "git@github.com:acme/app.git")
  clone.git("switch", "-q", "-c", "topic")
  clone.commit("feat: one", "fix: two")
  clone.git("switch", "-q", "main")
  clone.git("merge", "-q", "--no-ff", "topic", "-m", "Merge pull request #12 from acme/topic\n\nfeat(api): bring both")
  clone.commit("fix: squash (#13)", "docs: direct")
  return clone
}

test("one line a change, with number, author and compare link", async () => {
  expect((await call(merged().directory, "notes")).out).toBe(`## 1.1.0 (2026-11-01)

### Features

- **api:** bring both (#12) by @lea

### Bug Fixes

- squash (#13) by @lea

<details>
<summary>1 other change</summary>

#### Documentation

- direct by @lea

</details>

**Contributors:** @lea

**Full changelog:** https://github.com/acme/app/compare/v1.0.0...v1.1.0
`)
})

test("--json prints the notes as data", async () => {
  expect(await callJson(merged().directory, "notes")).toMatchObject({
    version: "1.1.0",
    tag: "v1.1.0",
    previous: { version: "1.0.0", tag: "v1.0.0" },
    repository: "acme/app",
    changes: 3,
    contributors: ["lea"],
    sections: [
      { title: "Features", entries: [{ text: "bring both", number: 12 }] },
      { title: "Bug Fixes" },
      { folded: true },
    ],
  })
})

test("where nothing asks for a release, the notes are those of what is there", async () => {
  const clone = new LocalClone()
  clone.commit("feat: a")
  clone.git("tag", "v1.0.0")
  clone.commit("docs: b")
  const { code, out } = await call(clone.directory, "notes")
  expect(code).toBe(0)
  expect(out).toMatch(/^## Unreleased \(2026-11-01\)\n\n### Documentation\n\n- b by @lea\n/)
})

test.each([
  ["git@github.com:acme/app.git", "https://github.com/acme/app/"],
  ["https://github.com/acme/app", "https://github.com/acme/app/"],
  ["https://token@github.com/acme/app.git/", "https://github.com/acme/app/"],
  ["ssh://git@git.acme.example:2222/acme/app.git", "https://git.acme.example/acme/app/"],
])("the remote %s leads to %s", async (url, start) => {
  const clone = new LocalClone()
  clone.commit("feat: a")
  clone.git("tag", "v1.0.0")
  clone.commit("feat: b")
  clone.git("remote", "add", "origin", url)
  const { compareUrl } = await callJson(clone.directory, "notes")
  expect(compareUrl).toBe(`${start}compare/v1.0.0...v1.1.0`)
})

test.each([["../elsewhere"], ["/srv/git/acme/app.git"], ["C:\\git\\app"]])(
  "the remote %s leads nowhere",
  async (url) => {
    const clone = new LocalClone()
    clone.commit("feat: a")
    clone.git("tag", "v1.0.0")
    clone.commit("feat: b")
    clone.git("remote", "add", "origin", url)
    expect(await callJson(clone.directory, "notes")).not.toHaveProperty("compareUrl")
  },
)

test("--all: every release of the history, newest first, what is unreleased before them", async () => {
  const clone = merged()
  clone.git("tag", "v1.1.0")
  clone.commit("fix: later")
  const { out } = await call(clone.directory, "notes", "--all")
  expect(out.match(/^(?:#{2,4} |- ).*$/gm)).toEqual([
    "## 1.1.1 (2026-11-01)",
    "### Bug Fixes",
    "- later by @lea",
    "## 1.1.0 (2026-11-01)",
    "### Features",
    "- **api:** bring both (#12) by @lea",
    "### Bug Fixes",
    "- squash (#13) by @lea",
    "#### Documentation",
    "- direct by @lea",
    "## 1.0.0 (2026-11-01)",
    "### Features",
    "- a by @lea",
  ])
})

test("--all --to stops at a release, and prints one release a line with --json", async () => {
  const clone = merged()
  const { out } = await call(clone.directory, "notes", "--all", "--to", "v1.0.0", "--json")
  expect(
    out
      .split("\n")
      .filter(Boolean)
      .map((line) => JSON.parse(line)),
  ).toMatchObject([{ version: "1.0.0", tag: "v1.0.0", previous: null, changes: 1 }])
})

test("--all is refused together with a range", async () => {
  expect(await call(merged().directory, "notes", "--all", "--from", "v1.0.0")).toMatchObject({ code: 2 })
})
