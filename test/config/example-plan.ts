/** The plan format that Slipway must read as it is: a copy of the contract, and of its line numbers. */
export const EXAMPLE = `# The plan format that Slipway must read as it is. Field names are the contract; values are an example.
release:
  version: "2.5.0"            # optional: higher than the computed version is a stated override; lower fails its gate
  name: "Spring release"
  date: "2026-11-30"
  type: "minor"               # patch | minor | major | hotfix

stakeholders:                 # people by role: an e-mail address, a GitHub login (@name) or a team (@org/team)
  product_owner: "@product-lead"
  tech_lead: "tech.lead@example.com"
  qa_lead: "@acme/qa"

timezone: "Europe/Berlin"     # optional, default UTC; a date without a time means 09:00 there

timeline:                     # ISO 8601, with offset or Z
  code_freeze: "2026-11-23T00:00:00Z"
  qa_start: "2026-11-24T09:00:00Z"
  staging_deploy: "2026-11-26T14:00:00Z"
  production_deploy: "2026-11-30T10:00:00Z"

features:
  - id: "PAY-123"
    name: "Pay by invoice"
    team: "Payments"
    status: "ready"           # planned | in-progress | ready | dropped
    risk: "medium"            # low | medium | high
  - id: "SEARCH-7"
    name: "Faster search"
    team: "Search"
    status: "in-progress"
    risk: "low"
    dependencies: ["PAY-123"]
    flag: "faster-search"     # optional: the feature flag it is behind
    issue: 812                # optional: an issue or PR number, or "owner/repo#812"; closed or merged counts as ready

bug_fixes: { critical: 1, high: 4, medium: 9 }

testing:                      # a stated result, or a binding to live check runs (which wins over words)
  unit_tests: "passed"
  integration_tests: { check: "CI / integration" }
  e2e_tests: { check: "CI / e2e *" }
  performance_tests: "passed"
  security_tests: { check: "CodeQL", within: "24h" }
  required: ["unit_tests", "integration_tests", "security_tests"]   # default: exactly these three

rollback_plan:
  estimated_time: "15 minutes"
  procedure: "docs/rollback-procedure.md"    # must exist in the repository at the release's SHA
  responsible: "@on-call-lead"

communication:
  pre_release:
    - { channel: "email", audience: "all-engineering", date: "2026-11-29" }
    - { channel: "slack", audience: "#engineering", date: "2026-11-30T09:00:00Z" }
  post_release:
    - { channel: "slack", audience: "#general", date: "2026-11-30T14:00:00Z" }
    - { channel: "email", audience: "customers", date: "2026-11-30T15:00:00Z" }
    - { channel: "blog", audience: "public", date: "2026-11-30T14:00:00Z" }   # a reminder in the thread: nothing is posted for you
`
