import type { GitHubNotes } from "../model/github-notes.ts"
import { showProblems } from "./problems.ts"
import type { FileAt } from "./read-clone.ts"

/** As much of GitHub's own arrangement of notes as a clone can follow. */
export interface Arrangement {
  readonly github?: GitHubNotes
  readonly warnings: readonly string[]
}

/**
 * Labels are only on GitHub: where sections or exclusions ask for one (`*` asks for none), only the excluded authors are
 * followed, the changes stand by their types, and that is said. A file with mistakes arranges nothing, as in the App.
 */
export async function arrangementOf(file: FileAt | undefined): Promise<Arrangement> {
  if (!file) return { warnings: [] }
  const { readGitHubNotes } = await import("../config/read-github-notes.ts")
  const read = readGitHubNotes(file.text, file.path)
  if (!read.ok)
    return { warnings: [`${file.path} is not valid, so notes are arranged by type\n${showProblems(read.problems)}`] }
  const { exclude, categories } = read.value
  const asked = [
    ...exclude.labels,
    ...categories.flatMap((category) => [...category.labels, ...category.exclude.labels]),
  ].filter((label) => label !== "*")
  if (asked.length === 0) return { github: read.value, warnings: [] }
  return {
    github: { exclude: { labels: [], authors: exclude.authors }, categories: [] },
    warnings: [
      `${file.path} goes by labels, which only GitHub knows: the draft release is arranged by it, and this is by type`,
    ],
  }
}
