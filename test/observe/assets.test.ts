import { expect, test } from "vitest"
import { sumsIn } from "../../src/observe/assets.ts"

const A = "a".repeat(64)

test.each<[string, string, string, object[]]>([
  ["sha256sum's form", `${A}  app.tgz\n`, "SHA256SUMS", [{ name: "app.tgz", sha256: A }]],
  ["binary mode, a folder, CRLF", `${A} *dist/app.tgz\r\n`, "SHA256SUMS", [{ name: "app.tgz", sha256: A }]],
  ["capitals", `${A.toUpperCase()}  app.tgz`, "SHA256SUMS", [{ name: "app.tgz", sha256: A }]],
  ["a hash alone", `${A}\n`, "app.tgz.sha256", [{ name: "app.tgz", sha256: A }]],
  ["what is none", `hello\n${A.slice(1)}  short\n\n${A}x y\n`, "SHA256SUMS", []],
])("%s", (_, text, file, expected) => {
  expect(sumsIn(text, file)).toEqual(expected)
})

test("a megabyte of bait costs no more than its length", () => {
  expect(sumsIn(`${A} ${" ".repeat(1_000_000)}`, "SHA256SUMS")).toHaveLength(0)
})
