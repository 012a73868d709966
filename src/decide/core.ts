import { parse } from "semver"

/** A version without prerelease and build: what 2.0.0-rc.1 is a candidate of. */
export function coreOf(version: string): string {
  const parsed = parse(version)
  return parsed ? `${parsed.major}.${parsed.minor}.${parsed.patch}` : version
}
