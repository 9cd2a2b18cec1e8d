import { type PlatformName, platforms } from '../../base/platform.ts';
import { imagePurlType, purl } from '../../packages/purl.ts';

/** The image that a bill of materials describes. */
export interface Subject {
  /** The recipe's name. */
  readonly name: string;
  readonly platform: PlatformName;
  /** `sha256:<hex>` of the image's manifest. */
  readonly manifest: string;
  /** `sha256:<hex>` of the layer's tar. */
  readonly diffId: string;
  /** The lock's epoch, seconds since 1970: the time in the documents. */
  readonly created: number;
  /** mkbase's own version. */
  readonly generator: string;
}

/** Returns the package URL of an image (purl-spec, oci type): its version is the manifest's digest. */
export const imagePurl = ({ name, manifest, platform }: Subject): string =>
  purl({
    type: imagePurlType,
    name,
    version: manifest,
    qualifiers: { arch: platforms[platform].ociArchitecture },
  });

/** Returns the time in RFC 3339, in UTC and whole seconds, as both formats want it. */
export const timestampOf = ({ created }: Subject): string =>
  new Date(created * 1000).toISOString().replace('.000Z', 'Z');
