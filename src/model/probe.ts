/** A request that shows whether what was deployed answers, and what it has to answer. */
export interface Probe {
  /** `http://` or `https://`, without credentials. */
  readonly url: string
  /** The status that it has to answer with: 200 to 599. */
  readonly status: number
  /** A text that the first megabyte of its body has to hold, as UTF-8. */
  readonly contains?: string
  /** In seconds: the whole answer has to be there by then. */
  readonly within: number
}

/**
 * What a probe came to. `failed`: it was asked and did not answer as it has to. `unknown`: it could not be asked, which is
 * never passed.
 */
export interface ProbeResult {
  readonly is: "passed" | "failed" | "unknown"
  readonly because: string
}
