import { expect, test } from "vitest"
import { tagOf, versionOfTag } from "../../src/model/tag.ts"

test.each([
  ["v1.2.3", "v{version}", "1.2.3"],
  ["api-v1.2.3", "api-v{version}", "1.2.3"],
  ["release/1.2.3/api", "release/{version}/api", "1.2.3"],
  ["1.2.3", "{version}", "1.2.3"],
  ["v2.0.0-rc.1", "v{version}", "2.0.0-rc.1"],
  ["v2.0.0+build.5", "v{version}", "2.0.0+build.5"],
])("%s is by %s the release %s, both ways", (tag, template, version) => {
  expect(versionOfTag(tag, template)).toBe(version)
  expect(tagOf(version, template)).toBe(tag)
})

test.each([
  ["1.2.3", "v{version}"],
  ["v1.2", "v{version}"],
  ["v01.2.3", "v{version}"],
  ["vv1.2.3", "v{version}"],
  ["vnext", "v{version}"],
  ["v", "v{version}"],
  ["web-v1.2.3", "api-v{version}"],
  ["v1.2.3-", "v{version}"],
  ["v1.2.3\n", "v{version}"],
  ["v=1.2.3", "v{version}"],
])("%j is nobody's release by %s", (tag, template) => {
  expect(versionOfTag(tag, template)).toBeNull()
})

test("a version is put in as it is, also where it looks like a replacement pattern", () => {
  expect(tagOf("1.0.0-$1", "v{version}")).toBe("v1.0.0-$1")
})
