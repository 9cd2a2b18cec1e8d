import {
  type Compression,
  compressionOf,
  compressions,
  suffixOf,
} from '../../image/compress/compressions.ts';
import type { Output, OutputRequest, OutputValues } from '../contract.ts';
import { destinationOf, isUnchanged, requestOf } from '../file-output.ts';

const name = 'rootfs';

/** The canonical rootfs tar; it is not compressed when `compression` is left out. */
export interface RootfsRequest extends OutputRequest {
  readonly compression?: Compression;
}

/** Returns the compression that is asked for, else the one that the file's name stands for. */
function chooseCompression({ dest, get, refuse }: OutputValues): Compression | undefined {
  const asked = get('compression');
  const named = dest === undefined ? undefined : compressionOf(dest);
  if (asked === undefined) return named === 'none' ? undefined : named;
  const compression = compressions.find((each) => each === asked);
  if (compression === undefined) {
    const meant = compressionOf(`.tar.${asked}`) ?? asked;
    return refuse(`there is no compression ${JSON.stringify(asked)}`, meant, compressions);
  }
  if (named !== undefined && named !== compression) {
    const said = named === 'none' ? 'what is not compressed' : `what is compressed with ${named}`;
    refuse(`the name of dest is that of ${said}; end it in ${suffixOf(compression)}`);
  }
  return compression;
}

/** The rootfs alone, as a tar. */
export const rootfsOutput: Output<RootfsRequest> = {
  name,
  place: 'file',
  isOption: true,
  isForEach: true,
  keys: {
    compression: {
      values: compressions,
      elsewhere: `only ${name} can be compressed: a layer is its diffID`,
    },
  },
  holdsImage: false,
  parse(values) {
    const compression = chooseCompression(values);
    return { ...requestOf(name, values), ...(compression && { compression }) };
  },
  async stage(image, request, target, io) {
    const { compression = 'none' } = request;
    const dest = destinationOf(request, target.outDir, `${name}${suffixOf(compression)}`);
    const { stageRootfs } = await import('./stage-rootfs.ts');
    return stageRootfs(image, request, dest, compression, io);
  },
  isCurrent: isUnchanged,
};
