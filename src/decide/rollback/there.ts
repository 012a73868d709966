import type { Environment } from "../../model/deployment.ts"
import { isFailing } from "../last-known-good.ts"

/** Whether a release is one that can be left there: it is live, it failed there last, or it left for practice and comes again. */
export const isThere = (environment: Environment, release: string): boolean =>
  environment.live?.release === release ||
  environment.drill?.from.release === release ||
  isFailing(environment, release)
