import { versionIn } from "../../manifests/edit-manifest.ts"
import type { Manifest } from "../../manifests/manifest.ts"
import type { Clone } from "./clone.ts"
import type { Written } from "./move.ts"

/** A manifest as it is written: by its path alone where its name says enough. */
export type WrittenManifest = NonNullable<NonNullable<Written["publish"]>["manifests"]>[number]

const NPM = ["package.json", "package-lock.json", "npm-shrinkwrap.json"]

/** release-please's release types and semantic-release's plugins, by the files that hold their version. */
const FILES: { readonly [ecosystem: string]: readonly string[] } = {
  node: NPM,
  expo: [...NPM],
  python: ["pyproject.toml"],
  rust: ["Cargo.toml", "Cargo.lock"],
  maven: ["pom.xml"],
  java: ["pom.xml"],
  "java-yoshi": ["pom.xml"],
  helm: ["Chart.yaml"],
  simple: ["version.txt"],
  php: ["composer.json"],
  dart: ["pubspec.yaml"],
}

/** Those of an ecosystem's files that are there and say a version. */
export const manifestsOf = (clone: Clone, ecosystem: string, folder = ""): readonly string[] =>
  (Object.hasOwn(FILES, ecosystem) ? (FILES[ecosystem] ?? []) : [])
    .map((name) => (folder === "" ? name : `${folder}/${name}`))
    .filter((path) => saysVersion(clone, { path }))

export const isKnownEcosystem = (ecosystem: string): boolean => Object.hasOwn(FILES, ecosystem)

/** Whether a file of the clone says its version in the place that a manifest names. */
export function saysVersion(clone: Clone, manifest: Manifest): boolean {
  const text = clone.read(manifest.path)
  return text !== undefined && versionIn(manifest, text).is === "version"
}

/** Every manifest that lies in the clone's root: for a repository that no peer says anything of. */
export const manifestsInRoot = (clone: Clone): readonly string[] => [
  ...new Set([
    ...Object.keys(FILES).flatMap((ecosystem) => manifestsOf(clone, ecosystem)),
    ...clone.find("*.csproj").filter((path) => saysVersion(clone, { path })),
  ]),
]
