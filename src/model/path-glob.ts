import { matchesGlob } from "./glob.ts"

/**
 * Whether a path matches a pattern, read as GitHub Actions reads `paths`: `*` stands for any text within one folder's
 * or file's name, `**` for any number of folders. A pattern without either names a file, or a folder with all that is
 * in it. Takes time in proportion to path × pattern at most, whatever the pattern.
 * https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#filter-pattern-cheat-sheet
 *
 * @param path from the repository's root, with `/` between folders
 */
export function matchesPath(path: string, pattern: string): boolean {
  const wanted = pattern.endsWith("/") ? `${pattern}**` : pattern
  if (!wanted.includes("*")) return path === wanted || path.startsWith(`${wanted}/`)
  // What most patterns are: everything in a folder. A push of thousands of files asks it of each.
  if (wanted.indexOf("*") === wanted.length - 2 && wanted.endsWith("/**")) return path.startsWith(wanted.slice(0, -2))
  const parts = wanted.split("/")
  // `src/**.ts`: what stands for folders shares its part with a name, so it stands for any text.
  if (parts.some((part) => part !== "**" && part.includes("**"))) return matchesGlob(path, wanted)
  // `docs/**` is what is in the folder, not the folder.
  return matchesParts(path.split("/"), parts.at(-1) === "**" ? [...parts, "*"] : parts)
}

/** On a mismatch only the last `**` takes one folder more: what an earlier one takes makes no difference. */
function matchesParts(names: readonly string[], parts: readonly string[]): boolean {
  let [name, part] = [0, 0]
  let [star, from] = [-1, 0]
  while (name < names.length) {
    const wanted = parts[part]
    if (wanted === "**") [star, from, part] = [part, name, part + 1]
    else if (wanted !== undefined && matchesGlob(names[name] ?? "", wanted)) [name, part] = [name + 1, part + 1]
    else if (star >= 0) [from, name, part] = [from + 1, from + 1, star + 1]
    else return false
  }
  return parts.slice(part).every((rest) => rest === "**")
}

/**
 * Of the paths that a commit touched one for each set of patterns that match the same: what is kept tells which patterns
 * match, and whether something lies outside of some of them, or of all.
 */
export function asAsked(files: readonly string[], patterns: readonly string[]): readonly string[] {
  const kept = new Map<string, string>()
  for (const file of files) {
    const matched = patterns.map((pattern) => (matchesPath(file, pattern) ? "1" : "0")).join("")
    if (!kept.has(matched)) kept.set(matched, file)
  }
  return [...kept.values()]
}
