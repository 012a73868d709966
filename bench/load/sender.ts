/** Sends mixed webhooks at a pace of its own, and measures when they are answered; a process of its own. */
import { Agent } from "node:http"
import { setTimeout as delay } from "node:timers/promises"
import { post, quantile, signed } from "../post-webhook.ts"
import { type Source, shaper } from "./shapes.ts"

export interface Order {
  /** Asked by turns. */
  readonly urls: readonly string[]
  readonly secret: string
  readonly sources: readonly Source[]
  readonly count: number
  readonly perSecond: number
}

export interface Sent {
  /** Ids of those that Slipway said it keeps; others mean nothing to it, or were refused. */
  readonly accepted: readonly string[]
  /** By status and event: what was answered with anything else. */
  readonly refused: { readonly [answer: string]: number }
  readonly perSecond: number
  /** In milliseconds, from when it was to be sent until its answer was read. */
  readonly p50: number
  readonly p99: number
  readonly slowest: number
}

const agent = new Agent({ keepAlive: true })

process.on("message", async (order: Order) => {
  process.send?.(await send(order))
})
process.once("disconnect", () => process.exit(0))

async function send({ urls, secret, sources, count, perSecond }: Order): Promise<Sent> {
  const shape = shaper(sources)
  const accepted: string[] = []
  const refused: { [answer: string]: number } = {}
  const times: number[] = []
  const begun = performance.now()
  const one = async (at: number): Promise<void> => {
    const due = begun + (at * 1_000) / perSecond
    const { event, body } = shape(at)
    const { id, status, text } = await post(urls[at % urls.length] ?? "", agent, signed(event, body, secret))
    times.push(performance.now() - due)
    if (status === 202) {
      if (text.includes("stored")) accepted.push(id)
    } else refused[`${status} ${event}`] = (refused[`${status} ${event}`] ?? 0) + 1
  }
  const underWay: Promise<void>[] = []
  for (let at = 0; at < count; at++) {
    const wait = begun + (at * 1_000) / perSecond - performance.now()
    if (wait > 0) await delay(wait)
    underWay.push(one(at))
  }
  await Promise.all(underWay)
  const took = performance.now() - begun
  times.sort((a, b) => a - b)
  return {
    accepted,
    refused,
    perSecond: (count / took) * 1_000,
    p50: quantile(times, 0.5),
    p99: quantile(times, 0.99),
    slowest: times.at(-1) ?? Number.NaN,
  }
}
