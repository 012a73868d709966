import type { EntryRules } from "./entry-rules.ts"
import { hashOf } from "./hash.ts"
import type { Probe, ProbeResult } from "./probe.ts"
import type { Candidate } from "./release.ts"

/** What a probe came to, and when. By `probeKey` in state and facts. */
export interface ProbeReading extends ProbeResult {
  /** ISO 8601 */
  readonly at: string
}

/** The probes that an environment asks for, of one release: `{version}` and `{sha}` stand for its own. */
export function probesOf(
  { smoke }: Pick<EntryRules, "smoke">,
  { sha, version }: Pick<Candidate, "sha" | "version">,
): readonly Probe[] {
  const filled = (text: string, written: (value: string) => string) =>
    text.replaceAll("{sha}", sha).replaceAll("{version}", written(version))
  return (smoke?.probes ?? []).map(({ url, contains, ...probe }) => ({
    ...probe,
    url: filled(url, encodeURIComponent),
    ...(contains === undefined ? {} : { contains: filled(contains, (value) => value) }),
  }))
}

/** The same for the same question. */
export const probeKey = (probe: Probe): string => hashOf(probe).slice(0, 24)
