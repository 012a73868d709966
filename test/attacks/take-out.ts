import type { Guard } from "./guard.ts"

/** How many lines below its name what is taken out of a guard may stand. */
const REACH = 6

/**
 * The files of a guard without it.
 *
 * @param read gives a file's text
 * @returns the texts by file, or why the guard cannot be taken out as it is declared
 */
export function takeOut(
  { tag, file, takenOut, behind = [] }: Guard,
  read: (file: string) => string,
): { readonly texts: ReadonlyMap<string, string> } | { readonly because: string } {
  const before = read(file)
  const name = new RegExp(`guard: ${tag}(?![a-z0-9-])`)
  const named = before.split("\n").findIndex((line) => name.test(line))
  if (named < 0) return { because: `${file} has no comment “guard: ${tag}”` }
  const texts = new Map<string, string>()
  for (const part of [{ file, takenOut }, ...behind])
    for (const [at, instead] of part.takenOut) {
      const text = texts.get(part.file) ?? read(part.file)
      const found = text.split(at).length - 1
      if (found !== 1) return { because: `“${at}” stands in ${part.file} ${found} times, not once` }
      texts.set(
        part.file,
        text.replace(at, () => instead),
      )
    }
  const near = takenOut.some(([at]) => {
    const line = before.slice(0, before.indexOf(at)).split("\n").length - 1
    return Math.abs(line - named) <= REACH
  })
  return near ? { texts } : { because: `nothing that is taken out of ${file} is near the comment “guard: ${tag}”` }
}
