import { compareBuild } from "semver"
import type { Base } from "../model/ledger.ts"
import { versionOfTag } from "../model/tag.ts"
import { ProblemFound, WrongUsage } from "./command.ts"
import { git, tryGit } from "./git.ts"

/** A folder inside of a git repository. */
export interface Clone {
  readonly directory: string
  /** Its history is cut off: `git clone --depth`. */
  readonly shallow: boolean
}

/** Throws `ProblemFound` where the folder is no git repository, with git's own advice. */
export async function openClone(directory: string): Promise<Clone> {
  const { code, stdout, stderr } = await tryGit(directory, ["rev-parse", "--is-shallow-repository"])
  if (code === 0) return { directory, shallow: stdout.trim() === "true" }
  const advice = /not a git repository/.test(stderr)
    ? `${directory} is not in a git repository; name the folder of a clone`
    : stderr.replace(/^fatal: /, "")
  throw new ProblemFound(advice)
}

/** The commit that a branch, tag or SHA names; null for the `HEAD` of a repository without commits. */
export async function resolveCommit(clone: Clone, ref: string): Promise<string | null> {
  const wanted = ["rev-parse", "--verify", "--quiet", "--end-of-options", `${ref}^{commit}`]
  const { code, stdout } = await tryGit(clone.directory, wanted)
  if (code === 0) return stdout.trim().split("\n").at(-1) ?? null
  if (ref === "HEAD") return null
  throw new WrongUsage(
    `there is no commit \`${ref}\` in this clone${clone.shallow ? ", which is shallow" : "; fetch it first"}`,
  )
}

/** Likely tags are looked at one by one first: walking the whole history for all tags can take seconds. */
const TRIED_FIRST = 4

/** The latest release: the highest version among the tags that are ancestors of a commit; null: none. */
export async function latestRelease(clone: Clone, to: string, template: string): Promise<Base | null> {
  const [tags = []] = await versionTags(clone, [template])
  return firstBehind(clone, to, tags)
}

/** The first of some tags that is an ancestor of a commit; null: none is. */
export async function firstBehind(clone: Clone, to: string, tags: readonly Base[]): Promise<Base | null> {
  for (const tag of tags.slice(0, TRIED_FIRST)) {
    const { code } = await tryGit(clone.directory, ["merge-base", "--is-ancestor", tag.sha, to])
    if (code === 0) return tag
  }
  if (tags.length <= TRIED_FIRST) return null
  const behind = await tagsBehind(clone, to)
  return tags.find(({ tag }) => behind.has(tag)) ?? null
}

/** The same of several lists of tags; many are told by one walk, since starting git for each takes longer. */
export async function firstsBehind(
  clone: Clone,
  to: string,
  lists: readonly (readonly Base[])[],
): Promise<readonly (Base | null)[]> {
  if (lists.length <= TRIED_FIRST) return Promise.all(lists.map((tags) => firstBehind(clone, to, tags)))
  const behind = lists.every((tags) => tags.length === 0) ? new Set<string>() : await tagsBehind(clone, to)
  return lists.map((tags) => tags.find(({ tag }) => behind.has(tag)) ?? null)
}

/** The names of all tags that are ancestors of a commit. */
async function tagsBehind({ directory }: Clone, to: string): Promise<ReadonlySet<string>> {
  const names = await git(directory, ["for-each-ref", "--format=%(refname:strip=2)", `--merged=${to}`, "refs/tags"])
  return new Set(names.split("\n"))
}

