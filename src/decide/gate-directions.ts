import { SEVERITIES } from "../model/alerts.ts"
import type { GateChange } from "../model/gate-change.ts"
import { firstOf } from "../model/storable.ts"
import type { Difference } from "./json-diff.ts"
import { instant } from "./wording.ts"

type Is = GateChange["is"]

/** What a difference at a place means for what is asked. */
export interface Direction {
  /** Keys, outermost first; `*` stands for any one key. */
  readonly at: readonly string[]
  /** It became more, later or true; the reverse when it became less. */
  readonly up?: Is
  /** It, or an item of it, came; the reverse when it went. */
  readonly came?: Is
  /** Where neither says it. */
  readonly is?: (difference: Difference) => Is
  readonly shown?: (value: unknown) => string
  readonly says?: (difference: Difference, name: string) => string | undefined
}

/** `30m`, `24h`, `7d`, as it is written. */
const duration = (value: unknown): string => {
  if (typeof value !== "number") return shortly(value)
  return value % 1440 === 0 ? `${value / 1440}d` : value % 60 === 0 ? `${value / 60}h` : `${value}m`
}

const LONGEST = 120

/** A value on one line. */
export function shortly(value: unknown): string {
  const said = typeof value === "string" ? value : (JSON.stringify(value) ?? "nothing")
  return said.length <= LONGEST ? said : `${firstOf(said, LONGEST)}…`
}

const asked = { came: "stricter" } as const
const offered = { came: "weaker" } as const
const longer = { up: "stricter", came: "stricter", shown: duration } as const
const shorter = { up: "weaker", came: "stricter", shown: duration } as const

/**
 * Who may approve. More people may, or one has no say any more: either way others decide than before. The first name in
 * an empty list shuts everybody else out; the last one that goes lets everybody in.
 */
const approvers: Omit<Direction, "at"> = {
  is: ({ inList }) => (inList?.before === 0 ? "stricter" : "weaker"),
  says({ from, to, inList }, name) {
    if (inList?.before === 0) return `lets only ${shortly(to)} approve (${name})`
    if (from === undefined) return `lets ${shortly(to)} approve as well (${name})`
    const open = inList?.after === 0 ? ", and lets everybody with write permission approve" : ""
    return `removes the approval of ${shortly(from)}${open} (${name})`
  },
}

const RESULTS_THAT_PASS: readonly unknown[] = ["passed", "skipped"]

/** `15m`, or what else has to be shown as well: whoever shortens it or takes the rest away asks for less. */
function verifyWay({ from, to }: Difference): Is {
  if (from === undefined) return "stricter"
  const [before, after] = [verification(from), verification(to)]
  return to === undefined || after.minutes < before.minutes || (before.more && !after.more) ? "weaker" : "stricter"
}

function verification(verify: unknown): { readonly minutes: number; readonly more: boolean } {
  if (typeof verify === "number") return { minutes: verify, more: false }
  const { for: minutes, ...more } = { ...(verify as { readonly for?: unknown } | undefined) }
  return { minutes: Number(minutes), more: Object.keys(more).length > 0 }
}

/** An item of the checklist: only those of `before` hold a release up. */
const item = (section: string): Direction => ({
  at: ["checklist", section],
  ...(section === "before" ? asked : {}),
  says({ from, to }) {
    const said = (value: unknown) => `“${shortly((value as { readonly item?: unknown }).item)}”`
    return from === undefined
      ? `asks for ${said(to)} (checklist.${section})`
      : `asks for ${said(from)} no more, or by other evidence (checklist.${section})`
  },
})

/** How many approve, and who. A group more is asked of as well; of those of which one is enough, it is another way in. */
const people = (...at: readonly string[]): readonly Direction[] => [
  { at: [...at, "required"], up: "stricter" },
  { at: [...at, "high"], up: "stricter", came: "stricter" },
  { at: [...at, "from"], ...approvers },
  { at: [...at, "all-of"], ...asked },
  { at: [...at, "any-of"], is: ({ inList, from }) => (inList || from !== undefined ? "weaker" : "stricter") },
]

/** Who is asked no more, or now: the key alone does not say it. */
function allApproval({ from, to }: Difference, name: string): string | undefined {
  const people = whom(from ?? to)
  if (people === undefined) return undefined
  return to === undefined
    ? `removes the approval of ${people} (${name})`
    : `asks for the approval of ${people} (${name})`
}

function whom(approvals: unknown): string | undefined {
  const { from } = (approvals ?? {}) as { readonly from?: unknown }
  return Array.isArray(from) && from.length > 0 ? shortly(from.join(", ")) : undefined
}

const worse = ({ from, to }: Difference): Is => (severityOf(to) > severityOf(from) ? "weaker" : "stricter")
/** Where nothing is asked for, anything gets by. */
const severityOf = (value: unknown): number =>
  value === undefined ? SEVERITIES.length : (SEVERITIES as readonly unknown[]).indexOf(value)

