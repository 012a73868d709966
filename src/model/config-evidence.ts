import { z } from "zod"
import { type AlertLimits, SEVERITIES } from "./alerts.ts"
import { matching, oneOrMore, text, whole } from "./field.ts"
import type { Probe } from "./probe.ts"

const COVERAGE = 'must be `">= 80"`, or `{ at-least: 80, from: codecov/project }`'
const percent = z.number(COVERAGE).min(0, "must be from 0 to 100").max(100, "must be from 0 to 100")

/** `>= 80`, `>= 80.5 %` or `80` → the same as `{ at-least: 80 }`. */
const least = z.union([
  percent,
  z
    .string()
    .max(20, { error: COVERAGE, abort: true })
    .regex(/^(?:>=)?\s?\d{1,3}(?:\.\d{1,4})?\s?%?$/, COVERAGE)
    .transform((written) => Number(/[\d.]+/.exec(written)?.[0]))
    .pipe(percent),
])

interface Coverage {
  readonly "at-least": number
  /** Patterns of names; absent: the usual ones. */
  readonly from?: readonly string[]
  readonly app?: string
}

/** How much of the code the tests of a commit cover, as a check or status on it says. */
export const coverage = z
  .union(
    [
      least.transform((it): Coverage => ({ "at-least": it })),
      z.strictObject({
        "at-least": least,
        from: oneOrMore(text, "must be the name of a check or status, such as `codecov/project`, or a list of them")
          .exactOptional()
          .describe("Names of the checks and statuses that say it; without it the usual ones"),
        app: text.exactOptional().describe("The App whose check runs alone say it; a commit status names none"),
      }),
    ],
    { error: COVERAGE },
  )
  .describe("How much the tests cover, in percent, by what a check or status on the commit says")

const MOST_PROBES = 10
const URL_MUST = "must be an address that begins with `https://` or `http://`, without credentials"
const address = text.refine((written) => {
  const filled = written.replaceAll("{sha}", "0".repeat(40)).replaceAll("{version}", "1.0.0")
  if (!URL.canParse(filled)) return false
  const { protocol, username, password } = new URL(filled)
  return (protocol === "https:" || protocol === "http:") && username + password === ""
}, URL_MUST)

/** `5s` → seconds: a run of Slipway waits for it. */
const seconds = matching(/^(?:[1-9]|10)s$/, "must be from `1s` to `10s`").transform((written) =>
  Number.parseInt(written, 10),
)

const PROBE = "must be an address such as `https://staging.acme.dev/healthz`, or `{ url: …, status: 200 }`"
const httpProbe = z.union(
  [
    address.transform((url): Probe => ({ url, status: 200, within: 5 })),
    z
      .strictObject({
        url: address.describe("`{version}` and `{sha}` stand for the release's own"),
        status: whole(200, 599).default(200),
        contains: text
          .exactOptional()
          .describe("A text that the answer has to hold; `{version}` and `{sha}` stand for the release's own"),
        within: seconds.prefault("5s"),
      })
      .transform((it): Probe => it),
  ],
  { error: PROBE },
)

/** Addresses that have to answer: one, or a list. */
export const probes = z.union(
  [httpProbe.transform((one): readonly Probe[] => [one]), z.array(httpProbe).min(1, PROBE).max(MOST_PROBES)],
  { error: PROBE },
)

interface Smoke {
  /** Patterns of names; then there are no probes. */
  readonly checks?: readonly string[]
  readonly app?: string
  readonly probes?: readonly Probe[]
}

/** Smoke tests of what comes before an environment: checks on the commit, or addresses that have to answer. */
export const smoke = z
  .union(
    [
      probes.transform((all): Smoke => ({ probes: all })),
      z
        .strictObject({
          check: oneOrMore(text, "must be the name of a check such as `Smoke / *`, or a list of them"),
          app: text.exactOptional().describe("The App whose check runs alone count; a commit status names none"),
        })
        .transform(({ check, ...it }): Smoke => ({ checks: check, ...it })),
    ],
    { error: 'must be `{ check: "Smoke / *" }`, or addresses such as `https://staging.acme.dev/healthz`' },
  )
  .describe("Checks on the commit, or addresses that have to answer, before a release enters")

const severity = z.enum(SEVERITIES, "must be `low`, `medium`, `high` or `critical`")
const NONE = "must be `none critical`, `none high`, … or `{ code-scanning: high, dependabot: critical }`"

/** What GitHub may not have found in what enters: nothing as bad as this, or worse. */
export const vulnerabilities = z
  .union(
    [
      matching(/^none (?:low|medium|high|critical)$/, NONE).transform((written): AlertLimits => {
        const least = severity.parse(written.slice("none ".length))
        return { "code-scanning": least, dependabot: least }
      }),
      z
        .strictObject({
          "code-scanning": severity.exactOptional().describe("No open alert of this security severity, or a worse one"),
          dependabot: severity.exactOptional().describe("No open alert of this severity, or a worse one"),
        })
        .refine((it) => Object.keys(it).length > 0, NONE)
        .transform((it): AlertLimits => it),
    ],
    { error: NONE },
  )
  .describe("Alerts of code scanning and Dependabot that keep a release out")
