import { type Endpoint, numberParam, ok } from "../call.ts"
import type { Attempt } from "../deliveries.ts"
import { iso, notFound, unprocessable } from "../state.ts"
import { appCaller } from "./apps.ts"

/** "You can redeliver webhook deliveries that occurred in the past 3 days": older ones are not listed either. */
const KEPT_MS = 3 * 24 * 60 * 60_000

/**
 * Newest first. A page goes on at its cursor, which names the first attempt of the page.
 * https://docs.github.com/en/rest/apps/webhooks#list-deliveries-for-an-app-webhook
 */
const listDeliveries: Endpoint = (call) => {
  appCaller(call)
  const { state, request } = call
  const size = Math.min(100, Math.max(1, Number(request.query.get("per_page")) || 30))
  const cursor = request.query.get("cursor")
  const from = cursor === null ? Number.POSITIVE_INFINITY : Number(/^v1_(\d+)$/.exec(cursor)?.[1] ?? Number.NaN)
  if (Number.isNaN(from)) throw unprocessable("Invalid cursor")
  const wanted = request.query.get("status")
  const since = state.now().getTime() - KEPT_MS
  const all = state.deliveries.attempts
    .filter(
      ({ id, at, status }) =>
        id <= from && at.getTime() >= since && (!wanted || (status < 400 ? "success" : "failure") === wanted),
    )
    .toSorted((a, b) => b.id - a.id)
  const next = all[size]
  const link = (id: number) =>
    `<${state.url}${request.path}?${new URLSearchParams({ per_page: String(size), cursor: `v1_${id}` })}>; rel="next"`
  return ok(all.slice(0, size).map(item), next ? { link: link(next.id) } : {})
}

function item({ id, guid, at, status, isRepeated, seconds, of }: Attempt): unknown {
  const { installation, repository } = of.payload as { installation?: { id: number }; repository?: { id: number } }
  return {
    id,
    guid,
    delivered_at: iso(at),
    redelivery: isRepeated,
    duration: seconds,
    status: status < 400 ? "OK" : status === 502 ? "failed to connect to host" : `Invalid HTTP Response: ${status}`,
    status_code: status,
    event: of.event,
    action: of.action ?? null,
    installation_id: installation?.id ?? null,
    repository_id: repository?.id ?? null,
    throttled_at: null,
  }
}

/** https://docs.github.com/en/rest/apps/webhooks#redeliver-a-delivery-for-an-app-webhook */
const redeliver: Endpoint = (call) => {
  appCaller(call)
  if (!call.state.deliveries.attemptAgain(numberParam(call, "delivery_id"))) throw notFound()
  return { status: 202, body: {} }
}

export const deliveryEndpoints: Record<string, Endpoint> = {
  "apps/list-webhook-deliveries": listDeliveries,
  "apps/redeliver-webhook-delivery": redeliver,
}
