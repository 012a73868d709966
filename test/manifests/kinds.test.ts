import { expect, test } from "vitest"
import { editManifest, versionIn } from "../../src/manifests/edit-manifest.ts"
import { edited, marked } from "./edit.ts"

/** A property of Maven, which is not one of this file's templates. */
const property = (name: string): string => `$\{${name}}`

const POM = `<?xml version="1.0" encoding="UTF-8"?>
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <parent><groupId>a</groupId><version>7.0.0</version></parent>
  <!-- <version>6.0.0</version> 😀 -->
  <version>
    «1.2.3»
  </version>
  <dependencies><dependency><version>7.0.0</version></dependency></dependencies>
</project>
`

test.each([
  [
    "pyproject.toml",
    '[build-system]\nrequires = ["a==1.2.3"]\n\n[project]\nname = "app"\nversion = "«1.2.3»" # the one\n',
  ],
  ["pyproject.toml", "[tool.poetry]\r\nversion='«1.2.3»'\r\n[tool.poetry.dependencies]\r\nversion='7.0.0'\r\n"],
  ["pyproject.toml", '[project]\nversion="«1.2.3»"\n[tool.poetry]\nversion="«1.2.3»"'],
  ["pyproject.toml", 'project.version = "«1.2.3»"\nproject.dynamic = ["readme"]'],
  ["Cargo.toml", '[dependencies]\na = { version = "7.0.0" }\n[package]\nname="app"\nversion = "«1.2.3»"\n'],
  ["Cargo.toml", '[workspace]\nmembers = ["a"]\n[workspace.package]\nversion = """«1.2.3»"""\n'],
  ["Cargo.toml", '[package]\nversion.workspace = true\n[workspace.package]\nversion = "«1.2.3»"\n'],
  [
    "Cargo.lock",
    '[[package]]\nname="a"\nversion="7.0.0"\nsource="registry"\n\n[[package]]\nname = "app"\nversion = "«1.2.3»"\n',
  ],
  ["pom.xml", POM],
  ["pom.xml", POM.replaceAll("\n", "\r\n")],
  [
    "pom.xml",
    `<project><version>${property("revision")}</version><properties><revision>«1.2.3-SNAPSHOT»</revision></properties></project>`,
  ],
  ["pom.xml", "<m:project xmlns:m='x'><m:version>«1.2.3»<!-- x --></m:version></m:project>"],
  ["build.gradle", "plugins {\n  id 'java' version '7.0.0'\n}\n// version = '6'\nversion = '«1.2.3»' // here\n"],
  ["build.gradle", "/* version '6' */ version '«1.2.3»'\ndependencies {\n  version '7.0.0'\n}"],
  ["build.gradle.kts", 'val text = """\nversion = "6"\n"""\nallprojects {\n    version = "«1.2.3»"\n}\n'],
  ["build.gradle.kts", 'group = "a"; version = "«1.2.3»"; println("version = \\"6\\"")'],
  ["build.gradle.kts", 'project.version = "«1.2.3»"\npublishing { publications { version = "7.0.0" } }'],
  ["gradle.properties", "# version=6\nkotlin.version=7.0.0\r\nversion = «1.2.3»  \r\nversionCode=3\n"],
  ["gradle.properties", "version:«1.2.3»"],
  [
    "src/App.csproj",
    '\uFEFF<Project Sdk="x">\r\n  <PropertyGroup>\r\n    <Version>«1.2.3»</Version>\r\n    <FileVersion>7.0.0.0</FileVersion>\r\n  </PropertyGroup>\r\n  <ItemGroup><PackageReference Include="a"><Version>7.0.0</Version></PackageReference></ItemGroup>\r\n</Project>\r\n',
  ],
  ["App.csproj", "<Project><PropertyGroup><VersionPrefix>«1.2.3»</VersionPrefix></PropertyGroup></Project>"],
  [
    "Directory.Build.props",
    '<Project><PropertyGroup Condition="1"><Version>«1.2.3»</Version></PropertyGroup><PropertyGroup><Version>«1.2.3»</Version></PropertyGroup></Project>',
  ],
  [
    "charts/app/Chart.yaml",
    'apiVersion: v2\nname: app\n# comment\nversion: «1.2.3»   # chart\nappVersion: "7.0.0"\ndependencies:\n  - version: 7.0.0\n',
  ],
  ["Chart.yaml", "{version: '«1.2.3»', appVersion: 7.0.0}"],
  ["pubspec.yaml", '---\nversion: "«1.2.3»"\n...\n'],
])("%s: only the version's characters change: %j", (path, text) => {
  const file = marked(text)
  expect(versionIn({ path }, file.text)).toEqual({ is: "version", version: file.version })
  expect(edited({ path }, file.text, "2.10.0")).toBe(file.with("2.10.0"))
  expect(editManifest({ path }, file.with("2.10.0"), "2.10.0")).toEqual({ is: "unchanged" })
})