/** Of each template the tags that follow it, highest version first; all of them read by one git. */
export async function versionTags(clone: Clone, templates: readonly string[]): Promise<readonly (readonly Base[])[]> {
  if (templates.length === 0) return []
  const format = "--format=%(refname:strip=2)%00%(objectname)%00%(*objectname)%00%(objecttype)%00%(*objecttype)"
  const text = await git(clone.directory, ["for-each-ref", format, "refs/tags"])
  const commits = text.split("\n").flatMap((line) => {
    const [tag = "", own = "", peeled = "", type, peeledType] = line.split("\0")
    const sha = type === "commit" ? own : peeledType === "commit" ? peeled : ""
    return sha === "" ? [] : [{ tag, sha }]
  })
  return templates.map((template) =>
    commits
      .flatMap(({ tag, sha }): Base[] => {
        const version = versionOfTag(tag, template)
        return version === null ? [] : [{ tag, version, sha }]
      })
      .sort((a, b) => compareBuild(b.version, a.version)),
  )
}

/** A file as it is at a commit, by its path from the repository's root; null where there is none. */
export async function readAt(clone: Clone, commit: string, path: string): Promise<string | null> {
  return (await new FilesAt(clone, commit).first([path]))?.text ?? null
}

export interface FileAt {
  readonly path: string
  /** Its hash. */
  readonly blob: string
  readonly text: string
}

/** Files as they are at a commit, by their paths from the repository's root. */
export class FilesAt {
  readonly #clone: Clone
  readonly #commit: string
  readonly #expected: readonly string[]
  /** By path; null: it is not there. */
  readonly #blobs = new Map<string, string | null>()

  /** @param expected what will be asked for later: git is started once for all of them */
  constructor(clone: Clone, commit: string, expected: readonly string[] = []) {
    this.#clone = clone
    this.#commit = commit
    this.#expected = expected
  }

  /** The first of some files that is there. */
  async first(paths: readonly string[]): Promise<FileAt | null> {
    if (paths.some((path) => !this.#blobs.has(path))) await this.#look(paths)
    for (const path of paths) {
      const blob = this.#blobs.get(path)
      if (blob) return { path, blob, text: await git(this.#clone.directory, ["cat-file", "blob", blob]) }
    }
    return null
  }

  /** The files that lie in a folder, not in one below it. */
  async within(folder: string): Promise<readonly FileAt[]> {
    const start = `${folder}/`
    if (!this.#blobs.has(start)) await this.#look([start])
    const found = [...this.#blobs].flatMap(([path, blob]) =>
      blob !== null && path.startsWith(start) && !path.slice(start.length).includes("/") ? [{ path, blob }] : [],
    )
    return Promise.all(
      found.map(async ({ path, blob }) => ({
        path,
        blob,
        text: await git(this.#clone.directory, ["cat-file", "blob", blob]),
      })),
    )
  }

  async #look(paths: readonly string[]): Promise<void> {
    const asked = [...new Set([...paths, ...this.#expected])]
    const entries = await git(this.#clone.directory, ["ls-tree", "--full-tree", "-z", this.#commit, "--", ...asked])
    for (const path of asked) this.#blobs.set(path, null)
    for (const entry of entries.split("\0")) {
      const [, blob = "", path = ""] = /^\d+ blob ([0-9a-f]+)\t(.*)$/s.exec(entry) ?? []
      if (blob !== "") this.#blobs.set(path, blob)
    }
  }
}

export interface Origin {
  /** `owner/name`; empty where the clone has no remote that names one. */
  readonly repository: string
  readonly webUrl: string
}

/** Where the clone comes from, by its remote `origin`: `git@host:owner/name.git` or `https://host/owner/name`. */
export async function originOf(clone: Clone): Promise<Origin> {
  const { stdout } = await tryGit(clone.directory, ["config", "--get", "remote.origin.url"])
  const found = /^(?:[a-z+]+:\/\/)?(?:[^@/]+@)?([A-Za-z0-9.-]+)(?::\d+)?[:/]([\w.-]+\/[\w.-]+?)(?:\.git)?\/?$/.exec(
    stdout.trim(),
  )
  const [, host = "", repository = ""] = found ?? []
  return host.includes(".")
    ? { repository, webUrl: `https://${host}` }
    : { repository: "", webUrl: "https://github.com" }
}
