import type { Manifest } from "../../manifests/manifest.ts"
import { ProblemFound } from "../command.ts"
import type { Clone } from "./clone.ts"
import { carryTypes } from "./commit-types.ts"
import { isKnownEcosystem, manifestsOf, saysVersion, type WrittenManifest } from "./manifest-choice.ts"
import { tellMissingTag } from "./missing-tag.ts"
import { Move, type Written } from "./move.ts"
import { listOf, type Mapping, mappingOf, type PeerFile, readPeerFile, type Step, textOf } from "./peer-file.ts"

const FILE = "release-please-config.json"
const VERSIONS = ".release-please-manifest.json"
const NO_EQUAL = "nothing in Slipway is like it"
const ONE_BODY = "the release pull request's words are Slipway's own"

const REASONS: { readonly [key: string]: string } = {
  "release-as": "it is stated for one release: by a `Release-As: 2.0.0` footer, or by `release.version` of a plan",
  "pull-request-title-pattern": ONE_BODY,
  "group-pull-request-title-pattern": ONE_BODY,
  "pull-request-header": ONE_BODY,
  "pull-request-footer": ONE_BODY,
  "separate-pull-requests": "each component has a release of its own; `linked` keeps versions together",
  label: "Slipway keeps no state in labels",
  "release-label": "Slipway keeps no state in labels",
  "extra-label": "Slipway keeps no state in labels",
  draft: "in mode `draft` a release stays one until somebody presses Publish",
  "draft-pull-request": "the release pull request is an open one",
  versioning: "versions follow the changes; a rule of `changes` may say what a kind of change asks for",
  "bootstrap-sha": "history begins at the last release's tag, or at the first commit",
  "last-release-sha": "history begins at the last release's tag",
  "always-link-local": "a dependant in the same workspace is told by the workspace itself",
  "sequential-calls": "Slipway's requests are few anyway",
  "commit-search-depth": "history is read to the last release, however far that is",
  "release-search-depth": "all tags are known",
  "changelog-host": "links are those of the repository's own GitHub",
  "changelog-type": "the changelog is Slipway's notes",
  "skip-github-release": "a release is what Slipway is for; a component that is never released needs no entry",
  "initial-version": NO_EQUAL,
}

/** release-please (https://github.com/googleapis/release-please/blob/main/docs/manifest-releaser.md): a release pull request. */
export function fromReleasePlease(clone: Clone): Move | undefined {
  const file = readPeerFile(clone, FILE)
  if (!file) return undefined
  const versions = readPeerFile(clone, VERSIONS)
  const config = mappingOf(file.value)
  const packages = Object.entries(mappingOf(config.packages)).map(([path, own]) => ({ path, own: mappingOf(own) }))
  if (packages.length === 0) throw new ProblemFound(`${FILE}: it names no \`packages\`; there is nothing to carry over`)
  const move = new Move("release-please", file, ...(versions ? [versions] : []))
  move.carry(file, [], "version", { from: ["commits"] }, "it reads commits; titles of squashed pull requests are such")
  policy(move, file, config)
  carryTypesOf(move, file, config)
  const [only, ...others] = packages
  if (only?.path === "." && others.length === 0) single(move, file, clone, config, only.own)
  else components(move, file, clone, config, packages)
  plugins(move, file, config, packages)
  move.carry(file, [], "publish", { mode: "pull-request" }, "release-please releases by a pull request")
  if (versions) released(move, versions, clone, config, packages)
  move.note(file, ["packages"], "", "components")
  move.pass(file, "$schema")
  move.loseTheRest(file, REASONS)
  return move
}

const setting = (config: Mapping, own: Mapping, key: string): unknown => own[key] ?? config[key]

/** The package's own setting is where it stands; else the file's. */
const whereIs = (path: string, own: Mapping, key: string): Step[] =>
  own[key] === undefined ? [key] : ["packages", path, key]

function policy(move: Move, file: PeerFile, config: Mapping): void {
  const [only] = Object.values(mappingOf(config.packages)).map(mappingOf)
  const own = only ?? {}
  const path = Object.keys(mappingOf(config.packages))[0] ?? "."
  const minor = setting(config, own, "bump-minor-pre-major") === true
  const patch = setting(config, own, "bump-patch-for-minor-pre-major") === true
  const zero = minor ? (patch ? "shift" : "minor") : "major"
  const key = minor ? "bump-minor-pre-major" : "bump-patch-for-minor-pre-major"
  const at = setting(config, own, key) === undefined ? [] : whereIs(path, own, key)
  move.carry(
    file,
    at,
    "version",
    { zero },
    zero === "major" ? "release-please makes 1.0.0 of a breaking change unless `bump-minor-pre-major` is set" : "",
  )
  if (patch && minor) move.note(file, whereIs(path, own, "bump-patch-for-minor-pre-major"), "", "version")
  if (patch && !minor)
    move.lose(
      file,
      whereIs(path, own, "bump-patch-for-minor-pre-major"),
      "below 1.0.0 a feature is a patch only where a breaking change is a minor: `zero: shift`",
    )
  const initial = textOf(setting(config, own, "initial-version"))
  move.carry(
    file,
    initial === undefined ? [] : whereIs(path, own, "initial-version"),
    "version",
    { initial: initial ?? "1.0.0" },
    "the first version, where there is no tag yet",
  )
}

