import { expect, test } from "vitest"
import { editManifest, versionIn } from "../../src/manifests/edit-manifest.ts"
import type { Manifest } from "../../src/manifests/manifest.ts"
import { edited, marked } from "./edit.ts"

const regex = (pattern: string): Manifest => ({ path: "app.conf", regex: pattern })
const jsonpath = (path: string, query: string): Manifest => ({ path, jsonpath: query })
const xpath = (expression: string): Manifest => ({ path: "plugin.xml", xpath: expression })

const PLUGIN = `<plugin id="a" android:version='7.0.0' xmlns:android="x">
  <item name="b"><key>b</key><version>7.0.0</version></item>
  <item name="c"><key>c</key><version lang="x>y" v = "7.0.0">«1.2.3»</version></item>
</plugin>`

test.each<readonly [Manifest, string]>([
  [regex('version = "(.*)"'), 'a\r\nversion = "«1.2.3»"\r\n'],
  [regex("^__version__ = '([^']+)'$"), "x__version__ = '7'\n😀\n__version__ = '«1.2.3»'\n"],
  [regex("(?i)VERSION[:=]\\s*v?(\\S+)"), "version: v«1.2.3»"],
  [regex("release-(\\d+\\.\\d+\\.\\d+)"), "release-«1.2.3» and release-«1.2.3»"],
  [jsonpath("a.json", "$.info.version"), '{"info": {"version": "«1.2.3»"}, "version": "7.0.0"}'],
  [
    jsonpath("a.json", "$.packages[?@.name == 'b'].version"),
    '{"packages":[{"name":"a","version":"7"},{"name":"b","version":"«1.2.3»"}]}',
  ],
  [jsonpath("a.json", "$..version"), '{"a":{"version":"«1.2.3»"},"version":"«1.2.3»"}'],
  [jsonpath("a.json", "$['__proto__'].version"), '{"__proto__":{"version":"«1.2.3»"}}'],
  [jsonpath("Chart.yaml", "$.appVersion"), "version: 7.0.0\nappVersion: «1.10»\n"],
  [jsonpath("values.yml", "$.image.tag"), 'image:\n  tag: "«1.2.3»" # x\n'],
  [
    jsonpath("Cargo.toml", "$.workspace.dependencies.core.version"),
    '[workspace.dependencies]\ncore = { path = "core", version = "«1.2.3»" }\n',
  ],
  [jsonpath("a.toml", "$.x[1].version"), "[[x]]\nversion='7'\n[[x]]\nversion='«1.2.3»'\n"],
  [xpath("/plugin/item[2]/version"), PLUGIN],
  [xpath("//item[@name='c']/version/text()"), PLUGIN],
  [xpath("//item[key='c']/version"), PLUGIN],
  [xpath("/plugin/item[last()]/*[local-name()='version']"), PLUGIN],
  [xpath("/plugin/@android:version"), "<plugin\n  a='>' android:version = \"«1.2.3»\"/>"],
  [xpath("//a/@v"), "<r><a v='«1.2.3»'/><b><a/><a v=\"«1.2.3»\"/></b></r>"],
])("%j changes only the version's characters", (manifest, text) => {
  const file = marked(text)
  expect(versionIn(manifest, file.text)).toEqual({ is: "version", version: file.version })
  expect(edited(manifest, file.text, "2.0.0")).toBe(file.with("2.0.0"))
  expect(editManifest(manifest, file.with("2.0.0"), "2.0.0")).toEqual({ is: "unchanged" })
})

test.each<readonly [Manifest, string, string]>([
  [regex("version"), "version", "app.conf: the `regex` `version` has no group"],
  [regex("version = ("), "", "app.conf: the `regex` `version = (` is not valid: missing closing )"],
  [regex("(?=1)(.*)"), "", "(it is one of RE2, without look-around and back-references)"],
  [regex("version = (.*)"), "", "app.conf: nothing matches the `regex` `version = (.*)`"],
  [
    regex('version = "(.*)"'),
    '\nversion = "1.0.0" # "x"',
    'app.conf:2: the `regex` finds `1.0.0" # "x`, which is no version',
  ],
  [regex("(v.*)"), "v1.0.0", "app.conf:1: the `regex` finds `v1.0.0`, which is no version"],
  [regex("= (.*)"), "a = 1.0.0\nb = 2.0.0", "app.conf:2: the `regex` finds `1.0.0` in line 1 and `2.0.0` here"],
  [regex("((a{0,100}){0,9})"), "a".repeat(200_000), "app.conf: the `regex` is too large for a file of this size"],
  [jsonpath("a.json", "$."), "{}", "a.json: the `jsonpath` `$.` is not valid"],
  [jsonpath("a.json", "$.version"), "{}", "a.json: the `jsonpath` `$.version` finds nothing"],
  [jsonpath("a.json", "$.version"), '{\n"version": 1}', "a.json:2: the `jsonpath` `$.version` finds what is no text"],
  [jsonpath("a.json", "$..*..*"), "{}", "has more than one `..`"],
  [jsonpath("a.json", "$[*,*]"), "[]", "has a list of selectors"],
  [jsonpath("a.json", "$[?@.a == $.b]"), "[]", "has a `$` inside of a filter"],
  [jsonpath("a.json", "$[?match(@.a, '(a*)*b')]"), "[]", "has a list of selectors"],
  [jsonpath("a.xml", "$.version"), "", "a.xml: a `jsonpath` looks into .json, .yaml and .toml files"],
  [
    xpath("/a/b[count(c)=1]"),
    "<a/>",
    "plugin.xml: the `xpath` `/a/b[count(c)=1]` is not understood from `[count(c)=1]` on",
  ],
  [xpath("version"), "<a/>", "is not understood from `version` on"],
  [xpath("/@version"), "<a/>", "is not understood from `/@version` on"],
  [xpath("/a/@version/b"), "<a/>", "is not understood from `/@version/b` on"],
  [xpath("/a/b"), "<a/>", "plugin.xml: the `xpath` `/a/b` finds nothing"],
  [xpath("/a/b"), "<a>\n<b><c/></b></a>", "plugin.xml:2: the `xpath` `/a/b` finds what holds no text of its own"],
])("%j is refused: %.40j", (manifest, text, because) => {
  expect(versionIn(manifest, text)).toEqual({ is: "none", because: expect.stringContaining(because) })
  expect(editManifest(manifest, text, "2.0.0")).toEqual({ is: "refused", because: expect.stringContaining(because) })
})
