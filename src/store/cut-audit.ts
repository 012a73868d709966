import { sql } from "kysely"
import { fullName, type Repository } from "../model/repository.ts"
import type { AuditKey } from "./audit-key.ts"
import type { Db } from "./open.ts"

/**
 * Cuts off the records of a repository that are from before an instant. In their place stands a signed checkpoint: the
 * number and hash of the last of them, which what is left follows. All or nothing. The newest record always stays.
 *
 * The right to delete is granted for this transaction only: nothing else in Slipway ever has it.
 *
 * @returns how many records went
 */
export async function cutAudit(
  db: Db,
  {
    key,
    before,
    at,
    signer,
  }: { readonly key: string; readonly before: Date; readonly at: Date; readonly signer: AuditKey },
): Promise<number> {
  return await db.transaction().execute(async (transaction) => {
    // Nobody adds a record meanwhile.
    const { rows: keys } = await sql<{ repo: Repository; end: string }>`
      select repo, audit_sequence as end from slipway.keys where key = ${key} for no key update`.execute(transaction)
    const of = keys[0]
    if (!of) return 0
    const { rows } = await sql<{ sequence: string; hash: string }>`
      select sequence, hash from slipway.audit
      where key = ${key} and sequence < ${of.end} and sequence < coalesce(
        (select min(sequence) from slipway.audit where key = ${key} and at >= ${before}), ${of.end})
      order by sequence desc limit 1`.execute(transaction)
    const [last] = rows
    if (!last) return 0
    const checkpoint = signer.sign({
      repository: { id: key, name: fullName(of.repo) },
      sequence: Number(last.sequence),
      hash: last.hash,
      at: at.toISOString(),
    })
    await sql`
      insert into slipway.audit_checkpoints (key, sequence, checkpoint)
      values (${key}, ${last.sequence}, ${JSON.stringify(checkpoint)})`.execute(transaction)
    await sql`grant delete on slipway.audit to current_user`.execute(transaction)
    const gone = await sql`
      delete from slipway.audit where key = ${key} and sequence <= ${last.sequence}`.execute(transaction)
    await sql`revoke delete on slipway.audit from current_user`.execute(transaction)
    return Number(gone.numAffectedRows ?? 0n)
  })
}
