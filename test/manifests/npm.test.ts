import { expect, test } from "vitest"
import { editManifest, versionIn } from "../../src/manifests/edit-manifest.ts"
import { edited, marked } from "./edit.ts"

test.each([
  ["package.json", '{\n  "name": "app",\n  "version": "«1.2.3»",\n  "dependencies": { "a": "1.2.3" }\n}\n'],
  ["package.json", '{"version":"«1.2.3»"}'],
  ["package.json", '\uFEFF{\r\n\t"version" : "«1.2.3»",\r\n}\r\n'],
  ["packages/api/package.json", '{"nested":{"version":"9.9.9"},"version":"«1.2.3-rc.1+b»"}'],
  ["composer.json", '{\n    "version": "«1.2.3»" // of the package\n}'],
  [
    "package-lock.json",
    '{"version":"«1.2.3»","packages":{"":{"version":"«1.2.3»"},"node_modules/a":{"version":"7.0.0"}}}',
  ],
  ["npm-shrinkwrap.json", '{"version":"«1.2.3»","dependencies":{"a":{"version":"7.0.0"}}}'],
  ["version.txt", "«1.2.3»\n"],
  ["VERSION", "«1.2.3»"],
  ["src/version.txt", "\r\n  v«1.2.3» \r\n\r\n"],
])("%s: only the version's characters change: %j", (path, text) => {
  const file = marked(text)
  expect(versionIn({ path }, file.text)).toEqual({ is: "version", version: file.version })
  expect(edited({ path }, file.text, "2.0.0-rc.1")).toBe(file.with("2.0.0-rc.1"))
  expect(editManifest({ path }, file.with("2.0.0"), "2.0.0")).toEqual({ is: "unchanged" })
})

test("a lock file follows the packages that are named beside it", () => {
  const lock = marked(
    '{"version":"7.0.0","packages":{"":{"version":"7.0.0"},"packages/api":{"version":"«1.2.3»"},"packages/web":{"version":"7.0.0"}}}',
  )
  const beside = [
    { path: "packages/api/package.json", text: "{}" },
    { path: "elsewhere.txt", text: "" },
  ]
  expect(edited({ path: "package-lock.json" }, lock.text, "1.3.0", beside)).toBe(lock.with("1.3.0"))
})

test("a lock file that says two versions says none, and is mended by an edit", () => {
  const lock = '{\n"version": "1.2.3",\n"packages": { "": { "version": "1.2.2" } } }'
  expect(versionIn({ path: "package-lock.json" }, lock)).toEqual({
    is: "none",
    because: "package-lock.json: line 2 says `1.2.3`, but line 3 says `1.2.2`",
  })
  expect(edited({ path: "package-lock.json" }, lock, "1.2.3")).toBe(lock.replace("1.2.2", "1.2.3"))
})

test.each([
  [
    "package.json",
    "{}",
    'package.json: it has no `version`; write the present one into it once, as `"version": "1.2.3"`',
  ],
  ["package.json", "{\n  version: 1}", "package.json:2: this is not valid JSON: invalid symbol"],
  ["package.json", "", "package.json:1: this is not valid JSON: value expected"],
  ["package.json", '{\n"version": 1 }', "package.json:2: `version` is no text; put it in quotes"],
  ["package.json", "[".repeat(100_000), "package.json: the file is nested too deeply to be read"],
  ["package.json", " ".repeat(1024 * 1024 + 1), "package.json: the file is larger than 1 MB; nothing in it was read"],
  ["package-lock.json", "{}", "package-lock.json: it says no version of the package"],
  ["version.txt", " \n\0", "version.txt: the file is empty"],
  ["VERSION", "latest\n", "VERSION:1: it says `latest`, which is no version"],
  ["VERSION", "1.2.3\r1.2.4", "VERSION:2: a second line stands in the file"],
  ["pnpm-lock.yaml", "", "pnpm-lock.yaml: this file says no version of the package"],
  ["setup.py", "", "setup.py: where `setup.py` says its version is not known; say it with a `regex`, a `jsonpath`"],
])("%s with %.20j is refused with its place", (path, text, because) => {
  const refused = { is: "refused", because: expect.stringContaining(because) }
  expect(editManifest({ path }, text, "2.0.0")).toEqual(refused)
  expect(versionIn({ path }, text)).toEqual({ ...refused, is: "none" })
})

test.each(["", "v1.0.0", " 1.0.0", "1.0", '1.0.0"', "1.0.0\n", "=1.0.0", "latest"])(
  "%j is never written, since it is no version",
  (version) => {
    expect(editManifest({ path: "version.txt" }, "1.0.0", version)).toMatchObject({ is: "refused" })
  },
)
