import type { Gate } from "../model/gate.ts"
import { approvalsGate } from "./gates/approvals.ts"
import { assetsGate } from "./gates/assets.ts"
import { backGate } from "./gates/back.ts"
import { checklistGate } from "./gates/checklist.ts"
import { checksGate } from "./gates/checks.ts"
import { codeFreezeGate } from "./gates/code-freeze.ts"
import { configurationGate } from "./gates/configuration.ts"
import { dependenciesGate, featuresGate } from "./gates/features.ts"
import { manifestsGate } from "./gates/manifests.ts"
import { pullRequestGate } from "./gates/pull-request.ts"
import { repositoriesGate } from "./gates/repositories.ts"
import { rollbackPlanGate } from "./gates/rollback-plan.ts"
import { stopGate } from "./gates/stop.ts"
import type { Subject } from "./gates/subject.ts"
import { testsGate } from "./gates/tests.ts"
import { togetherGate } from "./gates/together.ts"
import { versionGate } from "./gates/version.ts"
import { instant, plain } from "./wording.ts"

/**
 * All gates of a release. `configuration`, `checks` and `approvals` always stand; the others come with the plan or
 * with what the configuration names, and `hold` while somebody holds the release.
 */
export function gatesOfRelease(subject: Subject): readonly Gate[] {
  const gates = [
    configurationGate(subject),
    versionGate(subject),
    pullRequestGate(subject),
    manifestsGate(subject),
    checksGate(subject),
    codeFreezeGate(subject),
    stopGate(subject),
    testsGate(subject),
    featuresGate(subject),
    dependenciesGate(subject),
    rollbackPlanGate(subject),
    checklistGate(subject),
    assetsGate(subject),
    repositoriesGate(subject),
    togetherGate(subject),
    backGate(subject),
    approvalsGate(subject),
    holdGate(subject),
  ]
  return gates.flatMap((gate) => (gate ? [{ ...gate, because: plain(gate.because) }] : []))
}

function holdGate({ release }: Subject): Gate | null {
  if (!release.hold) return null
  const { by, at } = release.hold
  return {
    name: "hold",
    state: "failed",
    because: `${by.login} holds the release since ${instant(at)}; their own Approve, or another approver's, lifts it`,
  }
}

/** Only `passed` passes. */
export const allPassed = (gates: readonly Gate[]): boolean => gates.every((gate) => gate.state === "passed")

export const notPassed = (gates: readonly Gate[]): readonly Gate[] => gates.filter((gate) => gate.state !== "passed")
