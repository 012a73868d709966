/** What a change of configuration or plan does to one of the things that gates ask for. */
export interface GateChange {
  /** `weaker`: less is asked, or of others; `other`: it cannot be said, and somebody has to look. */
  readonly is: "weaker" | "other" | "stricter"
  /** Plain text, such as “lowers approvals.required from 2 to 1”. */
  readonly says: string
}
