import { MkbaseError } from '../base/errors.ts';
import type { JsonRecord } from '../base/json.ts';
import type { PathRecord } from '../evidence/mtree/path-record.ts';
import type { Lock } from '../lock/schema.ts';
import type { Entry } from '../tar/entry.ts';
import { readEvidenceFolder } from '../verify/evidence.ts';
import type { FoundImage } from '../verify/image/found-image.ts';
import { inspectImage } from '../verify/image/inspect-image.ts';
import { imageFromRecipe } from '../verify/image-from-recipe.ts';
import { recipeIn, recordedDigests } from '../verify/provenance.ts';
import type { Mismatch } from '../verify/report.ts';
import type { VerifyRequest } from '../verify/verify.ts';

/** One side of a comparison, with every part of it that could be read. */
export interface Side {
  /** The image or folder, as the person named it. */
  readonly name: string;
  readonly lock?: Lock;
  /** The recipe's fields, as the provenance has them. */
  readonly recipe?: JsonRecord;
  /** The OCI image config. */
  readonly config?: JsonRecord;
  /** `sha256:<hex>` of manifest, config and layer, by these names. */
  readonly digests: Readonly<Record<string, string>>;
  readonly paths?: readonly PathRecord[];
  /** The rootfs with its contents, if its tar is available and not compressed. */
  readonly entries?: readonly Entry[];
}

const digestsOf = ({ manifestDigest, configDigest, layer }: FoundImage) => ({
  ...(manifestDigest && { manifest: manifestDigest }),
  ...(configDigest && { config: configDigest }),
  ...(layer && { layer: layer.diffId }),
});

/** Throws ARCHIVE_REFUSED for an archive that another reader could read as another image. */
function refuseAmbiguous({ subject }: VerifyRequest, [first]: readonly Mismatch[]): void {
  if (first === undefined) return;
  const { file, field, claimed, computed } = first;
  throw new MkbaseError({
    code: 'ARCHIVE_REFUSED',
    message: `Another reader could find another image in ${subject}: ${[file, field].filter((each) => each !== '').join(': ')} is ${claimed}; expected ${computed}.`,
    hint: `\`mkbase verify ${subject}\` lists all that is wrong with it.`,
  });
}

/** Reads the image in a file. Throws ARCHIVE_REFUSED if its root filesystem cannot be read. */
async function readImage(request: VerifyRequest, signal: AbortSignal) {
  const [place] = request.images;
  if (place === undefined) return undefined;
  const { image, checks, ambiguities } = await inspectImage(place, signal, request.scratch);
  refuseAmbiguous(request, ambiguities);
  if (image.layer?.paths !== undefined) return image;
  const [first] = checks.flatMap(({ mismatches }) => mismatches);
  throw new MkbaseError({
    code: 'ARCHIVE_REFUSED',
    message: `${request.subject} holds no root filesystem that can be read: ${first?.claimed ?? 'it is no image'}.`,
    hint: `\`mkbase verify ${request.subject}\` lists all that is wrong with it.`,
  });
}

function intendedConfig(
  provenance: JsonRecord | undefined,
  lock: Lock | undefined,
  digest: string | undefined,
) {
  if (provenance === undefined || digest === undefined) return undefined;
  const part = { file: '', offset: 0, size: 0, sha256: '' };
  const layer = { part, diffId: digest, size: 0 };
  const image = imageFromRecipe(provenance, { file: '', layer }, lock);
  return image && (JSON.parse(Buffer.from(image.config.bytes).toString('utf8')) as JsonRecord);
}

/**
 * Reads one side of a comparison: the image, or what the evidence records of it if there is none; lock
 * and recipe come from the evidence. Errors: ARCHIVE_REFUSED, IO.
 */
export async function readSide(
  request: VerifyRequest & { readonly lock?: Lock },
  signal: AbortSignal,
): Promise<Side> {
  const { subject: name, evidence: folder } = request;
  const image = await readImage(request, signal);
  const evidence = folder === undefined ? undefined : await readEvidenceFolder(folder, signal);
  const lock = evidence?.lock ?? request.lock;
  const provenance = evidence?.provenance;
  const common = {
    name,
    ...(lock && { lock }),
    ...(provenance && { recipe: recipeIn(provenance) }),
  };
  if (image?.layer) {
    const { paths, ...layer } = image.layer;
    const entries = layer.contents?.entries;
    const config = image.config ?? intendedConfig(provenance, lock, layer.diffId);
    return {
      ...common,
      digests: digestsOf(image),
      ...(config && { config }),
      ...(paths && { paths }),
      ...(entries && { entries }),
    };
  }
  // Without an image the evidence states what was built.
  const digests = recordedDigests(provenance);
  const config = intendedConfig(provenance, lock, digests.layer);
  const paths = evidence?.paths ?? [];
  return { ...common, digests, ...(paths.length > 0 && { paths }), ...(config && { config }) };
}
