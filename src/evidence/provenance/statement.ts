/** in-toto attestation framework, spec/v1/statement.md. */
export const statementType = 'https://in-toto.io/Statement/v1';

/** Media type of a statement's bytes (in-toto attestation framework, spec/v1/envelope.md). */
export const statementMediaType = 'application/vnd.in-toto+json';

/** Algorithm to hexadecimal digest (spec/v1/digest_set.md). */
export type DigestSet = Readonly<Record<string, string>>;

/** What one artifact is called and hashes to (spec/v1/resource_descriptor.md). */
export interface ResourceDescriptor {
  readonly name?: string;
  /** What it is wherever it is: a purl, or the URL it was published at. */
  readonly uri?: string;
  readonly digest?: DigestSet;
  /** Base64. */
  readonly content?: string;
  /** Where this build's bytes can be had. */
  readonly downloadLocation?: string;
  readonly mediaType?: string;
  readonly annotations?: Readonly<Record<string, unknown>>;
}

/** What a statement is about: never without a digest. */
export interface Subject extends ResourceDescriptor {
  readonly name: string;
  readonly digest: DigestSet;
}

/** Says one thing (`predicate`) of some artifacts (`subject`). */
export interface Statement<Predicate extends object = object> {
  readonly _type: typeof statementType;
  readonly subject: readonly Subject[];
  /** URI that says what `predicate` means. */
  readonly predicateType: string;
  readonly predicate: Predicate;
}

/** The statement that a predicate holds for some artifacts. */
export const statementOf = <Predicate extends object>(
  subject: readonly Subject[],
  predicateType: string,
  predicate: Predicate,
): Statement<Predicate> => ({ _type: statementType, subject, predicateType, predicate });

/** https://slsa.dev/spec/v1.0/provenance */
export const provenanceType = 'https://slsa.dev/provenance/v1';

/** What was asked for: everything of it that changes the bytes. */
interface BuildDefinition {
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
interface Builder {
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
