import { execFile } from "node:child_process"
import { basename, resolve } from "node:path"
import { promisify } from "node:util"
import { latestRelease, openClone, resolveCommit } from "../../src/cli/read-clone.ts"
import { readLog } from "../../src/cli/read-log.ts"
import type { Commit } from "../../src/model/change.ts"

/** Real input: what was committed to a local clone since its last release. */
export interface History {
  /** A name that GitHub allows for a repository. */
  readonly name: string
  readonly last: { readonly tag: string; readonly version: string } | null
  /** Oldest first; merges are left out, since the demo merges each commit itself. */
  readonly commits: readonly Commit[]
  /** How many there were before the newest were taken. */
  readonly of: number
}

/** So many become pull requests; more would not show more. */
const TAKEN = 14
const FEWEST = 4

export async function readHistory(directory: string): Promise<History> {
  const clone = await openClone(resolve(directory))
  const head = await resolveCommit(clone, "HEAD")
  const last = head ? await latestRelease(clone, head, "v{version}") : null
  const all = head ? await readLog(clone.directory, last?.sha ?? null, head) : []
  const commits = all.filter((c) => (c.parents?.length ?? 0) < 2 && c.message.trim() !== "")
  return {
    name: await repositoryName(clone.directory),
    last: last && { tag: last.tag, version: last.version },
    commits: [...invented(Math.max(0, FEWEST - commits.length)), ...commits.slice(-TAKEN)],
    of: commits.length,
  }
}

async function repositoryName(directory: string): Promise<string> {
  const { stdout } = await promisify(execFile)("git", ["-C", directory, "rev-parse", "--show-toplevel"])
  return basename(stdout.trim()).replace(/[^\w.-]/g, "-") || "repository"
}

/** A clone with next to no history still shows the whole story; the demo says so. */
const invented = (count: number): readonly Commit[] =>
  ["feat: greet by name", "fix: mind the gap", "docs: say hello", "feat: say goodbye"]
    .slice(0, count)
    .map((message) => ({
      sha: "0".repeat(40),
      message,
      authorName: "Invented Author",
      at: "2026-01-01T00:00:00Z",
      landing: "0".repeat(40),
    }))

/** A login for a person whom git knows by name only. */
export const loginFor = (name: string): string =>
  name
    .normalize("NFKD")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 30) || "somebody"
