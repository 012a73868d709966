import { existsSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { expect, test } from "vitest"
import { readConfig } from "../../../src/config/read-config.ts"
import { call } from "../call.ts"
import { LocalClone, temporaryFolder } from "../local-clone.ts"

const FILE = ".github/slipway.yml"

test("it writes the file, says what became of what, and never writes over one", async () => {
  const clone = new LocalClone()
  clone.write(".github/release-drafter.yml", "tag-template: 'v$RESOLVED_VERSION'\ntemplate: x\n")
  clone.write("docs/a.md", "a\n")
  const { code, out, err } = await call(join(clone.directory, "docs"), "init")
  expect({ code, err }).toEqual({ code: 0, err: "" })
  expect(out).toContain(
    "✓ wrote .github/slipway.yml\n  release-drafter: 1 setting carried over from .github/release-drafter.yml\n",
  )
  expect(out).toContain("1 setting not carried over: the end of the file says which, and why")
  const text = readFileSync(join(clone.directory, FILE), "utf8")
  expect(text).toMatch(/^# yaml-language-server: \$schema=\S+slipway\.schema\.json\n/)
  expect(readConfig(text, FILE).ok).toBe(true)
  clone.write(FILE, "version: { other: patch }\n")
  expect(await call(clone.directory, "init")).toMatchObject({
    code: 1,
    err: expect.stringContaining("--force writes over it"),
  })
  expect(readFileSync(join(clone.directory, FILE), "utf8")).toBe("version: { other: patch }\n")
  expect(await call(clone.directory, "init", "--force")).toMatchObject({ code: 0 })
  expect(readFileSync(join(clone.directory, FILE), "utf8")).toBe(text)
})

test("--print writes nothing; without a peer it is a file of defaults, with the manifests that are there", async () => {
  const clone = new LocalClone()
  clone.write("package.json", '{ "name": "app", "version": "1.2.3" }')
  const { code, out } = await call(
    clone.directory,
    "init",
    "--print",
    "--schema",
    "https://slipway.example/slipway.schema.json",
  )
  expect(code).toBe(0)
  expect(out.split("\n")[0]).toBe("# yaml-language-server: $schema=https://slipway.example/slipway.schema.json")
  expect(out).toContain('#   manifests: ["package.json"]')
  expect(existsSync(join(clone.directory, FILE))).toBe(false)
  const uncommented = out.split("\n").slice(4).join("\n").replaceAll(/^# /gm, "")
  expect(readConfig(uncommented, FILE)).toMatchObject({
    ok: true,
    config: { publish: { manifests: [{ path: "package.json" }] } },
  })
})

test("a folder that is no clone is looked at as it is", async () => {
  const clone = new LocalClone()
  expect(await call(clone.directory, "init", "--print")).toMatchObject({ code: 0 })
  expect(await call(temporaryFolder(), "init", "--print")).toMatchObject({ code: 0 })
})

test("a folder that is not there is not made", async () => {
  const folder = join(temporaryFolder(), "nowhere")
  expect(await call("/", "init", folder)).toEqual({
    code: 1,
    out: "",
    err: `slipway init: ${folder}: there is no such folder\n`,
  })
  expect(existsSync(folder)).toBe(false)
})

test.each([
  ["release-please-config.json", "{", "release-please-config.json:1: this is not valid JSON; mend it first"],
  ["release-please-config.json", "{}", "release-please-config.json: it names no `packages`"],
  [".github/release-drafter.yml", "a: 1\na: 2\n", ".github/release-drafter.yml:2: the key `a` stands here twice"],
  [".releaserc", "[".repeat(100_000), ".releaserc: the file is nested too deeply to be read"],
])("a peer's file that cannot be read is a problem, not absent: %s", async (path, text, because) => {
  const clone = new LocalClone()
  clone.write(path, text)
  expect(await call(clone.directory, "init")).toMatchObject({ code: 1, err: expect.stringContaining(because) })
  expect(existsSync(join(clone.directory, FILE))).toBe(false)
})

test("wrong usage", async () => {
  expect(await call("/", "init", "a", "b")).toMatchObject({ code: 2 })
  expect(await call("/", "init", "--schema", "a b")).toMatchObject({ code: 2 })
})
