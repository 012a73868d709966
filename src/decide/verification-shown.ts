import type { Live } from "../model/deployment.ts"
import { instant } from "./wording.ts"

/** How it goes with the verification of what is live, in a few words; none where none is asked for. */
export function verificationSays({ verification }: Live): readonly string[] {
  switch (verification?.is) {
    case undefined:
      return []
    case "running": {
      const missing = verification.missing === undefined ? "" : `: ${verification.missing}`
      return [`being verified until ${instant(verification.ends)}${missing}`]
    }
    case "passed":
      return [`verified on ${instant(verification.at)}`]
    case "failed":
      return [`its verification failed on ${instant(verification.at)}: ${verification.because}`]
  }
}
