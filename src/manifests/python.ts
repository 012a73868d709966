import { quote } from "../model/quote.ts"
import { found, missing } from "./located.ts"
import type { Located, Source } from "./manifest.ts"
import { readToml } from "./toml-tree.ts"
import { placeOf, type Text, type Tree, walk } from "./tree.ts"

/**
 * `pyproject.toml`: `[project] version`, which may not be said to be `dynamic` as well
 * (https://packaging.python.org/en/latest/specifications/pyproject-toml/#version), and `[tool.poetry] version`.
 */
export function locateInPyproject(source: Source): Located {
  const tree = readToml(source)
  if (tree.is === "missing") return tree
  const dynamic = walk(tree, ["project", "dynamic"])
  if (dynamic?.is === "list" && dynamic.items.some((it) => it.is === "text" && it.value === "version"))
    return missing(source, `the version is \`dynamic\`, ${elsewhere(tree)}`, placeOf(dynamic))
  const said = [walk(tree, ["project", "version"]), walk(tree, ["tool", "poetry", "version"])]
  const [first, ...rest] = said.filter((it): it is Text => it?.is === "text")
  if (first) return { ...found(first.span, ...rest.map(({ span }) => span)), writes: "PEP 440" }
  return missing(source, "it has no `version` under `[project]` or `[tool.poetry]`; write the present one there once")
}

/** Where Hatch and setuptools say that they take it from. */
function elsewhere(tree: Tree): string {
  const hatch = walk(tree, ["tool", "hatch", "version", "path"])
  if (hatch?.is === "text")
    return `it comes from ${quote(hatch.value)}: name that file instead, as \`{ path: ${hatch.value}, regex: '__version__ = "(.*)"' }\``
  return "it comes from another file or from the tag: name that file instead, with a `regex`, or leave it out"
}

const KNOWN = ["a", "b", "c", "rc", "alpha", "beta", "pre", "preview", "dev", "post"]

/**
 * Why Python's tools would not read a version; `undefined` where they do: `1.0.0-rc.1` is another spelling of `1.0.0rc1`
 * (https://packaging.python.org/en/latest/specifications/version-specifiers/#appendix-parsing-version-strings-with-regular-expressions).
 */
export function notPython(version: string): string | undefined {
  const [numbers = ""] = version.split("+")
  const dash = numbers.indexOf("-")
  if (dash < 0) return undefined
  const [word = "", number, ...more] = numbers.slice(dash + 1).split(".")
  const reads = KNOWN.includes(word) && /^\d*$/.test(number ?? "") && more.length === 0
  return reads
    ? undefined
    : `Python reads no version ${quote(version)}: a prerelease is called \`a\`, \`b\`, \`rc\` or \`dev\` there, with a number (PEP 440)`
}
