import type { Plan } from "./plan.ts"
import type { Seen } from "./seen.ts"

/** Where the plans of several releases stand, one a file. */
export const PLAN_FOLDER = "release-plans"

/** Each of them is kept as long as it is there; those of releases that are out may move to a folder below. */
export const PLANS_READ = 50

export const isInPlanFolder = (path: string): boolean => /^release-plans\/[^/]+\.ya?ml$/.test(path)

/** A file of the folder. */
export type FolderPlan = Exclude<Seen<Plan>, { readonly is: "absent" }>
export type ValidPlan = Extract<Seen<Plan>, { readonly is: "valid" }>

export const validPlans = (plans: readonly Seen<Plan>[]): readonly ValidPlan[] =>
  plans.filter((plan): plan is ValidPlan => plan.is === "valid")
