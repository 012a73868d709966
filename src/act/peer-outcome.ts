import type { Outcome } from "../model/outcome.ts"
import type { PeerError } from "../peers/errors.ts"
import { refused } from "./context.ts"

/**
 * What an answer of GitHub's means for the effect: ask again later, or a refusal that says what and what to do.
 * @param intent what was tried, after "could not": `update the draft of v1.5.0`
 */
export function outcomeOf(error: PeerError, intent: string): Outcome {
  switch (error.is) {
    case "unreachable":
      return { is: "retry", because: error.message }
    case "limited":
      return { is: "retry", because: error.message, afterSeconds: error.afterSeconds }
    case "unauthorized":
      return refused(
        "forbidden",
        `Slipway could not ${intent}: GitHub does not accept its credentials here. Is the installation suspended, or was the App's key replaced? (${error.message})`,
      )
    case "forbidden":
      return refused("forbidden", `Slipway could not ${intent}: ${permissionAdvice(error)} (${error.message})`)
    case "gone":
      return refused("gone", `Slipway could not ${intent}: it is no longer there. (${error.message})`)
    case "taken":
      return refused("taken", `Slipway could not ${intent}: the name is taken. (${error.message})`)
    case "empty":
    case "invalid":
      return refused("invalid", `Slipway could not ${intent}: GitHub did not accept it. (${error.message})`)
  }
}

const permissionAdvice = ({ permission }: Extract<PeerError, { is: "forbidden" }>): string =>
  permission === undefined
    ? "GitHub does not allow it. Compare the App's permissions with app.yml, and look for a ruleset that stands in the way."
    : `the App needs the permission \`${permission}\`. Grant it in the App's settings and have the installation accept it.`
