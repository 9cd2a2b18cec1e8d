import type { ResourceDescriptor } from './statement.ts';

/** https://slsa.dev/spec/v1.0/provenance */
export const provenanceType = 'https://slsa.dev/provenance/v1';

/** What was asked for: everything of it that changes the bytes. */
export interface BuildDefinition {
  /** URI that says what the parameters mean and how a build follows from them. */
  readonly buildType: string;
  /** What whoever asked for the build chose. */
  readonly externalParameters: Readonly<Record<string, unknown>>;
  /** What mkbase settled itself. */
  readonly internalParameters?: Readonly<Record<string, unknown>>;
  /** Everything that went in, the toolchain's packages included. */
  readonly resolvedDependencies: readonly ResourceDescriptor[];
}

/** Who built it. */
export interface Builder {
  readonly id: string;
  /** Component to version. */
  readonly version: Readonly<Record<string, string>>;
  /** What the builder itself is made of, beyond what a recipe can choose. */
  readonly builderDependencies?: readonly ResourceDescriptor[];
}

/**
 * The predicate of SLSA v1 provenance. Its `metadata` (invocation, start, end) is left out: it is
 * optional, and another run of the same build could not repeat it.
 */
export interface SlsaProvenance {
  readonly buildDefinition: BuildDefinition;
  readonly runDetails: {
    readonly builder: Builder;
    readonly byproducts: readonly ResourceDescriptor[];
  };
}
