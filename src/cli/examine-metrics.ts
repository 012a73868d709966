import type { Account } from "../config/accounts.ts"
import { createPrometheus } from "../peers/prometheus.ts"
import type { Finding } from "./finding.ts"

type MetricsAccount = Pick<Account, "prometheusUrl" | "prometheusToken"> & { readonly account: string }

/** Whether an account's metrics server answers a query. Where there is none nothing is said: few need one. */
export async function examineMetrics(
  { account, prometheusUrl: url, prometheusToken: token }: MetricsAccount,
  requestTimeoutMs: number,
): Promise<Finding[]> {
  if (url === undefined) return []
  const server = createPrometheus({ url, ...(token === undefined ? {} : { token }), requestTimeoutMs })
  const answer = await server.value("vector(1)", new Date())
  if (answer.is === "value") return [{ about: "metrics", is: "ok", says: `for ${account}: it answers queries` }]
  return [
    {
      about: "metrics",
      is: "problem",
      says: `for ${account}: ${answer.because}`,
      todo: "Check PROMETHEUS_URL and PROMETHEUS_TOKEN, or prometheusUrl and prometheusToken in the accounts file. See docs/metrics.md.",
    },
  ]
}
