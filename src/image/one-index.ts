import { list, record } from '../base/json.ts';
import type { ArchiveFiles } from '../oci/archive-files.ts';
import { blobPath, mediaTypes } from '../oci/blob.ts';
import {
  type FileProblem,
  indexProblems,
  jsonProblems,
  manifestProblems,
  markerProblems,
  memberProblems,
  parsedPart,
} from '../oci/one-meaning.ts';
import { configProblems } from './config-fields.ts';
import { at, type FoundBlobs, namesInIndex } from './one-image.ts';

/** Returns the problems of the manifest and config of one image. */
async function imageProblems(
  { files }: ArchiveFiles,
  { manifest = '', config = '' }: FoundBlobs,
): Promise<FileProblem[]> {
  const manifestPart = files.get(blobPath(manifest));
  const configPart = files.get(blobPath(config));
  const value = await parsedPart(manifestPart);
  return [
    ...at(manifest, await jsonProblems(manifestPart)),
    ...at(manifest, manifestProblems(value, mediaTypes.manifest, 'image')),
    ...at(config, await jsonProblems(configPart)),
    ...at(config, configProblems(await parsedPart(configPart))),
  ];
}

/**
 * Returns every part of a layout of several platforms by which another reader could find other images than
 * those that were found under the index. None for what mkbase writes.
 */
export async function indexAmbiguities(
  archive: ArchiveFiles,
  index: string,
  images: readonly FoundBlobs[],
): Promise<FileProblem[]> {
  const { files } = archive;
  const inner = files.get(blobPath(index));
  const outer = record(await parsedPart(files.get('index.json')));
  const value = record(await parsedPart(inner));
  const problems = [
    ...at('', await markerProblems(files.get('oci-layout'))),
    ...at('index.json', await jsonProblems(files.get('index.json'))),
    ...at('index.json', [...indexProblems(outer, 'image'), ...namesInIndex(outer).problems]),
    ...at(index, await jsonProblems(inner)),
    ...at(index, indexProblems(value, 'image')),
    ...at(index, annotationProblems(value)),
  ];
  for (const image of images) problems.push(...(await imageProblems(archive, image)));
  const blobs = images.flatMap(({ manifest, config, layers }) => [manifest, config, ...layers]);
  const digests = [index, ...blobs].filter((each) => each !== undefined);
  const reached = new Set(['oci-layout', 'index.json', ...digests.map(blobPath)]);
  return [...problems, ...at('', memberProblems(archive, reached))];
}

/** Refuses names inside the index: an engine could take one of its images by such a name. */
const annotationProblems = ({ manifests }: Readonly<Record<string, unknown>>) =>
  list(manifests).flatMap((each, number) =>
    Object.keys(record(record(each).annotations)).map((key) => ({
      field: `manifests[${number}].annotations.${key}`,
      claimed: 'a name inside the index',
      computed: 'nothing',
    })),
  );
