import { createHmac, randomUUID } from "node:crypto"
import { type Agent, request } from "node:http"

/** A webhook as it goes over the wire. */
export interface SignedWebhook {
  readonly event: string
  readonly body: string
  readonly signature: string
}

/** Signed as GitHub signs. */
export const signed = (event: string, body: string, secret: string): SignedWebhook => ({
  event,
  body,
  signature: `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`,
})

/** @returns what was answered, and under which id it was delivered; status 0: the connection was lost */
export const post = (
  url: string,
  agent: Agent,
  { event, body, signature }: SignedWebhook,
): Promise<{ readonly id: string; readonly status: number; readonly text: string }> =>
  new Promise((resolve) => {
    const id = randomUUID()
    const lost = () => resolve({ id, status: 0, text: "" })
    const headers = {
      "content-type": "application/json",
      "content-length": Buffer.byteLength(body),
      "x-github-event": event,
      "x-github-delivery": id,
      "x-hub-signature-256": signature,
    }
    const sending = request(url, { method: "POST", agent, headers }, (response) => {
      let text = ""
      response.setEncoding("utf8")
      response.on("data", (part: string) => {
        text += part
      })
      response.once("end", () => resolve({ id, status: response.statusCode ?? 0, text }))
      response.once("error", lost)
    })
    sending.once("error", lost)
    sending.end(body)
  })

/** The time below which `share` of `times` lie, which are sorted; NaN where there is none. */
export const quantile = (times: readonly number[], share: number): number =>
  times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? Number.NaN