const environment = (...at: readonly string[]): readonly Direction[] => [
  { at: [...at, "after"], ...asked },
  { at: [...at, "soak"], ...longer },
  { at: [...at, "checks"], ...asked },
  { at: [...at, "freshness"], ...shorter },
  { at: [...at, "vulnerabilities"], ...asked },
  { at: [...at, "vulnerabilities", "*"], ...asked, is: worse },
  { at: [...at, "smoke"], ...asked },
  { at: [...at, "smoke", "probes"], ...asked },
  { at: [...at, "smoke", "checks"], ...asked },
  { at: [...at, "smoke", "app"], ...asked },
  { at: [...at, "coverage"], ...asked },
  { at: [...at, "coverage", "at-least"], up: "stricter" },
  { at: [...at, "coverage", "app"], ...asked },
  { at: [...at, "window"], ...asked },
  { at: [...at, "planned"], ...asked },
  { at: [...at, "window", "holidays"], ...asked },
  { at: [...at, "window", "holidays", "dates"], ...asked },
  { at: [...at, "locked"], ...asked },
  {
    at: [...at, "locked", "until"],
    up: "stricter",
    came: "weaker",
    shown: (value) => (typeof value === "string" ? instant(value) : shortly(value)),
  },
  { at: [...at, "concurrency"], up: "weaker", came: "stricter" },
  { at: [...at, "verify"], is: verifyWay, shown: duration },
  { at: [...at, "verify", "for"], ...longer },
  { at: [...at, "verify", "checks"], ...asked },
  { at: [...at, "artifact"], ...asked },
  { at: [...at, "artifact", "attestation"], ...asked },
  { at: [...at, "verify", "metrics"], ...asked },
  { at: [...at, "verify", "smoke"], ...asked },
  { at: [...at, "performance"], ...asked },
  { at: [...at, "error-budget"], ...asked },
  { at: [...at, "criteria"], ...asked },
  { at: [...at, "watch"], ...longer },
  { at: [...at, "rollback", "required"], up: "stricter", came: "stricter" },
  { at: [...at, "drilled"], ...asked },
  { at: [...at, "drilled", "within"], ...shorter },
  { at: [...at, "error-budget", "slo"], up: "stricter" },
  { at: [...at, "error-budget", "remaining"], up: "stricter" },
  { at: [...at, "approvals"], ...asked, says: allApproval },
  ...people(...at, "approvals"),
]

/** Of `slipway.yml`, by the keys of `gatesOf`. */
export const CONFIG_DIRECTIONS: readonly Direction[] = [
  // A branch more that releases is a way round the gates of the others.
  { at: ["branches"], ...offered },
  ...people("approvals"),
  { at: ["approvals", "stakeholders"], up: "weaker" },
  { at: ["plan", "required"], up: "stricter" },
  // It is there only where words do not count.
  { at: ["plan", "words"], ...asked },
  { at: ["plan", "with"], ...asked },
  { at: ["risk", "low"], ...offered },
  { at: ["risk", "high"], ...asked },
  { at: ["environments", "*"], ...asked },
  ...environment("environments", "*"),
  { at: ["hotfix", "branches"], ...offered },
  ...environment("hotfix", "environments", "*"),
  { at: ["extends"], ...asked },
  { at: ["assets"], ...asked },
  // It is there only where it was switched off.
  { at: ["audit"], ...offered },
  { at: ["manifests"], ...asked },
  // It is there only where what is published by hand is taken back.
  { at: ["onBypass"], ...asked },
]

/** Of the plan, by the keys of what gates look at in it. */
export const PLAN_DIRECTIONS: readonly Direction[] = [
  {
    at: ["timeline", "code_freeze"],
    up: "weaker",
    came: "stricter",
    shown: (value) => (typeof value === "string" ? instant(value) : shortly(value)),
  },
  { at: ["testing", "required"], ...asked },
  { at: ["testing", "tests", "*", "app"], ...asked },
  { at: ["testing", "tests", "*", "within"], ...shorter },
  {
    at: ["testing", "tests", "*", "is"],
    is: ({ to }) => (to === "bound" ? "stricter" : "weaker"),
    says: ({ path, to }) =>
      to === "bound"
        ? `asks a check for ${path.at(-2)}, not a word in the plan`
        : `takes a word in the plan for ${path.at(-2)}, where a check was asked`,
  },
  {
    at: ["testing", "tests", "*", "result"],
    is: ({ to }) => (RESULTS_THAT_PASS.includes(to) ? "weaker" : "other"),
    says: ({ path, to }) => (to === undefined ? undefined : `calls ${path.at(-2)} “${shortly(to)}” in the plan`),
  },
  { at: ["repositories"], ...asked },
  { at: ["features", "*"], ...asked },
  {
    at: ["features", "*", "status"],
    is: ({ to }) => (to === "dropped" || to === "ready" ? "weaker" : "other"),
    says: ({ path, from, to }) => `calls the feature ${path.at(-2)} ${shortly(to)}, no longer ${shortly(from)}`,
  },
  {
    at: ["features", "*", "risk"],
    is: ({ from, to }) => (to === "low" ? "weaker" : from === "low" ? "stricter" : "other"),
  },
  { at: ["checklist"], ...asked },
  ...["before", "during", "after"].map(item),
  { at: ["features", "*", "issue"], ...asked },
  { at: ["features", "*", "dependencies"], ...asked },
]
