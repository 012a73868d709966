/** One thing that `slipway doctor` looked at. `note`: worth knowing, and no reason to worry. */
export interface Finding {
  readonly about: "environment" | "database" | "GitHub" | "Slack" | "e-mail" | "metrics" | "incidents" | "cluster"
  readonly is: "ok" | "note" | "problem"
  readonly says: string
  /** What to do about a problem. */
  readonly todo?: string
}
