import type { AuditEntry } from "./decision.ts"
import { hashOf } from "./hash.ts"

/** One record of a repository's audit trail. */
export interface AuditRecord {
  /** GitHub's numeric id of the repository: a name can be given to another one. */
  readonly repository: string
  /** Counted per repository from 1, without a gap. */
  readonly sequence: number
  /** Of the state that the decision left. */
  readonly version: string
  /** ISO 8601. */
  readonly at: string
  readonly entry: AuditEntry
  /** The hash of the record before; `NOTHING_BEFORE` for the first. */
  readonly previous: string
  /** `recordHash` of all the above. */
  readonly hash: string
}

/** A place in a chain: how many records there were, and the hash of the last one. It vouches for all of them. */
export interface ChainHead {
  readonly sequence: number
  readonly hash: string
}

const NOTHING_BEFORE = "0".repeat(64)

/** Where a chain begins that has no record yet. */
export const EMPTY_CHAIN: ChainHead = { sequence: 0, hash: NOTHING_BEFORE }

/** Stands in every hash: another arrangement of a record gets another name, and old records keep theirs. */
const FORMAT = "slipway audit 1"

/**
 * SHA-256, in hex, of a record without its own hash, as canonical JSON (RFC 8785's order of keys). The hash of the record
 * before is part of it, and so each hash vouches for everything up to its record.
 */
export const recordHash = ({ repository, sequence, version, at, entry, previous }: Omit<AuditRecord, "hash">): string =>
  hashOf({ format: FORMAT, repository, sequence, version, at, entry, previous })

/** Puts entries behind the end of a chain, in their order. */
export function chained(
  head: ChainHead,
  entries: readonly AuditEntry[],
  of: Pick<AuditRecord, "repository" | "version" | "at">,
): readonly AuditRecord[] {
  const records: AuditRecord[] = []
  let { sequence, hash: previous } = head
  for (const entry of entries) {
    sequence += 1
    const record = { ...of, sequence, entry, previous }
    const hash = recordHash(record)
    records.push({ ...record, hash })
    previous = hash
  }
  return records
}

/** Where a chain does not hold. `from` and `to` are sequence numbers, both included. */
export type Break =
  | { readonly is: "changed"; readonly at: number; readonly because: string }
  | { readonly is: "missing"; readonly from: number; readonly to: number }
  | { readonly is: "order"; readonly at: number; readonly because: string }

/** So many breaks are told one by one; whoever rewrites a trail breaks it everywhere. */
const BREAKS_TOLD = 100

/** Follows a chain record by record; it never holds more than the place it has come to. */
export interface ChainFollower {
  /** Takes the next record, in the order of the numbers. */
  next(record: AuditRecord): void
  /** The hash of the record with this number, if it was asked for by `wanted`. */
  hashAt(sequence: number): string | undefined
  /**
   * Nothing comes any more.
   * @param head where the chain was said to end
   */
  end(head: ChainHead): { readonly records: number; readonly breaks: readonly Break[] }
}

/**
 * Checks a chain: every record's own hash, that each follows the one before, and that none is missing at either end.
 *
 * @param start where it begins: `EMPTY_CHAIN`, or the checkpoint up to which it was cut off
 * @param wanted numbers whose hashes are to be kept for `hashAt`
 */
export function followChain(repository: string, start: ChainHead, wanted: readonly number[] = []): ChainFollower {
  const breaks: Break[] = []
  const kept = new Map<number, string>([[start.sequence, start.hash]])
  let records = 0
  let last = start
  const broken = (found: Break): void => {
    if (breaks.length < BREAKS_TOLD) breaks.push(found)
  }
  return {
    next(record) {
      records += 1
      const { sequence: at, previous, hash } = record
      if (recordHash(record) !== hash || record.repository !== repository)
        broken({ is: "changed", at, because: "its hash is not that of what it says" })
      if (at > last.sequence + 1) broken({ is: "missing", from: last.sequence + 1, to: at - 1 })
      else if (at <= last.sequence) broken({ is: "order", at, because: `it stands behind record ${last.sequence}` })
      else if (previous !== last.hash)
        broken({
          is: "order",
          at,
          because:
            last.sequence === 0
              ? "something was before it"
              : `it does not follow record ${last.sequence} as that is now`,
        })
      last = { sequence: at, hash }
      if (wanted.includes(at)) kept.set(at, hash)
    },
    hashAt: (sequence) => kept.get(sequence),
    end(head) {
      if (last.sequence < head.sequence) broken({ is: "missing", from: last.sequence + 1, to: head.sequence })
      else if (last.sequence > head.sequence)
        broken({ is: "order", at: last.sequence, because: `the chain is said to end at record ${head.sequence}` })
      else if (last.hash !== head.hash)
        broken({ is: "changed", at: last.sequence, because: "it is not the record that the chain is said to end with" })
      return { records, breaks }
    },
  }
}
