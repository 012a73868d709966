/** Something that Slipway cannot do without is missing or wrong. `message` says what to do; there is no bug to trace. */
export class StartRefused extends Error {
  override readonly name = "StartRefused"
}
