/** Who approves and publishes. */
export const MANAGER = "lea"
/** Who deploys, holds and rolls back. */
export const ON_CALL = "sam"
export const OWNER = "acme"

/** Logins that no author can have. */
export const TAKEN_LOGINS: readonly string[] = [MANAGER, ON_CALL, OWNER, "github", "slipway", "web-flow"]
