import type { Bump } from "../model/version.ts"

/** What a label says by the names that projects give it. */
export interface LabelWord {
  readonly asks: Bump
  /** The commit type whose section fits; null: none does. */
  readonly type: string | null
}

const word = (asks: Bump, type: string | null, names: readonly string[]) =>
  names.map((name): readonly [string, LabelWord] => [name, { asks, type }])

/**
 * The names of release-drafter's and auto's documentation, of GitHub's own labels and of its example for generated
 * notes. In lower case.
 *
 * - https://github.com/release-drafter/release-drafter#version-resolver
 * - https://intuit.github.io/auto/docs/generated/shipit
 * - https://docs.github.com/en/repositories/releasing-projects-on-github/automatically-generated-release-notes
 * - https://docs.github.com/en/issues/using-labels-and-milestones-to-track-work/managing-labels#about-default-labels
 */
const WORDS: ReadonlyMap<string, LabelWord> = new Map([
  ...word("major", null, ["major", "semver:major", "semver-major", "breaking", "breaking-change", "breaking change"]),
  ...word("minor", null, ["minor", "semver:minor", "semver-minor"]),
  ...word("minor", "feat", ["feature", "feat", "enhancement"]),
  ...word("patch", null, ["patch", "semver:patch", "semver-patch"]),
  ...word("patch", "fix", ["fix", "bug", "bugfix"]),
  ...word("patch", "perf", ["performance"]),
])

/** What labels say, whatever their case, in the order of the list above; labels of other names say nothing. */
export const labelWords = (labels: readonly string[]): readonly LabelWord[] => {
  const given = new Set(labels.map((label) => label.toLowerCase()))
  return [...WORDS].flatMap(([name, says]) => (given.has(name) ? [says] : []))
}
