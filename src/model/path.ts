import { matchesGlob } from "./glob.ts"

/** Whether a path matches a pattern; one without a `*` also stands for all that is in a folder of that name. */
export function matchesPath(path: string, pattern: string): boolean {
  if (pattern.includes("*")) return matchesGlob(path, pattern)
  return path === pattern || path.startsWith(pattern.endsWith("/") ? pattern : `${pattern}/`)
}

/** Of the paths that a commit touched one for each pattern: what is kept of them tells which patterns match. */
export const asAsked = (files: readonly string[], patterns: readonly string[]): readonly string[] => [
  ...new Set(patterns.flatMap((pattern) => files.find((file) => matchesPath(file, pattern)) ?? [])),
]
