import type { Commit } from "../model/change.ts"
import { asAsked } from "../model/path-glob.ts"
import type { Read, Reader } from "./reader.ts"
import { read, unknown, whyUnknown } from "./reader.ts"

/** Up to so many commits are asked for one by one, which is exact; more of them by folder. */
const ONE_BY_ONE = 30
/** A request a commit: more would use up the hour's requests, and no folder narrows it down. */
const LIMIT = 1_000
/** What is beyond is not listed: https://docs.github.com/en/rest/commits/commits#get-a-commit */
const FILES_LISTED = 3_000

/**
 * The commits with the paths that they touched, as far as the patterns ask. What is known already is kept.
 *
 * Of many commits GitHub is asked for those that touch each folder, and the folder stands for what is in it: `api/`. Of
 * a commit with more files than GitHub lists the paths stay unknown.
 *
 * @param patterns what the configuration asks for; with none, nothing is read
 */
export async function withFiles(
  reader: Reader,
  head: string,
  commits: readonly Commit[],
  patterns: readonly string[],
): Promise<Read<readonly Commit[]>> {
  const missing = commits.filter(({ files }) => files === undefined)
  if (patterns.length === 0 || missing.length === 0) return read(commits)
  const folders = patterns.map(folderOf)
  const byFolder = missing.length > ONE_BY_ONE && folders.every((folder) => folder !== null)
  const found = byFolder
    ? await filesByFolder(
        reader,
        head,
        missing,
        folders.filter((folder) => folder !== null),
      )
    : await filesByCommit(reader, missing, patterns)
  if (found.is === "unknown") return found
  return read(
    commits.map((commit) => {
      const files = commit.files ?? found.value.get(commit.sha)
      return files ? { ...commit, files } : commit
    }),
  )
}

type Files = ReadonlyMap<string, readonly string[]>

/** What GitHub can be asked for as a path; null: the pattern is no folder or file. Empty: everything. */
function folderOf(pattern: string): string | null {
  const plain = pattern === "**" ? "" : pattern.replace(/\/(?:\*\*)?$/, "")
  return plain.includes("*") ? null : plain
}

async function filesByCommit(
  reader: Reader,
  commits: readonly Commit[],
  patterns: readonly string[],
): Promise<Read<Files>> {
  if (commits.length > LIMIT)
    return unknown(
      `which paths ${commits.length} commits touched cannot be asked for; use patterns of folders such as \`api/**\`, ` +
        "or tag what was last released",
    )
  const all = await Promise.all(commits.map(async ({ sha }) => [sha, await filesOf(reader, sha)] as const))
  const found = new Map<string, readonly string[]>()
  for (const [sha, files] of all) {
    if (files.is === "unknown") return files
    if (files.value) found.set(sha, asAsked(files.value, patterns))
  }
  return read(found)
}

/**
 * Null: there are more than GitHub lists. A file that was moved touches both places.
 *
 * Pages are followed by their links, and no size is asked for: GitHub describes pages of 300 files, and a `per_page` of
 * 100 at most, so that a page which is not full tells nothing.
 */
async function filesOf(reader: Reader, sha: string): Promise<Read<readonly string[] | null>> {
  const listed = await reader.all(
    ({ per_page: _, ...at }) => reader.rest.repos.getCommit({ ...at, ref: sha }),
    ({ files = [] }) => ({ items: files }),
  )
  if (listed.is === "refused")
    return unknown(`the files of ${sha.slice(0, 7)} could not be read: ${whyUnknown(listed.error)}`)
  if (listed.is === "too many" || listed.data.length >= FILES_LISTED) return read(null)
  return read(listed.data.flatMap(({ filename, previous_filename: from }) => (from ? [filename, from] : [filename])))
}

/** GitHub leaves open whether a commit of that very second is listed. */
const SLACK_MS = 60_000

/**
 * One list a folder, which ends with the oldest commit that is asked about: git's limit by date ends a walk only where
 * it meets an older commit, and between the head and a commit of the ledger there are only commits of the ledger.
 * https://docs.github.com/en/rest/commits/commits#list-commits
 */
async function filesByFolder(
  reader: Reader,
  head: string,
  commits: readonly Commit[],
  folders: readonly string[],
): Promise<Read<Files>> {
  const oldest = commits.map(({ at }) => Date.parse(at)).reduce((least, at) => Math.min(least, at))
  const since = new Date(oldest - SLACK_MS).toISOString()
  const found = new Map<string, string[]>(commits.map(({ sha }) => [sha, []]))
  const wanted = [...new Set(folders)]
  const lists = await Promise.all(
    wanted.map((path) =>
      path === ""
        ? undefined
        : reader.all(
            (at) => reader.rest.repos.listCommits({ ...at, sha: head, path, since }),
            (items) => ({ items }),
          ),
    ),
  )
  for (const [at, list] of lists.entries()) {
    const path = wanted[at] ?? ""
    if (list?.is === "too many") return unknown(`there are too many commits in \`${path}\``)
    if (list?.is === "refused")
      return unknown(`the commits that touched \`${path}\` could not be read: ${whyUnknown(list.error)}`)
    const touched = list ? list.data.map(({ sha }) => sha) : [...found.keys()]
    // Which file it was nobody says; a pattern that asks for the folder, or for a file of that name, matches this.
    for (const sha of touched) found.get(sha)?.push(`${path}/`)
  }
  return read(found)
}
