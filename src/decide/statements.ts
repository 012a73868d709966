import { parse } from "semver"
import type { Change } from "../model/change.ts"
import type { Bump, Refused } from "../model/version.ts"
import { strength } from "./classify.ts"

/** What somebody stated in so many words. */
export interface Statement<T> {
  /** As it was written: `Release-As: 2.0.0`, `slipway: minor`. */
  readonly what: string
  /** Where: a commit's SHA, or `#12` for a pull request's description and labels. */
  readonly by: string
  readonly states: T
}

/** What the texts and labels of one change state beside what they say. */
export interface Statements {
  /** `slipway: major|minor|patch|skip`: what the change asks for, in place of what its texts ask for. */
  readonly bump?: Statement<Bump | "skip">
  /** `Release-As: 2.0.0`: the version of the release that the change is in. */
  readonly version?: Statement<string>
  /** Statements that mean nothing. */
  readonly senseless: readonly Refused[]
}

/** A footer may end with `: ` or ` #`: https://www.conventionalcommits.org/en/v1.0.0/#specification, item 8. */
const FOOTER = /^(release-as|slipway)(?::[ \t]{0,20}| #)(\S{1,100})[ \t]*$/gim
const LABEL = /^slipway:[ \t]{0,20}(\S{1,100})$/i
/** Of each message: more are a mistake, or an attack. */
const FOOTERS_LIMIT = 20

/**
 * Reads the statements of a change. Of several the newest counts: a label (of two labels the stronger one) before the
 * description before its commits, whose last one counts. Takes time in proportion to the texts.
 */
export function statementsOf(change: Change): Statements | undefined {
  if (!mayState(change)) return undefined
  const footers = [
    ...change.commits.flatMap(({ sha, message }) => footersIn(message, sha)),
    ...footersIn(change.pull?.says?.footers ?? "", change.id),
  ]
  const labels = (change.pull?.labels ?? []).flatMap((label) => labelled(label, change.id))
  if (footers.length + labels.length === 0) return undefined
  const read = [...footers, ...labels.sort((a, b) => weight(a) - weight(b))]
  const bump = read.findLast((one) => one.is === "bump")
  const version = read.findLast((one) => one.is === "version")
  const newest = (one: Read) => one.is === "senseless" && read.findLast(({ of }) => of === one.of) === one
  return {
    ...(bump ? { bump: { what: bump.what, by: bump.by, states: bump.bump } } : {}),
    ...(version ? { version: { what: version.what, by: version.by, states: version.version } } : {}),
    senseless: read.flatMap((one) =>
      one.is === "senseless" && newest(one) ? [{ what: one.what, by: one.by, because: one.because }] : [],
    ),
  }
}

type Read = { readonly of: "version" | "bump"; readonly what: string; readonly by: string } & (
  | { readonly is: "version"; readonly version: string }
  | { readonly is: "bump"; readonly bump: Bump | "skip" }
  | { readonly is: "senseless"; readonly because: string }
)

/** Hardly any message holds one: a look for a part of the words is much cheaper than the pattern. */
const mayHold = (message: string): boolean => /elease-as|lipway/i.test(message)

function mayState({ commits, pull }: Change): boolean {
  for (const { message } of commits) if (mayHold(message)) return true
  return pull !== undefined && (pull.labels.length > 0 || pull.says?.footers !== undefined)
}

function footersIn(message: string, by: string): readonly Read[] {
  if (!mayHold(message)) return []
  return Array.from(message.matchAll(FOOTER), ([line, token = "", value = ""]) =>
    token.toLowerCase() === "slipway" ? bumpIn(line.trim(), value, by) : versionIn(line.trim(), value, by),
  ).slice(-FOOTERS_LIMIT)
}

function labelled(label: string, by: string): readonly Read[] {
  const value = LABEL.exec(label)?.[1]
  return value === undefined ? [] : [bumpIn(label, value, by)]
}

function versionIn(what: string, value: string, by: string): Read {
  const version = parse(value.replace(/^v(?=\d)/i, ""))
  if (version) return { of: "version", is: "version", what, by, version: [version.version, ...version.build].join("+") }
  return { of: "version", is: "senseless", what, by, because: `“${value}” is no SemVer version such as 2.0.0` }
}

const BUMPS = ["major", "minor", "patch", "skip"] as const

function bumpIn(what: string, value: string, by: string): Read {
  const bump = BUMPS.find((it) => it === value.toLowerCase())
  if (bump) return { of: "bump", is: "bump", what, by, bump }
  return { of: "bump", is: "senseless", what, by, because: `“${value}” is none of major, minor, patch and skip` }
}

const weight = (read: Read): number => (read.is === "bump" && read.bump !== "skip" ? strength(read.bump) : 0)
