import type { History } from "./history.ts"

const FEATURES = 2

/**
 * The plan of the first release: its features are the first pull requests that are one, else simply the first ones.
 * @param now its deployments are due in this minute: before their date an environment would not let them in
 */
export function planFor(history: History, people: { owner: string; responsible: string }, now: Date): string {
  const due = `${now.toISOString().slice(0, 16)}:00Z`
  const titles = history.first.map(({ title }) => title)
  const isFeature = (title: string) => /^feat\b/.test(title)
  const features = [...titles.filter(isFeature), ...titles.filter((title) => !isFeature(title))].slice(0, FEATURES)
  return `release: { name: "Demo release", date: "${due.slice(0, 10)}" }
stakeholders: { product_owner: "@${people.owner}" }
timeline: { staging_deploy: "${due}", production_deploy: "${due}" }
features:
${features.map(feature).join("\n")}
testing:
  unit_tests: { check: "CI / test" }
  e2e_tests: { check: "CI / e2e" }
  required: [unit_tests, e2e_tests]
rollback_plan: { estimated_time: 5 minutes, procedure: docs/rollback.md, responsible: "@${people.responsible}" }
`
}

const feature = (title: string, at: number): string => {
  const name = title
    .replace(/^\w+(?:\([^)]*\))?!?: /, "")
    .replace(/[^\p{L}\p{N}\p{P}\p{S} ]/gu, "")
    .slice(0, 80)
    .trim()
  const needs = at > 0 ? ", dependencies: [DEMO-1]" : ""
  return `  - { id: DEMO-${at + 1}, name: ${JSON.stringify(name || "A change")}, status: ready${needs} }`
}
