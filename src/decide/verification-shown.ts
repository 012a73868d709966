import type { Environment } from "../model/deployment.ts"
import { isJudgedBad } from "./last-known-good.ts"
import { instant } from "./wording.ts"

/** How it goes with the verification of what is live, in a few words; none where none is asked for. */
export function verificationSays(environment: Environment): readonly string[] {
  const { verification } = environment.live ?? {}
  switch (verification?.is) {
    case undefined:
      return []
    case "running": {
      // Nothing is looked at any more, whatever became of the way back.
      if (environment.rollback && isJudgedBad(environment))
        return [`not verified: it was judged bad on ${instant(environment.rollback.begun)}`]
      const missing = verification.missing === undefined ? "" : `: ${verification.missing}`
      return [`being verified until ${instant(verification.ends)}${missing}`]
    }
    case "passed":
      return [`verified on ${instant(verification.at)}`]
    case "failed":
      return [`its verification failed on ${instant(verification.at)}: ${verification.because}`]
  }
}
