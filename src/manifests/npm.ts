import { readJson } from "./json-tree.ts"
import { found, missing } from "./located.ts"
import type { Located, Source } from "./manifest.ts"
import { basename, dirname, relative } from "./paths.ts"
import { placeOf, type Text, type Tree, walk } from "./tree.ts"
import { readYaml } from "./yaml-tree.ts"

/** `package.json`, and every other JSON file that has a `version` of its own (`composer.json`, `deno.json`, `lerna.json`). */
export const locateInJson = (source: Source): Located => atTop(source, readJson(source), '`"version": "1.2.3"`')

/** `Chart.yaml` (https://helm.sh/docs/topics/charts/#the-chartyaml-file), `pubspec.yaml` and their like: `version`. */
export const locateInYaml = (source: Source): Located => atTop(source, readYaml(source), "`version: 1.2.3`")

function atTop(source: Source, tree: Tree | { is: "missing"; because: string }, example: string): Located {
  if (tree.is === "missing") return tree
  const version = walk(tree, ["version"])
  if (version?.is === "text") return found(version.span)
  return version
    ? missing(source, "`version` is no text; put it in quotes", placeOf(version))
    : missing(source, `it has no \`version\`; write the present one into it once, as ${example}`)
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
  const [first, ...rest] = paths.map((path) => walk(tree, path)).filter((it): it is Text => it?.is === "text")
  if (first) return found(first.span, ...rest.map(({ span }) => span))
  return missing(source, "it says no version of the package, as package.json has none; leave it out of the manifests")
}

/** Folders of the release's packages, seen from the lock file; "" is its own. */
function foldersOf({ path, beside }: Source): readonly string[] {
  const home = dirname(path)
  const folders = beside
    .filter((other) => basename(other.path) === "package.json")
    .map((other) => relative(home, dirname(other.path)))
    .filter((folder) => folder !== undefined)
  return folders.length > 0 ? folders : [""]
}
