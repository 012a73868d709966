import fc from "fast-check"
import { expect, test } from "vitest"
import { editManifest, versionIn } from "../../src/manifests/edit-manifest.ts"
import type { Manifest } from "../../src/manifests/manifest.ts"

/** A small file of each kind around a version, with room for a comment where the syntax has one. */
const FILES: readonly (readonly [Manifest, (version: string, comment: string) => string])[] = [
  [{ path: "package.json" }, (version) => `{"name":"a","version":"${version}"}`],
  [{ path: "deno.jsonc" }, (version, comment) => `// ${comment}\n{ "version": "${version}", }`],
  [{ path: "package-lock.json" }, (version) => `{"version":"${version}","packages":{"":{"version":"${version}"}}}`],
  [{ path: "Cargo.toml" }, (version, comment) => `# ${comment}\n[package]\nversion = '${version}' # ${comment}\n`],
  [
    { path: "pom.xml" },
    (version, comment) => `<project><!-- ${comment.replaceAll("-", "")} -->\n<version> ${version} </version></project>`,
  ],
  [{ path: "build.gradle" }, (version, comment) => `// ${comment}\nversion "${version}" // ${comment}\n`],
  [{ path: "gradle.properties" }, (version, comment) => `#${comment}\nversion = ${version}\n`],
  [{ path: "Chart.yaml" }, (version, comment) => `# ${comment}\nversion: ${version} # ${comment}\n`],
  [{ path: "VERSION" }, (version) => `v${version}\n`],
  [
    { path: "a.txt", regex: "^version (\\S+)$" },
    (version, comment) => `# ${comment}\nversion ${version}\n# ${comment}`,
  ],
  [{ path: "a.xml", xpath: "//a[@b='c']/@v" }, (version) => `<r><a b="x" v="0"/><a b="c" v="${version}"/></r>`],
]

const version = fc
  .tuple(fc.nat(300), fc.nat(300), fc.nat(300), fc.constantFrom("", "-rc.1", "-next.12", "-beta", "+build.7"))
  .map(([major, minor, patch, rest]) => `${major}.${minor}.${patch}${rest}`)
/** One line of anything, but for what no syntax allows. */
const comment = fc.string({ unit: "grapheme", maxLength: 30 }).map((it) => it.replaceAll(/[\p{Cc}\u2028\u2029]/gu, ""))

const law = (
  name: string,
  holds: (manifest: Manifest, file: (version: string) => string, from: string, to: string) => void,
) =>
  test.each(FILES)(`${name}: %j`, (manifest, file) => {
    fc.assert(
      fc.property(version, version, comment, fc.boolean(), fc.constantFrom("\n", "\r\n"), (from, to, said, mark, end) =>
        holds(manifest, (it) => `${mark ? "\uFEFF" : ""}${file(it, said).replaceAll("\n", end)}`, from, to),
      ),
      { numRuns: 60 },
    )
  })

law("what is around the version is not touched", (manifest, file, from, to) => {
  expect(editManifest(manifest, file(from), to)).toEqual(
    from === to ? { is: "unchanged" } : { is: "edited", text: file(to), from },
  )
})

law("what was written is what is read, and writing it again changes nothing", (manifest, file, from, to) => {
  const edit = editManifest(manifest, file(from), to)
  const text = edit.is === "edited" ? edit.text : file(from)
  expect(versionIn(manifest, text)).toEqual({ is: "version", version: to })
  expect(editManifest(manifest, text, to)).toEqual({ is: "unchanged" })
})

const OUTCOMES = ["edited", "unchanged", "refused"]
const NAMES = ["package.json", "package-lock.json", "pyproject.toml", "Cargo.toml", "Cargo.lock", "pom.xml", "a.csproj"]
const MANIFESTS: readonly Manifest[] = [
  ...[...NAMES, "build.gradle", "gradle.properties", "Chart.yaml", "VERSION", "unknown"].map((path) => ({ path })),
  { path: "a.txt", regex: "(.*)" },
  { path: "a.json", jsonpath: "$..version" },
  { path: "a.xml", xpath: "//version" },
]

test.each(MANIFESTS)("nothing throws, whatever the text: %j", (manifest) => {
  const piece = fc.constantFrom(
    ..."{}[]<>\"'`$=:/*!-&\\\n\r\t ",
    "version",
    "1.2.3",
    "project",
    "[package]",
    "\0",
    "😀",
    "//",
  )
  const text = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.array(piece).map((all) => all.join("")),
  )
  fc.assert(
    fc.property(text, (it) => {
      expect(OUTCOMES).toContain(editManifest(manifest, it, "1.2.3").is)
    }),
    { numRuns: 200 },
  )
})

/** Texts of nearly a megabyte on which a careless pattern or parser takes minutes; the test's time limit is the judge. */
const BAIT = [
  ["blanks", " ".repeat(1_000_000)],
  ["blanks behind a version", `version = "1.0.0"${" ".repeat(900_000)}x`],
  ["blanks behind the word", `version${" ".repeat(900_000)}x`],
  ["an open text", `"${"\\a".repeat(400_000)}`],
  ["open comments", "/*".repeat(400_000)],
  ["open tags", "<a ".repeat(300_000)],
  ["lines", "version\n".repeat(120_000)],
  ["letters", "a".repeat(1_000_000)],
  ["lists in lists", `${"[".repeat(900)}${"1,".repeat(300_000)}1${"]".repeat(900)}`],
] as const
test.each(BAIT)("time grows with the text alone: %s", (_, text) => {
  const patterns = ["(a*)*b", "(a|a)*(b)", "version( *)*x", "(.*)(.*)(.*)=(.*)", "(?s)([ax]{0,40}[a-z]?)*(1)[yz]"].map(
    (regex) => ({ path: "a", regex }),
  )
  for (const manifest of [...MANIFESTS, ...patterns])
    expect(OUTCOMES).toContain(editManifest(manifest, text, "1.2.3").is)
})