test.each([
  [
    "pyproject.toml",
    "[project]\nname='a'\ndynamic = ['version']\n[tool.hatch.version]\npath = 'src/a.py'",
    "pyproject.toml:3: the version is `dynamic`, it comes from `src/a.py`",
  ],
  [
    "pyproject.toml",
    "[project]\ndynamic = ['version']",
    "pyproject.toml:2: the version is `dynamic`, it comes from another file or from the tag",
  ],
  ["pyproject.toml", "[project]\nname='a'", "pyproject.toml: it has no `version` under `[project]` or `[tool.poetry]`"],
  ["pyproject.toml", "[project]\nversion = 1.2.3", "pyproject.toml:2: this is not valid TOML"],
  [
    "Cargo.toml",
    "[package]\nname='a'\nversion.workspace = true",
    "Cargo.toml:3: the package takes the version of its workspace",
  ],
  ["Cargo.toml", "[dependencies]\nversion = '1'", "Cargo.toml: it has no `version` under `[package]`"],
  [
    "Cargo.lock",
    '[[package]]\nname="a"\nversion="1.0.0"\n[[package]]\nname="b"\nversion="1.0.0"',
    "Cargo.lock: it has several packages of this repository, `a`, `b`",
  ],
  ["Cargo.lock", "version = 4", "Cargo.lock: it has none of the release's packages"],
  [
    "pom.xml",
    "<project>\n<parent><version>1.0.0</version></parent></project>",
    "pom.xml:2: the version is that of the `<parent>`",
  ],
  [
    "pom.xml",
    `<project>\n<version>${property("revision")}${property("changelist")}</version></project>`,
    `pom.xml:2: the version is put together, as \`${property("revision")}${property("changelist")}\``,
  ],
  ["pom.xml", "<project>\n<version>1<!-- -->2</version></project>", "pom.xml:2: `<version>` holds no text"],
  ["pom.xml", "<project/>", "pom.xml: it has no `<version>` under `<project>`"],
  ["pom.xml", "<html/>", "pom.xml:1: its root is no `<project>`"],
  [
    "pom.xml",
    "<project>\n<version>1</project>",
    "pom.xml:2: this is not valid XML: Missing end tag for element version",
  ],
  [
    "pom.xml",
    '<!DOCTYPE p [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>\n<project><version>&b;</version></project>',
    "pom.xml:2: this is not valid XML: Named entity isn't defined: &b;",
  ],
  ["build.gradle", "dependencies { version '1' }", "build.gradle: it sets no `version` at its top"],
  ["build.gradle", "\nversion = findProperty('v')", "build.gradle:2: `version` is taken from elsewhere"],
  ["build.gradle.kts", '\nversion = "$major.1"', "build.gradle.kts:2: `version` is taken from elsewhere"],
  ["build.gradle", "version '1.0' + suffix", "build.gradle:1: `version` is taken from elsewhere"],
  ["gradle.properties", "version=\n#version=1", "gradle.properties: it has no `version`"],
  [
    "a.csproj",
    "<Project><PropertyGroup>\n<Version>$(Base)-x</Version></PropertyGroup></Project>",
    "a.csproj:2: `<Version>` is taken from elsewhere, as `$(Base)-x`",
  ],
  [
    "a.csproj",
    "<Project><PropertyGroup><VersionPrefix>1.0.0</VersionPrefix>\n<VersionSuffix>rc</VersionSuffix></PropertyGroup></Project>",
    "a.csproj:2: the version is put together",
  ],
  ["a.csproj", "<Project/>", "a.csproj: it has no `<Version>` in a `<PropertyGroup>`"],
  ["Chart.yaml", "name: a", "Chart.yaml: it has no `version`"],
  ["Chart.yaml", "a: 1\nversion: |\n  1.0.0", "Chart.yaml:3: `version` is no text"],
  ["Chart.yaml", "a: &a 1.0.0\nversion: *a", "Chart.yaml"],
  ["Chart.yaml", "a: 1\n---\nversion: 1.0.0", "Chart.yaml: it holds several documents"],
  ["Chart.yaml", "a: [\nb: ]}", "Chart.yaml:2: this is not valid YAML"],
])("%s with %j is refused with its place", isRefused)

test.each([
  ["Cargo.toml", `a = ${"[".repeat(50_000)}`, "Cargo.toml"],
  ["pom.xml", "<a>".repeat(50_000), "pom.xml: the file is nested too deeply to be read"],
  ["Chart.yaml", `a: ${"[".repeat(5000)}`, "Chart.yaml:1: this is not valid YAML"],
])("%s that is nested without end is refused", isRefused)

function isRefused(path: string, text: string, because: string): void {
  expect(versionIn({ path }, text)).toEqual({ is: "none", because: expect.stringContaining(because) })
  expect(editManifest({ path }, text, "2.0.0")).toEqual({ is: "refused", because: expect.stringContaining(because) })
}

const lock = (versions: { [name: string]: string }): string =>
  Object.entries(versions)
    .map(([name, version]) => `[[package]]\nname = "${name}"\nversion = "${version}"\n`)
    .join("\n")

test("Cargo.lock follows the packages that are named beside it", () => {
  const beside = [{ path: "crates/b/Cargo.toml", text: '[package]\nname = "b"\nversion = "1.2.3"' }]
  const before = lock({ a: "1.2.3", b: "1.2.3" })
  expect(edited({ path: "Cargo.lock" }, before, "1.3.0", beside)).toBe(lock({ a: "1.2.3", b: "1.3.0" }))
})

test("Cargo.lock follows every package at the version of the workspace", () => {
  const beside = [{ path: "Cargo.toml", text: '[workspace.package]\nversion = "1.2.3"' }]
  const before = lock({ a: "1.2.3", b: "1.2.3", c: "0.1.0" })
  expect(edited({ path: "Cargo.lock" }, before, "1.3.0", beside)).toBe(lock({ a: "1.3.0", b: "1.3.0", c: "0.1.0" }))
})

test.each([
  ["1.0.0", "edited"],
  ["1.0.0-rc.1", "edited"],
  ["1.0.0-alpha", "edited"],
  ["1.0.0+build.5", "edited"],
  ["1.0.0-next.1", "refused"],
  ["1.0.0-rc.1.2", "refused"],
])("Python's tools read %s: %s", (version, is) => {
  expect(editManifest({ path: "pyproject.toml" }, '[project]\nversion = "0.1.0"', version)).toMatchObject({ is })
})
