import type { Environment } from "../../model/deployment.ts"
import { placeOf } from "../../model/deployment.ts"
import type { Fills } from "../../model/http-call.ts"
import { fullName } from "../../model/repository.ts"
import type { RollbackEnd } from "../../model/rollback.ts"
import { environmentCheckUrl } from "../links.ts"
import { type Run, releaseOf } from "../run.ts"

/** The rollback that is told of. */
export interface Filled {
  readonly id: string
  readonly from: RollbackEnd
  readonly to: RollbackEnd
  readonly by: string
  readonly because: string
}

/** What a call about a rollback may name. `key` is the same for all of one rollback. */
export const fillsOf = (run: Run, environment: Environment, { id, from, to, by, because }: Filled): Fills => ({
  repository: fullName(run.repo),
  environment: environment.name,
  component: environment.component ?? "",
  from: from.version,
  to: to.version,
  tag: releaseOf(run.state, to.release)?.tag ?? "",
  commit: to.sha,
  version: from.version,
  sha: from.sha,
  by,
  because,
  key: `slipway-${run.repo.id}-${id}`,
  url: environmentCheckUrl(run, placeOf(environment), from.sha) ?? "",
})
