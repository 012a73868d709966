import { approvalGuards } from "./approvals.guards.ts"
import { artifactGuards } from "./artifacts.guards.ts"
import { authorGuards } from "./authors.guards.ts"
import { callGuards } from "./calls.guards.ts"
import { clickGuards } from "./clicks.guards.ts"
import { clusterGuards } from "./clusters.guards.ts"
import { criteriaGuards } from "./criteria.guards.ts"
import { deploymentGuards } from "./deployments.guards.ts"
import { drillGuards } from "./drills.guards.ts"
import { environmentGuards } from "./environments.guards.ts"
import { gateGuards } from "./gates.guards.ts"
import type { Guard } from "./guard.ts"
import { hotfixGuards } from "./hotfix.guards.ts"
import { incidentGuards } from "./incidents.guards.ts"
import { lockGuards } from "./locks.guards.ts"
import { organisationGuards } from "./organisation.guards.ts"
import { peopleGuards } from "./people.guards.ts"
import { probeGuards } from "./probes.guards.ts"
import { reportGuards } from "./reports.guards.ts"
import { reviewGuards } from "./reviews.guards.ts"
import { togetherGuards } from "./together.guards.ts"
import { webhookGuards } from "./webhooks.guards.ts"

/** Every guard that has a story, family by family. */
export const GUARDS: readonly Guard[] = [
  ...clickGuards,
  ...approvalGuards,
  ...authorGuards,
  ...peopleGuards,
  ...gateGuards,
  ...organisationGuards,
  ...probeGuards,
  ...callGuards,
  ...clusterGuards,
  ...criteriaGuards,
  ...deploymentGuards,
  ...drillGuards,
  ...environmentGuards,
  ...reviewGuards,
  ...artifactGuards,
  ...togetherGuards,
  ...lockGuards,
  ...incidentGuards,
  ...hotfixGuards,
  ...reportGuards,
  ...webhookGuards,
]
