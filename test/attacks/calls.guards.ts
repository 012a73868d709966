import type { Guard } from "./guard.ts"

const STORIES = "test/peers/http-call.test.ts"
const CALL = "src/peers/http-call.ts"

export const callGuards: readonly Guard[] = [
  {
    tag: "call-to-a-private-address",
    file: CALL,
    takenOut: [
      ["{ allowed, resolve, withinMs, abort }", "{ allowed: { check: () => true }, resolve, withinMs, abort }"],
    ],
    stories: [STORIES, "an address that is not public is not called"],
  },
  {
    tag: "secret-of-another-host",
    file: CALL,
    takenOut: [["secret.host.toLowerCase() !== host.toLowerCase()", 'secret.host === "" && host === ""']],
    stories: [STORIES, "no secret goes to a host that is not its own"],
  },
  {
    tag: "secret-that-nobody-set",
    file: CALL,
    takenOut: [
      [
        "const secret = Object.hasOwn(secrets, name) ? secrets[name] : undefined",
        "const secret = secrets[name] ?? { host, value: process.env[name] ?? name }",
      ],
    ],
    stories: [STORIES, "no secret goes to a host that is not its own"],
  },
  {
    tag: "secret-in-the-clear",
    file: CALL,
    takenOut: [['protocol !== "https:" && isPublic', 'protocol === "" && isPublic']],
    stories: [STORIES, "a secret goes to the internet over TLS alone"],
  },
  {
    tag: "secret-named-in-words",
    file: "src/model/http-call.ts",
    takenOut: [['.replaceAll("${", "\\\\u0024{")', ""]],
    stories: [STORIES, "what somebody wrote stands inside of the string that it is filled into, and names no secret"],
  },
  {
    tag: "merges-its-own",
    file: "src/act/merge.ts",
    takenOut: [["if (!(await isAsMade(", "if (tree.sha === '' && !(await isAsMade("]],
    stories: ["test/act/revert.test.ts", "is nobody's where somebody added to its branch"],
  },
  {
    tag: "reverts-by-its-own",
    file: "src/act/revert.ts",
    takenOut: [["return isAsMade(", "return tree !== '' || isAsMade("]],
    stories: ["test/act/revert.test.ts", "a branch of that name that is not what it makes is not taken for its own"],
  },
  {
    tag: "merges-into-its-branch",
    file: "src/act/merge.ts",
    takenOut: [["if (pull.base.ref !== content.base)", "if (pull.base.ref === '')"]],
    stories: ["test/act/revert.test.ts", "is nobody's where somebody moved it to another branch"],
  },
]
