import { type GitHubNotes, githubNotesSchema } from "../model/github-notes.ts"
import type { Problem } from "../model/problem.ts"
import { explain, phrase } from "./explain.ts"
import { parseYaml } from "./parse-yaml.ts"

/**
 * Reads `.github/release.yml`, by which GitHub arranges the notes that it generates itself.
 * @param file its path in the repository, for the problems
 * @returns its categories, or every mistake with its place; never throws
 */
export function readGitHubNotes(
  text: string,
  file: string,
): { ok: true; value: GitHubNotes } | { ok: false; problems: Problem[] } {
  const parsed = parseYaml(text)
  if (!parsed.ok) return { ok: false, problems: [{ file, path: "", ...parsed.problem }] }
  const { document } = parsed
  const read = githubNotesSchema.safeParse(document.empty ? {} : document.value, { error: phrase })
  return read.success
    ? { ok: true, value: read.data.changelog }
    : { ok: false, problems: explain(read.error.issues, document, file) }
}
