/** The type of a statement (in-toto attestation framework, spec/v1/statement.md). */
export const statementType = 'https://in-toto.io/Statement/v1';

/** Media type of a statement's bytes (in-toto attestation framework, spec/v1/envelope.md). */
export const statementMediaType = 'application/vnd.in-toto+json';

/** Algorithm to hexadecimal digest (spec/v1/digest_set.md). */
export type DigestSet = Readonly<Record<string, string>>;

/** An artifact's name and digest (spec/v1/resource_descriptor.md). */
export interface ResourceDescriptor {
  readonly name?: string;
  /** Identifies it independently of its place: a purl, or the URL at which it was published. */
  readonly uri?: string;
  readonly digest?: DigestSet;
  /** Base64. */
  readonly content?: string;
  /** URL from which this build's bytes can be fetched. */
  readonly downloadLocation?: string;
  readonly mediaType?: string;
  readonly annotations?: Readonly<Record<string, unknown>>;
}

/** An artifact that a statement is about; it always has a digest. */
export interface Subject extends ResourceDescriptor {
  readonly name: string;
  readonly digest: DigestSet;
}

/** A statement that one thing (`predicate`) holds for some artifacts (`subject`). */
export interface Statement<Predicate extends object = object> {
  readonly _type: typeof statementType;
  readonly subject: readonly Subject[];
  /** URI that says what `predicate` means. */
  readonly predicateType: string;
  readonly predicate: Predicate;
}

/** Returns the statement that a predicate holds for some artifacts. */
export const statementOf = <Predicate extends object>(
  subject: readonly Subject[],
  predicateType: string,
  predicate: Predicate,
): Statement<Predicate> => ({ _type: statementType, subject, predicateType, predicate });

/** The type of SLSA's provenance (https://slsa.dev/spec/v1.0/provenance). */
export const provenanceType = 'https://slsa.dev/provenance/v1';

/** Everything in a request that changes the bytes. */
interface BuildDefinition {
  /** URI that says what the parameters mean and how a build follows from them. */
  readonly buildType: string;
  /** Chosen by the person who asked for the build. */
  readonly externalParameters: Readonly<Record<string, unknown>>;
  /** Chosen by mkbase itself. */
  readonly internalParameters?: Readonly<Record<string, unknown>>;
  /** Everything that went in, the toolchain's packages included. */
  readonly resolvedDependencies: readonly ResourceDescriptor[];
}

/** The program that built it. */
interface Builder {
  readonly id: string;
  /** Component to version. */
  readonly version: Readonly<Record<string, string>>;
  /** The builder's own parts, beyond those that a recipe can choose. */
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
