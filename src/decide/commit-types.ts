import { DEFAULT_COMMIT_TYPES } from "conventional-changelog-conventionalcommits"
import type { Config } from "../model/config.ts"

/** Commit types that mean something in a repository, in lower case: the preset's, and those that its rules name. */
export const knownTypes = ({ changes }: Pick<Config, "changes">): readonly string[] => [
  ...new Set([
    ...DEFAULT_COMMIT_TYPES.map(({ type }) => type),
    ...changes.flatMap(({ when }) => when.type?.map((type) => type.toLowerCase()) ?? []),
  ]),
]
