import { matchesGlob } from "../../model/glob.ts"
import type { Clone } from "./clone.ts"
import { manifestsOf } from "./manifest-choice.ts"
import { tellMissingTag } from "./missing-tag.ts"
import { Move, type Written } from "./move.ts"
import { listOf, type Mapping, mappingOf, type PeerFile, readPeerFile, textOf, textsOf } from "./peer-file.ts"
import { type Package, packagesOf } from "./workspace.ts"

const REASONS: { readonly [key: string]: string } = {
  changelog: "the changelog is Slipway's notes",
  commit: "a release is one commit, made by the release pull request",
  access: "publishing to a registry stays in a workflow of yours, which `publish.dispatch` starts",
  updateInternalDependencies: "a dependant in the same workspace gets a patch with what it depends on, never more",
  bumpVersionsWithWorkspaceProtocolOnly: "a dependant in the same workspace gets a patch with what it depends on",
  snapshot: "prereleases come from a branch with a channel: `branches: [main, { name: next, channel: rc }]`",
  privatePackages: "private packages are no components unless they are tagged",
  prettier: "files keep the formatting that they have",
}

/** changesets (https://github.com/changesets/changesets/blob/main/docs/config-file-options.md): versions by added files. */
export function fromChangesets(clone: Clone): Move | undefined {
  const file = readPeerFile(clone, ".changeset/config.json")
  if (!file) return undefined
  const config = mappingOf(file.value)
  const move = new Move("changesets", file)
  move.lose(
    file,
    [],
    "versions by files in .changeset/: Slipway reads commits and titles instead; release what is pending there before you switch",
  )
  const base = textOf(config.baseBranch)
  if (base !== undefined) move.carry(file, ["baseBranch"], "branches", [base])
  const tagged = mappingOf(config.privatePackages).tag === true
  const ignored = textsOf(config.ignore)
  const packages = packagesOf(clone).filter(
    ({ name, isPrivate }) => (tagged || !isPrivate) && !ignored.some((it) => matchesGlob(name, it)),
  )
  if (packages.length === 0) single(move, file, clone)
  else
    for (const it of packages) {
      move.carry(file, [], "components", { [shortName(it.name)]: componentOf(clone, it) }, it.name)
      tellTag(move, clone, it)
    }
  move.carry(file, [], "publish", { mode: "pull-request" }, "changesets releases by a pull request")
  if (ignored.length > 0) move.note(file, ["ignore"], "these are no components", "components")
  for (const key of ["fixed", "linked"] as const) groups(move, file, key, config, packages)
  move.pass(file, "$schema")
  move.loseTheRest(file, REASONS)
  return move
}

const shortName = (name: string): string => name.replace(/^@[^/]*\//, "")

function single(move: Move, file: PeerFile, clone: Clone): void {
  const manifests = [...manifestsOf(clone, "node")]
  move.carry(file, [], "publish", { changelog: "CHANGELOG.md", ...(manifests.length > 0 ? { manifests } : {}) })
}

const componentOf = (clone: Clone, { name, folder }: Package): NonNullable<Written["components"]>[string] => {
  const manifests = [...manifestsOf(clone, "node", folder)]
  return {
    path: `${folder}/**`,
    tag: `${name}@{version}`,
    changelog: `${folder}/CHANGELOG.md`,
    ...(manifests.length > 0 ? { manifests } : {}),
  }
}

function tellTag(move: Move, clone: Clone, { name, folder }: Package): void {
  const file = readPeerFile(clone, `${folder}/package.json`)
  const version = textOf(mappingOf(file?.value).version)
  if (file && version !== undefined)
    tellMissingTag(move, clone, { file, path: ["version"], version, template: `${name}@{version}` })
}

/** Groups of names or patterns. `linked` there moves only those that change; here a group has one version always. */
function groups(
  move: Move,
  file: PeerFile,
  key: "fixed" | "linked",
  config: Mapping,
  packages: readonly Package[],
): void {
  for (const [index, group] of listOf(config[key]).entries()) {
    const names = packages
      .filter(({ name }) => textsOf(group).some((it) => matchesGlob(name, it)))
      .map(({ name }) => shortName(name))
    const says = key === "linked" ? "one version for all of them; changesets released only those that changed" : ""
    if (names.length > 1) move.carry(file, [key, index], "linked", [names], says)
    else move.lose(file, [key, index], "fewer than two components are meant")
  }
  if (config[key] !== undefined && listOf(config[key]).length === 0) move.note(file, [key], "", "linked")
}