function carryTypesOf(move: Move, file: PeerFile, config: Mapping): void {
  if (config["changelog-sections"] !== undefined)
    carryTypes(move, file, ["changelog-sections"], config["changelog-sections"], "patch")
  for (const [path, own] of Object.entries(mappingOf(config.packages)))
    if (mappingOf(own)["changelog-sections"] !== undefined)
      move.lose(
        file,
        ["packages", path, "changelog-sections"],
        "sections are those of all components: `changes`, with `path` in a rule's `when`",
      )
}

function single(move: Move, file: PeerFile, clone: Clone, config: Mapping, own: Mapping): void {
  move.carry(
    file,
    ["packages", "."],
    "version",
    { tag: tagOf(clone, config, own, ".") },
    "the tags as release-please makes them",
  )
  const changelog = changelogOf(config, own, ".")
  const manifests = manifestsFor(move, file, clone, config, own, ".")
  const at = own["changelog-path"] === undefined ? ["packages", "."] : ["packages", ".", "changelog-path"]
  if (changelog !== undefined) move.carry(file, at, "publish", { changelog })
  if (manifests.length > 0) move.carry(file, whereIs(".", own, "release-type"), "publish", { manifests })
  known(move, file, config, own, ".")
}

type Component = NonNullable<Written["components"]>[string]

function components(
  move: Move,
  file: PeerFile,
  clone: Clone,
  config: Mapping,
  packages: readonly { path: string; own: Mapping }[],
): void {
  for (const { path, own } of packages) {
    const changelog = changelogOf(config, own, path)
    const manifests = manifestsFor(move, file, clone, config, own, path)
    const component: Component = {
      path: path === "." ? "**" : `${path}/**`,
      tag: tagOf(clone, config, own, path),
      ...(changelog === undefined ? {} : { changelog }),
      ...(manifests.length > 0 ? { manifests } : {}),
    }
    const says = path === "." ? "it takes in the changes of every other component as well" : ""
    move.carry(
      file,
      ["packages", path],
      "components",
      { [nameOf(clone, config, own, path) || "root"]: component },
      says,
    )
    known(move, file, config, own, path)
  }
}

/** A version that only the manifest knows would be given out again: Slipway goes on from tags. */
function released(
  move: Move,
  versions: PeerFile,
  clone: Clone,
  config: Mapping,
  packages: readonly { path: string; own: Mapping }[],
): void {
  move.note(versions, [], "versions are read from the tags, so that this file is needed no more", "version")
  for (const { path, own } of packages) {
    const version = textOf(mappingOf(versions.value)[path])
    if (version === undefined) continue
    tellMissingTag(move, clone, { file: versions, path: [path], version, template: tagOf(clone, config, own, path) })
  }
}

const folderOf = (path: string): string => (path === "." ? "" : path)
const below = (path: string, name: string): string =>
  name.startsWith("/") ? name.slice(1) : path === "." ? name : `${path}/${name}`

function changelogOf(config: Mapping, own: Mapping, path: string): string | undefined {
  if (setting(config, own, "skip-changelog") === true) return undefined
  return below(path, textOf(setting(config, own, "changelog-path")) ?? "CHANGELOG.md")
}

