import type { Guard } from "./guard.ts"

/** How many lines below its name what is taken out of a guard may stand. */
const REACH = 6

/**
 * The guard's file without the guard.
 *
 * @param read gives a file's text
 * @returns the text, or why the guard cannot be taken out as it is declared
 */
export function takeOut(
  { tag, file, takenOut }: Guard,
  read: (file: string) => string,
): { readonly text: string } | { readonly because: string } {
  const before = read(file)
  const name = new RegExp(`guard: ${tag}(?![a-z0-9-])`)
  const named = before.split("\n").findIndex((line) => name.test(line))
  if (named < 0) return { because: `${file} has no comment “guard: ${tag}”` }
  let text = before
  for (const [at, instead] of takenOut) {
    const found = text.split(at).length - 1
    if (found !== 1) return { because: `“${at}” stands in ${file} ${found} times, not once` }
    text = text.replace(at, () => instead)
  }
  const near = takenOut.some(([at]) => {
    const line = before.slice(0, before.indexOf(at)).split("\n").length - 1
    return Math.abs(line - named) <= REACH
  })
  return near ? { text } : { because: `nothing that is taken out of ${file} is near the comment “guard: ${tag}”` }
}
