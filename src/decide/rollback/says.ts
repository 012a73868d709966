import type { RollbackLevel } from "../../model/rollback.ts"

/** A way back, in words that begin a sentence. */
export const levelName = (level: RollbackLevel["is"]): string =>
  ({ application: "Deploying the earlier release" })[level]