/** `component`, else `package-name`, else what the ecosystem's manifest says; scopes left out, as release-please does. */
function nameOf(clone: Clone, config: Mapping, own: Mapping, path: string): string {
  const said = textOf(own.component) ?? textOf(own["package-name"])
  const type = textOf(setting(config, own, "release-type")) ?? "node"
  const inManifest = (): string | undefined => {
    const text = ["node", "expo"].includes(type) ? readPeerFile(clone, below(path, "package.json")) : undefined
    return text && textOf(mappingOf(text.value).name)
  }
  const name = said ?? inManifest() ?? (path === "." ? "" : (path.split("/").at(-1) ?? ""))
  return name.replace(/^@[^/]*\//, "")
}

function tagOf(clone: Clone, config: Mapping, own: Mapping, path: string): string {
  const v = setting(config, own, "include-v-in-tag") === false ? "" : "v"
  const name = setting(config, own, "include-component-in-tag") === false ? "" : nameOf(clone, config, own, path)
  return name === "" ? `${v}{version}` : `${name}${textOf(setting(config, own, "tag-separator")) ?? "-"}${v}{version}`
}

function manifestsFor(
  move: Move,
  file: PeerFile,
  clone: Clone,
  config: Mapping,
  own: Mapping,
  path: string,
): WrittenManifest[] {
  const type = textOf(setting(config, own, "release-type")) ?? "node"
  if (!isKnownEcosystem(type) && type !== "go")
    move.lose(
      file,
      whereIs(path, own, "release-type"),
      `what \`${type.replaceAll("`", "'")}\` edits is not known here; name its files in \`publish.manifests\``,
    )
  const extra = listOf(setting(config, own, "extra-files"))
  const at = whereIs(path, own, "extra-files")
  return [
    ...manifestsOf(clone, type, folderOf(path)),
    ...extra.flatMap((it, index) => extraFile(move, file, clone, [...at, index], it, path)),
  ]
}

/** https://github.com/googleapis/release-please/blob/main/docs/customizing.md#updating-arbitrary-files */
const ANNOTATED = String.raw`(\d+\.\d+\.\d+(?:[-+][0-9A-Za-z.+-]*)?).*x-release-please-version`

function extraFile(
  move: Move,
  file: PeerFile,
  clone: Clone,
  at: Step[],
  entry: unknown,
  path: string,
): WrittenManifest[] {
  const of = mappingOf(entry)
  const name = textOf(entry) ?? textOf(of.path)
  if (name === undefined || of.glob === true || name.includes("*")) {
    move.lose(file, at, "a manifest is one file; name each")
    return []
  }
  const to = below(path, name)
  const { jsonpath, xpath } = of
  const guesses: Manifest[] = [{ path: to, jsonpath: "$.version" }, { path: to, regex: ANNOTATED }, { path: to }]
  const chosen: Manifest | undefined =
    typeof jsonpath === "string"
      ? { path: to, jsonpath }
      : typeof xpath === "string"
        ? { path: to, xpath }
        : guesses.find((guess) => saysVersion(clone, guess))
  if (chosen && saysVersion(clone, chosen)) {
    move.note(file, at, "", "publish")
    return [Object.keys(chosen).length > 1 ? (chosen as WrittenManifest) : chosen.path]
  }
  move.lose(
    file,
    at,
    "where this file says its version is not found; name it in `publish.manifests` with a `regex`, a `jsonpath` or an `xpath`",
  )
  return []
}

const HANDLED = [
  "component",
  "package-name",
  "release-type",
  "changelog-path",
  "skip-changelog",
  "include-v-in-tag",
  "include-component-in-tag",
  "tag-separator",
  "extra-files",
  "bump-minor-pre-major",
  "bump-patch-for-minor-pre-major",
  "initial-version",
  "changelog-sections",
]

/** What a package sets itself, and what the file sets for all of them: said once each. */
function known(move: Move, file: PeerFile, config: Mapping, own: Mapping, path: string): void {
  for (const key of HANDLED)
    if (config[key] !== undefined && !["changelog-sections", "initial-version"].includes(key))
      move.note(file, [key], "", "version")
  for (const key of Object.keys(own))
    if (!HANDLED.includes(key))
      move.lose(file, ["packages", path, key], Object.hasOwn(REASONS, key) ? (REASONS[key] ?? NO_EQUAL) : NO_EQUAL)
}

function plugins(
  move: Move,
  file: PeerFile,
  config: Mapping,
  packages: readonly { path: string; own: Mapping }[],
): void {
  for (const [index, entry] of listOf(config.plugins).entries()) {
    const name = textOf(entry) ?? textOf(mappingOf(entry).type) ?? ""
    const at = ["plugins", index]
    const group = listOf(mappingOf(entry).components).filter((it): it is string => typeof it === "string")
    const names = Object.keys(move.written.components ?? {})
    if (name.endsWith("-workspace"))
      move.note(file, at, "a dependant in the same workspace gets a patch with what it depends on", "components")
    else if (name === "linked-versions" && group.length > 1 && group.every((it) => names.includes(it)))
      move.carry(file, at, "linked", [group])
    else if (name === "linked-versions")
      move.lose(file, at, `it names what is no component here (${packages.length} packages are); see \`linked\``)
    else move.lose(file, at, NO_EQUAL)
  }
}
