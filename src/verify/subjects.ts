import type { JsonRecord } from '../base/json.ts';
import { mediaTypes } from '../oci/blob.ts';
import type { FoundImage } from './image/found-image.ts';
import { isImported } from './image-config.ts';
import { recordedDigests } from './provenance.ts';
import { recordedManifests } from './recorded-forms.ts';
import type { Check, Mismatch } from './report.ts';

const file = 'provenance.json';

/** Places of manifest, config and layer among the subjects of a provenance. */
const names = ['manifest', 'config', 'layer'] as const;

/** Returns the reason why a digest may be another one than the build's; undefined where it may not. */
function excuse(name: (typeof names)[number], found: FoundImage, recorded: Digests) {
  if (name === 'layer') return undefined;
  const isSameConfig = found.configDigest !== undefined && found.configDigest === recorded.config;
  if (isSameConfig && found.layers?.some(({ part, diffId }) => part.sha256 !== diffId)) {
    return 'its layer is compressed, and in no form that the build recorded; config and layer, which it names, are those of the build';
  }
  if (found.isOwnForm) return undefined;
  if (isSameConfig) {
    return 'another tool than mkbase wrote the manifest; config and layer, which it names, are those of the build';
  }
  if (!isImported(found)) return undefined;
  return 'the engine that imported the layer wrote a config of its own, with its own time; its fields are compared one by one';
}

type Digests = Readonly<Partial<Record<(typeof names)[number], string>>>;

/**
 * Checks the digests of the image that was found against the subjects of a provenance, which a signature
 * over it covers. A digest that another tool may have changed is skipped with the reason.
 */
export function checkSubjects(provenance: JsonRecord, found: FoundImage): Check[] {
  const plain = recordedDigests(provenance);
  const isForm = recordedManifests(provenance, mediaTypes.manifest).includes(
    found.manifestDigest ?? '',
  );
  const recorded = isForm ? { ...plain, manifest: found.manifestDigest ?? '' } : plain;
  const computed: Digests = {
    ...(found.manifestDigest && { manifest: found.manifestDigest }),
    ...(found.configDigest && { config: found.configDigest }),
    ...(found.layer && { layer: found.layer.diffId }),
  };
  const compared = names.filter((name) => computed[name] !== undefined);
  const differing = compared.filter((name) => computed[name] !== recorded[name]);
  const reasons = new Map(differing.map((name) => [name, excuse(name, found, recorded)] as const));
  const mismatches = differing
    .filter((name) => reasons.get(name) === undefined)
    .map((name): Mismatch => {
      const field = `subject[${names.indexOf(name)}].digest.sha256 (${name})`;
      const [claimed = 'nothing', digest = 'nothing'] = [recorded[name], computed[name]];
      return { file, field, claimed, computed: digest, from: found.file };
    });
  const skipped = differing.flatMap((name): Check[] => {
    const reason = reasons.get(name);
    const what = `the ${name}'s digest in ${file} against ${found.file}`;
    return reason === undefined ? [] : [{ what, mismatches: [], skipped: reason }];
  });
  const kept = compared.filter((name) => reasons.get(name) === undefined);
  const what = `the digests in ${file} against ${found.file}`;
  return [{ what, extent: kept.join(', '), mismatches }, ...skipped];
}
