import type { Learned } from "../model/facts.ts"
import type { Probe } from "../model/probe.ts"
import { type ProbeReading, probeKey } from "../model/smoke.ts"
import type { SendProbe } from "../peers/http-probe.ts"

/** How a run sends probes. `send` is absent where nobody does: then nothing is known of them. */
export interface Probing {
  readonly send: SendProbe | undefined
  readonly abort: AbortSignal
  readonly now: Date
}

/** Sends probes, all at once and each once. @throws what ends the run */
export async function readProbes(
  probes: readonly Probe[],
  { send, abort, now }: Probing,
): Promise<Pick<Learned, "probes">> {
  if (probes.length === 0) return {}
  const each = new Map(probes.map((probe) => [probeKey(probe), probe]))
  const at = now.toISOString()
  const read = [...each].map(async ([key, probe]): Promise<readonly [string, ProbeReading]> => {
    const result = send ? await send(probe, abort) : NOBODY
    return [key, { ...result, at }]
  })
  return { probes: Object.fromEntries(await Promise.all(read)) }
}

const NOBODY = { is: "unknown", because: "probes are sent by the running App alone" } as const
