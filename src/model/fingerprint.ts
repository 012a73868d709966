import { hashOf } from "./hash.ts"

/** A generated line as the body of a release remembers it: what it spoke of, and how it was worded. */
export interface Fingerprint {
  readonly key: string
  readonly text: string
}

/** Of 64 values each: 30 bits, so that two of a thousand lines are confused once in two thousand releases. */
const LENGTH = 5
const BOTH = new RegExp(`([\\w-]{${LENGTH}})([\\w-]{${LENGTH}})`, "g")

/** Blanks at the end of a line are an editor's, not a person's. */
export const fingerprintOf = (text: string): string =>
  Buffer.from(hashOf(text.trimEnd()).slice(0, 8), "hex").toString("base64url").slice(0, LENGTH)

/** In the marker that ends the generated section. */
export const writeFingerprints = (lines: readonly { readonly key: string; readonly text: string }[]): string =>
  lines.map(({ key, text }) => fingerprintOf(key) + fingerprintOf(text)).join("")

export const readFingerprints = (text: string): readonly Fingerprint[] =>
  [...text.matchAll(BOTH)].map(([, key = "", words = ""]) => ({ key, text: words }))
