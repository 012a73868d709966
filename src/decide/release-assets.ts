import { type Assets, assetKeys, itemsOf } from "../model/asset.ts"
import type { Publish } from "../model/effect.ts"
import type { Notes } from "../model/notes.ts"
import { own } from "../model/own.ts"
import type { Publishing, Release } from "../model/release.ts"
import { configOf } from "./plan-of.ts"
import type { Run } from "./run.ts"

/** More of them would bury what changed; the sums of all are on GitHub's page of the release. */
const SUMS_SHOWN = 100

/** The notes with the sums of the files that the configuration asks for, as far as they are on the draft. */
export function withSums(run: Pick<Run, "state">, release: Release, notes: Notes): Notes {
  const line = own(run.state.lines, release.branch)
  const seen = own(run.state.assets, release.id)
  const wanted = line && seen ? itemsOf(configOf(line).publish.assets, seen.items) : []
  const sums = wanted.flatMap(({ name, sha256 }) => (sha256 === null ? [] : [{ name, sha256 }]))
  return sums.length === 0 ? notes : { ...notes, sums: sums.slice(0, SUMS_SHOWN) }
}

/** Why the files stand against a publication, beside their gate; undefined: they were read now, and are as shown. */
export function whyNotAssets(run: Run, release: Release): string | undefined {
  const line = own(run.state.lines, release.branch)
  if (!line || configOf(line).publish.assets.length === 0) return undefined
  const now = own(run.facts.learned.assets, release.id)
  if (!now) return "the files of the draft were not read afresh; press Publish again"
  // Nobody pressed a button on a page: what the gates saw is what was read now.
  if (configOf(line).publish.mode === "auto") return undefined
  const shown: Assets | undefined = own(run.before?.assets, release.id)
  return shown && assetKeys(shown.items).join("\n") === assetKeys(now.items).join("\n")
    ? undefined
    : "the files on the draft have changed since the page was drawn; look at them, then press Publish again"
}

/** What the release carries of the audit trail, unless the configuration does without. */
export function promisedAudit(
  { state }: Run,
  { branch, component }: Release,
  version: string,
  { asked, attempt }: Publishing,
): Pick<Publish, "audit"> {
  const line = own(state.lines, branch)
  // A configuration that is remembered from before there was the key has none.
  if (line && configOf(line).publish.audit === false) return {}
  return { audit: { version, asked, attempt, ...(component === "" ? {} : { component }) } }
}

/** What has to be on the draft still when it is published; nothing where no file is asked for. */
export function promisedAssets(run: Run, release: Release): Pick<Publish, "assets"> {
  const line = own(run.state.lines, release.branch)
  const seen = own(run.state.assets, release.id)
  return line && seen && configOf(line).publish.assets.length > 0 ? { assets: assetKeys(seen.items) } : {}
}
