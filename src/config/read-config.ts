import { type Config, configSchema } from "../model/config.ts"
import type { Problem } from "../model/problem.ts"
import { explain, phrase } from "./explain.ts"
import { linkedProblems } from "./linked-problems.ts"
import { manifestProblems } from "./manifest-problems.ts"
import { parseYaml } from "./parse-yaml.ts"

/**
 * Reads `.github/slipway.yml`. A file without a key is the configuration of defaults.
 * @param file its path in the repository, for the problems
 * @returns the configuration with every default filled in, or every mistake with its place; never throws
 */
export function readConfig(
  text: string,
  file: string,
): { ok: true; config: Config } | { ok: false; problems: Problem[] } {
  const parsed = parseYaml(text)
  if (!parsed.ok) return { ok: false, problems: [{ file, path: "", ...parsed.problem }] }
  const { document } = parsed
  const read = configSchema.safeParse(document.empty ? {} : document.value, { error: phrase })
  if (!read.success) return { ok: false, problems: explain(read.error.issues, document, file) }
  const problems = [...manifestProblems(read.data, document, file), ...linkedProblems(read.data, document, file)].sort(
    (a, b) => a.line - b.line || a.column - b.column,
  )
  return problems.length > 0 ? { ok: false, problems } : { ok: true, config: read.data }
}
