import { canonicalJson } from '../../base/canonical-json.ts';
import { sha256OfBytes } from '../../base/hash.ts';
import { packageVersion } from '../../base/package-root.ts';
import type { PlatformName } from '../../base/platform.ts';
import type { ToolchainRef } from '../../engines/step.ts';
import type { Annotations } from '../../image/annotations.ts';
import { layerType, suffixOf } from '../../image/compress/compressions.ts';
import type { Image, ImageForm, Layer } from '../../image/image.ts';
import type { Lock } from '../../lock/schema.ts';
import type { Node } from '../../nodes/nodes.ts';
import { mediaTypes } from '../../oci/blob.ts';
import type { Recipe, Toolchain } from '../../recipe/recipe.ts';
import { recordSettings } from '../../recipe/schema/recorded-settings.ts';
import { withoutUrlSecrets } from '../../store/show-url.ts';
import type { FileSum } from '../sums.ts';
import type { TestOutcome } from '../test-outcome.ts';
import { dependenciesOf, type LocalFile, recipeDependencies } from './dependencies.ts';
import {
  provenanceType,
  type ResourceDescriptor,
  type SlsaProvenance,
  type Statement,
  type Subject,
  statementOf,
} from './statement.ts';
import type { TrustChain } from './trust-chain.ts';

/** The options of a build that can change its bytes or what is believed. */
interface Asked {
  readonly platform: PlatformName;
  /** The values of `--allow`. */
  readonly allow: readonly string[];
  /** The values of `--annotation`; none when left out. */
  readonly annotations?: Annotations;
  /** SOURCE_DATE_EPOCH, if it was set. */
  readonly sourceDateEpoch?: number;
  /** False with --no-test. */
  readonly test: boolean;
  /** True with --layers base. */
  readonly keepsBase?: boolean;
}

/** Keeps text that becomes a file: it is in the image as well, and a check computes its hash anew. */
const fileFieldsOf = ({ beside, ...file }: Recipe['files'][number]): object =>
  'content' in file ? file : withoutUrlSecrets(file);

/** Returns a recipe's checked fields without paths of this machine and without secrets in URLs. */
function fieldsOf(recipe: Recipe): object {
  const { origin, fromOrigin, ancestors, base, release, files, folders, image, ...fields } = recipe;
  return {
    ...withoutUrlSecrets({ ...fields, image: recordSettings(image) }),
    files: files.map(fileFieldsOf),
  };
}

/**
 * Returns everything that a person chose; engine, mirror and tags are left out, as they change no byte.
 */
export function externalParameters(
  recipe: Recipe,
  asked: Asked,
): Readonly<Record<string, unknown>> {
  const { platform, allow, annotations = {}, sourceDateEpoch, test, keepsBase } = asked;
  return {
    recipe: fieldsOf(recipe),
    platform,
    ...(recipe.release !== undefined && { release: recipe.release }),
    ...(Object.keys(annotations).length > 0 && { annotations: withoutUrlSecrets(annotations) }),
    ...(allow.length > 0 && { allow: [...allow].sort() }),
    ...(sourceDateEpoch !== undefined && { sourceDateEpoch }),
    ...(!test && { test }),
    ...(keepsBase && recipe.base && { layers: { base: recipe.base.name } }),
  };
}

/** Names the meaning of the parameters, and how a build follows from them (docs/compliance.md). */
export const buildType = 'urn:mkbase:build:v1';

/** Names mkbase on somebody's own machine; a service that runs it has an id of its own. */
export const builderId = 'urn:mkbase:builder:local';

/** A finished build. */
export interface ProvenanceInput {
  readonly recipe: Recipe;
  readonly toolchain: Toolchain | undefined;
  /** The builder, for recipes that have one, and the sha256 of the tar of its tree. */
  readonly builder: (ToolchainRef & { readonly tree: string }) | undefined;
  readonly asked: Asked;
  readonly lock: Lock;
  /** The reasons why the lock's inputs are believed, as they were seen. */
  readonly trust: TrustChain;
  /** Everything that was read beside recipe and toolchain. */
  readonly localFiles: readonly LocalFile[];
  readonly image: Image;
  readonly tests: readonly TestOutcome[];
  /** The steps that made it, in their order. */
  readonly nodes: readonly Node[];
  /** The other files of evidence, so that a signature over this one covers them, too. */
  readonly evidence: readonly FileSum[];
}

const sha256Of = (digest: string) => ({ sha256: digest.replace(/^sha256:/, '') });

