import type { Probot } from "probot"
import type { HookDelivery, HookDeliveryPage } from "../model/hook-delivery.ts"
import { toPeerError } from "./errors.ts"

/** "The starting delivery from which the page of deliveries is fetched", as the Link header names it. */
const CURSOR = /<[^>]*[?&]cursor=([\w%.-]+)[^>]*>;\s*rel="next"/

/**
 * A page of what GitHub tried to deliver to the App, newest first.
 * https://docs.github.com/en/rest/apps/webhooks#list-deliveries-for-an-app-webhook
 *
 * @throws what Octokit throws: see `toPeerError`
 */
export async function listHookDeliveries(probot: Probot, cursor?: string): Promise<HookDeliveryPage> {
  const app = await probot.auth()
  const { data, headers } = await app.rest.apps.listWebhookDeliveries({
    per_page: 100,
    ...(cursor === undefined ? {} : { cursor }),
  })
  const older = CURSOR.exec(headers.link ?? "")?.[1]
  return {
    deliveries: data.map(seen),
    ...(older === undefined ? {} : { older: decodeURIComponent(older) }),
  }
}

type Item = Awaited<
  ReturnType<Awaited<ReturnType<Probot["auth"]>>["rest"]["apps"]["listWebhookDeliveries"]>
>["data"][number]

const seen = ({ id, guid, delivered_at, status_code, event, action, repository_id }: Item): HookDelivery => ({
  id: String(id),
  guid,
  ...(repository_id === null ? {} : { repository: String(repository_id) }),
  at: new Date(delivered_at),
  arrived: (status_code >= 200 && status_code < 400) || status_code === 413 || status_code === 422,
  onlyWord:
    event === "deployment_protection_rule" ||
    (event === "check_run" && action === "requested_action") ||
    (event === "issues" && action === "labeled"),
})

/**
 * Asks GitHub to deliver a webhook once more, under its own id.
 * https://docs.github.com/en/rest/apps/webhooks#redeliver-a-delivery-for-an-app-webhook
 *
 * @returns "gone" if GitHub does not have it any more
 * @throws what Octokit throws for anything else
 */
export async function askForHookDelivery(probot: Probot, attempt: string): Promise<"asked" | "gone"> {
  const app = await probot.auth()
  try {
    await app.rest.apps.redeliverWebhookDelivery({ delivery_id: Number(attempt) })
    return "asked"
  } catch (error) {
    const { is } = toPeerError(error)
    if (is !== "gone" && is !== "invalid" && is !== "taken") throw error
    return "gone"
  }
}
