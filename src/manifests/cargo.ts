import { quoteAll } from "../model/quote.ts"
import { found, missing } from "./located.ts"
import type { Located, Source } from "./manifest.ts"
import { basename, dirname, relative } from "./paths.ts"
import { readToml } from "./toml-tree.ts"
import { placeOf, type Text, type Tree, walk } from "./tree.ts"

/**
 * `Cargo.toml`: `[package] version`, or `[workspace.package] version` where the package takes that, or is none
 * (https://doc.rust-lang.org/cargo/reference/workspaces.html#the-package-table).
 */
export function locateInCargo(source: Source): Located {
  const tree = readToml(source)
  if (tree.is === "missing") return tree
  const own = walk(tree, ["package", "version"])
  if (own?.is === "text") return found(own.span)
  const shared = walk(tree, ["workspace", "package", "version"])
  if (shared?.is === "text") return found(shared.span)
  if (own?.is === "map")
    return missing(
      source,
      "the package takes the version of its workspace; name the Cargo.toml at the workspace's root instead",
      placeOf(own),
    )
  return missing(
    source,
    'it has no `version` under `[package]`; write the present one there once, as `version = "1.2.3"`',
  )
}

/**
 * `Cargo.lock`: the versions of the release's own packages. Those are the ones without a `source` that the Cargo.toml
 * files beside it name; a workspace's root names all that are at the workspace's version. With no Cargo.toml beside it, the
 * only package without a `source`.
 */
export function locateInCargoLock(source: Source): Located {
  const tree = readToml(source)
  if (tree.is === "missing") return tree
  const own = packagesOf(tree).filter(({ foreign }) => !foreign)
  const manifests = manifestsBeside(source)
  const meant = manifests.length === 0 ? own : own.filter((it) => manifests.some((manifest) => names(manifest, it)))
  const [first, ...rest] = meant
  if (!first) return missing(source, `it has none of the release's packages; update it by \`cargo update --workspace\``)
  if (manifests.length === 0 && rest.length > 0)
    return missing(
      source,
      `it has several packages of this repository, ${quoteAll(own.map(({ name }) => name))}; name their Cargo.toml files in the manifests too`,
    )
  return found(first.version.span, ...rest.map(({ version }) => version.span))
}

interface Locked {
  readonly name: string
  readonly version: Text
  readonly foreign: boolean
}

function packagesOf(tree: Tree): readonly Locked[] {
  const list = walk(tree, ["package"])
  return (list?.is === "list" ? list.items : []).flatMap((it) => {
    const name = walk(it, ["name"])
    const version = walk(it, ["version"])
    if (name?.is !== "text" || version?.is !== "text") return []
    return [{ name: name.value, version, foreign: walk(it, ["source"]) !== undefined }]
  })
}

const manifestsBeside = ({ path, beside }: Source): readonly Tree[] =>
  beside
    .filter(
      (other) => basename(other.path) === "Cargo.toml" && relative(dirname(path), dirname(other.path)) !== undefined,
    )
    .map((other) => readToml({ ...other, beside: [] }))
    .filter((tree) => tree.is !== "missing")

function names(manifest: Tree, { name, version }: Locked): boolean {
  const own = walk(manifest, ["package", "name"])
  const shared = walk(manifest, ["workspace", "package", "version"])
  return (own?.is === "text" && own.value === name) || (shared?.is === "text" && shared.value === version.value)
}
