/** What a text says as JSON; `undefined` where it is none, as anybody's text may be. */
export function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
