import { expect, test } from "vitest"
import { type Asset, assetKeys, judgeAssets } from "../../src/model/asset.ts"

const A = "a".repeat(64)
const B = "b".repeat(64)
const asset = (name: string, more: Partial<Asset> = {}): Asset => ({
  id: name,
  name,
  isUploaded: true,
  sha256: A,
  ...more,
})
const required = (name: string) => ({ name, sha256: "required" as const })
const optional = (name: string) => ({ name, sha256: "optional" as const })
const sums = (name: string, sha256: string) => ({ SHA256SUMS: [{ name, sha256 }] })

test.each<[string, Parameters<typeof judgeAssets>[0], readonly Asset[], object, string, RegExp]>([
  ["nothing is there", [required("app-*.tgz")], [], {}, "pending", /nothing on the draft is named app-\*\.tgz/],
  ["all is there", [required("app-*.tgz")], [asset("app-1.tgz")], {}, "passed", /app-1\.tgz is on the draft/],
  ["several", [required("*.tgz")], [asset("a.tgz"), asset("b.tgz")], {}, "passed", /a\.tgz, b\.tgz are on/],
  ["one of two patterns", [required("a.tgz"), required("b.tgz")], [asset("a.tgz")], {}, "pending", /b\.tgz/],
  ["not uploaded whole", [optional("a.tgz")], [asset("a.tgz", { isUploaded: false })], {}, "pending", /being uploaded/],
  [
    "no digest, required",
    [required("a.tgz")],
    [asset("a.tgz", { sha256: null })],
    {},
    "unknown",
    /no SHA-256 of a\.tgz/,
  ],
  ["no digest, optional", [optional("a.tgz")], [asset("a.tgz", { sha256: null })], {}, "passed", /a\.tgz/],
  ["a sum that agrees", [required("a.tgz")], [asset("a.tgz")], sums("a.tgz", A), "passed", /a\.tgz/],
  [
    "a sum that differs",
    [optional("a.tgz")],
    [asset("a.tgz")],
    sums("a.tgz", B),
    "failed",
    /not what the file of sums/,
  ],
  ["a sum of another file", [required("a.tgz")], [asset("a.tgz")], sums("b.tgz", B), "passed", /a\.tgz/],
])("%s", (_, patterns, items, listed, state, because) => {
  expect(judgeAssets(patterns, { items, listed } as never)).toEqual({ state, because: expect.stringMatching(because) })
})

test("another upload, another digest or another file is something else; the order is not", () => {
  const keys = assetKeys([asset("a"), asset("b")])
  expect(assetKeys([asset("b"), asset("a")])).toEqual(keys)
  for (const other of [[asset("a")], [asset("a"), asset("b", { id: "9" })], [asset("a"), asset("b", { sha256: B })]])
    expect(assetKeys(other)).not.toEqual(keys)
})
