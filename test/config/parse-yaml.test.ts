import { expect, test } from "vitest"
import { parseYaml } from "../../src/config/parse-yaml.ts"

const problemOf = (text: string) => {
  const parsed = parseYaml(text)
  return parsed.ok ? "no problem" : `${parsed.problem.line}:${parsed.problem.column} ${parsed.problem.message}`
}

test.each([
  ["a tab", "a:\n\tb: 1", "2:1 a tab stands in the indentation; YAML allows only spaces there"],
  ["a repeated key", "a: 1\nb:\n  c: 1\n  d: 1\n  c: 2", "5:3 the key `c` stands here twice; remove one of them"],
  ["a repeated key in other quotes", "a: 1\n'a': 2", "2:1 the key `a` stands here twice; remove one of them"],
  ["an unknown alias", "a: 1\nb: *x", "2:4 the alias `*x` has no anchor before it"],
  ["an alias inside its target", "a: &a\n  - *a", "2:5 the alias `*a` stands inside of what it stands for"],
  ["a second document", "a: 1\n---\nb: 2", "2:1 a second document begins here; the file must hold one"],
  [
    "a second document after a first marker",
    "---\na: 1\n---\n",
    "3:1 a second document begins here; the file must hold one",
  ],
  ["a second document after an end", "a: 1\n...\nb: 1", "2:1 a second document begins here; the file must hold one"],
  ["a tag", "a: !!js/function x", "1:4 tags such as `!!js/function` are not allowed; leave it out"],
  ["a tag on a mapping", "a: !!set {x, y}", "1:4 tags such as `!!set` are not allowed; leave it out"],
  ["a merge key", "a: &a {x: 1}\nb:\n  <<: *a", "3:3 merge keys (`<<`) are not supported; write the keys out"],
  ["a key into the prototype", "a:\n  __proto__: {x: 1}", "2:3 the key `__proto__` is not allowed"],
  ["a list as a key", "? [a]\n: b", "1:3 a key must be a text"],
  [
    "no end of a list",
    "a: [1,\nb: 2",
    "2:1 a bracket or quote is not closed before this line, or the line is indented too little",
  ],
  ["no end of a text", "a: 'x\n", "2:1 a bracket or quote is not closed before this line"],
  ["too deep", `a: ${"[".repeat(40)}`, "1:33 the file is nested more than 30 deep"],
  ["a tab in a tag", "!<\t>", "1:5 the file is not valid YAML: tag name cannot contain such characters:"],
  ["an escaped null byte", 'a: 1\nb: "x\\0"', "2:4 a text holds NUL or half of a character"],
  ["half of a character", 'a: ["\\ud800b"]', "1:5 a text holds NUL or half of a character"],
  ["both halves", 'a: "\\ud83d\\ude00"', "no problem"],
  ["a null byte", "a: \0", "1:4 the file is not valid YAML: null byte"],
])("%s", (_, text, problem) => expect(problemOf(text)).toContain(problem))

test("a file of more than 256 KB is not read", () => {
  expect(problemOf("#".repeat(256 * 1024))).toBe("no problem")
  expect(problemOf(`#${"#".repeat(256 * 1024)}`)).toBe("1:1 the file is larger than 256 KB; nothing in it was read")
  expect(problemOf("é".repeat(150_000))).toBe("1:1 the file is larger than 256 KB; nothing in it was read")
})

test("values are those of YAML 1.2's core schema", () => {
  const text = "{a: no, b: 2026-11-30, c: 0x10, d: 1e3, e: ~, f: '1', g: !!str 1, h: on, i: 012, j: true}"
  const parsed = parseYaml(text)
  expect(parsed.ok && parsed.document.value).toEqual({
    a: "no",
    b: "2026-11-30",
    c: 16,
    d: 1000,
    e: null,
    f: "1",
    g: "1",
    h: "on",
    i: 12,
    j: true,
  })
})

const TEXT = `# a comment
release:
  name: "Spring \\
    release"
  notes: |
    one
    two

features:
  - id: A
    needs: [B, C]   # why
  - &b {id: B}
copy: *b
empty:
`

test.each([
  ["a key's value", ["features", 0, "id"], "value", [10, 9, 10]],
  ["a key", ["features", 0, "needs"], "key", [11, 5, 11]],
  ["an item of a flow list", ["features", 0, "needs", 1], "value", [11, 16, 11]],
  ["a mapping with all that is in it", ["features", 0], "value", [10, 5, 11]],
  ["a quoted text over two lines", ["release", "name"], "value", [3, 9, 4]],
  ["a block text without its trailing lines", ["release", "notes"], "value", [6, 1, 7]],
  ["an alias, where it stands", ["copy"], "value", [13, 7, 13]],
  ["inside of an alias, where its target stands", ["copy", "id"], "value", [12, 13, 12]],
  ["an empty value, at its key", ["empty"], "value", [14, 1, 14]],
  ["a missing key, at its mapping's key", ["release", "version"], "value", [2, 1, 2]],
  ["a missing key of a list's item, at the item", ["features", 0, "name"], "value", [10, 5, 10]],
  ["a missing key of the whole, at its start", ["timeline"], "value", [2, 1, 2]],
] as const)("the place of %s", (_, path, part, [line, column, endLine]) => {
  const parsed = parseYaml(TEXT)
  expect(parsed.ok && parsed.document.place(path, part)).toEqual({ line, column, endLine })
})

test("lines end as YAML's do", () => {
  const parsed = parseYaml("a: 1\r\nb: 2\rc: 3\nd: 4")
  expect(parsed.ok && parsed.document.place(["d"], "value")).toEqual({ line: 4, column: 4, endLine: 4 })
})
