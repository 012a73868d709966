import { type Config, configSchema } from "../model/config.ts"
import { repository } from "../model/field.ts"
import { loosened } from "../model/floor.ts"
import { ORGANISATION_PATH } from "../model/organisation.ts"
import type { Problem } from "../model/problem.ts"
import { quote } from "../model/quote.ts"
import { crowdedProblem } from "./crowded-problem.ts"
import { explain, pathText, phrase } from "./explain.ts"
import { inherit } from "./inherit.ts"
import { linkedProblems } from "./linked-problems.ts"
import { manifestProblems } from "./manifest-problems.ts"
import { type Document, parseYaml } from "./parse-yaml.ts"
import type { OrganisationFile } from "./read-organisation.ts"

type ReadConfig = { readonly ok: true; readonly config: Config } | { readonly ok: false; readonly problems: Problem[] }

/**
 * Reads `.github/slipway.yml` by itself, without what it extends. A file without a key is the configuration of defaults.
 * @param file its path in the repository, for the problems
 * @returns the configuration with every default filled in, or every mistake with its place; never throws
 */
export function readConfig(text: string, file: string): ReadConfig {
  const parsed = parseYaml(text)
  if (!parsed.ok) return { ok: false, problems: [{ file, path: "", ...parsed.problem }] }
  return readValue(written(parsed.document), parsed.document, file)
}

/**
 * Reads `.github/slipway.yml` on the organisation's file that it extends: what it leaves out is taken from there, and
 * what would loosen a gate of it is a mistake on its line.
 */
export function readExtendingConfig(
  text: string,
  file: string,
  { floor, written: above }: OrganisationFile,
): ReadConfig {
  const parsed = parseYaml(text)
  if (!parsed.ok) return { ok: false, problems: [{ file, path: "", ...parsed.problem }] }
  const { document } = parsed
  const read = readValue(inherit(above, written(document)), document, file)
  if (!read.ok) return read
  // guard: organisation-floor
  const problems = loosened(floor, read.config).map(({ path, must }) => ({
    file,
    ...document.place(path),
    path: pathText(path),
    message: `\`${pathText(path)}\` ${must}: ${floorOf(read.config)} sets it, and a repository may tighten that but not loosen it`,
  }))
  return problems.length > 0 ? { ok: false, problems: inOrder(problems) } : read
}

/** What a configuration extends; undefined where it says nothing of it, or nothing that can be followed. */
export function extendsIn(text: string): string | undefined {
  const parsed = parseYaml(text)
  const named = repository.safeParse(parsed.ok ? parsed.document.found(["extends"]) : undefined)
  return named.success ? named.data : undefined
}

/** A mistake about what is extended, on the line that extends it. */
export function problemOfExtends(text: string, file: string, message: string): Problem {
  const parsed = parseYaml(text)
  const place = parsed.ok ? parsed.document.place(["extends"]) : { line: 1, column: 1, endLine: 1 }
  return { file, ...place, path: "extends", message }
}

const floorOf = (config: Config): string => `${ORGANISATION_PATH} of ${quote(config.extends ?? "")}`

const written = (document: Document): unknown => (document.empty ? {} : document.value)

function readValue(value: unknown, document: Document, file: string): ReadConfig {
  const crowded = crowdedProblem(value, document, file)
  if (crowded) return { ok: false, problems: [crowded] }
  const read = configSchema.safeParse(value, { error: phrase })
  if (!read.success) return { ok: false, problems: explain(read.error.issues, document, file) }
  const problems = [...manifestProblems(read.data, document, file), ...linkedProblems(read.data, document, file)]
  return problems.length > 0 ? { ok: false, problems: inOrder(problems) } : { ok: true, config: read.data }
}

const inOrder = (problems: readonly Problem[]): Problem[] =>
  problems.toSorted((a, b) => a.line - b.line || a.column - b.column)
