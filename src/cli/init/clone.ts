import { globSync, lstatSync, readFileSync, statSync } from "node:fs"
import { join } from "node:path"
import { tryGit } from "../git.ts"

const MOST_BYTES = 1024 * 1024
const MOST_FILES = 500

/** The files of a clone as they lie in the folder, its branches and tags. Paths are from the repository's root, with `/`. */
export interface Clone {
  readonly root: string
  /** `undefined` where there is no such file, it is larger than 1 MB, or the path leads out of the repository. */
  read(path: string): string | undefined
  exists(path: string): boolean
  /** Files and folders by pattern, sorted, without those of installed packages. */
  find(pattern: string): readonly string[]
  /** Names of local branches and of those of `origin`. */
  readonly branches: readonly string[]
  readonly tags: ReadonlySet<string>
}

/** Opens a folder; where it lies in a git repository, that repository's root. */
export async function openClone(directory: string): Promise<Clone> {
  const top = await tryGit(directory, ["rev-parse", "--show-toplevel"])
  const root = top.code === 0 ? top.stdout.trim() : directory
  const refs = await tryGit(root, ["for-each-ref", "--format=%(refname)", "refs/heads", "refs/remotes/origin"])
  const tags = await tryGit(root, ["for-each-ref", "--format=%(refname:lstrip=2)", "refs/tags"])
  const names = refs.stdout.split("\n").map((ref) => ref.replace(/^refs\/(?:heads|remotes\/origin)\//, ""))
  const read = (path: string): string | undefined => {
    const file = join(root, path)
    if (!isInside(path) || !statSync(file, { throwIfNoEntry: false })?.isFile()) return undefined
    const text = readFileSync(file, "utf8")
    return text.length > MOST_BYTES ? undefined : text
  }
  return {
    root,
    read,
    exists: (path) => isInside(path) && lstatSync(join(root, path), { throwIfNoEntry: false }) !== undefined,
    find: (pattern) =>
      isInside(pattern)
        ? globSync(pattern, { cwd: root, exclude: (path) => /(?:^|[\\/])(?:node_modules|\.git)$/.test(path) })
            .map((path) => path.replaceAll("\\", "/"))
            .sort()
            .slice(0, MOST_FILES)
        : [],
    branches: [...new Set(names.filter((name) => name !== "" && name !== "HEAD"))],
    tags: new Set(tags.stdout.split("\n").filter((name) => name !== "")),
  }
}

const isInside = (path: string): boolean => !/^[/~]|^[A-Za-z]:|\\|\0/.test(path) && !path.split("/").includes("..")
