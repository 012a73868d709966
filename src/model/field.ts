/**
 * The kinds of value that `slipway.yml` and the plan share. Each message is the end of a sentence that begins with
 * the key's path and goes on with what was found: "`plan.path` must be …, found `/etc`".
 */
import { parse } from "semver"
import { z } from "zod"
import { CODEOWNERS } from "./codeowners.ts"
import { nearest } from "./nearest.ts"
import { isDateText, isTimeZone } from "./wall-clock.ts"

const LOGIN = "[A-Za-z0-9](?:[A-Za-z0-9]|[-_](?=[A-Za-z0-9]))*"
const TEAM = `${LOGIN}/[A-Za-z0-9][A-Za-z0-9._-]*`
/** A colon is in no team's slug. GitHub's role names have spaces and slashes in them: `CI/CD admin`. */
const ROLE = `${LOGIN}/role:[A-Za-z0-9](?:[A-Za-z0-9_.,/ -]{0,98}[A-Za-z0-9_.])?`
export const REPO = `${LOGIN}/[A-Za-z0-9._-]{1,100}`
const EMAIL = "[^\\s@<>]+@[^\\s@<>]+\\.[^\\s@<>]+"
const MINUTES = { m: 1, h: 60, d: 24 * 60 } as const

/** The length is looked at first, and ends it: no pattern ever runs over a megabyte. */
const bounded = (must: string) => z.string({ error: must }).max(1000, { error: must, abort: true })
/** A text in the given form. */
export const matching = (pattern: RegExp, must: string) => bounded(must).regex(pattern, must)
/** A text that passes `is`. */
const passing = (is: (value: string) => boolean, must: string) => bounded(must).refine(is, must)

/** Any text with something in it. Control characters have no place in what ends in headings, names and messages. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
export const text = matching(/^(?=.*\S)[^\u0000-\u001f\u007f]*$/, "must be one line of text")

/** A whole number within bounds. */
export const whole = (least: number, most: number) => {
  const must = `must be a whole number from ${least} to ${most}`
  return z.number(must).int(must).min(least, must).max(most, must)
}

/** `30m`, `24h`, `7d` → minutes. */
export const duration = matching(
  /^[1-9]\d{0,4}[mhd]$/,
  "must be a duration in minutes, hours or days, such as `30m`, `24h` or `7d`",
).transform((written) => Number(written.slice(0, -1)) * MINUTES[written.slice(-1) as keyof typeof MINUTES])

const APPROVER = new RegExp(`^@(?:${LOGIN}|${TEAM}|${ROLE})$`)
const MUST_BE_APPROVER = "must be a GitHub login such as `@lea` or a team such as `@acme/sre`"

/** Who may approve: GitHub knows them. A bot's login (`name[bot]`) has not this form: bots' approvals never count. */
export const approver = matching(APPROVER, MUST_BE_APPROVER)

/** The same of an environment, which has no files that somebody could own. */
export const approverAtEntry = bounded(MUST_BE_APPROVER).regex(APPROVER, {
  error: ({ input }) =>
    input === CODEOWNERS
      ? `${MUST_BE_APPROVER}, who guard the environment (owners of the code are asked at its release, by \`approvals.from\`)`
      : MUST_BE_APPROVER,
})

/** The same of a release, whose changes have owners. */
export const approverOrOwners = matching(
  new RegExp(`^(?:@(?:${LOGIN}|${TEAM}|${ROLE})|${CODEOWNERS})$`),
  "must be a GitHub login such as `@lea`, a team such as `@acme/sre`, or `codeowners`",
)

/** Somebody with a role in a release. */
export const person = matching(
  new RegExp(`^(?:@(?:${LOGIN}|${TEAM})|${EMAIL})$`),
  "must be an e-mail address, a GitHub login such as `@lea` or a team such as `@acme/qa`",
)

export const repository = matching(new RegExp(`^${REPO}$`), "must be a repository such as `acme/.github`")

/** An issue or pull request → `#812` or `owner/repo#812`. */
const ISSUE = "must be an issue number such as `812`, or `owner/repo#812`"
export const issue = z
  .union([whole(1, 2_147_483_647), matching(new RegExp(`^(?:${REPO})?#[1-9]\\d{0,9}$`), ISSUE)], ISSUE)
  .transform((ref) => (typeof ref === "number" ? `#${ref}` : ref))

const staysInside = (path: string): boolean =>
  !/^[/~]|^[A-Za-z]:|\\|[\0\n\r]|:\/\//.test(path) && path !== "" && !path.split("/").includes("..")

/** A file of the repository. */
export const path = passing(staysInside, "must be a path from the repository's root such as `docs/rollback.md`")
/**
 * Files of the repository, by pattern. What other tools' patterns can and ours cannot is a mistake: it would match
 * nothing, without a word.
 */
export const glob = passing(staysInside, "must be a path pattern from the repository's root such as `docs/**`")
  .refine(
    (it) => !it.startsWith("!"),
    "must be a pattern without `!`, which takes nothing out here; name what is meant",
  )
  .refine((it) => !/\{[^{},]*,[^{}]*\}/.test(it), "must be a pattern without `{a,b}`; make it a list of patterns")

/** A version as the SemVer 2.0.0 specification has it: no `v` before it. */
export const version = passing((written) => {
  const found = parse(written)
  return found !== null && [found.version, ...found.build].join("+").length === written.length && /^\d/.test(written)
}, "must be a SemVer version such as `2.5.0` or `2.5.0-rc.1`")

export const timeZone = bounded("must be a time zone such as `Europe/Berlin` or `UTC`").refine(isTimeZone, {
  error: ({ input }) => {
    const near = nearest(String(input), Intl.supportedValuesOf("timeZone"))
    return `must be a time zone such as \`Europe/Berlin\` or \`UTC\`${near ? `; did you mean \`${near}\`?` : ""}`
  },
})

/** ISO 8601, still as written: what it means depends on the plan's time zone. */
export const date = passing(
  isDateText,
  "must be a date such as `2026-11-30`, or a date and time such as `2026-11-30T10:00:00Z`",
)

/** More of a kind helps nobody, and what is compared with each other takes its time: a file may have a megabyte. */
const MOST_ENTRIES = 1000

/** A list of no more entries than are looked at. */
export const listOf = <T extends z.ZodType>(item: T) => z.array(item).max(MOST_ENTRIES, { abort: true })

/** A mapping of names to values with no more of them than are looked at. */
export const mapOf = <T extends z.ZodType>(key: z.ZodString, item: T, most = MOST_ENTRIES) =>
  z.record(key, item).refine((all) => Object.keys(all).length <= most, {
    error: `must hold at most ${most} entries`,
    abort: true,
  })

/** One value, or a list of them → a list. */
export const oneOrMore = <T extends z.ZodType>(item: T, must: string) =>
  z.union([item.transform((one) => [one]), listOf(item).min(1, must)], must)
