import { expect, test } from "vitest"
import { readConfig } from "../../src/config/read-config.ts"

const problemsOf = (text: string) => {
  const read = readConfig(text, ".github/slipway.yml")
  return read.ok ? [] : read.problems.map(({ line, column, path, message }) => ({ line, column, path, message }))
}

test.each([
  ["a file of no known kind", "[setup.py]", 15, "where `setup.py` says its version is not known"],
  [
    "a file without a version",
    "[{ path: pnpm-lock.yaml, regex: (.*) }, yarn.lock]",
    54,
    "this file says no version of the package",
  ],
  ["a pattern without a group", "[{ path: a, regex: b }]", 33, "the `regex` `b` has no group"],
  ["a pattern with look-around", "[{ path: a, regex: '(?<=v)(.*)' }]", 33, "the `regex` `(?<=v)(.*)` is not valid"],
  ["a query that is none", "[{ path: a.json, jsonpath: version }]", 41, "the `jsonpath` `version` is not valid"],
  ["a query that could be slow", "[{ path: a.json, jsonpath: $..a..b }]", 41, "has more than one `..`"],
  [
    "an expression that is none",
    "[{ path: a.xml, xpath: project/version }]",
    37,
    "the `xpath` `project/version` is not understood from",
  ],
])("%s is a mistake at its place", (_, manifests, column, message) => {
  const [problem, ...others] = problemsOf(`publish:\n  manifests: ${manifests}\n`)
  expect(others).toEqual([])
  expect(problem).toMatchObject({ line: 2, column, message: expect.stringContaining(message) })
  expect(problem?.path).toMatch(/^publish\.manifests\[\d\]$/)
})

test("a component's manifests are looked at as well", () => {
  expect(
    problemsOf("components:\n  api:\n    path: api/**\n    manifests:\n      - path: api/version\n        regex: v\n"),
  ).toEqual([
    { line: 6, column: 16, path: "components.api.manifests[0]", message: expect.stringContaining("has no group") },
  ])
})

test("every kind in the documentation is known", () => {
  const files =
    "package.json package-lock.json pyproject.toml Cargo.toml Cargo.lock pom.xml build.gradle build.gradle.kts"
  const all = [
    ...files.split(" "),
    "gradle.properties",
    "src/App.csproj",
    "charts/app/Chart.yaml",
    "version.txt",
    "VERSION",
  ]
  expect(problemsOf(`publish: { manifests: [${all.join(", ")}] }`)).toEqual([])
})
