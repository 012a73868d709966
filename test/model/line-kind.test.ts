import { expect, test } from "vitest"
import { configSchema } from "../../src/model/config.ts"
import { kindOf, prefixOf } from "../../src/model/line-kind.ts"
import { isRange, rangeInName } from "../../src/model/maintenance-range.ts"

const config = (written: object) => configSchema.parse(written)

const SEVERAL = config({
  branches: [
    "main",
    { name: "next", channel: "rc" },
    { name: "1.x", maintenance: true },
    { name: "support-1", maintenance: true, range: "1.4.x" },
    "hotfix/by-name",
  ],
  hotfix: { branches: ["hotfix/*", "urgent-*-fix"] },
})

test.each([
  ["main", { is: "stable" }],
  ["next", { is: "channel", channel: "rc" }],
  ["1.x", { is: "maintenance", range: "1.x" }],
  ["support-1", { is: "maintenance", range: "1.4.x" }],
  ["hotfix/login", { is: "hotfix" }],
  ["hotfix/a/b", { is: "hotfix" }],
  ["urgent-1-fix", { is: "hotfix" }],
  ["hotfix/by-name", { is: "stable" }],
  ["feature/hotfix/x", null],
  ["hotfix", null],
  ["__proto__", null],
])("%s, among several branches", (branch, kind) => {
  expect(kindOf(SEVERAL, branch, "main")).toEqual(kind)
})

test.each([
  ["without branches the default one is stable", {}, "trunk", { is: "stable" }],
  ["and no other releases", {}, "main", null],
  ["a default branch that is not named does not release", { branches: ["main"] }, "trunk", null],
  ["nor as a hotfix", { branches: ["main"], hotfix: { branches: ["trunk*"] } }, "trunk", null],
])("%s", (_, written, branch, kind) => {
  expect(kindOf(config(written), branch, "trunk")).toEqual(kind)
})

test.each([
  ["1.x", "1.x"],
  ["1.4.x", "1.4.x"],
  ["v1.x", "1.x"],
  ["1.x.x", "1.x"],
  ["release/v1.4.x", "1.4.x"],
  ["release-2.X", "2.x"],
  ["0.x", "0.x"],
  ["support-1", null],
  ["1.4", null],
  ["x", null],
  ["1.4.2.x", null],
  ["01.x", null],
  ["abc1.x", null],
  [`${"1".repeat(300)}.x`, null],
])("the name %s says %s", (name, range) => {
  expect(rangeInName(name)).toBe(range)
})

test.each([
  ["1.x", true],
  ["1.4.x", true],
  ["v1.x", false],
  [">=1", false],
])("%s is a range: %s", (text, is) => {
  expect(isRange(text)).toBe(is)
})

test.each([
  ["hotfix/*", "hotfix/"],
  ["*-fix", ""],
  ["patch", "patch"],
])("every name that %s matches begins with %j", (pattern, prefix) => {
  expect(prefixOf(pattern)).toBe(prefix)
})
