import { describe, expect, test } from "vitest"
import { ownersOf, parseCodeowners } from "../../src/model/codeowners.ts"
import { merged, partsBy } from "../../src/model/owned.ts"

const owns = (pattern: string, path: string): boolean =>
  ownersOf(parseCodeowners(`${pattern} @ana`, "CODEOWNERS"), path) !== undefined

/** Those of GitHub's own page, and of gitignore's manual where that leaves something open. */
test.each<[string, readonly string[], readonly string[]]>([
  ["*", ["a", "a/b/c.js"], []],
  ["*.js", ["a.js", "x/y/b.js"], ["a.jsx", "js"]],
  ["/build/logs/", ["build/logs/a", "build/logs/x/y"], ["x/build/logs/a", "build/logs"]],
  ["docs/*", ["docs/getting-started.md"], ["docs/build-app/troubleshooting.md", "x/docs/a.md"]],
  ["apps/", ["apps/a", "x/apps/y/z"], ["apps", "myapps/a"]],
  ["/docs/", ["docs/a", "docs/b/c"], ["x/docs/a"]],
  ["/scripts/", ["scripts/a.sh"], ["scripts.sh"]],
  ["**/logs", ["logs", "build/logs/a", "deeply/nested/logs"], ["logs.txt", "x/mylogs"]],
  ["/apps/github", ["apps/github", "apps/github/x/y"], ["apps/githubber", "x/apps/github"]],
  ["/apps/*/test", ["apps/a/test", "apps/b/test/c.ts"], ["apps/test", "apps/a/b/test"]],
  ["a/**/b", ["a/b", "a/x/b", "a/x/y/b/c"], ["a/xb", "b"]],
  ["abc/**", ["abc/x", "abc/x/y"], ["abc", "x/abc/y"]],
  ["/*", ["README.md"], ["src/a.ts"]],
  ["file?.txt", ["file1.txt", "x/filea.txt"], ["file.txt", "file10.txt"]],
  ["src/", ["src/a"], ["Src/a"]],
  ["a\\ b.txt", ["a b.txt"], ["a", "b.txt"]],
])("%s owns %j, and not %j", (pattern, mine, others) => {
  expect(mine.filter((path) => !owns(pattern, path))).toEqual([])
  expect(others.filter((path) => owns(pattern, path))).toEqual([])
})

const file = (...lines: readonly string[]) => parseCodeowners(lines.join("\n"), ".github/CODEOWNERS")

describe("lines", () => {
  test("the last one that matches counts, also where it names nobody", () => {
    const it = file(
      "* @ana",
      "",
      "# a comment",
      "/apps/ @acme/apps @ben # and another",
      "/apps/open",
      "*.md docs@example.com",
    )
    expect(it.problems).toEqual([])
    expect(ownersOf(it, "a.ts")).toMatchObject({ line: 1, owners: ["@ana"] })
    expect(ownersOf(it, "apps/a.ts")).toMatchObject({ line: 4, owners: ["@acme/apps", "@ben"] })
    expect(ownersOf(it, "apps/open/a.ts")).toMatchObject({ line: 5, owners: [] })
    expect(ownersOf(it, "apps/a.md")).toMatchObject({ owners: [], addresses: ["docs@example.com"] })
  })

  test.each<[string, string]>([
    ["!src/ @ana", "cannot begin with `!`"],
    ["[a-z].ts @ana", "cannot have `[` or `]`"],
    ["\\#a @ana", "cannot have `\\`"],
    ["src/ ana", "`ana` is no owner"],
    ["src/ @ana @acme/", "`@acme/` is no owner"],
    ["src/ @-x", "`@-x` is no owner"],
  ])("%s is a mistake, with its line", (line, message) => {
    expect(file("* @ana", line)).toMatchObject({
      lines: [{ line: 1 }],
      problems: [{ file: ".github/CODEOWNERS", line: 2, message: expect.stringContaining(message) }],
    })
  })

  test("a file of more lines than are looked at is a mistake", () => {
    expect(parseCodeowners("a @ana\n".repeat(20_001), "CODEOWNERS")).toMatchObject({ lines: [], problems: [{}] })
  })
})

describe("parts", () => {
  const it = file("* @ana", "/a/ @acme/a @Ben", "/b/ @ben @acme/A", "/c/", "/d/ d@example.com")

  test("each set of owners once, whatever their order", () => {
    expect(partsBy(it, ["x", "a/1", "b/1", "c/1", "c/2"])).toEqual({
      is: "parts",
      parts: [
        { owners: ["@ana"], path: "x" },
        { owners: ["@acme/a", "@Ben"], path: "a/1" },
        { owners: [], path: "c/1" },
      ],
    })
    expect(
      merged([
        { owners: ["@b", "@a"], path: "1" },
        { owners: ["@A", "@b"], path: "2" },
      ]),
    ).toHaveLength(1)
  })

  test("of whom nobody is known on GitHub nobody can be asked", () => {
    expect(partsBy(it, ["x", "d/1"])).toEqual({ is: "nobody", path: "d/1", line: 5, addresses: ["d@example.com"] })
  })

  test("where not all paths are known everybody who owns anything is asked", () => {
    const known = file("* @ana", "/a/ @ben")
    expect(partsBy(known, null)).toMatchObject({ parts: [{ owners: [] }, { owners: ["@ana"] }, { owners: ["@ben"] }] })
  })
})
