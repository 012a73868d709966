import { type Environment, placeOf } from "../../model/deployment.ts"
import type { Lasting } from "../../model/lasting.ts"
import type { RollbackEnd, RollbackLevel } from "../../model/rollback.ts"
import type { GroupedRule } from "../approvals.ts"
import { list, short } from "../wording.ts"

/** A way back, in words that begin a sentence. */
export const levelName = (level: RollbackLevel["is"]): string =>
  ({
    flag: "Switching the flag off",
    application: "Deploying the earlier release",
    workflow: "Deploying the earlier release by a workflow",
    kubernetes: "Taking the Deployment back in its cluster",
    configuration: "Taking the changes back",
  })[level]

/** What a way back is about to do. */
export function does(
  level: RollbackLevel,
  environment: Pick<Environment, "name" | "component">,
  to: RollbackEnd,
): string {
  switch (level.is) {
    case "flag":
      return `the flag “${level.name}” is switched off`
    case "configuration":
      return `a pull request takes back what came since ${to.version}, and ${
        level.merge ? "is merged as soon as the branch's rules let it" : "waits for somebody to merge it"
      }`
    case "workflow":
      return `${level.workflow} is started, to deploy ${to.version} (${short(to.sha)}) to ${placeOf(environment)}`
    case "kubernetes":
      return `the Deployment ${level.deployment} in the namespace ${level.namespace} goes back to the pod template of ${to.version}`
    case "application":
      return `a GitHub deployment of ${to.version} (${short(to.sha)}) to ${placeOf(environment)}`
  }
}

const SHOWN = 5

/** What stays as the bad release left it. */
export const staysSays = ({ done, unread }: Lasting): readonly string[] => [
  ...(done.length > 0 ? [`the database keeps ${list(done, SHOWN)}`] : []),
  ...(unread.length > 0 ? [`nobody has looked at ${list(unread, SHOWN)}, which may have changed a database`] : []),
]

/** Who decides on a rollback. */
export const peopleSay = ({ from }: Pick<GroupedRule, "from">): string =>
  from.length > 0 ? `${list(from, SHOWN)} may press Roll back` : "whoever may approve releases may press Roll back"
