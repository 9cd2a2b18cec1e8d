import { packageVersion } from '../base/package-root.ts';
import type { PlatformName } from '../base/platform.ts';
import type { Annotations } from '../image/annotations.ts';
import { type Blob, mediaTypes } from '../oci/blob.ts';
import { builderId } from './provenance/provenance.ts';
import {
  provenanceType,
  type ResourceDescriptor,
  type SlsaProvenance,
  type Statement,
  statementOf,
} from './provenance/statement.ts';
import type { FileSum } from './sums.ts';

/** Names the meaning of the parameters: an index is a function of the manifests that it lists. */
export const indexBuildType = 'urn:mkbase:index:v1';

/** An image that an index lists, and the evidence about it. */
export interface StatedImage {
  readonly platform: PlatformName;
  /** `sha256:<hex>`. */
  readonly manifestDigest: string;
  /** The provenance of the image, by its path below the folder of the index's evidence. */
  readonly provenance: FileSum;
}

const sha256Of = (digest: string) => ({ sha256: digest.replace(/^sha256:/, '') });

const dependenciesOf = (image: StatedImage): ResourceDescriptor[] => [
  {
    name: image.platform,
    digest: sha256Of(image.manifestDigest),
    mediaType: mediaTypes.manifest,
    annotations: { role: 'image' },
  },
  {
    name: image.provenance.name,
    digest: { sha256: image.provenance.sha256 },
    annotations: { role: 'provenance', platform: image.platform },
  },
];

/** Everything that a person chose for an index. */
interface AskedIndex {
  /** The recipe's name. */
  readonly recipe: string;
  readonly annotations: Annotations;
}

/**
 * Returns the SLSA v1 provenance of an index: the images that it lists, by platform and digest, each with
 * its own provenance. The same images always give the same statement.
 */
export const indexStatement = (
  { recipe, annotations }: AskedIndex,
  index: Blob,
  images: readonly StatedImage[],
): Statement<SlsaProvenance> =>
  statementOf(
    [{ name: recipe, digest: sha256Of(index.digest), mediaType: index.mediaType }],
    provenanceType,
    {
      buildDefinition: {
        buildType: indexBuildType,
        externalParameters: {
          recipe,
          platforms: images.map(({ platform }) => platform),
          ...(Object.keys(annotations).length > 0 && { annotations }),
        },
        resolvedDependencies: images.flatMap(dependenciesOf),
      },
      runDetails: {
        builder: { id: builderId, version: { mkbase: packageVersion } },
        byproducts: [],
      },
    },
  );
