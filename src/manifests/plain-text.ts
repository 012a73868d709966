import { quote } from "../model/quote.ts"
import { found, missing } from "./located.ts"
import type { Located, Source } from "./manifest.ts"

/** `version.txt`, `VERSION`: the version is all there is, with or without a `v` before it, which stays. */
export function locateInPlainText(source: Source): Located {
  const { text } = source
  const [first, second] = [...text.matchAll(/[^\s\p{Cc}][^\r\n]*/gu)]
  if (!first) return missing(source, "the file is empty; write the present version into it once")
  if (second)
    return missing(source, "a second line stands in the file; say with a `regex` where the version is", second.index)
  const said = first[0].trimEnd()
  if (!/^v?\d[\w.+-]*$/.test(said)) return missing(source, `it says ${quote(said)}, which is no version`, first.index)
  const start = first.index + (/^v\d/.test(said) ? 1 : 0)
  return found({ start, end: first.index + said.length })
}
