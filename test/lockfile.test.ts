import { readFileSync } from "node:fs"
import { join } from "node:path"
import { expect, test } from "vitest"
import { missingOptional } from "../scripts/complete-lockfile.ts"

const root = join(import.meta.dirname, "..")
const text = readFileSync(join(root, "package-lock.json"), "utf8")

test("npm ci accepts the lockfile on every platform: else run `node scripts/complete-lockfile.ts`", () => {
  expect(Object.keys(missingOptional(JSON.parse(text)))).toEqual([])
})

test("an optional package that npm left out is put back with its platform", () => {
  const biome = { version: "2.6.8", dev: true, optionalDependencies: { "@a/cli-linux-arm64-musl": "2.6.8" } }
  expect(missingOptional({ packages: { "node_modules/@a/biome": biome } })).toEqual({
    "node_modules/@a/cli-linux-arm64-musl": {
      version: "2.6.8",
      cpu: ["arm64"],
      dev: true,
      libc: ["musl"],
      optional: true,
      os: ["linux"],
    },
  })
})

test("dependencies are exact versions, and the lockfile names no registry", () => {
  const { dependencies, devDependencies } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"))
  const loose = Object.entries({ ...dependencies, ...devDependencies }).filter(
    ([, v]) => !/^\d+\.\d+\.\d+/.test(`${v}`),
  )
  expect(loose).toEqual([])
  expect(text).not.toMatch(/"resolved": "https?:/)
})
