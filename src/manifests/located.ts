import { quote } from "../model/quote.ts"
import type { Found, Missing, Source, Span } from "./manifest.ts"

/** One place, and further ones that say the same version. */
export const found = (span: Span, ...more: readonly Span[]): Found => ({ is: "found", spans: [span, ...more] })

/** @param offset where in the text the reason stands; left out where the whole file is meant */
export const missing = ({ path, text }: Pick<Source, "path" | "text">, because: string, offset?: number): Missing => ({
  is: "missing",
  because: `${offset === undefined ? pathOf(path) : `${pathOf(path)}:${lineOf(text, offset)}`}: ${because}`,
})

/** A path as messages show it: on one line. */
export const pathOf = (path: string): string => quote(path).slice(1, -1)

/** From 1; a line ends with LF, CR or both together. */
export function lineOf(text: string, offset: number): number {
  let line = 1
  for (let at = 0; at < offset && at < text.length; at++) {
    const ends = text[at] === "\n" || (text[at] === "\r" && text[at + 1] !== "\n")
    if (ends) line++
  }
  return line
}
