import type { Probot } from "probot"
import type { App } from "../app.ts"
import type { Log } from "../model/log.ts"
import type { Answer, Webhook } from "../web/webhook.ts"
import { createScopes, type Scopes } from "./scope.ts"

/**
 * Hands a signed webhook to the App. Probot makes a client for its installation before the App sees it, and throws, with the whole
 * payload in the log, where that has no id; GitHub's ids are numbers from 1. So that is looked at before.
 */
export const createDeliver =
  (
    probot: Pick<Probot, "webhooks">,
    app: Pick<App, "answerTo">,
    log: Pick<Log, "warn">,
    around: Scopes["webhook"] = createScopes().webhook,
  ) =>
  async ({ id, name, payload }: Webhook): Promise<Answer> => {
    if (!isInstalled(payload.installation)) {
      const because = "The payload has no usable installation.id: not a number from 1."
      log.warn({ delivery: id, event: name, field: "installation.id" }, because)
      return { is: "refused", because }
    }
    // Probot's own `receive` writes the payload to the log. The name may be one that its types do not know.
    await around(id, name, payload, () => probot.webhooks.receive({ id, name, payload } as never))
    return app.answerTo(payload)
  }

/** Webhooks that are of no installation, such as `ping`, concern nobody. */
function isInstalled(installation: unknown): boolean {
  if (installation === undefined || installation === null) return true
  const { id } = Object(installation) as { readonly id?: unknown }
  return typeof id === "number" && Number.isSafeInteger(id) && id > 0
}
