import type { Checkpoint } from "../model/checkpoint.ts"
import type { Clock } from "../model/clock.ts"
import { fullName, type Repository } from "../model/repository.ts"
import { auditHead } from "./audit.ts"
import type { AuditKey } from "./audit-key.ts"
import type { Db } from "./open.ts"

/** @returns what signs where a repository's trail stands now, for a release */
export const createCheckpoints =
  (db: Db, key: AuditKey, clock: Clock) =>
  async (repo: Repository, release: NonNullable<Checkpoint["release"]>): Promise<Checkpoint> => {
    const head = await auditHead(db, repo.id)
    if (!head) throw new Error(`nothing is known of the repository ${repo.id}`)
    const repository = { id: repo.id, name: fullName(repo) }
    return key.sign({ repository, ...head, at: clock.now().toISOString(), release })
  }
