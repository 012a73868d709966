import { readJson, textAt } from "./json-text.ts"
import { found, missing } from "./located.ts"
import type { Located, Source, Span } from "./manifest.ts"
import { dirname, relative } from "./paths.ts"

/** `package.json`, and every other JSON file that has a `version` of its own (`composer.json`, `deno.json`, `lerna.json`). */
export function locateInJson(source: Source): Located {
  const tree = readJson(source)
  if (tree.is === "missing") return tree
  const version = textAt(tree.root, ["version"])
  if (version.is === "text") return found(version.span)
  return version.is === "other"
    ? missing(source, "`version` is no text; put it in quotes", version.at)
    : missing(source, 'it has no `version`; write the present one into it once, as `"version": "1.2.3"`')
}

/**
 * `package-lock.json` and `npm-shrinkwrap.json`: `version`, and `packages[""].version` from lockfile version 2 on
 * (https://docs.npmjs.com/cli/v11/configuring-npm/package-lock-json). Where package.json files are named beside it, a
 * workspace's own entry is `packages["path/of/it"].version`.
 */
export function locateInNpmLock(source: Source): Located {
  const tree = readJson(source)
  if (tree.is === "missing") return tree
  const paths = foldersOf(source).flatMap((folder) => [
    ...(folder === "" ? [["version"]] : []),
    ["packages", folder, "version"],
  ])
  const spans = paths.flatMap((path): Span[] => {
    const version = textAt(tree.root, path)
    return version.is === "text" ? [version.span] : []
  })
  const [first, ...rest] = spans
  if (first) return found(first, ...rest)
  return missing(
    source,
    "it says no version of the package, since package.json has none; leave it out of the manifests",
  )
}

/** Folders of the release's packages, seen from the lock file; "" is its own. */
function foldersOf({ path, beside }: Source): readonly string[] {
  const home = dirname(path)
  const folders = beside
    .filter((other) => /(?:^|\/)package\.json$/.test(other.path))
    .map((other) => relative(home, dirname(other.path)))
    .filter((folder) => folder !== undefined)
  return folders.length > 0 ? folders : [""]
}
