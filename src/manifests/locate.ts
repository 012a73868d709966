import { quote } from "../model/quote.ts"
import { byJsonPath, jsonPathProblem } from "./by-jsonpath.ts"
import { byRegex, regexProblem } from "./by-regex.ts"
import { byXPath, xPathProblem } from "./by-xpath.ts"
import { locateInCargo, locateInCargoLock } from "./cargo.ts"
import { locateInDotnet } from "./dotnet.ts"
import { locateInGradle, locateInProperties } from "./gradle.ts"
import { missing, pathOf } from "./located.ts"
import type { Beside, Locate, Located, Manifest } from "./manifest.ts"
import { locateInMaven } from "./maven.ts"
import { locateInJson, locateInNpmLock, locateInYaml } from "./npm.ts"
import { basename } from "./paths.ts"
import { locateInPlainText } from "./plain-text.ts"
import { locateInPyproject } from "./python.ts"

const MB = 1024 * 1024
/** A manifest is written by hand. Lock files of large workspaces have several megabytes. */
const MOST = 1 * MB
const MOST_OF_LOCK = 8 * MB

const LOCKS = ["package-lock.json", "npm-shrinkwrap.json"]

/** The first that fits. Names as their tools write them, case included; `VERSION` is written in every way. */
const KINDS: readonly (readonly [name: RegExp, locate: Locate])[] = [
  [/^(?:package-lock|npm-shrinkwrap)\.json$/, locateInNpmLock],
  [/\.jsonc?$/, locateInJson],
  [/^pyproject\.toml$/, locateInPyproject],
  [/^Cargo\.toml$/, locateInCargo],
  [/^Cargo\.lock$/, locateInCargoLock],
  [/^pom\.xml$/, locateInMaven],
  [/\.gradle(?:\.kts)?$/, locateInGradle],
  [/^gradle\.properties$/, locateInProperties],
  [/(?:\.(?:cs|fs|vb)proj|\.props)$/, locateInDotnet],
  [/\.ya?ml$/, locateInYaml],
  [/^(?:version|\.version)(?:\.txt)?$/i, locateInPlainText],
]

/** These have nothing to edit, and people list them: told so, instead of "unknown". */
const WITHOUT_VERSION = ["pnpm-lock.yaml", "yarn.lock", "bun.lock", "pnpm-workspace.yaml"]

/**
 * Where a file says its version. Never throws: what a parser cannot read is a reason.
 * @param text the whole file, with its byte order mark if it has one
 */
export function locate(manifest: Manifest, text: string, beside: readonly Beside[]): Located {
  const { path } = manifest
  const most = LOCKS.includes(basename(path)) ? MOST_OF_LOCK : MOST
  if (text.length > most)
    return missing({ path, text }, `the file is larger than ${most / MB} MB; nothing in it was read`)
  const mark = text.startsWith("\uFEFF") ? 1 : 0
  const source = { path, text: text.slice(mark), beside }
  try {
    return shift(locatorOf(manifest)(source), mark)
  } catch (error) {
    return missing(source, reasonOf(error))
  }
}

function locatorOf(manifest: Manifest): Locate {
  if ("regex" in manifest) return byRegex(manifest.regex)
  if ("jsonpath" in manifest) return byJsonPath(manifest.jsonpath)
  if ("xpath" in manifest) return byXPath(manifest.xpath)
  const name = basename(manifest.path)
  return kindOf(name)?.[1] ?? unknown(name)
}

const kindOf = (name: string) =>
  WITHOUT_VERSION.includes(name) ? undefined : KINDS.find(([pattern]) => pattern.test(name))

const unknown =
  (name: string): Locate =>
  (source) =>
    missing(source, notKnown(name))

const notKnown = (name: string): string =>
  WITHOUT_VERSION.includes(name)
    ? "this file says no version of the package; leave it out of the manifests"
    : `where ${quote(name)} says its version is not known; say it with a \`regex\`, a \`jsonpath\` or an \`xpath\``

/**
 * What is wrong with a manifest whatever the file holds: a pattern that is none, or a file of no known kind without one.
 * @returns the key that the mistake is at and a sentence; `undefined` where the configuration is in order
 */
export function manifestProblem(
  manifest: Manifest,
): { readonly at: "path" | "regex" | "jsonpath" | "xpath"; readonly because: string } | undefined {
  const { at, because } = checked(manifest)
  return because === undefined ? undefined : { at, because }
}

function checked(manifest: Manifest) {
  if ("regex" in manifest) return { at: "regex", because: regexProblem(manifest.regex) } as const
  if ("jsonpath" in manifest) return { at: "jsonpath", because: jsonPathProblem(manifest.jsonpath) } as const
  if ("xpath" in manifest) return { at: "xpath", because: xPathProblem(manifest.xpath) } as const
  const name = basename(manifest.path)
  return { at: "path", because: kindOf(name) ? undefined : notKnown(name) } as const
}

function shift(located: Located, by: number): Located {
  if (located.is === "missing" || by === 0) return located
  const [first, ...rest] = located.spans
  const moved = ({ start, end }: { start: number; end: number }) => ({ start: start + by, end: end + by })
  return { ...located, spans: [moved(first), ...rest.map(moved)] }
}

/** The parsers are recursive: a text that is nested without end exhausts their stack, which is caught here. */
const reasonOf = (error: unknown): string =>
  error instanceof RangeError
    ? "the file is nested too deeply to be read"
    : `the file cannot be read: ${pathOf(error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error))}`
