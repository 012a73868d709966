type Write = (fields: { readonly [key: string]: unknown }, message: string) => void

/** What a room needs of a logger; pino's fits. Fields first, then one sentence. */
export interface Log {
  readonly debug: Write
  readonly info: Write
  readonly warn: Write
  readonly error: Write
}