/** Names a layer of an image by its place, which is that of the rootfs where it is the only one. */
const layerName = (at: number, all: number, suffix: string): string =>
  all === 1 ? `rootfs${suffix}` : `layer-${at + 1}${suffix}`;

const layerSubject = (
  { diffId, size }: Layer,
  at: number,
  { length }: readonly Layer[],
): Subject => ({
  name: layerName(at, length, '.tar'),
  digest: sha256Of(diffId),
  mediaType: mediaTypes.layer,
  annotations: { size },
});

/** Names the manifest of a form with compressed layers, and those layers. */
const formSubjects = ({ compression, layers, manifest }: ImageForm, recipe: string): Subject[] => [
  {
    name: recipe,
    digest: sha256Of(manifest.digest),
    mediaType: manifest.mediaType,
    annotations: { compression },
  },
  ...layers.map(({ sha256, size }, at) => ({
    name: layerName(at, layers.length, suffixOf(compression)),
    mediaType: layerType(compression),
    digest: sha256Of(sha256),
    annotations: { compression, size },
  })),
];

/**
 * Names manifest, config and rootfs. The one layer is not compressed, so its digest is that of the rootfs's tar;
 * several are named one by one, the lowest first. After them come the forms with compressed layers that outputs
 * hold.
 */
export function subjectsOf(
  { manifest, config, rootfs, layers, forms = [] }: Image,
  recipe: string,
): Subject[] {
  return [
    { name: recipe, digest: sha256Of(manifest.digest), mediaType: manifest.mediaType },
    { name: 'config.json', digest: sha256Of(config.digest), mediaType: config.mediaType },
    { name: 'rootfs.tar', digest: sha256Of(rootfs.diffId), mediaType: mediaTypes.layer },
    ...(layers.length > 1 ? layers.map(layerSubject) : []),
    ...forms.flatMap((form) => formSubjects(form, recipe)),
  ];
}

/** Describes the outcomes alone: no second run could repeat how long a test took or what it printed. */
export function testResults(tests: readonly TestOutcome[]): ResourceDescriptor {
  const outcomes = tests.map(({ command, passed, notRun }) => ({
    command,
    passed,
    ...(notRun && { notRun }),
  }));
  const notRun = outcomes.filter((each) => each.notRun).length;
  const bytes = Buffer.from(canonicalJson(outcomes));
  return {
    name: 'test-results.json',
    mediaType: 'application/json',
    content: bytes.toString('base64'),
    digest: { sha256: sha256OfBytes(bytes) },
    annotations: {
      passed: outcomes.filter(({ passed }) => passed).length,
      failed: outcomes.filter(({ passed }) => !passed).length - notRun,
      ...(notRun > 0 && { notRun }),
    },
  };
}

/** Describes the result of a step: by all that it is computed from, and by the tar of its tree. */
export const stepResult = ({ does, version, key, tree }: Node): ResourceDescriptor => ({
  name: does,
  digest: { mkbaseNode: key, sha256: tree },
  annotations: { role: 'step', version },
});

const evidenceFile = ({ name, sha256 }: FileSum): ResourceDescriptor => ({
  name,
  digest: { sha256 },
});

/**
 * Returns the SLSA v1 provenance of a build, an in-toto v1 statement about its image: the recipe, every
 * input with its digest and why it is believed, what built it, and what came out besides. The same
 * build always gives the same statement.
 */
export function provenanceStatement(input: ProvenanceInput): Statement<SlsaProvenance> {
  const {
    recipe,
    toolchain,
    builder,
    asked,
    lock,
    trust,
    localFiles,
    image,
    tests,
    nodes,
    evidence,
  } = input;
  // The image's own platform is among the parameters.
  const runsOn = lock.toolchain?.platform;
  return statementOf(subjectsOf(image, recipe.name), provenanceType, {
    buildDefinition: {
      buildType,
      externalParameters: externalParameters(recipe, asked),
      internalParameters: { epoch: lock.epoch },
      resolvedDependencies: [
        ...recipeDependencies(recipe, toolchain, localFiles),
        ...dependenciesOf(lock, trust),
      ],
    },
    runDetails: {
      builder: {
        id: builderId,
        version: { mkbase: packageVersion },
        // The key hashes everything that the builder's rootfs is computed from, sha256 the rootfs itself.
        ...(builder && {
          builderDependencies: [
            {
              name: builder.name,
              digest: { mkbaseToolchain: builder.key, sha256: builder.tree },
              ...(runsOn && { annotations: { platform: runsOn } }),
            },
          ],
        }),
      },
      byproducts: [testResults(tests), ...evidence.map(evidenceFile), ...nodes.map(stepResult)],
    },
  });
}
