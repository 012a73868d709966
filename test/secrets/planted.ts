/*
 * Every secret of the tests carries a mark, or has a form by which it is known. Whatever a run shows or keeps is looked through for
 * them: the log (down to debug), what is written to GitHub and Slack, output of processes, the console, and every row of every
 * database that the run made, when it ends.
 */
const MARK = "planted5ecret"

/** A secret for a test. @param what letters, digits and hyphens, to know it by where it leaks */
export const planted = (what: string): string => `${MARK}-${what}-0f1e2d3c4b5a`

const SECRETS: readonly RegExp[] = [
  new RegExp(`${MARK}-[\\w-]+`, "g"),
  // Installation tokens of the emulated GitHub, tokens of the emulated Slack, private keys.
  /\bgh[pousr]_[A-Za-z0-9_]{16,}/g,
  /\bxox[abeprs]-[0-9a-f]{16,}/g,
  /-----BEGIN [A-Z ]*PRIVATE KEY-----/g,
  // The App's own word for itself, which is as good as its key for ten minutes.
  /\beyJ[\w-]{10,500}\.eyJ[\w-]{10,500}\.[\w-]{40,}/g,
]

/** Secrets in a text, each as far as it takes to find it and no further. */
export const leaksIn = (text: string): readonly string[] => [
  ...new Set(SECRETS.flatMap((secret) => [...text.matchAll(secret)].map(([found]) => `${found.slice(0, 28)}…`))),
]

/** @throws when there is a secret in it */
export function expectNoLeak(where: string, text: string): void {
  const leaks = leaksIn(text)
  if (leaks.length > 0) throw new Error(`${where} shows a secret: ${leaks.join(", ")}`)
}
