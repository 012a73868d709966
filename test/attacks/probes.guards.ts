import type { Guard } from "./guard.ts"

export const probeGuards: readonly Guard[] = [
  {
    tag: "private-address",
    file: "src/peers/http-reach.ts",
    takenOut: [["!mayProbe(address, allowed)", "address === allowed.toString()"]],
    stories: ["test/peers/http-probe.test.ts", "is not connected to"],
  },
]
