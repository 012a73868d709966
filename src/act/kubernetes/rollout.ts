import type { Rollout } from "../../model/kubernetes.ts"
import type { Deployment } from "./objects.ts"

const LATE = "ProgressDeadlineExceeded"
const SAYS_LATE = "it made no progress for as long as its progressDeadlineSeconds allow"

/**
 * How far a Deployment is, judged as `kubectl rollout status` does, but for two: what runs nowhere is not there, and a
 * deadline that has passed is no end. What is taken back has often just passed it, and its controller keeps that word until
 * the earlier pods make progress.
 * https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#deployment-status
 */
export function rolloutOf({ metadata, spec, status }: Deployment): Rollout {
  const wanted = spec.replicas ?? 1
  const { observedGeneration, replicas, updatedReplicas, availableReplicas, conditions } = status ?? {}
  const [all, updated, available] = [replicas ?? 0, updatedReplicas ?? 0, availableReplicas ?? 0]
  const isLate = conditions?.some(({ type, reason }) => type === "Progressing" && reason === LATE) ?? false
  const waiting = (because: string): Rollout => ({
    is: "waiting",
    because: isLate ? `${because}, and ${SAYS_LATE}` : because,
  })
  if ((observedGeneration ?? 0) < metadata.generation) return waiting("its controller has not seen the change yet")
  if (wanted === 0) return waiting("it is scaled to 0 replicas: nothing runs that could be well")
  if (updated < wanted) return waiting(`${updated} of ${wanted} replicas are updated`)
  if (all > updated) return waiting(`${all - updated} old replicas have not ended`)
  if (available < updated) return waiting(`${available} of ${updated} replicas are available`)
  return { is: "done", replicas: updated }
}
