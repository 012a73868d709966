import type { Clone } from "./clone.ts"
import { carryTypes } from "./commit-types.ts"
import { manifestsOf, saysVersion } from "./manifest-choice.ts"
import { Move } from "./move.ts"
import { listOf, mappingOf, type PeerFile, readPeerFile, textOf } from "./peer-file.ts"

const REASONS: { readonly [key: string]: string } = {
  scripts: "what runs after a release is a workflow of yours: `publish.dispatch`",
  skip: "a step that is not wanted is not configured: `publish.changelog`, `publish.manifests`",
  releaseCommitMessageFormat: "the release commit's words are Slipway's own",
  commitUrlFormat: "links are those of the repository's own GitHub",
  compareUrlFormat: "links are those of the repository's own GitHub",
  issueUrlFormat: "links are those of the repository's own GitHub",
  header: "what stands in the changelog already stays as it is",
  sign: "commits made through GitHub's API are signed by GitHub",
  preset: "messages are read as Conventional Commits 1.0.0",
  prerelease: "prereleases come from a branch with a channel: `branches: [main, { name: next, channel: rc }]`",
}

/** standard-version and commit-and-tag-version (https://github.com/absolute-version/commit-and-tag-version): by hand. */
export function fromStandardVersion(clone: Clone): Move | undefined {
  const file = fileOf(clone)
  if (!file) return undefined
  const config = mappingOf(file.value)
  const move = new Move("standard-version", file)
  move.carry(
    file,
    [],
    "version",
    { from: ["commits"], other: "patch", zero: "shift" },
    "every release is at least a patch; below 1.0.0 all is one step lower",
  )
  const prefix = config.tagPrefix
  if (typeof prefix === "string") move.carry(file, ["tagPrefix"], "version", { tag: `${prefix}{version}` })
  if (config.types !== undefined) carryTypes(move, file, ["types"], config.types, "none")
  if (config.preMajor !== undefined) move.note(file, ["preMajor"], "below 1.0.0 this holds by itself", "version")
  move.carry(
    file,
    [],
    "publish",
    { mode: "pull-request", changelog: textOf(config.infile) ?? "CHANGELOG.md" },
    "instead of a command that somebody runs",
  )
  if (config.infile !== undefined) move.note(file, ["infile"], "", "publish")
  manifests(move, file, clone)
  move.loseTheRest(file, REASONS)
  return move
}

const fileOf = (clone: Clone): PeerFile | undefined => {
  const own = readPeerFile(clone, ".versionrc") ?? readPeerFile(clone, ".versionrc.json")
  if (own) return own
  for (const key of ["standard-version", "commit-and-tag-version"]) {
    const file = readPeerFile(clone, "package.json", [key])
    if (file?.value !== undefined) return file
  }
  return undefined
}

function manifests(move: Move, file: PeerFile, clone: Clone): void {
  const config = mappingOf(file.value)
  const listed = listOf(config.bumpFiles)
  const found = listed.flatMap((entry, index) => {
    const path = textOf(entry) ?? textOf(mappingOf(entry).filename) ?? ""
    if (saysVersion(clone, { path })) return [path]
    move.lose(
      file,
      ["bumpFiles", index],
      "where this file says its version is not known; name it in `publish.manifests` with a `regex`, a `jsonpath` or an `xpath`",
    )
    return []
  })
  const all = config.bumpFiles === undefined ? manifestsOf(clone, "node") : found
  if (all.length > 0)
    move.carry(file, config.bumpFiles === undefined ? [] : ["bumpFiles"], "publish", { manifests: [...all] })
  if (config.packageFiles !== undefined)
    move.note(file, ["packageFiles"], "the present version is that of the last tag", "version")
}
