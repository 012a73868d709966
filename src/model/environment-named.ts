import { type Environment, placeOf } from "./deployment.ts"
import { own } from "./own.ts"
import { isSameEnvironment } from "./protection.ts"
import type { State } from "./state.ts"

/** What is known of an environment; GitHub tells environments apart without their case. */
export const environmentNamed = (state: State, name: string, component: string): Environment | undefined =>
  own(state.environments, placeOf({ name, component })) ??
  Object.values(state.environments).find(
    (one) => isSameEnvironment(one.name, name) && (one.component ?? "") === component,
  )
