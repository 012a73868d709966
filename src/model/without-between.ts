/**
 * A text without what stands from each `open` to the next `close`, both included. Where nothing closes it, it stays. In
 * one pass: a pattern with `[\s\S]*?` would look for the end of each of a thousand openings in vain.
 */
export function withoutBetween(text: string, open: string, close: string): string {
  let kept = ""
  let at = 0
  for (;;) {
    const start = text.indexOf(open, at)
    const end = start < 0 ? -1 : text.indexOf(close, start + open.length)
    if (end < 0) return kept + text.slice(at)
    kept += text.slice(at, start)
    at = end + close.length
  }
}
