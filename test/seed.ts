import fc from "fast-check"

/*
 * Property tests draw the same cases in every run, so that a red run is about the change that is tested. FC_SEED=random
 * (or a number) draws others: `FC_SEED=random npx vitest run test/model` looks for counterexamples that nobody has seen.
 */
const seed = process.env.FC_SEED ?? "20261121"
if (seed !== "random") fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: Number(seed) })
