import type { Inside, ProtectionRequest } from "../../model/protection.ts"
import type { Release } from "../../model/release.ts"

/** The same request with its deployments let in: those of all its jobs that waited. */
export function letIn(request: ProtectionRequest, { tag, component }: Release, at: string): ProtectionRequest {
  const all = [...(request.also ?? []), request.deployment]
  const entered = all.map((deployment): Inside => ({ deployment, tag, component, at }))
  return { ...request, inside: [...(request.inside ?? []), ...entered] }
}

/** The same request where GitHub did not take the answer: what was let in with it never began. */
export function notLetIn(request: ProtectionRequest): ProtectionRequest {
  const all = [...(request.also ?? []), request.deployment]
  return withInside(
    request,
    (request.inside ?? []).filter(({ deployment }) => !all.includes(deployment)),
  )
}

/** The same request with these inside. */
export const withInside = ({ inside: _, ...rest }: ProtectionRequest, inside: readonly Inside[]): ProtectionRequest =>
  inside.length === 0 ? rest : { ...rest, inside }
