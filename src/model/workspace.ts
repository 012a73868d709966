/** The packages of an npm, pnpm or yarn workspace, as the branch's manifests name them. */
export interface Workspace {
  readonly packages: readonly WorkspacePackage[]
  /** Files whose change makes it necessary to read the workspace again. */
  readonly manifests: readonly string[]
}

export interface WorkspacePackage {
  /** As its manifest says it: `@acme/api`. */
  readonly name: string
  /** The name of its component: the package's without a scope, or with it where two would be the same. */
  readonly component: string
  /** From the repository's root, without a slash at its end. */
  readonly folder: string
  /** Packages of the same workspace that it needs at run time. */
  readonly dependsOn: readonly string[]
}
